"""How a message goes over the wire: as JSON, as plain text, as bytes, or as a file. Its content type says it, else its payload.

WebSocket has two kinds of frames. Text that is no JSON and bytes can't be told from others of their kind by what is in them,
so one of each is all that a direction can have (`telling.py`).

A file is bytes of which the document can't say the type: over HTTP it says it itself, with its name. One that is sent is the
only part of a form (`multipart/form-data`), one that is answered with has a range of types (`image/*`).
"""

import re

from wirepact_codegen.errors import Findings
from wirepact_codegen.keywords import ANNOTATIONS
from wirepact_codegen.model import Encoding, Schema
from wirepact_codegen.source import Node

_BYTES: Schema = {"type": "string", "format": "binary"}
"""What a schema says of bytes, in the words that documents have for them."""

_JSON = re.compile(r"(.*[/+.-])?json(-patch|-rpc)?", re.IGNORECASE)

_TEXT = re.compile(
    r"text/.*|.*[+](xml|yaml)"
    r"|application/(xml|(x-)?yaml|graphql|javascript|x-www-form-urlencoded|(x-)?ndjson|json-seq|jsonl|jwt|sql)",
    re.IGNORECASE,
)

_BINARY = re.compile(
    r"(audio|avro|font|image|model|video)/.*"
    r"|.*[+](avro|binary|bson|cbor|gzip|msgpack|octet-stream|proto|protobuf|zip)"
    r"|application/(x-|vnd[.]|vnd[.].*[.])?"
    r"(avro|bson|cbor|flatbuffers|gzip|messagepack|msgpack|octet-stream|pdf|proto|protobuf|thrift|wasm|zip|zstd)",
    re.IGNORECASE,
)
"""Media types of which JSON can't be meant, whatever schema describes them."""

_FORM = "multipart/form-data"

_RANGE = re.compile(r"[*]/[*]|[a-z]+/[*]", re.IGNORECASE)
"""Several media types: which of them it is stands beside the content."""


class Encodings:
    """Decides how the messages of one document go over the wire; *default* is its content type where one does not say.

    Files are made use of in documents of *ours*.
    """

    def __init__(self, default: Node | None, findings: Findings, *, is_ours: bool) -> None:
        self._default = default
        self._findings = findings
        self._is_ours = is_ours

    def of(self, message: Node, schema: Schema) -> Encoding:
        """The encoding of a *message* whose payload has *schema*. What is not made use of, then, is a finding."""
        own = message.get("contentType")
        said = own or self._default
        if self._is_ours and _bare(said).lower() == _FORM:
            return "file" if self._is_form_of_a_file(message, schema) else "json"
        if self._is_ours and _RANGE.fullmatch(_bare(said)) and _is_bytes(schema):
            return "file"
        encoding = _encoding(_bare(said), schema, is_own=own is not None)
        if encoding == "text" and _has_other_examples(message):
            encoding = "json"
        if encoding == "binary":
            self._report_unused(message, schema)
        elif encoding == "json" and said is not None and not _JSON.fullmatch(_bare(said)):
            sentence = f"content of type {said.value} is read and written as JSON"
            self._findings.warn("WP105", said.place, sentence)
        return encoding

    def is_bytes(self, message: Node) -> bool:
        """Whether a message is bytes, whatever its payload says."""
        return _BINARY.fullmatch(_bare(message.get("contentType") or self._default)) is not None

    def content_type(self, message: Node) -> str:
        """What the content of a message is called."""
        return message.text("contentType") or (str(self._default.value) if self._default is not None else "")

    def _is_form_of_a_file(self, message: Node, schema: Schema) -> bool:
        if part_of(schema):
            return True
        sentence = f'message "{message.key}" is a form, of which one file can be read'
        suggestion = "make it an object with one required property, which is a string of the format binary"
        self._findings.add("WP310", message.key_place, sentence, suggestion)
        return False

    def _report_unused(self, message: Node, schema: Schema) -> None:
        if schema.keys() - ANNOTATIONS - {"type", "format"} or not _is_text(schema):
            sentence = f'message "{message.key}" is a binary frame: what its payload says of the content is not enforced'
            self._findings.warn("WP105", message.at(("payload",)).key_place, sentence)
        if (examples := message.get("examples")) is not None:
            sentence = f'message "{message.key}" is a binary frame: its examples are not shown'
            self._findings.inform("WP105", examples.key_place, sentence)


def part_of(schema: Schema) -> str:
    """The part of a form that *schema* describes which is its file; nothing if it is no form of one file."""
    properties = schema.get("properties")
    if not isinstance(properties, dict) or len(properties) != 1:
        return ""
    [(name, part)] = properties.items()
    is_file = schema.get("required") == [name] and isinstance(part, dict) and _is_bytes(part)
    return str(name) if is_file else ""


def written_as(encoding: Encoding, schema: Schema) -> Schema:
    """*schema*, as far as it is about what goes over the wire in this *encoding*."""
    match encoding:
        case "binary" | "file":
            return {
                **_BYTES,
                **{key: schema[key] for key in schema.keys() & ANNOTATIONS - {"default", "examples"}},
            }
        case "text":
            return {"type": "string", **schema}
    return schema


def _encoding(said: str, schema: Schema, *, is_own: bool) -> Encoding:
    if _BINARY.fullmatch(said):
        return "binary"
    if not said or _JSON.fullmatch(said):
        return "binary" if _is_bytes(schema) and not (is_own and said) else "json"
    if not _is_text(schema):
        return "json"
    return "text" if _TEXT.fullmatch(said) else "binary"


def _bare(content_type: Node | None) -> str:
    """A media type without its parameters."""
    return str(content_type.value).partition(";")[0].strip() if content_type is not None else ""


def _is_text(schema: Schema) -> bool:
    """Whether a schema is about texts, or about nothing."""
    if "type" in schema:
        return schema["type"] == "string"
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    if isinstance(values, list):
        return all(isinstance(each, str) for each in values)
    return not schema.keys() - ANNOTATIONS


def _has_other_examples(message: Node) -> bool:
    """Whether some example of a message is no text, so that text can't be all that is meant."""
    examples = message.get("examples")
    payloads = [each.get("payload") for each in (examples.elements() if examples is not None else ())]
    return any(each is not None and not isinstance(each.value, str) for each in payloads)


def _is_bytes(schema: Schema) -> bool:
    return (
        schema.get("type") == "string"
        and schema.get("format") == "binary"
        and "contentEncoding" not in schema
    )
