"""Types as text, laid out as Prettier does.

A type becomes a document of texts, groups and places where a line may end, by the rules that Prettier has for it;
then the groups that fit stay on one line. Both halves follow Prettier's own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from unicodedata import east_asian_width

from wirepact_codegen.targets.typescript_types import (
    ArrayOf,
    Field,
    Intersection,
    ObjectOf,
    Reference,
    TupleOf,
    Type,
    Union,
    Word,
)

WIDTH = 100
"""Columns in a line; characters of East Asian scripts take two."""


@dataclass(frozen=True, slots=True)
class _Line:
    """Where a line may end: a space (or nothing, if soft) on one line; a hard one always ends it."""

    flat: Literal[" ", ""] = " "
    hard: bool = False


@dataclass(frozen=True, slots=True)
class _Group:
    """Something that is on one line, or has a line end at each of its own places."""

    content: "_Doc"
    breaks: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Indent:
    """Further in by two; if *name* is given, only where the group of that name was broken."""

    content: "_Doc"
    name: str = ""


@dataclass(frozen=True, slots=True)
class _IfBroken:
    """What is only there when the group around it is broken."""

    broken: "_Doc"


_Doc: TypeAlias = str | _Line | _Group | _Indent | _IfBroken | tuple["_Doc", ...]

_LINE, _SOFT, _HARD = _Line(), _Line(""), _Line(hard=True)


def alias(name: str, shape: Type) -> str:
    """A declaration of a type: `export type Id = number;`."""
    head = f"export type {name} ="
    if isinstance(shape, Union) and not _hugs(shape):
        return _written(_group((head, _group(_Indent((_LINE, _members(shape)))), ";")))
    after = _Group(_Indent(_LINE), name="after")
    return _written(_group((head, after, _Indent(_of(shape), "after"), ";")))


def member(field: Field, indent: int) -> str:
    """A line of an interface that is indented by *indent*, or its lines: `name?: string;`."""
    return _written((_field(field), ";"), indent)


def flat_text(shape: Type) -> str:
    """A type on one line, whatever its length."""
    return _written(_of(shape), columns=10**9)


def width(text: str) -> int:
    """How many columns a text takes."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def _of(shape: Type) -> _Doc:
    match shape:
        case Word(text) | Reference(text):
            return text
        case Union():
            return _union(shape)
        case Intersection():
            return _intersection(shape)
        case ArrayOf(item):
            return (_in_brackets(item), "[]")
        case TupleOf():
            return _tuple(shape)
        case ObjectOf():
            return _object(shape)


def _union(shape: Union) -> _Doc:
    if _hugs(shape):
        return _joined([_member_of(each) for each in shape.members], " | ")
    return _group(_Indent((_SOFT, _members(shape))))


def _members(shape: Union) -> _Doc:
    first, *others = (_Indent(_member_of(each)) for each in shape.members)
    return _group((_IfBroken("| "), first, *((_LINE, "| ", each) for each in others)))


def _member_of(shape: Type) -> _Doc:
    """A member of a union or an intersection."""
    return _in_brackets(shape) if isinstance(shape, Union | Intersection) else _of(shape)


def _in_brackets(shape: Type) -> _Doc:
    """A type in front of what binds closer than it does."""
    if isinstance(shape, Union) and not _hugs(shape):
        return ("(", _group((_Indent((_SOFT, _members(shape))), _SOFT)), ")")
    return ("(", _of(shape), ")") if isinstance(shape, Union | Intersection) else _of(shape)


def _hugs(shape: Union) -> bool:
    """Whether Prettier keeps the bars beside the brackets: one object, and beside it null alone."""
    objects = [each for each in shape.members if isinstance(each, ObjectOf)]
    rest = [each for each in shape.members if not isinstance(each, ObjectOf)]
    return len(objects) == 1 and all(each == Word("null") for each in rest)


def _intersection(shape: Intersection) -> _Doc:
    parts: list[_Doc] = []
    indented = False
    for index, each in enumerate(shape.members):
        text = _member_of(each)
        if not index:
            parts.append(text)
            continue
        objects = [isinstance(other, ObjectOf) for other in shape.members[index - 1 : index + 1]]
        if not any(objects):
            parts.append(_Indent((" &", _LINE, text)))
            continue
        indented = indented or (not all(objects) and index > 1)
        deeper = indented if all(objects) else index > 1
        parts.append((" & ", _Indent(text) if deeper else text))
    return _group(tuple(parts))


