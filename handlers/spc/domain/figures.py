"""What a dashboard shows of some time: how many alerts, values that were off, rules that fired, and how capable processes are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from handlers.spc.domain.errors import InvalidPeriod

LONGEST_PERIOD: Final = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment up to another, which does not belong to it."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if not timedelta() < self.until - self.since <= LONGEST_PERIOD:
            raise InvalidPeriod(LONGEST_PERIOD.days)

    @property
    def days(self) -> Sequence[tuple[date, datetime]]:
        """The days that it touches, where `since` has its zone, each with the moment at which it ends."""
        zone = self.since.tzinfo
        first, last = self.since.date(), (self.until.astimezone(zone) - timedelta.resolution).date()
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return [(each, _midnight_after(each, self.since)) for each in days]


@dataclass(frozen=True, slots=True)
class AlertFigures:
    """How many alerts there were, and of what kind."""

    total: int
    open: int
    by_priority: Mapping[int, int]
    by_type: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ProductFigures:
    """What happened to one product; `cpk` is of its last analysis, if there ever was one by the end of the time."""

    id: int
    code: str
    name: str
    alerts: int
    measurements: int
    out_of_spec: int
    out_of_control: int
    violations: int
    cpk: float | None


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What happened on one day of the factory; *off* are the measurements out of any limits."""

    day: date
    alerts: int
    measurements: int
    off: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it. `by_rule` counts violations by the number of their rule."""

    period: Period
    alerts: AlertFigures
    by_rule: Mapping[int, int]
    products: Sequence[ProductFigures]
    days: Sequence[DayFigures]


def _midnight_after(day: date, zoned: datetime) -> datetime:
    following = day + timedelta(days=1)
    return zoned.replace(
        year=following.year,
        month=following.month,
        day=following.day,
        hour=0,
        minute=0,
        second=0,
        microsecond=0,
        fold=0,
    )
