"""Example values made from schemas: a frame that fits a message, or two messages at once.

They only ever illustrate. What is made here is judged by a JSON Schema validator before anyone sees it.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from wirepact_codegen.model import Json, Schema
from wirepact_codegen.telling import resolved

_DEEPEST = 8

_FORMATS: Mapping[str, str] = {
    "date": "2026-01-11",
    "date-time": "2026-01-11T12:00:00Z",
    "date-time-local": "2026-01-11T12:00:00",
    "time": "12:00:00Z",
    "uuid": "6f1e1f0c-3f0e-4c5e-9d5b-0d8d5a2c7b11",
}


class Sampler:
    """Makes values that are likely to fit, for one set of definitions."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions

    def common(self, one: Schema, other: Schema, fits: Callable[[Json], bool]) -> Json:
        """A value that *fits*, made of what both schemas say; `None` if none is found."""
        return next(filter(fits, islice(self._merged(one, other, 0), 64)), None)

    def sample(self, schema: Json, depth: int = 0) -> Json:
        """A value that is likely to fit *schema*."""
        return next(self._samples(resolved(schema, self._definitions), depth), None)

    def _merged(self, one: Schema, other: Schema, depth: int) -> Iterator[Json]:
        one, other = (resolved(each, self._definitions) for each in (one, other))
        if "object" not in (one.get("type"), other.get("type")) or depth > _DEEPEST:
            yield from self._samples(one, depth)
            yield from self._samples(other, depth)
            return
        yield self._merged_object(one, other, depth)

    def _merged_object(self, one: Schema, other: Schema, depth: int) -> Json:
        parts_of_one, parts_of_other = _parts(one), _parts(other)
        needed = {*_list(one, "required"), *_list(other, "required")}
        merged: dict[str, Json] = {}
        for name in (*parts_of_one, *(each for each in parts_of_other if each not in parts_of_one)):
            if name in needed:
                merged[name] = self._part(parts_of_one.get(name), parts_of_other.get(name), depth + 1)
        return merged

    def _part(self, one: Json, other: Json, depth: int) -> Json:
        """What both allow in one field: the narrower of the two decides."""
        if one is None or other is None:
            return self.sample(other if one is None else one, depth)
        first, second = (resolved(each, self._definitions) for each in (one, other))
        narrow, wide = sorted((first, second), key=_freedom)
        return next(self._merged(narrow, wide, depth), None)

    def _samples(self, schema: Schema, depth: int) -> Iterator[Json]:
        if "const" in schema:
            yield schema["const"]
        yield from _list(schema, "enum")
        for branch in (*_list(schema, "anyOf"), *_list(schema, "oneOf")):
            yield from self._samples(resolved(branch, self._definitions), depth + 1)
        yield from _list(schema, "examples")
        yield self._by_type(schema, depth)

    def _by_type(self, schema: Schema, depth: int) -> Json:
        kind = schema.get("type")
        kind = kind[0] if isinstance(kind, list) and kind else kind
        match kind:
            case "object" if depth <= _DEEPEST:
                parts = _parts(schema)
                return {
                    name: self.sample(parts.get(str(name)), depth + 1)
                    for name in map(str, _list(schema, "required"))
                }
            case "array" if depth <= _DEEPEST:
                least = schema.get("minItems")
                return [self.sample(schema.get("items"), depth + 1)] * (
                    least if isinstance(least, int) else 0
                )
            case "string":
                return _string(schema)
            case "integer" | "number":
                return _number(schema)
            case "boolean":
                return True
        return None


def _parts(schema: Schema) -> dict[str, Json]:
    properties = schema.get("properties")
    return properties if isinstance(properties, dict) else {}


def _list(schema: Schema, key: str) -> list[Json]:
    value = schema.get(key)
    return value if isinstance(value, list) else []


def _freedom(schema: Schema) -> int:
    """How many values a schema allows, very roughly."""
    if "const" in schema:
        return 1
    return len(_list(schema, "enum")) or (10_000 if "type" in schema else 20_000)


def _string(schema: Schema) -> str:
    known = _FORMATS.get(str(schema.get("format")), "")
    least = schema.get("minLength")
    return known or "x" * (least if isinstance(least, int) else 0)


def _number(schema: Schema) -> int | float:
    for key, step in (("minimum", 0), ("exclusiveMinimum", 1), ("maximum", 0), ("exclusiveMaximum", -1)):
        bound = schema.get(key)
        if isinstance(bound, int | float):
            return bound + step
    return 0
