"""Messages that are no objects with fields: the aliases that stand for them in `messages.py`, turned into classes.

datamodel-code-generator makes an alias of what is no object. A message must be a class, since the runtime tells
messages by their types: `Ping = TypeAliasType("Ping", Literal["ping"])` becomes `class Ping(ValueMessage[Literal["ping"]])`.
Nothing refers to a message, so these stand at the end, behind all that they are made of.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wirepact_codegen.model import Encoding, Schema


@dataclass(frozen=True, slots=True)
class _Alias:
    """An alias of a module: its lines, counted from 0, what it stands for, and what is said of it."""

    name: str
    first: int
    last: int
    type: str
    doc: str


def with_value_messages(text: str, messages: Mapping[str, Encoding], rests: Mapping[str, Schema]) -> str:
    """*text* with a class, which carries its rest, for each of *messages* that is an alias in it."""
    aliases = [each for each in _aliases(text) if each.name in messages]
    if not aliases:
        return text
    lines: list[str | None] = [*text.splitlines()]
    for each in aliases:
        lines[each.first : each.last] = [None] * (each.last - each.first)
    left = "\n".join(line for line in lines if line is not None).rstrip()
    return (
        "\n\n\n".join([left, *(_class(each, messages[each.name], rests.get(each.name)) for each in aliases)])
        + "\n"
    )


def _class(alias: _Alias, encoding: Encoding, rest: Schema | None) -> str:
    whole: Mapping[Encoding, str] = {"binary": "BinaryMessage", "file": "FileMessage"}
    bases = whole.get(encoding) or _base(alias, encoding, rest)
    return f"class {alias.name}({bases}):\n    {alias.doc or 'pass'}"


def _base(alias: _Alias, encoding: Encoding, rest: Schema | None) -> str:
    base, carried = ("ConstrainedValue", f", rest={rest!r}") if rest else ("ValueMessage", "")
    written = "" if encoding == "json" else f", encoding={encoding!r}"
    return f"{base}[{alias.type}]{written}{carried}"


def _aliases(text: str) -> Iterator[_Alias]:
    """The aliases of a module, each with the docstring behind it."""
    body = ast.parse(text).body
    for statement, following in zip(body, [*body[1:], None], strict=True):
        match statement:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Name(id="TypeAliasType"), args=[_, type_]),
            ):
                doc = following if _is_docstring(following) else None
                last = (doc or statement).end_lineno or statement.lineno
                said = ast.get_source_segment(text, doc) if doc is not None else ""
                written = ast.get_source_segment(text, type_)
                yield _Alias(name, statement.lineno - 1, last, written or "", said or "")


def _is_docstring(statement: ast.stmt | None) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
