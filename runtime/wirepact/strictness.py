"""What a server does not take, though it is JSON: what is nested too deeply, and keys that stand twice.

Nearly every frame is let through by counting its brackets and colons, which costs next to nothing; only one that might be at
fault is looked at closely. A client is lenient: it takes what its server says.
"""

import json
from collections.abc import Sequence
from typing import Any

from wirepact.descriptors import Limits
from wirepact.errors import BadRequest

_LONGEST_ECHO = 40

_CONTAINERS = frozenset({dict, list})
"""What the parser makes of objects and arrays, and never of anything else."""


def check(text: str | bytes, value: object, limits: Limits) -> None:
    """Raise `BadRequest` if *text*, which was read as *value*, is more than *limits* allow or says something twice."""
    keys = _keys_within(value, limits.nesting)
    if keys and not _has_few_colons(text, keys):
        json.loads(text, object_pairs_hook=_once, parse_int=_ignored, parse_float=_ignored)


def _keys_within(value: object, nesting: int) -> int:
    """How many keys the objects in *value* have, unless it is nested too deeply."""
    keys = depth = 0
    here: list[Any] = [value] if type(value) in _CONTAINERS else []
    while here:
        depth += 1
        if depth > nesting:
            raise BadRequest("is nested too deeply")
        parts: list[Any] = []
        for each in here:
            if type(each) is dict:
                keys += len(each)
                parts += each.values()
            else:
                parts += each
        here = [part for part in parts if type(part) in _CONTAINERS]
    return keys


def _has_few_colons(text: str | bytes, keys: int) -> bool:
    """Whether there are no more keys in *text* than were read, so that none stands twice.

    A key ends with a quotation mark and a colon, as long as there is no space between them. What looks like it inside
    a string can only make them seem more.
    """
    if isinstance(text, bytes):
        text = text.decode()
    return text.count('":') == keys and not (" :" in text or "\n:" in text or "\t:" in text or "\r:" in text)


def _once(pairs: Sequence[tuple[str, object]]) -> None:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise BadRequest(f"has the key {_echo(key)} twice")
        seen.add(key)


def _ignored(_: str) -> None:
    """A number, of which only the place matters: reading ten thousand digits takes its time."""


def _echo(key: str) -> str:
    short = key if len(key) <= _LONGEST_ECHO else f"{key[: _LONGEST_ECHO - 1]}…"
    return json.dumps(short)
