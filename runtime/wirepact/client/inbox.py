"""What was heard and not taken yet, between the task that reads a socket and the program.

It also knows how far the program has come: a position is reached when all that came before it was taken.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

from wirepact.broker import Position
from wirepact.core.events import Dropped
from wirepact.messages import Message, Unknown

ItemT = TypeVar("ItemT")


_STRETCH = 16
"""How many times the bound there may be while somebody waits for what comes behind."""


@dataclass(slots=True)
class _Entry(Generic[ItemT]):
    """An item, and the positions that are reached with it."""

    item: ItemT
    reached: dict[str, Position | None] = field(default_factory=dict[str, Position | None])


class Inbox(Generic[ItemT]):
    """Items in order, and an end.

    Whoever puts more than *bound* asks for room first: putting never waits. One that *discards* always has room: a message too many pushes
    out the oldest one, with `Dropped` in its place.
    """

    def __init__(self, bound: int, *, discards: bool = False) -> None:
        self._usual = self._bound = max(bound, 1)
        self._discards = discards
        self._items: deque[_Entry[ItemT]] = deque()
        self._messages = 0
        self._end: Exception | None = None
        self._filled = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self.reached: dict[str, Position] = {}
        """How far the program has come, by audience."""

    @property
    def is_full(self) -> bool:
        """Whether there is no room."""
        return not self._room.is_set()

    def put(self, item: ItemT) -> bool:
        """Add *item*; after the end it is dropped. Whether this begins a gap, of messages that were discarded."""
        if self._end is not None:
            return False
        self._items.append(_Entry(item))
        self._messages += _is_message(item)
        self._filled.set()
        self._see_to_room()
        begins = False
        while self._discards and self._messages > self._bound:
            begins |= self._discard()
        return begins

    def put_instead(self, item: ItemT, kind: type[object]) -> None:
        """Add *item* in the place of the newest one if that is of this *kind*, else behind it."""
        if self._items and self._end is None and isinstance(self._items[-1].item, kind):
            self._items[-1].item = item
        else:
            self.put(item)

    def mark(self, audience: str, position: Position | None) -> None:
        """With all that was put by now, *position* is reached in *audience*."""
        if self._items:
            self._items[-1].reached[audience] = position
        else:
            self._reach({audience: position})

    def end(self, error: Exception) -> None:
        """Nothing more will come: raise *error* once all was taken."""
        self._end = self._end or error
        self._filled.set()

    def clear(self) -> None:
        """Forget what was not taken."""
        self._items.clear()
        self._messages = 0
        self._room.set()

    async def get(self) -> ItemT:
        """The oldest item. Being cancelled while it waits takes nothing."""
        while not self._items:
            if self._end is not None:
                raise self._end.with_traceback(None)
            self._filled.clear()
            await self._filled.wait()
        entry = self._items.popleft()
        self._messages -= _is_message(entry.item)
        self._reach(entry.reached)
        self._see_to_room()
        return entry.item

    def stretch(self) -> None:
        """Have more room for now: who should take items waits for something else, which comes behind them."""
        self._fit(self._usual * _STRETCH)

    def relax(self) -> None:
        """Have the usual room again."""
        self._fit(self._usual)

    async def has_room(self) -> None:
        """Wait until there is room."""
        await self._room.wait()

    def _fit(self, bound: int) -> None:
        self._bound = bound
        self._see_to_room()

    def _see_to_room(self) -> None:
        if self._discards or len(self._items) < self._bound:
            self._room.set()
        else:
            self._room.clear()

    def _reach(self, positions: dict[str, Position | None]) -> None:
        for audience, position in positions.items():
            if position is None:
                self.reached.pop(audience, None)
            else:
                self.reached[audience] = position

    def _discard(self) -> bool:
        """Leave out the oldest message. Whether there is no gap yet that it would be added to."""
        self._messages -= 1
        at = next(index for index, each in enumerate(self._items) if _is_message(each.item))
        gone = self._items[at]
        before = self._items[at - 1] if at else None
        if before is None or not isinstance(before.item, Dropped):
            gone.item = cast("ItemT", Dropped(1))
            return True
        before.item = cast("ItemT", Dropped(before.item.messages + 1))
        before.reached.update(gone.reached)
        del self._items[at]
        return False


def _is_message(item: object) -> bool:
    return isinstance(item, Message | Unknown)
