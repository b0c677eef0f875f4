"""Query parameters: from text to the values of a model, as strictly as JSON is read.

A parameter stands for JSON where its schema asks for a number or a boolean, and for text elsewhere; it is put
into a JSON object that the model then validates. So `limit=10` is an integer, `limit=1_0` and `limit=+10`
are not, and a query is refused in the same sentences as a body.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Generic
from urllib.parse import parse_qsl

from wirepact.descriptors import MessageT
from wirepact.errors import BadRequest, InvalidPayload
from wirepact.wire import validate

_LITERALS = {
    "integer": re.compile(r"-?(?:0|[1-9][0-9]*)"),
    "number": re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"),
    "boolean": re.compile(r"true|false"),
}


class QueryReader(Generic[MessageT]):
    """Reads query strings as messages of one model. What the model does not know is ignored."""

    def __init__(self, model: type[MessageT]) -> None:
        schema = model.model_json_schema()
        definitions = schema.get("$defs", {})
        self._model = model
        self._properties: dict[str, Mapping[str, Any]] = {
            name: _resolved(each, definitions) for name, each in schema.get("properties", {}).items()
        }
        self._items: dict[str, Mapping[str, Any]] = {
            name: _resolved(each.get("items", {}), definitions)
            for name, each in self._properties.items()
            if "array" in _types(each)
        }

    def read(self, query: bytes) -> MessageT:
        """The message that *query* stands for. Raises a `Refusal`."""
        try:
            pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
        except ValueError:
            raise BadRequest("the query is not percent-encoded UTF-8") from None
        return validate(self._model, self._document(pairs))

    def _document(self, pairs: list[tuple[str, str]]) -> str:
        members: dict[str, list[str]] = {}
        for name, value in pairs:
            if name in self._properties:
                schema = self._items.get(name, self._properties[name])
                members.setdefault(name, []).append(_json(value, _types(schema)))
        return (
            "{"
            + ", ".join(f"{json.dumps(name)}: {self._value(name, members[name])}" for name in members)
            + "}"
        )

    def _value(self, name: str, values: list[str]) -> str:
        if name in self._items:
            return f"[{', '.join(values)}]"
        if len(values) > 1:
            raise InvalidPayload(f"{name}: must be given once")
        return values[0]


def _json(text: str, types: set[str]) -> str:
    """*text* as JSON of one of *types*, or as a string, for the model to refuse."""
    if "string" not in types:
        for kind, literal in _LITERALS.items():
            if kind in types and literal.fullmatch(text):
                return text
    return json.dumps(text)


def _resolved(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = definitions[str(schema["$ref"]).rsplit("/", 1)[-1]]
    return schema


def _types(schema: Mapping[str, Any]) -> set[str]:
    kinds = schema.get("type", [])
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    for form in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        found |= _types(form)
    return found
