"""Texts under names, from a query or from headers, as the values of a model, as strictly as JSON is read.

A text stands for JSON where its schema asks for a number or a boolean, and for itself elsewhere; it is put
into a JSON object that the model then validates. So `limit=10` is an integer, `limit=1_0` and `limit=+10`
are not, and a query is refused in the same sentences as a body.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Generic

from wirepact.descriptors import MessageT
from wirepact.errors import InvalidPayload
from wirepact.wire import validate

_LITERALS = {
    "integer": re.compile(r"-?(?:0|[1-9][0-9]*)"),
    "number": re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"),
    "boolean": re.compile(r"true|false"),
}


class Form(Generic[MessageT]):
    """Reads texts under names as messages of one model.

    `names` are those that the model knows, `lists` those of them that may come several times. A name that the model
    does not know is ignored, unless the document forbids such names (`is_closed`).
    """

    def __init__(self, model: type[MessageT]) -> None:
        schema = model.model_json_schema()
        definitions = schema.get("$defs", {})
        properties: dict[str, Any] = {
            name: _resolved(each, definitions) for name, each in schema.get("properties", {}).items()
        }
        self._model = model
        self._types = {name: _types(each, definitions) for name, each in properties.items()}
        self.names = frozenset(properties)
        self.lists = frozenset(name for name, types in self._types.items() if "array" in types)
        self.is_closed = schema.get("additionalProperties") is False
        for name in self.lists:
            self._types[name] = _item_types(properties[name], definitions)

    def read(self, pairs: Iterable[tuple[str, str]]) -> MessageT:
        """The message that *pairs* stand for. Raises a `Refusal`."""
        members: dict[str, list[str]] = {}
        for name, text in pairs:
            if name in self.names or self.is_closed:
                types = self._types.get(name, frozenset())
                members.setdefault(name, []).append(_json(text, types))
        fields = (f"{json.dumps(name)}: {self._value(name, texts)}" for name, texts in members.items())
        return validate(self._model, f"{{{', '.join(fields)}}}")

    def _value(self, name: str, values: list[str]) -> str:
        if name in self.lists:
            return f"[{', '.join(values)}]"
        if len(values) > 1:
            raise InvalidPayload(f"{name}: must be given once")
        return values[0]


def _json(text: str, types: frozenset[str]) -> str:
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


def _types(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> frozenset[str]:
    """The JSON types that a schema names, in whichever of its forms."""
    schema = _resolved(schema, definitions)
    kinds = schema.get("type", [])
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    for form in _branches(schema):
        found |= _types(form, definitions)
    return frozenset(found)


def _item_types(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> frozenset[str]:
    """The JSON types of what stands in a list."""
    schema = _resolved(schema, definitions)
    found = _types(schema.get("items", {}), definitions)
    for form in _branches(schema):
        found |= _item_types(form, definitions)
    return found


def _branches(schema: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ()))
