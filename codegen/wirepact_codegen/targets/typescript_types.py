"""JSON Schemas as TypeScript types: the narrowest that every valid value has.

What TypeScript can't say (a pattern, a bound, `not`) is left out, so that a type takes in a little more than the
schema, and never less.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from wirepact_codegen.model import Json, Schema

_PLAIN_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")


@dataclass(frozen=True, slots=True)
class Word:
    """A type that is one word of the language or a literal: `string`, `"alert"`."""

    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A type that the module declares under this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Union:
    """One of several types, at least two of them, none a union itself."""

    members: "tuple[Type, ...]"


@dataclass(frozen=True, slots=True)
class Intersection:
    """All of several types at once, at least two of them, none an intersection itself."""

    members: "tuple[Type, ...]"


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """A list."""

    item: "Type"


@dataclass(frozen=True, slots=True)
class TupleOf:
    """A list whose first items have types of their own; the first *required* of them are always there."""

    items: "tuple[Type, ...]"
    required: int
    rest: "Type | None"

    @property
    def size(self) -> int:
        """How many parts it is written with."""
        return len(self.items) + (self.rest is not None)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object, with the doc comment above it; or an index signature."""

    head: str
    type: "Type"
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """An object with the fields that the document names, and perhaps an index signature for the others."""

    fields: tuple[Field, ...]


Type: TypeAlias = Word | Reference | Union | Intersection | ArrayOf | TupleOf | ObjectOf

UNKNOWN, NEVER, NULL = Word("unknown"), Word("never"), Word("null")
_WORDS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
INDEX = "[key: string]"
"""The head of an index signature."""
_ANY_OBJECT = ObjectOf((Field(INDEX, UNKNOWN),))

_EVERY = ("string", "number", "boolean", "array", "object", "null")
_ABOUT = {
    "object": frozenset({"properties", "required", "additionalProperties", "patternProperties"}),
    "array": frozenset({"items", "prefixItems"}),
}
"""The keywords that give the values of a type their form."""

INHERITED = frozenset(
    {
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    }
)
"""What every object answers to, so that an absent field of that name is not `undefined`."""

Comments: TypeAlias = Callable[[Schema], str]
"""Makes the doc comment of a field."""


def type_of(schema: Json, comments: Comments = lambda _: "") -> Type:
    """The narrowest TypeScript type that every value of the schema has."""
    if schema is False:
        return NEVER
    return _Reader(comments).read(schema) if isinstance(schema, dict) else UNKNOWN


def untangled(types: Mapping[str, Type]) -> dict[str, Type]:
    """The types of a module without aliases that lead to themselves, which mean nothing: those become `unknown`."""
    bare = {name: frozenset(_bare(shape)) for name, shape in types.items()}
    circles = {name: _reached(name, bare) for name in types}
    return {
        name: _without(shape, {each for each in circles[name] if name in circles.get(each, ())})
        for name, shape in types.items()
    }


def union(members: Sequence[Type]) -> Type:
    """One of the members, each once; `unknown` takes in everything, and `never` adds nothing."""
    flat = [each for each in dict.fromkeys(_flattened(members, Union)) if each != NEVER]
    if UNKNOWN in flat:
        return UNKNOWN
    if len(flat) < 2:
        return flat[0] if flat else NEVER
    return Union(tuple(flat))


def intersection(members: Sequence[Type]) -> Type:
    """All of the members at once; what any of them excludes is excluded."""
    flat = [each for each in dict.fromkeys(_flattened(members, Intersection)) if each != UNKNOWN]
    if any(each != _ANY_OBJECT and not _is_scalar(each) for each in flat):
        flat = [each for each in flat if each != _ANY_OBJECT]
    scalars = [each for each in flat if _is_scalar(each)]
    if len(scalars) > 1:
        flat = [_common(scalars), *(each for each in flat if each not in scalars)]
    if NEVER in flat:
        return NEVER
    if len(flat) < 2:
        return flat[0] if flat else UNKNOWN
    return Intersection(tuple(flat))


