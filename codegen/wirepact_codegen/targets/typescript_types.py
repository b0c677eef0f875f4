"""JSON Schemas as TypeScript types, and types as text.

The text is laid out as Prettier would: on one line where it fits, otherwise a member a line.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from unicodedata import east_asian_width

from wirepact_codegen.model import Json, Schema

WIDTH = 100
"""Columns in a line; characters of East Asian scripts take two."""

_PLAIN_NUMBER = re.compile(r"0|[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class Word:
    """A type that is one word or literal: `string`, `QualityAlert`, `"alert"`."""

    text: str


@dataclass(frozen=True, slots=True)
class Union:
    """One of several types, at least two of them, none a union itself."""

    members: "tuple[Type, ...]"


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """A list."""

    item: "Type"


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object whose keys the document does not name."""

    value: "Type"


Type: TypeAlias = Word | Union | ArrayOf | MapOf

UNKNOWN = Word("unknown")
_WORDS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def type_of(schema: Json) -> Type:
    """The narrowest TypeScript type that every value of the schema has."""
    return _of_keywords(schema) if isinstance(schema, dict) else UNKNOWN


def _of_keywords(schema: Schema) -> Type:
    match schema:
        case {"$ref": str(target)}:
            return Word(target.removeprefix("#/$defs/"))
        case {"const": value}:
            return Word(literal(value))
        case {"enum": list(values)}:
            return union([Word(literal(each)) for each in values])
        case {"oneOf": list(branches)} | {"anyOf": list(branches)}:
            return union([type_of(each) for each in branches])
        case {"type": kind}:
            kinds = kind if isinstance(kind, list) else [kind]
            return union([_of_kind(str(each), schema) for each in kinds])
    return UNKNOWN


def union(members: Sequence[Type]) -> Type:
    """One of the members, each once; what is in it twice is there once, and `unknown` takes in everything."""
    flat = list(dict.fromkeys(_flattened(members)))
    if UNKNOWN in flat:
        return UNKNOWN
    return flat[0] if len(flat) == 1 else Union(tuple(flat))


def literal(value: Json) -> str:
    """A JSON scalar as Prettier writes it."""
    return quoted(value) if isinstance(value, str) else json.dumps(value)


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


def laid_out(head: str, shape: Type, indent: int = 0) -> str:
    """A declaration of a type, *head* and all: `export type Id = number;`."""
    flat = f"{head} {flat_text(shape)};"
    if width(flat) <= WIDTH:
        return flat
    gap = "" if isinstance(shape, Union) else " "
    return f"{head}{gap}{_broken(shape, indent, after=1)};"


def flat_text(shape: Type) -> str:
    """A type on one line."""
    match shape:
        case Word(text):
            return text
        case Union(members):
            return " | ".join(flat_text(each) for each in members)
        case ArrayOf(Union() as item):
            return f"({flat_text(item)})[]"
        case ArrayOf(item):
            return f"{flat_text(item)}[]"
        case MapOf(value):
            return f"{{ [key: string]: {flat_text(value)} }}"


def width(text: str) -> int:
    """How many columns a text takes."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def _broken(shape: Type, indent: int, after: int) -> str:
    """A type over several lines, in a line that is indented by *indent*, with *after* columns behind it."""
    edge = " " * indent
    match shape:
        case Union(members):
            below = f"{edge}  {flat_text(shape)}"
            if width(below) + after <= WIDTH:
                return f"\n{below}"
            return "".join(f"\n{edge}  | {_member(each, indent + 4)}" for each in members)
        case ArrayOf(Union() as item):
            return f"({_broken(item, indent, after=0)}\n{edge})[]"
        case ArrayOf(item):
            return f"{_broken(item, indent, after)}[]"
        case MapOf(value):
            inner = laid_out(f"{edge}  [key: string]:", value, indent + 2)
            return f"{{\n{inner}\n{edge}}}"
    return flat_text(shape)


def _member(shape: Type, indent: int) -> str:
    flat = flat_text(shape)
    return flat if indent + width(flat) <= WIDTH else _broken(shape, indent, after=0)


def _of_kind(kind: str, schema: Schema) -> Type:
    if kind == "array":
        return ArrayOf(type_of(schema.get("items")))
    if kind == "object":
        rest = schema.get("additionalProperties")
        return MapOf(Word("never") if rest is False else type_of(rest))
    return Word(_WORDS[kind])


def _flattened(members: Sequence[Type]) -> Iterator[Type]:
    for each in members:
        if isinstance(each, Union):
            yield from each.members
        else:
            yield each
