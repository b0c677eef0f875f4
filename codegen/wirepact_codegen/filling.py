"""Where a default goes, and whether there is an end to it: what is filled in may have fields that are filled in."""

from collections.abc import Iterator, Mapping

from wirepact_codegen.model import Json, Schema

_REFERENCE = "#/$defs/"
_CHOICES = ("allOf", "anyOf", "oneOf")


def default_of(part: Schema, definitions: Mapping[str, Schema]) -> list[Json]:
    """What a field is filled with, alone in a list: what its schema says itself, or that which it refers to."""
    seen: set[str] = set()
    while "default" not in part and isinstance(reference := part.get("$ref"), str) and reference not in seen:
        seen.add(reference)
        part = definitions.get(reference.removeprefix(_REFERENCE), {})
    return [part["default"]] if "default" in part else []


class Filling:
    """Fills in the defaults of one service, to see where that would end."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._open: set[int] = set()
        self._ending: set[int] = set()

    def ends(self, part: Schema) -> bool:
        """Whether the default of a field can be filled in, with all that is missing in it then."""
        if id(part) in self._open:
            return False
        if id(part) not in self._ending:
            self._open.add(id(part))
            ends = all(self._fits_in(part, each, frozenset()) for each in default_of(part, self._definitions))
            self._open.discard(id(part))
            if not ends:
                return False
            self._ending.add(id(part))
        return True

    def _fits_in(self, schema: Json, value: Json, around: frozenset[int]) -> bool:
        """Whether *value* can be taken for a *schema*, which stands within those *around* it for the same value."""
        if not isinstance(schema, dict) or not isinstance(value, dict | list) or id(schema) in around:
            return True
        around |= {id(schema)}
        inside = all(self._fits_in(part, each, frozenset()) for part, each in _inside(schema, value))
        missing = isinstance(value, dict) and all(self.ends(part) for part in _missing(schema, value))
        return (
            inside
            and (missing or isinstance(value, list))
            and all(self._fits_in(each, value, around) for each in self._alternatives(schema))
        )

    def _alternatives(self, schema: Schema) -> Iterator[Json]:
        """What else says something of the same value."""
        if isinstance(reference := schema.get("$ref"), str):
            yield self._definitions.get(reference.removeprefix(_REFERENCE), {})
        for keyword in _CHOICES:
            yield from _list(schema.get(keyword))


def _inside(schema: Schema, value: "dict[str, Json] | list[Json]") -> Iterator[tuple[Json, Json]]:
    """The parts of *value* with what is said of each."""
    if isinstance(value, dict):
        named = _dict(schema.get("properties"))
        for name, each in value.items():
            yield named.get(name, schema.get("additionalProperties")), each
    else:
        first = _list(schema.get("prefixItems"))
        for index, each in enumerate(value):
            yield first[index] if index < len(first) else schema.get("items"), each


def _missing(schema: Schema, value: "dict[str, Json]") -> Iterator[Schema]:
    for name, part in _dict(schema.get("properties")).items():
        if name not in value and isinstance(part, dict):
            yield part


def _dict(value: Json) -> "dict[str, Json]":
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> "list[Json]":
    return value if isinstance(value, list) else []
