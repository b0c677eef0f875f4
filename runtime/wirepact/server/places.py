"""Places: how many connections there may be of a kind at all nodes, and who has one of them here.

While the store of the tallies is out of reach each node goes by what it knows itself: the limit holds for each of them.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from wirepact.errors import TooMany, Unavailable
from wirepact.tallies import REFRESH, Tallies

logger = logging.getLogger("wirepact.server")


class Places:
    """What this node has taken of the places that *tallies* counts."""

    def __init__(self, tallies: Tallies, *, refresh: float = REFRESH) -> None:
        self._tallies = tallies
        self._refresh = refresh
        self._here: Counter[str] = Counter()
        self._changed: set[str] = set()
        self._telling: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._here)

    async def take(self, name: str, limit: int) -> None:
        """Take one of the *limit* places called *name*. Raises `TooMany` if none is left."""
        self._here[name] += 1
        is_free = False
        try:
            is_free = self._here[name] <= limit and await self._may_claim(name, limit)
        finally:
            if not is_free:
                self.give_back(name)
        if not is_free:
            raise TooMany("too many connections")

    def give_back(self, name: str) -> None:
        """Let somebody else have it; other nodes hear of it in the background."""
        self._here[name] -= 1
        if not self._here[name]:
            del self._here[name]
        self._changed.add(name)
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell_changed())

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """The places that were taken stay so while the block lasts."""
        keeping = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.wait([keeping])

    async def renew(self) -> None:
        """Say again what is taken. Raises `Unavailable`."""
        await self._tallies.tell(dict(self._here))

    async def settled(self) -> None:
        """Wait until other nodes know what was given back."""
        if self._telling is not None:
            await asyncio.wait([self._telling])

    async def _may_claim(self, name: str, limit: int) -> bool:
        try:
            return await self._tallies.claim(name, self._here[name], limit)
        except Unavailable as error:
            logger.warning("a limit holds for this node alone", extra={"fields": {"error": str(error)}})
            return True

    async def _tell_changed(self) -> None:
        try:
            while self._changed:
                changed, self._changed = self._changed, set()
                with suppress(
                    Unavailable
                ):  # what is kept is said again, and what is not is forgotten in time
                    await self._tallies.tell({name: self._here[name] for name in changed})
        except Exception:
            logger.exception("places could not be given back")
        finally:
            self._telling = None

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self._refresh)
            try:
                await self.renew()
            except Unavailable:
                logger.info("places could not be kept")
            except Exception:
                logger.exception("places could not be kept")
