"""The clock of a node: what is due at its connections, looked at once a second for all of them.

One task a node, and a comparison a connection, instead of a timer or two for each: most connections have nothing due.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Protocol

PERIOD = 1.0
"""Seconds between two looks. What is due is late by no more."""

logger = logging.getLogger("wirepact.server")


class Due(Protocol):
    """Something that has a time when it is to do something."""

    due: float

    def tick(self, now: float) -> None:
        """Do what is due at *now*, and say in `due` when it is something again."""


@asynccontextmanager
async def ticking(those: Callable[[], Iterable[Due]]) -> AsyncIterator[None]:
    """While the block lasts *those* are told when they are due. One that fails is logged, and told again."""
    task = asyncio.create_task(_tick(those))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _tick(those: Callable[[], Iterable[Due]]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(PERIOD)
        _look(those(), loop.time())


def _look(those: Iterable[Due], now: float) -> None:
    """Apart from the loop, which would hold on to the last of them until there is another."""
    for each in those:
        if each.due <= now:
            try:
                each.tick(now)
            except Exception:
                logger.exception("what was due was not done")
