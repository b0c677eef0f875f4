"""What waits for a peer that can't take it yet: a queue bounded in bytes."""

from collections import deque
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")


class Outbox(Generic[ItemT]):
    """Items in order, each with its size, together no more than *limit* bytes.

    An item that is larger than the limit still fits an empty outbox: what a document lets the server say
    must be sayable.
    """

    __slots__ = ("_items", "_limit", "size")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._items: deque[tuple[ItemT, int]] | None = (
            None  # most are never used, and an empty one is not small
        )
        self.size = 0

    def __len__(self) -> int:
        return len(self._items) if self._items else 0

    def put(self, item: ItemT, size: int) -> bool:
        """Whether *item* still fitted; if not, nothing has changed and the peer is too slow."""
        if self._items and self.size + size > self._limit:
            return False
        if self._items is None:
            self._items = deque()
        self._items.append((item, size))
        self.size += size
        return True

    def take(self) -> ItemT:
        """The oldest item. Raises `IndexError` if there is none."""
        if not self._items:
            raise IndexError("the outbox is empty")
        item, size = self._items.popleft()
        self.size -= size
        return item

    def clear(self) -> None:
        """Drop everything."""
        self._items = None
        self.size = 0
