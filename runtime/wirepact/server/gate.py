"""How fast this process lets anybody in, before it has a look at them: a herd that comes back at once is spread."""

import time
from collections.abc import Callable
from random import uniform
from typing import ClassVar

from wirepact.core.rate import Door
from wirepact.errors import RateLimited, Refusal
from wirepact.settings import Settings

MINUTE = 60.0


class Busy(Refusal):
    """The process takes nobody more in at the moment."""

    code: ClassVar[str] = "unavailable"
    status: ClassVar[int] = 503
    close_code = 1013


class TooManyAttempts(RateLimited):
    """Somebody tries to connect over and over again."""


class Gate:
    """The rates of *settings*: of all arrivals, and of those from one address."""

    SWEPT = 10_000
    """How many addresses are known before those that have been quiet are forgotten."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._inside = 0
        self._most = settings.connections
        self._door = _door(settings.connects_per_second, 1.0)
        self._each = settings.connects_per_minute_and_ip
        self._doors: dict[str, Door] = {}
        self._sweep_at = self.SWEPT

    def enter(self, address: str) -> None:
        """Let somebody in who comes from *address*. Raises `Busy` or `TooManyAttempts`."""
        now = self._clock()
        if self._each is not None and (delay := self._door_of(address, self._each, now).knock(now)):
            raise TooManyAttempts("too many attempts to connect", delay=delay)
        if self._most is not None and self._inside >= self._most:
            delay = uniform(MINUTE / 4, MINUTE)  # noqa: S311 - it spreads load
            raise Busy("this server is full", delay=delay)
        if self._door is not None and (delay := self._door.knock(now)):
            raise Busy("too many come at once", delay=delay)
        self._inside += 1

    def leave(self) -> None:
        """Somebody who was let in is gone."""
        self._inside -= 1

    def _door_of(self, address: str, each: float, now: float) -> Door:
        door = self._doors.get(address)
        if door is None:
            self._sweep(now)
            door = self._doors[address] = Door(each / MINUTE, burst=max(1.0, each))
        return door

    def _sweep(self, now: float) -> None:
        if len(self._doors) >= self._sweep_at:
            self._doors = {address: door for address, door in self._doors.items() if not door.is_idle(now)}
            self._sweep_at = max(self.SWEPT, 2 * len(self._doors))


def _door(rate: float | None, seconds: float) -> Door | None:
    return None if rate is None else Door(rate, burst=max(1.0, rate * seconds))
