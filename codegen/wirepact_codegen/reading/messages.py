"""Messages: each read once, however many channels and operations refer to it."""

from collections.abc import Iterator

from wirepact_codegen.errors import Findings
from wirepact_codegen.model import Example, Message, Schema
from wirepact_codegen.reading.names import TypeNames
from wirepact_codegen.reading.schemas import Schemas
from wirepact_codegen.source import Node, Pointer, Sources


class Messages:
    """The messages of one service, by where they stand."""

    def __init__(self, sources: Sources, schemas: Schemas, names: TypeNames, findings: Findings) -> None:
        self._sources = sources
        self._schemas = schemas
        self._names = names
        self._findings = findings
        self._messages: dict[tuple[str, Pointer], Message | None] = {}
        self._examples: list[tuple[Node, Schema]] = []

    def all(self) -> tuple[Message, ...]:
        """Every message read so far, in the order in which they were written down."""
        found = [each for each in self._messages.values() if each is not None]
        return tuple(sorted(found, key=lambda each: each.place))

    def examples(self) -> list[tuple[Node, Schema]]:
        """The payload of each example read so far, with the schema that it has to fit."""
        return self._examples

    def message(self, node: Node) -> Message | None:
        """The message that *node* is or refers to; `None` if it is none, which is a finding already."""
        target = self._sources.follow(node)
        if target is None:
            return None
        if target.origin not in self._messages:
            self._messages[target.origin] = self._read(target)
        return self._messages[target.origin]

    def query(self, node: Node, operation: str) -> Message | None:
        """The query parameters of an HTTP operation, as the message that they form together."""
        type_name = self._names.claim(f"{operation} query", node)
        schema = self._schemas.payload(node, type_name)
        if schema is None:
            return None
        self._messages[node.origin] = message = Message(
            f"{operation}Query", type_name, schema, node.key_place
        )
        return message

    def _read(self, node: Node) -> Message | None:
        type_name = self._names.claim(node.key, node)
        payload = node.get("payload")
        schema = self._schemas.payload(payload, type_name) if payload is not None else None
        if schema is None:
            return None
        examples = list(_examples(node))
        self._examples += [(each.at(("payload",)), schema) for each in examples]
        return Message(
            name=node.key,
            type_name=type_name,
            schema=schema,
            place=node.key_place,
            summary=node.text("summary") or node.text("title"),
            description=node.text("description") or _description(schema),
            examples=tuple(map(_example, examples)),
        )


def _description(schema: Schema) -> str:
    description = schema.get("description")
    return description if isinstance(description, str) else ""


def _examples(node: Node) -> Iterator[Node]:
    examples = node.get("examples")
    return (each for each in (examples.elements() if examples is not None else ()) if "payload" in each)


def _example(node: Node) -> Example:
    payload = node.at(("payload",))
    return Example(payload.value, payload.place, node.text("name"), node.text("summary"))
