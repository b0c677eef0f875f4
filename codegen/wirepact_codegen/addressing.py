"""Whether the addresses of services that are served together lead to one place each.

The server looks for a path among all of its addresses. It asks first those whose segments vary least, and a parameter
takes any text, whatever values the document allows. So a path is lost that is meant for one address and fits another's
form, where that is asked first. Paths are taken as they are written by everybody: no letter is percent-encoded that need not be.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TypeAlias
from urllib.parse import unquote

from wirepact_codegen.errors import Place

_EXPRESSION = re.compile(r"\{([^{}]*)\}")

_Pattern: TypeAlias = tuple[str | None, ...]
"""A text, a character each; `None` stands for any characters, at least one."""


@dataclass(frozen=True, slots=True)
class Address:
    """What one service listens at: how it is asked, the path, and those of its parameters that have few `values`."""

    method: str
    path: str
    place: Place
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def form(self) -> str:
        """The path without the names of its parameters: addresses of one form share a route."""
        return _EXPRESSION.sub("{}", self.path.rstrip("/"))

    @property
    def rank(self) -> tuple[int, ...]:
        """How much of each segment varies: nothing, a part of it, all of it. What is lower is asked first."""
        return tuple(2 if each == "{}" else int("{" in each) for each in self.form.split("/"))


def collision(one: Address, other: Address) -> str | None:
    """A path that is meant for one of the two and may be taken for the other; `None` if there is none."""
    if one.form == other.form and one.method != other.method:
        return None
    pairs = [(one, other), (other, one)]
    found = [_path_of_both(meant, taker) for meant, taker in pairs if taker.rank <= meant.rank]
    return next((each for each in found if each is not None), None)


def _path_of_both(meant: Address, taker: Address) -> str | None:
    """A path that *meant* allows, and that has the form of *taker*."""
    ours = [list(_patterns(each, meant.values)) for each in meant.path.rstrip("/").split("/")]
    theirs = [list(_patterns(each, {})) for each in taker.path.rstrip("/").split("/")]
    if len(ours) != len(theirs):
        return None
    texts = [_text_among(*pair) for pair in zip(ours, theirs, strict=True)]
    return "/".join(each for each in texts if each is not None) if None not in texts else None


def _patterns(segment: str, values: Mapping[str, Sequence[str]]) -> Iterator[_Pattern]:
    """What may stand in a *segment*: one pattern for each choice of the *values* that its parameters have."""
    parts = _EXPRESSION.split(segment)
    names = parts[1::2]
    choices: list[Sequence[_Pattern]] = [
        [tuple(value) for value in values[name]] if name in values else [(None,)] for name in names
    ]
    for chosen in product(*choices):
        yield tuple(
            character
            for index, part in enumerate(parts)
            for character in (chosen[index // 2] if index % 2 else unquote(part))
        )


def _text_among(ones: Sequence[_Pattern], others: Sequence[_Pattern]) -> str | None:
    found = (_text_of_both(one, other) for one, other in product(ones, others))
    return next((each for each in found if each is not None), None)


def _text_of_both(one: _Pattern, other: _Pattern) -> str | None:
    """A shortest text that fits both patterns."""
    waiting = deque([(0, 0, "")])
    seen = {(0, 0)}
    while waiting:
        i, j, text = waiting.popleft()
        if (i, j) == (len(one), len(other)):
            return text
        if i == len(one) or j == len(other):
            continue
        mine, theirs = one[i], other[j]
        if None not in (mine, theirs) and mine != theirs:
            continue
        character = mine or theirs or "x"
        for step in product(_after(i, mine), _after(j, theirs)):
            if step not in seen:
                seen.add(step)
                waiting.append((*step, text + character))
    return None


def _after(index: int, token: str | None) -> tuple[int, ...]:
    """Where a pattern may go on after one character."""
    return (index + 1, index) if token is None else (index + 1,)
