"""Brings what waits in the outbox to those who are to be told, in order.

Every process brings all that it finds, one letter after the other, and none that is behind one that it could not bring. The broker
takes each letter once, so it takes them in order, however many processes there are. See `docs/decisions/0056-pushes-in-order.md`.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Final

from handlers.spc.outbox import Letter, Outbox
from wirepact.errors import Unavailable

EVERY: Final = 1.0
"""Seconds between two looks for what others have stored and nobody has told."""

_PAGE: Final = 100

logger = logging.getLogger(__name__)


class Relay:
    """Has letters of *outbox* told by *tell*, which raises `Unavailable` where it can't right now."""

    def __init__(self, outbox: Outbox, tell: Callable[[Letter], Awaitable[None]]) -> None:
        self._outbox = outbox
        self._tell = tell
        self._fresh: dict[int, Letter] = {}
        """What was stored here and not told yet, by number."""
        self._told = 0
        """The number of the last letter that was told here."""
        self._removed = 0
        self._turn = asyncio.Lock()

    def note(self, letters: Iterable[Letter]) -> None:
        """Know these letters, which are stored: they need not be read again if no other comes before them."""
        self._fresh |= {each.number: each for each in letters if each.number > self._told}

    async def push(self) -> None:
        """Tell what was noted before this is called, and all that comes before it. What can't be told is logged, and told later.

        Of many who ask at once one does it for all.
        """
        async with self._turn:
            if self._fresh:
                await self._telling(self._tell_fresh())

    @asynccontextmanager
    async def running(self, every: float = EVERY) -> AsyncIterator[None]:
        """What is stored elsewhere, or could not be told, is told while the block lasts."""
        task = asyncio.create_task(self._run(every))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            await self._tidy()

    async def _run(self, every: float) -> None:
        while True:
            async with self._turn:
                await self._telling(self._tell_waiting())
            await self._tidy()
            await asyncio.sleep(every)

    async def _tell_fresh(self) -> None:
        """Tell what follows the last letter, and look for what is missing if there is a gap."""
        while letter := self._fresh.get(self._told + 1):
            await self._tell_one(letter)
        if self._fresh:
            await self._tell_waiting()

    async def _tell_waiting(self) -> None:
        while letters := await self._outbox.waiting(self._told, _PAGE):
            for letter in letters:
                await self._tell_one(letter)
            if len(letters) < _PAGE:
                return

    async def _telling(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Unavailable as error:
            logger.warning("what was stored waits to be told", extra={"fields": {"error": str(error)}})
            self._fresh.clear()
        except Exception:
            logger.exception("what was stored can't be read, and waits to be told")

    async def _tell_one(self, letter: Letter) -> None:
        """Tell it. One that can't be told because of a mistake of ours must not keep the others back."""
        try:
            await self._tell(letter)
        except Unavailable:
            raise
        except Exception:
            logger.exception("something was stored and could not be told")
        self._told = letter.number
        for number in [each for each in self._fresh if each <= self._told]:
            del self._fresh[number]

    async def _tidy(self) -> None:
        """Remove what was told here. Others may have told it, too, or see that it is gone."""
        told = self._told
        if told == self._removed:
            return
        try:
            await self._outbox.remove(told)
            self._removed = told
        except Exception:
            logger.exception("what was told can't be removed, and will be told again after a restart")
