"""What time it is, and how the factory's clock on the wall shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo


def utc_now() -> datetime:
    """The time by the system's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """A source of time and the zone that the factory is in."""

    zone: tzinfo
    now: Callable[[], datetime] = utc_now

    def on_the_wall(self, at: datetime) -> datetime:
        """*at* as it goes over the wire: the factory's time of day, without a zone, in whole seconds."""
        return at.astimezone(self.zone).replace(tzinfo=None, microsecond=0)

    def at(self, on_the_wall: datetime) -> datetime:
        """The moment at which the factory's clock shows *on_the_wall*; the first one, if it does so twice."""
        return on_the_wall.replace(tzinfo=self.zone)