def literal(value: Json) -> str:
    """A JSON scalar as Prettier writes it."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return json.dumps(value).replace("e+", "e")


def quoted(text: str) -> str:
    """A string in double quotes, or in single ones where that takes fewer escapes."""
    inner = json.dumps(text, ensure_ascii=False)[1:-1]
    inner = inner.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    if text.count('"') > text.count("'"):
        return "'" + inner.replace('\\"', '"').replace("'", "\\'") + "'"
    return f'"{inner}"'


def key(name: str) -> str:
    """A wire name as the key of an object, quoted only where it has to be."""
    is_identifier = name.replace("$", "_").isidentifier() and max(name) < "\U00010000"
    return name if is_identifier or _PLAIN_NUMBER.fullmatch(name) else quoted(name)


def name_key(name: str) -> str:
    """The same where the key itself is a value: TypeScript keeps a number for one, unless it is quoted."""
    return quoted(name) if _PLAIN_NUMBER.fullmatch(name) else key(name)


@dataclass(frozen=True, slots=True)
class _Reader:
    comments: Comments

    def read(self, schema: Json, within: Sequence[str] = ()) -> Type:
        """The type of the schema's values; *within* are the types that a schema around it leaves open."""
        if not isinstance(schema, dict):
            return NEVER if schema is False else UNKNOWN
        parts = self._parts(schema, within)
        found = NEVER if schema.get("not") in (True, {}) else intersection(list(parts))
        return union([found, NULL]) if schema.get("nullable") is True else found

    def _parts(self, schema: Schema, within: Sequence[str]) -> Iterator[Type]:
        if "const" in schema:
            yield _exactly(schema["const"])
            return
        values = schema.get("enum")
        if isinstance(values, list):
            yield _of_kinds(union([_exactly(each) for each in values]), schema.get("type"))
            return
        target = schema.get("$ref")
        if isinstance(target, str):
            yield Reference(target.removeprefix("#/$defs/"))
        yield union([self._of_kind(each, schema) for each in _kinds(schema, within)])
        kinds = _named(schema) or within
        for every in _branches(schema, "allOf"):
            yield self.read(every, kinds)
        for keyword in ("anyOf", "oneOf"):
            if branches := _branches(schema, keyword):
                yield union([self.read(each, kinds) for each in branches])

    def _of_kind(self, kind: str, schema: Schema) -> Type:
        if kind == "array":
            return self._list(schema)
        if kind == "object":
            return ObjectOf(tuple(self._fields(schema)))
        return Word(_WORDS.get(kind, "unknown"))

    def _list(self, schema: Schema) -> Type:
        first, others = schema.get("prefixItems"), schema.get("items")
        if isinstance(others, list):
            first, others = others, schema.get("additionalItems")
        if not isinstance(first, list) or not first:
            return ArrayOf(self.read(others))
        least, most = _count(schema, "minItems", 0), _count(schema, "maxItems", len(first) + 1)
        rest = None if others is False or most <= len(first) else self.read(others)
        items = tuple(self.read(each) for each in first[:most])
        return TupleOf(items, min(least, len(items)), rest)

    def _fields(self, schema: Schema) -> Iterator[Field]:
        properties, required = _mapping(schema, "properties"), _names(schema, "required")
        named = [self._field(name, part, name in required) for name, part in properties.items()]
        named += [Field(key(name), UNKNOWN) for name in required if name not in properties]
        yield from named
        others = self._others(schema)
        if others is not None:
            yield Field(INDEX, union([*others, *_seen_through(named, others)]))

    def _field(self, name: str, schema: Json, always: bool) -> Field:
        comment = self.comments(schema) if isinstance(schema, dict) else ""
        found = self.read(schema)
        if always:
            return Field(key(name), found, comment)
        inherited = [Word(f"{{}}[{quoted(name)}]")] if name in INHERITED else []
        return Field(f"{key(name)}?", union([found, *inherited]), comment)

    def _others(self, schema: Schema) -> list[Type] | None:
        """What the fields may hold that the document does not name; nothing if there is no need to say."""
        patterns = [self.read(each) for each in _mapping(schema, "patternProperties").values()]
        rest = schema.get("additionalProperties", True if patterns else None)
        if rest is None:
            return None if schema.get("properties") is not None or schema.get("required") else [UNKNOWN]
        if rest is False and not patterns and "properties" in schema:
            return None
        return [*patterns, self.read(rest)]


