"""Messages: each read once, however many channels and operations refer to it."""

from collections.abc import Callable, Iterable

from wirepact_codegen.errors import Findings
from wirepact_codegen.model import Message, Scalar, Schema
from wirepact_codegen.reading.correlations import read_correlation
from wirepact_codegen.reading.encodings import Encodings, part_of, written_as
from wirepact_codegen.reading.examples import Examples
from wirepact_codegen.reading.names import TypeNames
from wirepact_codegen.reading.notes import message_notes
from wirepact_codegen.reading.schemas import Schemas
from wirepact_codegen.schema_formats import is_json_schema
from wirepact_codegen.source import Node, Pointer, Sources


class Messages:
    """The messages of one service, by where they stand."""

    def __init__(
        self,
        sources: Sources,
        schemas: Schemas,
        names: TypeNames,
        examples: Examples,
        findings: Findings,
        *,
        encodings: Encodings,
        is_ours: bool,
    ) -> None:
        self._sources = sources
        self._encodings = encodings
        self._schemas = schemas
        self._names = names
        self._examples = examples
        self._findings = findings
        self._is_ours = is_ours
        self._messages: dict[tuple[str, Pointer], Message | None] = {}

    def all(self) -> tuple[Message, ...]:
        """Every message read so far, in the order in which they were written down."""
        found = [each for each in self._messages.values() if each is not None]
        return tuple(sorted(found, key=lambda each: each.place))

    def message(self, node: Node) -> Message | None:
        """The message that *node* is or refers to; `None` if it is none, which is a finding already."""
        target = self._sources.follow(node)
        if target is None:
            return None
        if target.origin not in self._messages:
            self._messages[target.origin] = self._read(target)
        return self._messages[target.origin]

    def form(
        self,
        node: Node,
        name: tuple[str, str],
        textual: Callable[[Schema], Schema | None],
        without: tuple[str, ...],
    ) -> Message | None:
        """The parameters of a query, or headers, as the message that they form together: *textual* of its schema.

        What is referred to from several places is one message, as long as the same names are left out.
        It is called after whose it is, and what.
        """
        origin = node.origin
        key = (origin[0], (*origin[1], *without))
        if key not in self._messages:
            self._messages[key] = self._form(node, name, textual)
        return self._messages[key]

    def _form(
        self, node: Node, name: tuple[str, str], textual: Callable[[Schema], Schema | None]
    ) -> Message | None:
        target = self._sources.follow(node)
        if target is None:
            return None
        if not isinstance(target.value, dict) or target.value.get("type", "object") != "object":
            textual({})
            return None
        type_name = self._names.query(node, " ".join(name))
        schema = self._schemas.payload(node, type_name)
        said = textual(schema) if schema is not None else None
        if said is None:
            return None
        return Message(f"{name[0]}{name[1].title()}", type_name, said, node.key_place)

    def are_beside(self, nodes: Iterable[Node]) -> None:
        """Note that these are the messages of one channel."""
        found = (self._sources.follow(each) for each in nodes)
        self._names.are_beside([each for each in found if each is not None])

    def _note_payload(self, node: Node, payload: Node, schema: Schema) -> None:
        """A message whose payload is an object that stands by itself is of that object's type."""
        target = self._sources.follow(payload)
        is_plain = isinstance(payload.value, dict) and (
            payload.value.keys() <= {"$ref"} or "$ref" not in payload
        )
        if target is not None and is_plain and schema.get("type") == "object":
            self._names.is_payload(node, target)

    def _read(self, node: Node) -> Message | None:
        type_name = self._names.message(node)
        payload = node.get("payload")
        schema = self._payload(node, payload, type_name)
        if payload is not None and schema is not None:
            self._note_payload(node, payload, schema)
        if schema is None:
            return None
        encoding = self._encodings.of(node, schema)
        said = written_as(encoding, schema)
        return Message(
            name=self._names.label(node),
            stem=self._names.stem(node, type_name),
            type_name=type_name,
            schema=said,
            place=node.key_place,
            summary=node.text("summary") or node.text("title"),
            description=node.text("description") or _description(schema),
            examples=() if encoding in {"binary", "file"} else self._examples.of(node, payload, said),
            encoding=encoding,
            content_type=self._encodings.content_type(node),
            part=part_of(schema) if encoding == "file" else "",
            aliases=_aliases(node),
            notes=message_notes(node, self._sources),
            correlation=read_correlation(node, self._sources),
        )

    def _payload(self, node: Node, payload: Node | None, type_name: str) -> Schema | None:
        """The schema of a message's payload; any value fits if it has none, or one that is not read."""
        form = node.get("schemaFormat")
        if payload is None and self._encodings.is_bytes(node):
            return {}
        if payload is None:
            self._note_missing(node)
            return None if self._is_ours else {}
        if form is not None and not is_json_schema(str(form.value)):
            return self._schemas.opaque(form)
        return self._schemas.payload(payload, type_name)

    def _note_missing(self, node: Node) -> None:
        sentence = f'"payload" is missing in message "{node.key}"'
        if self._is_ours:
            self._findings.add("WP103", node.key_place, sentence)
        else:
            self._findings.warn("WP103", node.key_place, f"{sentence}: any value is taken for a payload")


def _aliases(node: Node) -> tuple[Scalar, ...]:
    said = node.get("x-aliases")
    values = [each.value for each in said.elements()] if said is not None else []
    return tuple(each for each in values if not isinstance(each, list | dict))


def _description(schema: Schema) -> str:
    description = schema.get("description")
    return description if isinstance(description, str) else ""
