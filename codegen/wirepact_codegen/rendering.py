"""Templates, and the filters through which every word of a document goes before it becomes code.

Nothing of a document is ever put into a template as it is: a filter makes it a literal, a docstring or prose of the
language around it. A template lays out; what it shows was decided by its target.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ufeff]")

_CLOSING = re.compile(r'"(?="|\Z)')
"""Quotes that could end a docstring, alone or with those after them."""


def render(template: str, view: Mapping[str, object]) -> str:
    """*template* filled with *view*. A name that the view lacks is an error, never an empty string."""
    return _environment().get_template(f"{template}.jinja").render(view)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - linting needs no templates

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - no HTML is written, and every text goes through a filter of its language
    )
    environment.filters |= {
        "cell": cell,
        "code": code,
        "docstring": docstring,
        "json": json_text,
        "markdown": markdown,
        "python": python_literal,
    }
    return environment


def python_literal(value: object) -> str:
    """A Python literal for a string, a number, or tuples and mappings of them."""
    return repr(value)


def docstring(text: str) -> str:
    """A docstring with its quotes. What follows the first line keeps its indentation to the formatter."""
    stripped = re.sub(r"[ \t]+$", "", text.strip(), flags=re.MULTILINE)
    escaped = _CLOSING.sub(r'\\"', stripped.replace("\\", "\\\\"))
    visible = _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", escaped)
    last = "\n" if "\n" in visible else ""
    return f'"""{visible}{last}"""'


def markdown(text: str) -> str:
    """Prose of a document, which may use Markdown itself, but no HTML."""
    return re.sub(r"<(?=[A-Za-z/!?])", r"\\<", text.strip())


def cell(text: str) -> str:
    """Prose as one cell of a table."""
    return " ".join(markdown(text).replace("|", "\\|").split())


def code(text: str) -> str:
    """Text as code in a line of prose or a cell, whatever backticks it has."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence, space = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{space}{' '.join(text.split())}{space}{fence}".replace("|", "\\|")


def json_text(value: object) -> str:
    """A value as JSON, as people write it."""
    return json.dumps(value, ensure_ascii=False, indent=2)