def _exactly(value: Json) -> Type:
    """The type of one value alone."""
    if isinstance(value, float) and not math.isfinite(value):
        return Word("number")
    if isinstance(value, list):
        return TupleOf(tuple(_exactly(each) for each in value), len(value), None)
    if isinstance(value, dict):
        fields = tuple(Field(key(name), _exactly(each)) for name, each in value.items())
        return ObjectOf(fields or (Field(INDEX, NEVER),))
    return Word(literal(value))


def _of_kinds(values: Type, kind: Json) -> Type:
    """Those of the values that have one of the types that are named beside them."""
    kinds = kind if isinstance(kind, list) else [kind]
    words = [Word(_WORDS[each]) for each in kinds if isinstance(each, str) and each in _WORDS]
    return intersection([values, union(words)]) if words and _is_scalar(values) else values


def _kinds(schema: Schema, within: Sequence[str]) -> Sequence[str]:
    """The types that a schema names; or those *within* which it is, if it has something to say about them.

    Without either it takes in values of every type, those apart that its keywords are about.
    """
    if named := _named(schema):
        return named
    about = [name for name, keywords in _ABOUT.items() if keywords & schema.keys()]
    if within:
        return within if {*about} & {*within} else ["any"]
    return [*about, *(each for each in _EVERY if each not in about)] if about else ["any"]


def _named(schema: Schema) -> Sequence[str]:
    """The types that a schema names. What has properties is an object, as everywhere here."""
    kind = schema.get("type", "object" if "properties" in schema else [])
    return [str(each) for each in (kind if isinstance(kind, list) else [kind])]


def _seen_through(named: Sequence[Field], others: Sequence[Type]) -> Iterator[Type]:
    """What an index signature has to take in beside its own: the fields with names, which it covers too."""
    if UNKNOWN in others:
        return
    yield from (each.type for each in named)
    if any(each.head.endswith("?") for each in named):
        yield Word("undefined")


def _flattened(members: Sequence[Type], kind: type[Union] | type[Intersection]) -> Iterator[Type]:
    for each in members:
        if isinstance(each, kind):
            yield from each.members
        else:
            yield each


def _is_scalar(shape: Type) -> bool:
    return isinstance(shape, Word) or (isinstance(shape, Union) and all(map(_is_scalar, shape.members)))


def _common(scalars: Sequence[Type]) -> Type:
    """What several types without structure have in common."""
    first, *others = scalars
    found = list(_flattened([first], Union))
    for other in others:
        pairs = [(one, each) for one in found for each in _flattened([other], Union)]
        found = [_narrower(one, each) for one, each in pairs]
    return union(found)


def _narrower(one: Type, other: Type) -> Type:
    if one == other or kind_of(one) == other:
        return one
    return other if kind_of(other) == one else NEVER


def kind_of(shape: Type) -> Type:
    """The word that a literal belongs to; anything else belongs to itself."""
    text = shape.text if isinstance(shape, Word) else ""
    if text[:1] in ("'", '"'):
        return Word("string")
    if text in ("true", "false"):
        return Word("boolean")
    return Word("number") if text[:1].isdigit() or text[:1] == "-" else shape


def _bare(shape: Type) -> Iterator[str]:
    """The names that an alias needs to be known at once, before it has a type itself."""
    match shape:
        case Reference(name):
            yield name
        case Union(members) | Intersection(members):
            for each in members:
                yield from _bare(each)


def _reached(start: str, bare: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(bare[start])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(bare.get(name, ()))
    return frozenset(found)


def _without(shape: Type, names: set[str]) -> Type:
    match shape:
        case Reference(name) if name in names:
            return UNKNOWN
        case Union(members):
            return union([_without(each, names) for each in members])
        case Intersection(members):
            return intersection([_without(each, names) for each in members])
    return shape


def _branches(schema: Schema, keyword: str) -> list[Json]:
    found = schema.get(keyword)
    return found if isinstance(found, list) else []


def _mapping(schema: Schema, keyword: str) -> dict[str, Json]:
    found = schema.get(keyword)
    return found if isinstance(found, dict) else {}


def _names(schema: Schema, keyword: str) -> list[str]:
    return [each for each in _branches(schema, keyword) if isinstance(each, str)]


def _count(schema: Schema, keyword: str, otherwise: int) -> int:
    found = schema.get(keyword)
    return int(found) if isinstance(found, int | float) else otherwise
