"""How much each user says, on all of their connections: counted here at once, and with other nodes every second.

A message is never held up to ask anyone. So a user at several nodes may say too much for a second, and says less after that.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from wirepact.core.rate import Pace
from wirepact.errors import Unavailable
from wirepact.tallies import Allowance, Tallies

PERIOD = 1.0
"""Seconds between two words to the other nodes."""

logger = logging.getLogger("wirepact.server")


@dataclass(slots=True)
class _User:
    """How fast somebody is, and on how many connections."""

    pace: Pace
    connections: int = 0


class Paces:
    """The paces of those who are here; those who left keep theirs until it makes no difference."""

    def __init__(self, tallies: Tallies, clock: Callable[[], float]) -> None:
        self._tallies = tallies
        self._clock = clock
        self._users: dict[str, _User] = {}

    def __len__(self) -> int:
        return len(self._users)

    def join(self, name: str, rate: float) -> Pace:
        """The pace of *name*, who may say *rate* messages a second, for one more connection."""
        user = self._users.setdefault(name, _User(Pace(rate, burst=max(1.0, rate))))
        user.connections += 1
        return user.pace

    def leave(self, name: str) -> None:
        """One connection less."""
        self._users[name].connections -= 1

    @asynccontextmanager
    async def settling(self) -> AsyncIterator[None]:
        """While the block lasts, other nodes hear what is said here."""
        task = asyncio.create_task(self._settle_on())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def settle(self) -> None:
        """Tell what was said here since the last time, and go by what everybody has said. Raises `Unavailable`."""
        now = self._clock()
        for name in [
            name for name, each in self._users.items() if not each.connections and each.pace.is_idle(now)
        ]:
            del self._users[name]
        await asyncio.gather(
            *(self._settle(name, each.pace) for name, each in self._users.items() if each.pace.spent)
        )

    async def _settle(self, name: str, pace: Pace) -> None:
        spent, pace.spent = pace.spent, 0.0
        pace.settle(await self._tallies.spend(name, spent, Allowance(pace.rate, pace.burst)))

    async def _settle_on(self) -> None:
        while True:
            await asyncio.sleep(PERIOD)
            try:
                await self.settle()
            except Unavailable:
                pass  # each node goes by what is said there
            except Exception:
                logger.exception("what users said could not be told")
