"""Queries and headers: texts under names, read together as one message.

Each name is a property of an object. A property whose values no text can be is left out, with a finding.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from wirepact_codegen.errors import Place
from wirepact_codegen.keywords import ANNOTATIONS
from wirepact_codegen.model import Credential, Json, Message, Schema
from wirepact_codegen.reading.context import Context
from wirepact_codegen.source import Node

_TEXTUAL = frozenset({"string", "integer", "number", "boolean", "null"})

_SILENT = frozenset({"type", *ANNOTATIONS})
"""What may be said without naming anything."""

_HANDSHAKE = frozenset({"connection", "content-length", "host", "transfer-encoding", "upgrade"})
"""Headers with which the transport makes a connection; `sec-websocket-…` are the others."""


def read_query(
    context: Context, node: Node | None, owner: str, credentials: Collection[Credential]
) -> Message | None:
    """What stands in a query, without the token, which is looked for there anyway."""
    if node is None:
        return None
    tokens = {each.name for each in credentials if each.where == "query"}
    form = _Form(context, node, "query", lambda name: name in tokens)
    return context.messages.form(node, (owner, "query"), form.textual, tuple(sorted(tokens)))


def read_headers(
    context: Context, node: Node | None, owner: str, credentials: Collection[Credential]
) -> Message | None:
    """What stands in the headers of a handshake, without the token. The name of a header has no case."""
    if node is None:
        return None
    tokens = {_header(each) for each in credentials}
    form = _Form(context, node, "headers", lambda name: name.lower() in tokens)
    return context.messages.form(node, (owner, "headers"), form.textual, tuple(sorted(tokens)))


def _header(credential: Credential) -> str:
    """The header that a token comes in; empty if it comes in none."""
    known = {"bearer": "authorization", "cookie": "cookie", "header": credential.name.lower()}
    return known.get(credential.where, "")


@dataclass(frozen=True, slots=True)
class _Form:
    """One query, or the headers of one handshake, as the document has them."""

    context: Context
    node: Node
    what: str
    is_token: Callable[[str], bool]

    def textual(self, schema: Schema) -> Schema | None:
        """As much of *schema* as texts can say; `None` if that is nothing."""
        properties = schema.get("properties")
        if schema.get("type") != "object" or (schema.keys() - _SILENT and not isinstance(properties, dict)):
            sentence = f"{self._said} must be an object with properties, one for each name"
            self.context.fault("WP315", self.node.key_place, sentence)
        if schema.get("type") != "object" or not isinstance(properties, dict):
            return None
        self._check_names(schema)
        kept = {name: part for name, part in properties.items() if self._is_read(name, part)}
        required = schema.get("required")
        named: list[Json] = [each for each in _list(required) if each in kept]
        others = {"properties", "required", "patternProperties", "additionalProperties"}
        found = {key: part for key, part in schema.items() if key not in others}
        found |= {"properties": kept, **({"required": named} if named else {})}
        if schema.get("additionalProperties") is False and self.what == "query":
            found["additionalProperties"] = False
        return found if kept else None

    def _check_names(self, schema: Schema) -> None:
        """What is said of parameters without a name is not held up."""
        unnamed = ["patternProperties"] if schema.get("patternProperties") else []
        others = schema.get("additionalProperties")
        if (isinstance(others, dict) and others) or (others is False and self.what == "headers"):
            unnamed.append("additionalProperties")
        for key in unnamed:
            sentence = f'"{key}" is not enforced in {self._said}: each parameter is read by its name'
            self.context.findings.warn("WP315", self.node.key_place, sentence)

    @property
    def _said(self) -> str:
        return "the query" if self.what == "query" else "the headers"

    def _is_read(self, name: str, part: Json) -> bool:
        if self.is_token(name):
            return False
        lower = name.lower()
        if self.what == "headers" and (lower in _HANDSHAKE or lower.startswith("sec-websocket-")):
            sentence = f'header "{name}" is a part of every handshake, and is left to the transport'
            self.context.findings.warn("WP315", self._place(name), sentence)
            return False
        if not is_textual(part, self.context.schemas.by_name):
            sentence = f'"{name}" of {self._said} is no text: it is left out'
            suggestion = "make it a string, a number, a boolean or a list of them"
            self.context.fault("WP315", self._place(name), sentence, suggestion)
            return False
        return True

    def _place(self, name: str) -> Place:
        """Where a property stands; the whole, if it comes from elsewhere."""
        target = self.context.follow(self.node) or self.node
        properties = target.get("properties")
        found = properties.get(name) if properties is not None else None
        return found.key_place if found is not None else self.node.key_place


def is_textual(schema: Json, definitions: Mapping[str, Schema], lists: int = 1, depth: int = 8) -> bool:
    """Whether a text can be each value of *schema*, or a list of texts with so many *lists* in each other."""
    if not isinstance(schema, dict):
        return schema is not False
    if isinstance(reference := schema.get("$ref"), str):
        target = definitions.get(reference.removeprefix("#/$defs/"), {})
        return depth > 0 and is_textual(target, definitions, lists, depth - 1)
    if schema.keys() & {"properties", "prefixItems"}:
        return False
    kinds = schema.get("type", [])
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if kind == "array":
            if not lists or not is_textual(schema.get("items", {}), definitions, lists - 1, depth):
                return False
        elif kind not in _TEXTUAL:
            return False
    branches = [each for key in ("anyOf", "oneOf") for each in _list(schema.get(key))]
    return all(is_textual(each, definitions, lists, depth) for each in branches)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
