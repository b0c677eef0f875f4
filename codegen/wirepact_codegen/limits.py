"""How large, how long and in what form a value of one kind may be, as far as a schema says so.

Like an outline, a limit is never narrower than its schema. Two limits that have nothing in common are a proof.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import TypeAlias

from wirepact_codegen.model import Json, Kind, Schema

_End: TypeAlias = tuple[int | float, int]
"""An end of a range: the value, and 1 or -1 where the range begins just above or ends just below it."""

_APART = frozenset(
    {
        *("date", "date-time", "date-time-local", "duration", "email", "ipv4", "ipv6", "time", "uuid"),
    }
)
"""Formats of which no text has two."""

_LITERAL = re.compile(r"\^((?:[A-Za-z0-9_ :/@#=,;<>!%&~\"'`-]|\\[.$^*+?()\[\]{}|/-])+)")
"""The literal text with which a pattern begins that holds from the start."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What is known of the values of one kind.

    The range is of numbers themselves, of the length of texts, and of how much an array or an object holds. `prefix`
    and `formats` are about texts: all of them have that beginning and each of those formats.
    """

    least: _End = (-math.inf, 0)
    most: _End = (math.inf, 0)
    whole: bool = False
    prefix: str = ""
    formats: frozenset[str] = frozenset()

    def meet(self, other: "Limit") -> "Limit":
        """What is known where both hold."""
        return Limit(
            max(self.least, other.least),
            min(self.most, other.most),
            self.whole or other.whole,
            max(self.prefix, other.prefix, key=len),
            self.formats | other.formats,
        )

    def join(self, other: "Limit") -> "Limit":
        """What is known where one of them holds."""
        return Limit(
            min(self.least, other.least),
            max(self.most, other.most),
            self.whole and other.whole,
            _beginning(self.prefix, other.prefix),
            self.formats & other.formats,
        )

    def excludes(self, other: "Limit") -> bool:
        """Whether no value has both."""
        both = self.meet(other)
        return (
            both.is_empty
            or not (self.prefix.startswith(other.prefix) or other.prefix.startswith(self.prefix))
            or len(both.formats & _APART) > 1
        )

    @property
    def is_empty(self) -> bool:
        """Whether the range holds nothing."""
        (least, above), (most, below) = self.least, self.most
        if self.whole and math.isfinite(least):
            least, above = (math.floor(least) + 1 if above else math.ceil(least)), 0
        if self.whole and math.isfinite(most):
            most, below = (math.ceil(most) - 1 if below else math.floor(most)), 0
        return (least, above) > (most, below)


UNLIMITED = Limit()

Limits: TypeAlias = Mapping[Kind, Limit]
"""By the kind of value that they are about; a kind that is missing has none."""


def limits_of(schema: Schema) -> Limits:
    """What the keywords of *schema* itself say of each kind."""
    found: dict[Kind, Limit] = {
        "number": _of_numbers(schema),
        "string": _of_texts(schema),
        "array": _of_counts(schema, "minItems", "maxItems"),
        "object": _of_counts(schema, "minProperties", "maxProperties"),
    }
    return {kind: limit for kind, limit in found.items() if limit != UNLIMITED}


def limit_of(value: str | float) -> Limit:
    """What is known of one constant."""
    if isinstance(value, str):
        return Limit((len(value), 0), (len(value), 0), prefix=value)
    return Limit((value, 0), (value, 0))


def limits_met(one: Limits, other: Limits) -> Limits:
    """The limits of what has both."""
    return _each(one.keys() | other.keys(), lambda kind: _of(one, kind).meet(_of(other, kind)))


def limits_joined(one: Limits, other: Limits, kinds: Iterable[Kind]) -> Limits:
    """The limits of what has one of them, for *kinds*, which both may be."""
    return _each(kinds, lambda kind: _of(one, kind).join(_of(other, kind)))


def exclude(one: Limits, other: Limits, kind: Kind) -> bool:
    """Whether no value of *kind* has both."""
    return _of(one, kind).excludes(_of(other, kind))


def _each(kinds: Iterable[Kind], limit: Callable[[Kind], Limit]) -> Limits:
    return {kind: found for kind in kinds if (found := limit(kind)) != UNLIMITED}


def _of(limits: Limits, kind: Kind) -> Limit:
    return limits.get(kind, UNLIMITED)


def _of_numbers(schema: Schema) -> Limit:
    least = [
        (_number(schema.get("minimum"), -math.inf), 0),
        (_number(schema.get("exclusiveMinimum"), -math.inf), 1),
    ]
    most = [
        (_number(schema.get("maximum"), math.inf), 0),
        (_number(schema.get("exclusiveMaximum"), math.inf), -1),
    ]
    kinds = schema.get("type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return Limit(
        max(each for each in least if each != (-math.inf, 1)),
        min(each for each in most if each != (math.inf, -1)),
        whole="integer" in listed and "number" not in listed,
    )


def _of_texts(schema: Schema) -> Limit:
    counts = _of_counts(schema, "minLength", "maxLength")
    form, pattern = schema.get("format"), schema.get("pattern")
    formats = frozenset({form}) if isinstance(form, str) else frozenset[str]()
    return Limit(counts.least, counts.most, prefix=_prefix(pattern), formats=formats)


def _of_counts(schema: Schema, least: str, most: str) -> Limit:
    return Limit((_number(schema.get(least), -math.inf), 0), (_number(schema.get(most), math.inf), 0))


def _prefix(pattern: Json) -> str:
    """The text with which everything begins that matches *pattern*; empty if none is sure."""
    if not isinstance(pattern, str) or "|" in pattern or (found := _LITERAL.match(pattern)) is None:
        return ""
    literal = found[1]
    if pattern[found.end() : found.end() + 1] in {*"?*{"}:
        literal = re.sub(r"\\?.\Z", "", literal)
    return re.sub(r"\\(.)", r"\1", literal)


def _beginning(one: str, other: str) -> str:
    """What two texts begin with."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(pair[0] for pair in same)


def _number(value: Json, otherwise: float) -> int | float:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else otherwise
