"""One after the other, for each name: what is done under one name waits for what was begun before, and for nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Turns:
    """The turns of any number of names; those that nobody waits for are forgotten."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, name: str) -> AsyncIterator[None]:
        """Wait for the turn of whoever asked for *name* now, and hold it while the block lasts."""
        lock = self._locks.setdefault(name, asyncio.Lock())
        async with lock:
            yield

    def __len__(self) -> int:
        return len(self._locks)