def _tuple(shape: TupleOf) -> _Doc:
    items = [_item(each, alone=shape.size == 1) for each in shape.items]
    required = items[: shape.required]
    optional = [(_in_brackets(each), "?") for each in shape.items[shape.required :]]
    rest = [] if shape.rest is None else [("...", _in_brackets(shape.rest), "[]")]
    parts = [_group(each) for each in (*required, *optional, *rest)]
    if not parts:
        return "[]"
    return _group(("[", _Indent((_SOFT, _joined(parts, (",", _LINE)), _IfBroken(","))), _SOFT, "]"))


def _item(shape: Type, *, alone: bool) -> _Doc:
    if not isinstance(shape, Union) or _hugs(shape):
        return _of(shape)
    if alone:
        return _members(shape)
    return _group((_Indent((_IfBroken(("(", _SOFT)), _members(shape))), _SOFT, _IfBroken(")")))


def _object(shape: ObjectOf) -> _Doc:
    if not shape.fields:
        return "{}"
    fields = _joined([_documented(each) for each in shape.fields], (";", _LINE))
    breaks = any(each.comment for each in shape.fields)
    return _Group(
        ("{", _Indent((_LINE, fields, _IfBroken(";"))), _LINE, "}"), breaks=breaks or _breaks(fields)
    )


def _documented(field: Field) -> _Doc:
    lines = [part for line in field.comment.splitlines() for part in (line, _HARD)]
    return (*lines, _field(field))


def _field(field: Field) -> _Doc:
    return _group((field.head, ": ", _of(field.type)))


def _joined(parts: Sequence[_Doc], between: _Doc) -> _Doc:
    first, *others = parts
    return (first, *((between, each) for each in others))


def _group(content: _Doc) -> _Group:
    return _Group(content, breaks=_breaks(content))


def _breaks(doc: _Doc) -> bool:
    """Whether a line ends in it in any case, so that no group around it is on one line."""
    match doc:
        case str():
            return False
        case _Line():
            return doc.hard
        case _Group():
            return doc.breaks
        case tuple():
            return any(_breaks(each) for each in doc)
        case _Indent(content):
            return _breaks(content)
        case _IfBroken(content):
            return _breaks(content)


@dataclass(frozen=True, slots=True)
class _Step:
    """A piece that is still to be written, where it stands, and whether it is on one line."""

    doc: _Doc
    indent: int
    flat: bool


def _written(doc: _Doc, indent: int = 0, columns: int = WIDTH) -> str:
    out: list[str] = []
    at = indent
    broken: set[str] = set()
    steps = [_Step(doc, indent, flat=False)]
    while steps:
        step = steps.pop()
        match step.doc:
            case str(text):
                out.append(text)
                at += width(text)
            case _Line() as line if step.flat and not line.hard:
                out.append(line.flat)
                at += len(line.flat)
            case _Line():
                if out:
                    out[-1] = out[-1].rstrip(" ")
                out.append("\n" + " " * step.indent)
                at = step.indent
            case _Group(content, breaks, name):
                flat = _Step(content, step.indent, flat=True)
                fits = step.flat or _fits(flat, steps, columns - at, broken)
                steps.append(flat if fits and not breaks else _Step(content, step.indent, flat=False))
                broken |= set() if fits and not breaks else {name}
            case _ as other:
                steps.extend(_opened(other, step, broken))
    return "".join(out)


def _opened(doc: _Doc, step: _Step, broken: set[str]) -> Iterator[_Step]:
    """What is inside something that is no text itself, last things first."""
    match doc:
        case tuple():
            yield from (_Step(each, step.indent, step.flat) for each in reversed(doc))
        case _Indent(content, name):
            deeper = 0 if name and name not in broken else 2
            yield _Step(content, step.indent + deeper, step.flat)
        case _IfBroken(content) if not step.flat:
            yield _Step(content, step.indent, step.flat)
        case _Group(content, breaks):
            yield _Step(content, step.indent, step.flat and not breaks)


def _fits(first: _Step, rest: Sequence[_Step], columns: int, broken: set[str]) -> bool:
    """Whether everything up to the next place where a line may end fits."""
    steps, behind = [first], len(rest)
    while columns >= 0:
        if not steps:
            if not behind:
                return True
            behind -= 1
            steps.append(rest[behind])
        step = steps.pop()
        match step.doc:
            case str(text):
                columns -= width(text)
            case _Line(flat, hard):
                if hard or not step.flat:
                    return True
                columns -= len(flat)
            case _ as other:
                steps.extend(_opened(other, step, broken))
    return False
