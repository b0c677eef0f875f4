"""What every value that fits a schema looks like, as far as its kind, its constants, its limits and its fields say.

An outline is never narrower than its schema: keywords that it does not know only forbid more, and what stands too
deep is left open. So two outlines that have nothing in common are a proof about the schemas, and an outline that
a value does not fit is a proof that the value fits no such schema.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import product
from math import prod
from typing import TypeAlias

from wirepact_codegen.limits import Limits, exclude, limit_of, limits_joined, limits_met, limits_of
from wirepact_codegen.model import Json, Kind, Scalar, Schema, Sign, Step, Steps

_DEEPEST = 6
"""How far inside a value it is looked at."""

_MOST_BRANCHES = 32
"""How many alternatives of a payload are looked at one by one; more are taken together."""

_MOST_ELEMENTS = 8
"""How many elements of an array are looked at one by one because they must be there."""

Kinds: TypeAlias = frozenset[Kind]

_ABSENT: Kinds = frozenset({"absent"})
_KINDS: Kinds = frozenset({"array", "boolean", "null", "number", "object", "string"})

_OF_TYPE: Mapping[str, Kind] = {
    "array": "array",
    "boolean": "boolean",
    "integer": "number",
    "null": "null",
    "number": "number",
    "object": "object",
    "string": "string",
}


@dataclass(frozen=True, slots=True)
class Outline:
    """The kinds and the constants that a value may have, and the outlines of what is inside it.

    A value is of one of `kinds`, `absent` among them if there need not be one, or it is one of `values`. `rest` holds
    for the fields that `fields` does not name, `items` for the elements after `first`; `None` says nothing of them.
    `limits` narrow `kinds`, and say nothing of `values`; what decides at run time does not know them.
    """

    kinds: Kinds = _KINDS
    values: tuple[Scalar, ...] = ()
    fields: Mapping[str, "Outline"] = field(default_factory=dict)
    rest: "Outline | None" = None
    first: tuple["Outline", ...] = ()
    items: "Outline | None" = None
    limits: Limits = field(default_factory=dict)

    def at(self, step: Step) -> "Outline":
        """What stands at one step inside."""
        inside = self.field_named(step) if isinstance(step, str) else self.element(step)
        kind: Kind = "object" if isinstance(step, str) else "array"
        if kind not in self.kinds:
            return NOTHING_THERE
        return inside if self.kinds == {kind} and not self.values else inside.optional()

    def optional(self) -> "Outline":
        """The same where there may be no value at all."""
        return replace(self, kinds=self.kinds | _ABSENT)

    @property
    def says_nothing(self) -> bool:
        """Whether any value has this outline."""
        return self.kinds >= _KINDS and not (
            self.fields or self.rest or self.first or self.items or self.limits
        )

    def steps(self) -> Iterator[Step]:
        """Every step inside about which something is said by name."""
        yield from self.fields
        yield from range(len(self.first))

    def sign(self, path: Steps) -> Sign:
        """What it says of the value at *path*."""
        here = reduce(Outline.at, path, self)
        return Sign(path, tuple(sorted(here.kinds)), here.values)

    def field_named(self, name: str) -> "Outline":
        """What holds for a field if this is an object."""
        return self.fields.get(name) or self.rest or OPEN

    def element(self, index: int) -> "Outline":
        """What holds for an element if this is an array."""
        return self.first[index] if index < len(self.first) else self.items or OPEN


OPEN = Outline(_KINDS | _ABSENT)
NOTHING_THERE = Outline(_ABSENT)


class Outliner:
    """Draws the outlines of schemas, for one set of definitions."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._known: dict[tuple[str, int], list[Outline]] = {}

    def alternatives(self, schema: Json, depth: int = 0) -> list[Outline]:
        """Outlines of which every value that fits *schema* has one."""
        if not isinstance(schema, dict):
            return [Outline(frozenset() if schema is False else _KINDS)]
        if depth > _DEEPEST:
            return [Outline()]
        together = list(self._parts(schema, depth))
        if prod(map(len, together)) > _MOST_BRANCHES:
            together = [[reduce(join, each)] for each in together]
        return [reduce(meet, combination) for combination in product(*together)]

    def _parts(self, schema: Schema, depth: int) -> Iterator[list[Outline]]:
        """What has to hold together: the schema's own words, and one alternative of each of its parts."""
        yield [self._own(schema, depth)]
        if isinstance(reference := schema.get("$ref"), str):
            yield self._referenced(reference.removeprefix("#/$defs/"), depth + 1)
        for each in _list(schema.get("allOf")):
            yield self.alternatives(each, depth + 1)
        for keyword in ("anyOf", "oneOf"):
            if branches := _list(schema.get(keyword)):
                yield [found for each in branches for found in self.alternatives(each, depth + 1)]

    def _referenced(self, name: str, depth: int) -> list[Outline]:
        if (name, depth) not in self._known:
            self._known[name, depth] = self.alternatives(self._definitions.get(name, True), depth)
        return self._known[name, depth]

    def _whole(self, schema: Json, depth: int) -> Outline:
        """One outline for all alternatives of what stands inside another."""
        return reduce(join, self.alternatives(schema, depth))

    def _own(self, schema: Schema, depth: int) -> Outline:
        """What the keywords of the schema itself say, without those that lead to others."""
        fields, rest = self._object(schema, depth + 1)
        first, items = self._array(schema, depth + 1)
        outline = Outline(_kinds(schema.get("type")), (), fields, rest, first, items, limits_of(schema))
        if "const" in schema:
            outline = meet(outline, _exactly([schema["const"]]))
        if isinstance(values := schema.get("enum"), list):
            outline = meet(outline, _exactly(values))
        return outline

    def _object(self, schema: Schema, depth: int) -> tuple[dict[str, Outline], Outline | None]:
        """The fields that are named, and what holds for all others."""
        properties, required = (
            schema.get("properties"),
            dict.fromkeys(map(str, _list(schema.get("required")))),
        )
        parts = properties if isinstance(properties, dict) else {}
        rest = self._rest(schema, depth)
        fields: dict[str, Outline] = {}
        for name in dict.fromkeys((*parts, *required)):
            inside = self._whole(parts[name], depth) if name in parts else meet(rest or OPEN, Outline())
            fields[name] = inside if name in required else inside.optional()
        return fields, rest

    def _rest(self, schema: Schema, depth: int) -> Outline | None:
        if "additionalProperties" not in schema or schema.get("patternProperties"):
            return None
        return self._whole(schema["additionalProperties"], depth).optional()

    def _array(self, schema: Schema, depth: int) -> tuple[tuple[Outline, ...], Outline | None]:
        """The elements that are there or have a schema of their own, and what holds for all after them."""
        items, least = schema.get("items", True), _count(schema.get("minItems"))
        listed = items if isinstance(items, list) else _list(schema.get("prefixItems"))
        others = self._whole(schema.get("additionalItems", True) if isinstance(items, list) else items, depth)
        first = [self._whole(each, depth) for each in listed]
        first += [others] * (min(least, _MOST_ELEMENTS) - len(first))
        found = tuple(each if index < least else each.optional() for index, each in enumerate(first))
        closed = "maxItems" in schema and _count(schema["maxItems"], len(found) + 1) <= len(found)
        if closed:
            return found, NOTHING_THERE
        return found, None if others.says_nothing else others.optional()


