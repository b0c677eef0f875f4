"""What was heard and not taken yet, between the task that reads a socket and the program."""

import asyncio
from collections import deque
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")


_STRETCH = 16
"""How many times the bound there may be while somebody waits for what comes behind."""


class Inbox(Generic[ItemT]):
    """Items in order, and an end. Whoever puts more than *bound* asks for room first: putting never waits."""

    def __init__(self, bound: int) -> None:
        self._usual = self._bound = max(bound, 1)
        self._items: deque[ItemT] = deque()
        self._end: Exception | None = None
        self._filled = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    @property
    def is_full(self) -> bool:
        """Whether there is no room."""
        return not self._room.is_set()

    def put(self, item: ItemT) -> None:
        """Add *item*; after the end it is dropped."""
        if self._end is not None:
            return
        self._items.append(item)
        self._filled.set()
        if len(self._items) >= self._bound:
            self._room.clear()

    def put_instead(self, item: ItemT, kind: type[object]) -> None:
        """Add *item* in the place of the newest one if that is of this *kind*, else behind it."""
        if self._items and self._end is None and isinstance(self._items[-1], kind):
            self._items[-1] = item
        else:
            self.put(item)

    def end(self, error: Exception) -> None:
        """Nothing more will come: raise *error* once all was taken."""
        self._end = self._end or error
        self._filled.set()

    def clear(self) -> None:
        """Forget what was not taken."""
        self._items.clear()
        self._room.set()

    async def get(self) -> ItemT:
        """The oldest item. Being cancelled while it waits takes nothing."""
        while not self._items:
            if self._end is not None:
                raise self._end.with_traceback(None)
            self._filled.clear()
            await self._filled.wait()
        item = self._items.popleft()
        if len(self._items) < self._bound:
            self._room.set()
        return item

    def stretch(self) -> None:
        """Have more room for now: who should take items waits for something else, which comes behind them."""
        self._fit(self._usual * _STRETCH)

    def relax(self) -> None:
        """Have the usual room again."""
        self._fit(self._usual)

    def _fit(self, bound: int) -> None:
        self._bound = bound
        if len(self._items) < bound:
            self._room.set()
        else:
            self._room.clear()

    async def has_room(self) -> None:
        """Wait until there is room."""
        await self._room.wait()
