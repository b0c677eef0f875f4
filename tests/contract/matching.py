"""What a conversation expects, compared with what came: equality, and the few names that stand for any value."""

import re
from collections.abc import Callable, Mapping
from typing import Any

_WALL_CLOCK_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


KINDS: Mapping[str, Callable[[Any], bool]] = {
    "$integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "$number": _is_number,
    "$string": lambda value: isinstance(value, str),
    "$time": lambda value: isinstance(value, str) and _WALL_CLOCK_TIME.fullmatch(value) is not None,
    "$anything": lambda _: True,
}


def filled_in(value: Any, kept: Mapping[str, Any]) -> Any:
    """*value*, with what was kept in the place of its `$name`s. The names of kinds are left as they are."""
    match value:
        case dict():
            return {key: filled_in(item, kept) for key, item in value.items()}
        case list():
            return [filled_in(item, kept) for item in value]
        case str() if value.startswith("$") and value not in KINDS:
            return kept[value[1:]]
    return value


def matches(expected: Any, got: Any) -> bool:
    """Whether *got* is what is expected, as JSON: `1` is `1.0`, `true` is no number."""
    match expected:
        case str() if expected in KINDS:
            return KINDS[expected](got)
        case dict():
            return (
                isinstance(got, dict)
                and expected.keys() == got.keys()
                and all(matches(item, got[key]) for key, item in expected.items())
            )
        case list():
            return (
                isinstance(got, list)
                and len(expected) == len(got)
                and all(matches(*pair) for pair in zip(expected, got, strict=True))
            )
    if _is_number(expected):
        return _is_number(got) and expected == got
    return type(expected) is type(got) and expected == got
