"""The eight rules of Nelson: patterns that a process in control almost never makes.

L. S. Nelson, "The Shewhart Control Chart - Tests for Special Causes", Journal of Quality Technology 16(4),
1984. A rule is asked about the newest point: it gives the points that form its pattern if the newest one
completes it, and nothing otherwise. "Beyond" is strict, so a point that lies on a line belongs to the inner
zone; a point on the center line is on neither side, and equal values neither rise nor fall.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from handlers.spc.domain.control_chart import Scale

Side: TypeAlias = Callable[[float], bool]


@dataclass(frozen=True, slots=True)
class Point:
    """One value on the scale."""

    sample_number: int
    value: float


Points: TypeAlias = Sequence[Point]
"""Oldest first; the last one is the newest."""


def beyond_three_sigma(points: Points, scale: Scale) -> Points:
    """Rule 1: a single point outside the control limits."""
    return _last_where(points, 1, lambda value: value not in scale.limits)


def one_side(points: Points, scale: Scale) -> Points:
    """Rule 2: the mean has shifted."""
    return _on_one_side(points, scale, sigmas=0, needed=9, among=9)


def trend(points: Points, _: Scale) -> Points:
    """Rule 3: something drifts, a tool that wears for example."""
    steps = _steps(points, 6)
    same = all(step > 0 for step in steps) or all(step < 0 for step in steps)
    return points[-6:] if steps and same else ()


def alternation(points: Points, _: Scale) -> Points:
    """Rule 4: two sources take turns."""
    steps = _steps(points, 14)
    turning = all(before < 0 < after or after < 0 < before for before, after in pairwise(steps))
    return points[-14:] if steps and turning else ()


def two_beyond_two_sigma(points: Points, scale: Scale) -> Points:
    """Rule 5: an early warning that the mean has shifted far."""
    return _on_one_side(points, scale, sigmas=2, needed=2, among=3)


def four_beyond_one_sigma(points: Points, scale: Scale) -> Points:
    """Rule 6: an early warning that the mean has shifted."""
    return _on_one_side(points, scale, sigmas=1, needed=4, among=5)


def close_to_center(points: Points, scale: Scale) -> Points:
    """Rule 7: too good to be true; the limits are too wide, or the samples are mixed."""
    return _last_where(points, 15, lambda value: value in scale.zone(1))


def away_from_center(points: Points, scale: Scale) -> Points:
    """Rule 8: values come from two sources, one above and one below."""
    found = _last_where(points, 8, lambda value: value not in scale.zone(1))
    return found if len({point.value > scale.center for point in found}) > 1 else ()


@dataclass(frozen=True, slots=True)
class RunRule:
    """One rule, with its number in Nelson's article and its definition in words."""

    number: int
    name: str
    pattern: Callable[[Points, Scale], Points]


RUN_RULES: Final = (
    RunRule(1, "one point beyond 3 sigma", beyond_three_sigma),
    RunRule(2, "nine points in a row on one side of the center line", one_side),
    RunRule(3, "six points in a row steadily increasing or decreasing", trend),
    RunRule(4, "fourteen points in a row alternating up and down", alternation),
    RunRule(5, "two out of three points in a row beyond 2 sigma on one side", two_beyond_two_sigma),
    RunRule(6, "four out of five points in a row beyond 1 sigma on one side", four_beyond_one_sigma),
    RunRule(7, "fifteen points in a row within 1 sigma of the center line", close_to_center),
    RunRule(8, "eight points in a row beyond 1 sigma on both sides of the center line", away_from_center),
)

MEMORY: Final = 15
"""How many points before the newest one it takes to say what it sets off: the longest pattern, once over."""


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that fired, and the samples that form the pattern, oldest first."""

    rule: RunRule
    sample_numbers: tuple[int, ...]


def newly_fired(points: Points, scale: Scale) -> tuple[Firing, ...]:
    """The rules that the newest of *points* sets off.

    A pattern that goes on is told once, when it is first complete. Each point beyond 3 sigma is news.
    """
    return tuple(
        Firing(rule, tuple(point.sample_number for point in pattern))
        for rule in RUN_RULES
        if (pattern := rule.pattern(points, scale))
        and (len(pattern) == 1 or not rule.pattern(points[:-1], scale))
    )


def _last_where(points: Points, length: int, holds: Side) -> Points:
    """The last *length* points if there are that many and *holds* is true of each."""
    last = points[-length:]
    return last if len(last) == length and all(holds(point.value) for point in last) else ()


def _on_one_side(points: Points, scale: Scale, *, sigmas: int, needed: int, among: int) -> Points:
    """Those of the last *among* points that lie beyond *sigmas* on the newest one's side, if *needed* do."""
    zone = scale.zone(sigmas)
    sides: Iterable[Side] = (lambda value: value > zone.upper, lambda value: value < zone.lower)
    for beyond in sides:
        found = [point for point in points[-among:] if beyond(point.value)]
        if len(found) >= needed and found[-1] is points[-1]:
            return found
    return ()


def _steps(points: Points, length: int) -> Sequence[float]:
    """From each of the last *length* points to the next; nothing if there are fewer points."""
    last = points[-length:]
    return [after.value - before.value for before, after in pairwise(last)] if len(last) == length else ()
