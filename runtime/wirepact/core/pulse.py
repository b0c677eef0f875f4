"""The heartbeat of messages that a document names (`x-heartbeat`), at the client's side: `docs/wire.md` L9.

Only *legacy* has one; `wirepact.v1` has its own, which `Visit` keeps. Any frame of the server is a sign of life.
"""

from dataclasses import dataclass
from typing import Literal

from wirepact.core.visit import LATE


@dataclass(frozen=True, slots=True)
class Beat:
    """What a document says of it. Times are in seconds."""

    by: Literal["server", "client"]
    interval: float
    timeout: float


@dataclass(frozen=True, slots=True)
class Ping:
    """Say the ping of the document."""


class Pulse:
    """When to say something, and when the server is given up; both count from *now*, when the connection was opened.

    A client that pings does so every interval, and waits the timeout longer for anything to come back. One that is pinged
    waits for the next ping and the timeout longer.
    """

    __slots__ = ("_beat", "_is_reading", "_ping_at", "_silent_at", "_slept")

    def __init__(self, beat: Beat, now: float) -> None:
        self._beat = beat
        self._is_reading = True
        self._ping_at = now + beat.interval
        self.heard(now)

    @property
    def due(self) -> float | None:
        """When there is something to do."""
        silent_at = self._silent_at if self._is_reading else None
        ping_at = self._ping_at if self._beat.by == "client" else None
        return min((each for each in (silent_at, ping_at) if each is not None), default=None)

    def heard(self, now: float) -> None:
        """The server said something."""
        self._silent_at = now + self._beat.interval + self._beat.timeout
        self._slept = False

    def is_silent(self, now: float) -> bool:
        """Whether the server is given up. Who slept through the deadline waits once more."""
        if not self._is_reading or now < self._silent_at:
            return False
        if self._slept or now - self._silent_at <= LATE:
            return True
        self._slept = True
        self._silent_at = now + self._beat.timeout
        self._ping_at = now
        return False

    def pings(self, now: float) -> bool:
        """Whether it is time to say something; the next time is an interval later."""
        if self._beat.by == "server" or now < self._ping_at:
            return False
        self._ping_at = now + self._beat.interval
        return True

    def pause(self) -> None:
        """Nothing is read for a while, so that nothing is heard says nothing."""
        self._is_reading = False

    def resume(self, now: float) -> None:
        """It is read again."""
        self._is_reading = True
        self.heard(now)
