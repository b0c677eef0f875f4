"""What datamodel-code-generator writes, touched up where Python would mean something else than JSON Schema.

A constant that is a number: `Literal[1]` takes `true` unless that is ruled out. A default that is a list or an object: each
message needs one of its own, and a type checker sees no model in `{"width": 1}`.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_IMPORTS = """\
from typing import Annotated
from pydantic import Field
from wirepact.formats import NotBoolean
from wirepact.messages import filled_with
"""
"""What is put in may need these; those that are not used are taken out again with all others."""


@dataclass(frozen=True, order=True, slots=True)
class _Insertion:
    """Text that is put in at a place: a line, counted from 0, and a byte of it."""

    line: int
    byte: int
    text: str


def touched_up(text: str) -> str:
    """*text*, a module of models, with what it lacks."""
    tree = ast.parse(text)
    insertions = [*_beside_numbers(tree), *_around_defaults(tree)]
    if not insertions:
        return text
    lines = [each.encode() for each in text.split("\n")]
    for each in sorted(insertions, reverse=True):
        line = lines[each.line]
        lines[each.line] = line[: each.byte] + each.text.encode() + line[each.byte :]
    changed = b"\n".join(lines).decode()
    return changed.replace("from wirepact.messages import ", f"{_IMPORTS}from wirepact.messages import ", 1)


def _beside_numbers(tree: ast.Module) -> Iterator[_Insertion]:
    """`NotBoolean`, beside each `Literal` that has numbers."""
    annotated = {id(_first(each)) for each in _subscripts(tree, "Annotated")}
    for each in _subscripts(tree, "Literal"):
        if any(map(_is_number, ast.walk(each.slice))):
            if id(each) in annotated:
                yield _behind(each, ", NotBoolean")
            else:
                yield _before(each, "Annotated[")
                yield _behind(each, ", NotBoolean]")


def _around_defaults(tree: ast.Module) -> Iterator[_Insertion]:
    """A function that makes it, around each default that can be changed."""
    for each in ast.walk(tree):
        if isinstance(each, ast.AnnAssign) and isinstance(each.value, ast.List | ast.Dict):
            yield _before(each.value, "Field(default_factory=filled_with(")
            yield _behind(each.value, "))")


def _subscripts(tree: ast.Module, name: str) -> Iterator[ast.Subscript]:
    for each in ast.walk(tree):
        if isinstance(each, ast.Subscript) and isinstance(each.value, ast.Name) and each.value.id == name:
            yield each


def _first(subscript: ast.Subscript) -> ast.expr:
    return subscript.slice.elts[0] if isinstance(subscript.slice, ast.Tuple) else subscript.slice


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def _before(node: ast.expr, text: str) -> _Insertion:
    return _Insertion(node.lineno - 1, node.col_offset, text)


def _behind(node: ast.expr, text: str) -> _Insertion:
    return _Insertion((node.end_lineno or node.lineno) - 1, node.end_col_offset or 0, text)
