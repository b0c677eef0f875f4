"""The rules of linters that names of the wire can break in emitted Python, and that a file says it leaves unchecked.

A field that is called `l` on the wire is called so in Python, and a message `ConnectionError` is a class of that name,
which hides a builtin in its own module and nowhere else.
"""

import ast
import builtins
import re
from collections.abc import Iterator

_AMBIGUOUS = frozenset({"l", "O", "I"})
"""Names that read like a digit (ruff's E741 to E743)."""

_MAYBE = re.compile(r"\b[lOI]\b|^class ", re.MULTILINE)


def with_exceptions(text: str) -> str:
    """The Python module *text*, with a line below its header that names the rules which its names break."""
    rules = sorted(set(_broken(ast.parse(text)))) if _MAYBE.search(text) else []
    if not rules:
        return text
    header, _, rest = text.partition("\n")
    return f"{header}\n# ruff: noqa: {', '.join(rules)}\n{rest}"


def _broken(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        match node:
            case ast.ClassDef(name=name):
                yield from ["E742"] if name in _AMBIGUOUS else []
                yield from ["A001"] if hasattr(builtins, name) else []
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name in _AMBIGUOUS:
                yield "E743"
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) if name in _AMBIGUOUS:
                yield "E741"