def meet(one: Outline, other: Outline) -> Outline:
    """What has both outlines."""
    for open_one, narrow in ((one, other), (other, one)):
        if open_one.says_nothing and narrow.kinds <= open_one.kinds:
            return narrow
    kinds = one.kinds & other.kinds
    values = [
        *(each for each in one.values if _allows(other, each)),
        *(each for each in other.values if kind_of(each) in one.kinds),
    ]
    length = max(len(one.first), len(other.first))
    return Outline(
        kinds,
        tuple(values),
        {
            name: meet(one.field_named(name), other.field_named(name))
            for name in dict.fromkeys((*one.fields, *other.fields))
        },
        _both(one.rest, other.rest),
        tuple(meet(one.element(each), other.element(each)) for each in range(length)),
        _both(one.items, other.items),
        limits_met(one.limits, other.limits),
    )


def join(one: Outline, other: Outline) -> Outline:
    """What has one of the outlines, or both."""
    kinds = one.kinds | other.kinds
    limits = _joined_limits(one, other)
    either = Outline(kinds, limits=limits)
    values = {identity(each): each for each in (*one.values, *other.values) if not _takes(either, each)}
    if "object" not in one.kinds and "array" not in one.kinds:
        one, other = other, one
    if "object" not in other.kinds and "array" not in other.kinds:
        return Outline(kinds, tuple(values.values()), one.fields, one.rest, one.first, one.items, limits)
    return Outline(kinds, tuple(values.values()), _joined_fields(one, other), limits=limits)


