"""Tells what was said in channels, in the order in which it was kept, wherever it was.

Every process tells all that it finds untold in a channel, one message after the other, and none behind one that it could not
tell. The broker takes each once, so it takes them in order, however many processes there are. What a process left untold when
it died, or could not tell, any other tells a little later.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from handlers.chat.notices import Notices
from handlers.chat.turns import Turns
from handlers.chat.untold import Letter, Untold
from wirepact.errors import Unavailable

EVERY: Final = 1.0
"""Seconds between two looks for what others have left untold."""

logger = logging.getLogger(__name__)


class Teller:
    """Has what waits in *untold* told by *notices*."""

    def __init__(self, untold: Untold, notices: Notices) -> None:
        self._untold = untold
        self._notices = notices
        self._turns = Turns()
        self._told: dict[str, Letter] = {}
        """What was told here and is yet to be forgotten, by key."""

    async def tell(self, channel_url: str) -> None:
        """Tell all that waits in a channel. What can't be told waits on."""
        async with self._turns.of(channel_url):
            try:
                for letter in await self._untold.waiting(channel_url, self._told):
                    await self._tell_one(letter)
            except Unavailable as error:
                logger.warning("what was said waits to be told", extra={"fields": {"error": str(error)}})
            except Exception:
                logger.exception("what was said can't be read, and waits to be told")

    @asynccontextmanager
    async def telling(self) -> AsyncIterator[None]:
        """What was left untold is told while the block lasts."""
        task = asyncio.create_task(self._look_at_intervals())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            await self._forget()

    async def look(self) -> None:
        """Forget what was told here, and tell what others left."""
        await self._forget()
        for channel_url in await self._untold.channels():
            await self.tell(channel_url)

    async def _tell_one(self, letter: Letter) -> None:
        """Tell it. One that can't be told because of a mistake of ours must not keep the others back."""
        try:
            await self._notices.said(letter.message, letter.key)
        except Unavailable:
            raise
        except Exception:
            logger.exception("something was said and could not be told")
        self._told[letter.key] = letter

    async def _forget(self) -> None:
        """Others may have told it, too, or see that it is gone; whoever still tells it says its key."""
        told = [*self._told.values()]
        if told:
            await self._untold.remove(told)
        for each in told:
            del self._told[each.key]

    async def _look_at_intervals(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.look()
            except Exception:
                logger.exception("it could not be looked for what waits to be told")
