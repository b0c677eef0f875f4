"""Documents as they stand, read by nothing of the generator's: messages with their examples, and a judge of each payload.

A payload is judged by what stands in the document, under JSON Schema's draft 7, whose superset AsyncAPI's Schema Object
is. What the generator takes to mean more than draft 7 does is in `READINGS`, a rule each; nothing else is converted.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import yaml

_LOCAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:]{8}(\.[0-9]+)?")

Pointer = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A value of a document: the file and the way to it."""

    file: Path
    pointer: Pointer
    value: Any = field(hash=False, compare=False)

    def __truediv__(self, step: str | int) -> "Spot":
        return Spot(self.file, (*self.pointer, step), self.value[step])

    def inside(self) -> Iterator["Spot"]:
        """What stands directly in it."""
        steps = self.value if isinstance(self.value, dict) else range(len(self.value))
        return (self / step for step in steps) if isinstance(self.value, dict | list) else iter(())

    def under(self, *keys: str) -> Iterator["Spot"]:
        """What stands under each of *keys* that it has."""
        return (self / key for key in keys if isinstance(self.value, dict) and key in self.value)


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message as it stands: where, its payload's schema, and the payloads of its examples."""

    spot: Spot
    payload: Spot
    examples: tuple[Any, ...] = ()

    @property
    def places(self) -> frozenset[tuple[int, int]]:
        """Line and column of its key and of its value."""
        return _places(self.spot)

    def judge(self) -> Callable[[Any], bool]:
        """Whether a value fits the payload's schema. Raises `ValueError` if that is no schema."""
        validator = jsonschema_rs.Draft7Validator(
            self.schema,
            validate_formats=True,
            formats={"date-time-local": _is_local_date_time, **_FORMATS},
            keywords={_STRICT: _Strict},
        )
        return validator.is_valid

    @property
    def schema(self) -> dict[str, Any]:
        """The payload's schema, with everything that it refers to beside it."""
        return _Bundle().of(self.payload)


class NotFound(Exception):
    """A reference leads nowhere that is JSON or YAML."""


def messages(file: Path) -> Iterator[RawMessage]:
    """Every message with a payload in JSON Schema that something in *file* says, each once."""
    seen: set[tuple[Path, Pointer]] = set()
    for entry in _entries(document(file.resolve())):
        spot = followed(entry)
        if (spot.file, spot.pointer) not in seen and isinstance(spot.value, dict):
            seen.add((spot.file, spot.pointer))
            if (payload := _payload(spot)) is not None:
                yield RawMessage(spot, payload, tuple(_examples(spot)))


def document(file: Path) -> Spot:
    """The whole of *file*."""
    if file.suffix == ".json":
        return Spot(file, (), json.loads(file.read_text("utf-8-sig")))
    return Spot(file, (), _value(_tree(file)))


def followed(spot: Spot) -> Spot:
    """What *spot* is or refers to."""
    for _ in range(50):
        if not (isinstance(spot.value, dict) and isinstance(reference := spot.value.get("$ref"), str)):
            return spot
        file, _, pointer = reference.partition("#")
        target = (spot.file.parent / unquote(file)).resolve() if file else spot.file
        if "://" in file or not target.is_file():
            raise NotFound(reference)
        spot = _target(spot, document(target), pointer)
    raise NotFound("a reference that leads in a circle")


def _target(reference: Spot, root: Spot, pointer: str) -> Spot:
    """What *pointer* leads to in its file; else, for definitions, in the nearest schema around the reference that has them.

    Tools that write schemas take each for a document of its own (WP104).
    """
    try:
        return _at(root, pointer)
    except NotFound:
        if root.file != reference.file or not pointer.startswith(("/$defs/", "/definitions/")):
            raise
    for length in range(len(reference.pointer) - 1, 0, -1):
        around = root
        for step in reference.pointer[:length]:
            around = around / step
        with suppress(NotFound):
            return _at(around, pointer)
    raise NotFound(pointer)


def _at(spot: Spot, pointer: str) -> Spot:
    for part in pointer.split("/")[1:]:
        step = unquote(part).replace("~1", "/").replace("~0", "~")
        spot = followed(spot)
        try:
            spot = spot / (int(step) if isinstance(spot.value, list) else step)
        except (KeyError, IndexError, ValueError, TypeError):
            raise NotFound(pointer) from None
    return spot


