"""Example values made from schemas: a frame that fits a message, or two messages at once.

They only ever illustrate. What is made here is judged by a JSON Schema validator before anyone sees it.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice, product

from wirepact_codegen.model import Json, Schema
from wirepact_codegen.telling import resolved

_DEEPEST = 8

_MOST_TRIES = 200
"""How many values are tried before it is given up to find one that fits."""

_FORMATS: Mapping[str, str] = {
    "date": "2026-01-11",
    "date-time": "2026-01-11T12:00:00Z",
    "date-time-local": "2026-01-11T12:00:00",
    "email": "someone@example.com",
    "time": "12:00:00Z",
    "uri": "https://example.com/",
    "uuid": "6f1e1f0c-3f0e-4c5e-9d5b-0d8d5a2c7b11",
}

_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")

_LARGEST = ("minLength", "minItems", "minimum", "exclusiveMinimum", "minProperties")
_SMALLEST = ("maxLength", "maxItems", "maximum", "exclusiveMaximum", "maxProperties")


class Sampler:
    """Makes values that are likely to fit, for one set of definitions."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions

    def common(self, one: Schema, other: Schema, fits: Callable[[Json], bool]) -> list[Json]:
        """A value that *fits*, made of what both schemas say, alone in a list; nothing if none is found."""
        found = filter(fits, islice(self._samples({"allOf": [one, other]}, 0), _MOST_TRIES))
        return list(islice(found, 1))

    def sample(self, schema: Json, depth: int = 0) -> Json:
        """A value that is likely to fit *schema*."""
        return next(self._samples(schema, depth), None)

    def _samples(self, schema: Json, depth: int) -> Iterator[Json]:
        if schema is False:
            return
        for flat in self._flat(schema, depth):
            yield from self._of(flat, depth)

    def _flat(self, schema: Json, depth: int) -> Iterator[Schema]:
        """The alternatives of *schema*, each with everything that it refers to merged into one."""
        said = schema if isinstance(schema, dict) else {}
        if depth > _DEEPEST:
            return
        own = {key: each for key, each in said.items() if key not in {"$ref", "allOf", "anyOf", "oneOf"}}
        parts: list[Iterator[Schema]] = []
        if "$ref" in said:
            parts.append(self._flat(resolved(said, self._definitions), depth + 1))
        parts += [self._flat(each, depth + 1) for each in _list(said, "allOf")]
        for keyword in ("anyOf", "oneOf"):
            if branches := _list(said, keyword):
                parts.append(chain.from_iterable(self._flat(each, depth + 1) for each in branches))
        for combination in product(*(islice(each, _DEEPEST) for each in parts)):
            merged = own
            for each in combination:
                merged = _merged(merged, each)
            yield merged

    def _of(self, schema: Schema, depth: int) -> Iterator[Json]:
        if "const" in schema:
            yield schema["const"]
        yield from _list(schema, "enum")
        yield from _list(schema, "examples")
        kinds = schema.get("type")
        for kind in (
            [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else _kinds(schema)
        ):
            yield from self._of_type(str(kind), schema, depth)

    def _of_type(self, kind: str, schema: Schema, depth: int) -> Iterator[Json]:
        match kind:
            case "object" if depth <= _DEEPEST:
                yield from self._objects(schema, depth)
            case "array" if depth <= _DEEPEST:
                yield self._array(schema, depth)
            case "string":
                yield _string(schema)
            case "integer" | "number":
                yield from _numbers(schema)
            case "boolean":
                yield True
            case "null":
                yield None

    def _objects(self, schema: Schema, depth: int) -> Iterator[Json]:
        """With the fields that it needs, of which one at a time is tried out."""
        parts, rest = _parts(schema), schema.get("additionalProperties", True)
        names = [str(each) for each in _list(schema, "required")]
        choices = {
            name: list(islice(self._samples(parts.get(name, rest), depth + 1), _DEEPEST)) for name in names
        }
        if not all(choices.values()):
            return
        first = {name: each[0] for name, each in choices.items()}
        yield dict(first)
        for name, others in choices.items():
            yield from ({**first, name: each} for each in others[1:])

    def _array(self, schema: Schema, depth: int) -> Json:
        first, least = _list(schema, "prefixItems"), schema.get("minItems")
        count = least if isinstance(least, int) else 0
        parts = [*first, *[schema.get("items")] * (count - len(first))]
        return [self.sample(each, depth + 1) for each in parts[:count]]


def _merged(one: Schema, other: Schema) -> Schema:
    """One schema that says what both say, as far as single keywords can."""
    merged = {**other, **one}
    for key in one.keys() & other.keys():
        merged[key] = _both(key, one[key], other[key])
    for here, there in ((one, other), (other, one)):
        for name in _parts(here).keys() - _parts(there).keys():
            rest = there.get("additionalProperties", True)
            if rest is not True and "properties" in merged:
                merged["properties"] = {**_parts(merged), name: {"allOf": [_parts(here)[name], rest]}}
    return merged


def _both(key: str, one: Json, other: Json) -> Json:
    if key == "type":
        return _common_types(one, other)
    if key in {"items", "additionalProperties"}:
        return {"allOf": [one, other]}
    if isinstance(one, list) and isinstance(other, list):
        return _both_lists(key, one, other)
    if key == "properties" and isinstance(one, dict) and isinstance(other, dict):
        names = dict.fromkeys((*one, *other))
        return {name: {"allOf": [each[name] for each in (one, other) if name in each]} for name in names}
    if isinstance(one, int | float) and isinstance(other, int | float):
        return max(one, other) if key in _LARGEST else min(one, other) if key in _SMALLEST else one
    return one


def _both_lists(key: str, one: list[Json], other: list[Json]) -> list[Json]:
    match key:
        case "required":
            return list(dict.fromkeys(map(str, (*one, *other))))
        case "enum":
            return [each for each in one if each in other]
        case "prefixItems":
            longest = max(len(one), len(other))
            return [{"allOf": [*one[each : each + 1], *other[each : each + 1]]} for each in range(longest)]
    return [*one, *other]


def _common_types(one: Json, other: Json) -> Json:
    first, second = (each if isinstance(each, list) else [each] for each in (one, other))
    return [
        each
        for each in _TYPES
        if all(each in some or (each == "integer" and "number" in some) for some in (first, second))
    ]


def _kinds(schema: Schema) -> list[str]:
    """The types to try where none is said: an object first if it speaks of fields, an array if of elements."""
    likely = [
        kind
        for kind, key in (("object", "properties"), ("object", "required"), ("array", "items"))
        if key in schema
    ]
    return list(dict.fromkeys((*likely, "string", "object", "integer", "array", "boolean", "null")))


def _parts(schema: Schema) -> dict[str, Json]:
    properties = schema.get("properties")
    return properties if isinstance(properties, dict) else {}


def _list(schema: Schema, key: str) -> list[Json]:
    value = schema.get(key)
    return value if isinstance(value, list) else []


def _string(schema: Schema) -> str:
    known = _FORMATS.get(str(schema.get("format")), "")
    least = schema.get("minLength")
    return known or "x" * (least if isinstance(least, int) else 0)


def _numbers(schema: Schema) -> Iterator[int | float]:
    for key, step in (("minimum", 0), ("exclusiveMinimum", 1), ("maximum", 0), ("exclusiveMaximum", -1)):
        bound = schema.get(key)
        if isinstance(bound, int | float):
            yield bound + step
    yield 0
