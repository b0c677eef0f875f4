"""Whether and when a client comes back: `docs/wire.md` V24, V25 and V27."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Again = Literal["yes", "once", "no"]


@dataclass(frozen=True, slots=True)
class Reconnect:
    """How a client comes back by itself. Times are in seconds.

    It waits for anything from nothing to `first` · 2ⁿ, at most `longest`, so that those who lost the same server do not come back
    together. `n` counts from 0 again after a connection that was good for `steady`. `attempts` is how often it tries
    in a row before it gives up; `None` is without end.
    """

    first: float = 0.5
    longest: float = 20.0
    steady: float = 10.0
    attempts: int | None = None

    def limit(self, attempt: int) -> float:
        """The longest wait before *attempt*, which counts from 0."""
        return min(self.longest, self.first * 2.0 ** min(attempt, 64))


class Attempts:
    """What was tried, and whether another time is worth it. *random* gives a number from 0 to below 1."""

    __slots__ = ("_is_refreshed", "_random", "_rules", "count")

    def __init__(self, rules: Reconnect | None, random: Callable[[], float]) -> None:
        self._rules = rules
        self._random = random
        self._is_refreshed = False
        self.count = 0

    @property
    def is_refreshed(self) -> bool:
        """Whether the token in use is one that was asked for because the last one was refused."""
        return self._is_refreshed

    def welcomed(self) -> None:
        """The server said that it let us in: a token may be refreshed again (V24)."""
        self._is_refreshed = False

    def lasted(self, seconds: float) -> None:
        """A connection has ended after so many seconds, which is all there is to judge by where nobody is welcomed.

        A greeting says nothing: a server may greet before it looks at the token.
        """
        if self._rules is not None and seconds >= self._rules.steady:
            self.count = 0
            self._is_refreshed = False

    def wait(
        self, again: Again, *, can_refresh: bool, exactly: float | None = None, at_least: float = 0.0
    ) -> float | None:
        """How long to wait before the next attempt; `None` if there is none.

        The server may have said how long to wait: *exactly* so, if it said something else to everyone (V25), or *at_least* so.
        """
        if self._rules is None or not self._may(again, can_refresh=can_refresh):
            return None
        if self._rules.attempts is not None and self.count >= self._rules.attempts:
            return None
        wait = at_least + self._random() * self._rules.limit(self.count)
        self.count += 1
        return wait if exactly is None else exactly

    def _may(self, again: Again, *, can_refresh: bool) -> bool:
        if again == "once":
            is_first, self._is_refreshed = not self._is_refreshed, True
            return is_first and can_refresh
        return again == "yes"