def are_apart(one: Outline, other: Outline) -> bool:
    """Whether no value is what both say of its kind and its constants."""
    return not one.kinds & other.kinds and not any(
        _allows(allowed, each) for said, allowed in ((one, other), (other, one)) for each in said.values
    )


def limits_are_apart(one: Outline, other: Outline) -> bool:
    """Whether no value is what both say of its kind, its limits and its constants."""
    return all(exclude(one.limits, other.limits, kind) for kind in one.kinds & other.kinds) and not any(
        _takes(taking, each) for said, taking in ((one, other), (other, one)) for each in said.values
    )


def kind_of(value: Json) -> Kind:
    """The kind of a JSON value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def identity(value: Scalar) -> tuple[bool, Scalar]:
    """What makes two JSON values the same to every reader: `1` is `1.0`, neither is `true`, and numbers are doubles."""
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return False, float(value)
        except OverflowError:
            return False, value
    return isinstance(value, bool), value


def _allows(outline: Outline, value: Scalar) -> bool:
    known = {identity(each) for each in outline.values}
    return kind_of(value) in outline.kinds or identity(value) in known


def _takes(outline: Outline, value: Scalar) -> bool:
    """Whether *value* is one of the constants, or of a kind and within its limits."""
    if not _allows(outline, value):
        return False
    if isinstance(value, bool | None) or identity(value) in {identity(each) for each in outline.values}:
        return True
    return not exclude(outline.limits, {kind_of(value): limit_of(value)}, kind_of(value))


def _both(one: Outline | None, other: Outline | None) -> Outline | None:
    if one is None or other is None:
        return one or other
    return meet(one, other)


def _joined_fields(one: Outline, other: Outline) -> Mapping[str, Outline]:
    """The fields of which both say something; a side that is no object says nothing and takes nothing away."""
    if "object" not in one.kinds or "object" not in other.kinds:
        return (one if "object" in one.kinds else other).fields
    names = dict.fromkeys((*one.fields, *other.fields))
    return {name: join(one.field_named(name), other.field_named(name)) for name in names}


def _joined_limits(one: Outline, other: Outline) -> Limits:
    """The limits of each kind; what a side says of a kind that it never is takes nothing away."""
    alone = [
        {kind: limit for kind, limit in each.limits.items() if kind not in without.kinds}
        for each, without in ((one, other), (other, one))
    ]
    return {**alone[0], **alone[1], **limits_joined(one.limits, other.limits, one.kinds & other.kinds)}


def _kinds(said: Json) -> Kinds:
    names = said if isinstance(said, list) else [said]
    known = [_OF_TYPE[each] for each in names if isinstance(each, str) and each in _OF_TYPE]
    return frozenset(known) if known else _KINDS


def _exactly(values: Iterable[Json]) -> Outline:
    """One of *values*; of lists and mappings only that they are such."""
    scalars = {identity(each): each for each in values if not isinstance(each, list | dict)}
    kinds = frozenset(kind_of(each) for each in values if isinstance(each, list | dict))
    return Outline(kinds, tuple(scalars.values()))


def _count(value: Json, otherwise: int = 0) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