def _entries(root: Spot) -> Iterator[Spot]:
    """Where messages stand: in channels; without channels, in what is kept for others."""
    version_2 = str(root.value.get("asyncapi", "")).startswith("2.")
    for channels in root.under("channels"):
        for channel in map(followed, channels.inside()):
            if version_2:
                for operation in map(followed, channel.under("publish", "subscribe")):
                    yield from _of_operation(operation)
            for entries in channel.under("messages"):
                yield from entries.inside()
    if "channels" not in root.value:
        for components in root.under("components"):
            for entries in components.under("messages"):
                yield from entries.inside()


def _of_operation(operation: Spot) -> Iterator[Spot]:
    for message in map(followed, operation.under("message")):
        branches = [each for branches in message.under("oneOf") for each in branches.inside()]
        yield from branches or [message]


_JSON_SCHEMA = re.compile(r"application/(vnd\.aai\.asyncapi|schema|vnd\.oai\.openapi)\b")


def _payload(message: Spot) -> Spot | None:
    """The schema of the payload, if it is one in JSON Schema."""
    form = message.value.get("schemaFormat", "")
    payload = next(message.under("payload"), None)
    if payload is None:
        return None
    target = followed(payload)
    if isinstance(target.value, dict) and "schemaFormat" in target.value and "schema" in target.value:
        form, payload = target.value["schemaFormat"], target / "schema"
    return payload if not form or _JSON_SCHEMA.match(str(form)) else None


def _examples(message: Spot) -> Iterator[Any]:
    for listed in message.under("examples"):
        if isinstance(listed.value, list):
            yield from (
                each["payload"] for each in listed.value if isinstance(each, dict) and "payload" in each
            )


class _Bundle:
    """Gathers a schema and all that it refers to. References become local; all else stays as it is written."""

    def __init__(self) -> None:
        self._names: dict[tuple[Path, Pointer], str] = {}
        self._definitions: dict[str, Any] = {}

    def of(self, spot: Spot) -> dict[str, Any]:
        return {"allOf": [self._schema(spot)], "definitions": self._definitions}

    def _schema(self, spot: Spot) -> Any:
        if not isinstance(spot.value, dict):
            return spot.value if isinstance(spot.value, bool) else {}
        if "schemaFormat" in spot.value and "schema" in spot.value:
            return self._schema(spot / "schema")
        found = {key: self._keyword(key, part) for key, part in zip(spot.value, spot.inside(), strict=True)}
        found.pop("$id", None)
        found.pop("id", None) if isinstance(spot.value.get("id"), str) else None
        for reading in READINGS.values():
            found = reading(found)
        return found

    def _keyword(self, keyword: str, part: Spot) -> Any:
        value = part.value
        if keyword == "$ref" and isinstance(value, str):
            return self._reference(Spot(part.file, part.pointer[:-1], {"$ref": value}))
        if keyword in _OF_NAMED and isinstance(value, dict):
            return {
                name: each.value if isinstance(each.value, list) else self._schema(each)
                for name, each in zip(value, part.inside(), strict=True)
            }
        if keyword in _OF_SCHEMAS and isinstance(value, list):
            return [self._schema(each) for each in part.inside()]
        return self._schema(part) if keyword in _OF_ONE and isinstance(value, dict) else value

    def _reference(self, spot: Spot) -> str:
        target = followed(spot)
        name = self._names.get((target.file, target.pointer))
        if name is None:
            name = self._names[target.file, target.pointer] = f"d{len(self._names)}"
            self._definitions[name] = self._schema(target)
        return f"#/definitions/{name}"


_OF_NAMED = frozenset({"properties", "patternProperties", "dependencies", "dependentSchemas"})
_OF_SCHEMAS = frozenset({"allOf", "anyOf", "oneOf", "items", "prefixItems"})
_OF_ONE = frozenset(
    {
        *("additionalItems", "additionalProperties", "contains", "else", "if", "items", "not"),
        *("propertyNames", "then"),
    }
)
_SAYING_NOTHING = frozenset(
    {"title", "description", "examples", "default", "deprecated", "readOnly", "writeOnly", "$ref", "$comment"}
)


