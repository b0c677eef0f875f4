"""A believable life of a few products, for demonstrations: mostly steady, now and then a tool that wears or a bad part.

The same random source gives the same life.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from handlers.spc.domain import BASELINE_SUBGROUPS


@dataclass(frozen=True, slots=True)
class Line:
    """A production line: what it makes, and how exactly when nothing is wrong."""

    code: str
    name: str
    lsl: float
    usl: float
    target: float
    subgroup_size: int
    sigma: float


LINES: Final = (
    Line("BOLT-M10", "M10 볼트", 9.5, 10.5, 10.0, subgroup_size=5, sigma=0.1),
    Line("NUT-M10", "M10 너트", 15.8, 16.2, 16.0, subgroup_size=4, sigma=0.045),
    Line("SHAFT-D20", "D20 샤프트", 19.95, 20.05, 20.0, subgroup_size=3, sigma=0.011),
)


@dataclass(frozen=True, slots=True)
class Alerted:
    """Somebody, or something, raised an alert."""

    alert_type: str
    priority: int
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class Analyzed:
    """Somebody asked how capable the process is."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part was measured, and what came of it."""

    value: float
    then: tuple[Alerted | Analyzed, ...] = ()


TOO_LARGE: Final = Alerted("OUT_OF_SPEC", 4, "규격 이탈", "측정값이 상한 규격을 초과했습니다")
TOO_SMALL: Final = Alerted("OUT_OF_SPEC", 4, "규격 이탈", "측정값이 하한 규격에 미달했습니다")
DRIFTING: Final = Alerted(
    "TREND", 3, "공정 추세 이상", "측정값이 한쪽으로 이동하고 있습니다. 공구 마모를 점검하십시오"
)


def baseline(line: Line, random: Random) -> Iterator[Part]:
    """Enough steady subgroups for the limits to be known."""
    return _steady(line, random, BASELINE_SUBGROUPS)


def life(line: Line, random: Random) -> Iterator[Part]:
    """What happens on *line* from then on, without end."""
    troubles = [_drift, _bad_part, _drift, _bad_part]
    while True:
        random.shuffle(troubles)
        for trouble in troubles:
            yield from _steady(line, random, random.randint(2, 5))
            yield from trouble(line, random)
        yield Part(_value(line, random), then=(Analyzed(),))


def _steady(line: Line, random: Random, subgroups: int) -> Iterator[Part]:
    for _ in range(subgroups * line.subgroup_size):
        yield Part(_value(line, random))


def _drift(line: Line, random: Random) -> Iterator[Part]:
    """The mean moves away until it is noticed; then somebody sets the tool right."""
    step = random.choice([-0.25, 0.25]) * line.sigma
    for moved in range(1, 15):
        yield Part(_value(line, random, shift=moved * step))
    yield Part(_value(line, random, shift=15 * step), then=(DRIFTING,))


def _bad_part(line: Line, random: Random) -> Iterator[Part]:
    """One part that nobody would buy."""
    beyond = random.uniform(0.5, 2.5) * line.sigma
    if random.random() < 0.5:
        yield Part(round(line.lsl - beyond, 4), then=(TOO_SMALL,))
    else:
        yield Part(round(line.usl + beyond, 4), then=(TOO_LARGE,))


def _value(line: Line, random: Random, shift: float = 0.0) -> float:
    return round(random.gauss(line.target + shift, line.sigma), 4)
