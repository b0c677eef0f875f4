"""How much there is of what, within one process."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from wirepact.tallies import TTL, Allowance, Tallies

Clock = Callable[[], float]


class _Said(NamedTuple):
    """What a node said last: how many, and until when that is believed."""

    many: int
    until: float


class _Level(NamedTuple):
    """How much was left of an allowance, and when."""

    left: float
    at: float
    full_at: float


@dataclass(slots=True)
class _Book:
    """What all nodes have said, and what is left of which allowance."""

    said: dict[str, dict[Tallies, _Said]] = field(default_factory=dict)
    levels: dict[str, _Level] = field(default_factory=dict)


class MemoryTallies(Tallies):
    """Keeps it in memory, for one node and those `beside` it."""

    SWEPT = 1000
    """How many allowances are kept before those that are untouched are forgotten."""

    def __init__(self, *, ttl: float = TTL, clock: Clock = time.monotonic, book: _Book | None = None) -> None:
        self._ttl = ttl
        self._clock = clock
        self._book = book or _Book()
        self._sweep_at = self.SWEPT

    def __len__(self) -> int:
        return len(self._book.said) + len(self._book.levels)

    def beside(self) -> Self:
        """The same, as another node has it."""
        return type(self)(ttl=self._ttl, clock=self._clock, book=self._book)

    async def claim(self, name: str, here: int, limit: int) -> bool:
        """See `Tallies`."""
        if here + self._elsewhere(name) > limit:
            return False
        self._say(name, here)
        return True

    async def tell(self, here: Mapping[str, int]) -> None:
        """See `Tallies`."""
        for name, count in here.items():
            self._say(name, count)

    async def spend(self, name: str, amount: float, allowance: Allowance) -> float:
        """See `Tallies`."""
        now = self._clock()
        before = self._book.levels.get(name, _Level(allowance.burst, now, now))
        earned = max(0.0, now - before.at) * allowance.rate
        left = min(allowance.burst, before.left + earned) - amount
        self._book.levels[name] = _Level(left, now, now + (allowance.burst - left) / allowance.rate)
        self._sweep(now)
        return left

    def _elsewhere(self, name: str) -> int:
        now = self._clock()
        said = self._book.said.get(name, {})
        for node in [each for each, (_, until) in said.items() if until <= now]:
            del said[node]
        return sum(many for node, (many, _) in said.items() if node is not self)

    def _say(self, name: str, count: int) -> None:
        if count:
            self._book.said.setdefault(name, {})[self] = _Said(count, self._clock() + self._ttl)
        elif (said := self._book.said.get(name)) is not None:
            said.pop(self, None)
            if not said:
                del self._book.said[name]

    def _sweep(self, now: float) -> None:
        """Forget allowances that are whole again, at times that cost little each."""
        if len(self._book.levels) < self._sweep_at:
            return
        for name in [each for each, level in self._book.levels.items() if level.full_at <= now]:
            del self._book.levels[name]
        self._sweep_at = max(self.SWEPT, 2 * len(self._book.levels))