def _beside_a_reference(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema or schema.keys() <= _SAYING_NOTHING:
        return schema
    return {"allOf": [{"$ref": schema["$ref"]}, {key: schema[key] for key in schema if key != "$ref"}]}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if schema.get("nullable") is not True:
        return schema
    return {"anyOf": [{"type": "null"}, {key: schema[key] for key in schema if key != "nullable"}]}


def _exclusive(schema: dict[str, Any]) -> dict[str, Any]:
    said = dict(schema)
    for exclusive, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(said.get(exclusive), bool) and said.pop(exclusive) and inclusive in said:
            said[exclusive] = said.pop(inclusive)
    return said


def _fields_of_an_object(schema: dict[str, Any]) -> dict[str, Any]:
    if "properties" not in schema or schema.keys() & {"type", "const", "enum"}:
        return schema
    return {"type": "object", **schema}


def _later_drafts(schema: dict[str, Any]) -> dict[str, Any]:
    said = dict(schema)
    for keyword in ("dependentRequired", "dependentSchemas"):
        said["dependencies"] = {**said.get("dependencies", {}), **said.pop(keyword, {})}
    if "prefixItems" in said:
        said["additionalItems"] = said.pop("items", True)
        said["items"] = said.pop("prefixItems")
    return said if said["dependencies"] else {key: said[key] for key in said if key != "dependencies"}


_STRICT = "x-whole"


class _Strict:
    """A keyword of our own for what stands where only integers may: none of them is written as a float."""

    def __init__(self, *_: object) -> None:
        pass

    def validate(self, instance: Any) -> None:
        if isinstance(instance, float):
            raise ValueError("a float")  # noqa: TRY004 - what the validator asks for


def _whole(schema: dict[str, Any]) -> dict[str, Any]:
    kinds = schema.get("type", [])
    listed = kinds if isinstance(kinds, list) else [kinds]
    if "integer" in listed and "number" not in listed:
        return {**schema, _STRICT: True}
    return schema


def _of_a_calendar(form: str) -> Callable[[str], bool]:
    judge = jsonschema_rs.Draft202012Validator({"format": form}, validate_formats=True)
    return lambda text: judge.is_valid(text) and not text.startswith("0000-") and ":60" not in text


_FORMATS = {form: _of_a_calendar(form) for form in ("date", "date-time", "duration", "time", "uuid")}
"""There is no year 0 in Python, and no leap second. `duration` and `uuid` are formats of later drafts, and hold."""

READINGS: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "What stands beside a $ref holds (WP409); draft 7 ignores it.": _beside_a_reference,
    "An object is meant where properties are listed and no type is said.": _fields_of_an_object,
    "Draft 4's boolean exclusiveMinimum and exclusiveMaximum turn the bound beside them into an exclusive one.": _exclusive,
    "dependentRequired, dependentSchemas and prefixItems of later drafts hold.": _later_drafts,
    "Where only an integer may stand, 1.0 is none: docs/decisions/0009-strictness.md.": _whole,
    "OpenAPI's nullable takes null in.": _nullable,
}
"""What is read into a schema beyond draft 7, rule by rule. docs/decisions/0022-proofs.md has them too."""


@cache
def _tree(file: Path) -> yaml.Node:
    text = _SURROGATES.sub(_one_character, file.read_text("utf-8-sig"))
    return yaml.compose(text, Loader=yaml.CSafeLoader)


_SURROGATES = re.compile(r"(?:\\u[dD][89a-fA-F][0-9a-fA-F]{2})+")


def _one_character(escapes: re.Match[str]) -> str:
    """Characters that are written as JSON writes them, which YAML has other escapes for; half of a pair is none."""
    text = json.loads(f'"{escapes[0]}"').encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(f"\\U{ord(each):08X}" for each in text)


_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}


def _value(node: yaml.Node) -> Any:
    """What a node means in YAML 1.2."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(each) for each in node.value]
    text = node.value
    if node.style and node.tag != "tag:yaml.org,2002:str!":
        return text
    if text in _WORDS:
        return _WORDS[text]
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def _places(spot: Spot) -> frozenset[tuple[int, int]]:
    key = node = _tree(spot.file)
    for step in spot.pointer:
        if isinstance(step, int):
            key = node = node.value[step]
        else:
            key, node = next(pair for pair in node.value if pair[0].value == step)
    marks = (key.start_mark, node.start_mark)
    return frozenset((each.line + 1, each.column + 1) for each in marks)


def _is_local_date_time(text: str) -> bool:
    return _LOCAL.fullmatch(text) is not None and _FORMATS["date-time"](f"{text}Z")
