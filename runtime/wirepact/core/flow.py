"""What waits for a peer that can't take it yet: a queue bounded in bytes."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")


class Outbox(Generic[ItemT]):
    """Items in order, each with its size, together no more than *limit* bytes.

    An item that is larger than the limit still fits an empty outbox: what a document lets the server say
    must be sayable.
    """

    __slots__ = ("_items", "_limit", "_puts", "size")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        # Most are never used, and an empty one is not small.
        self._items: OrderedDict[Hashable, tuple[ItemT, int]] | None = None
        self._puts = 0
        self.size = 0

    def __len__(self) -> int:
        return len(self._items) if self._items else 0

    def put(self, item: ItemT, size: int) -> bool:
        """Whether *item* still fitted; if not, nothing has changed and the peer is too slow."""
        self._puts += 1
        return self._put((self._puts,), item, size)

    def put_latest(self, key: Hashable, item: ItemT, size: int) -> bool:
        """Whether *item* still fitted, now that what waited under the same *key* does so no longer."""
        if self._items and (older := self._items.pop(key, None)) is not None:
            self.size -= older[1]
        return self._put(key, item, size)

    def take(self) -> ItemT:
        """The oldest item. Raises `IndexError` if there is none."""
        if not self._items:
            raise IndexError("the outbox is empty")
        _, (item, size) = self._items.popitem(last=False)
        self.size -= size
        return item

    def clear(self) -> None:
        """Drop everything."""
        self._items = None
        self.size = 0

    def _put(self, key: Hashable, item: ItemT, size: int) -> bool:
        if self._items and self.size + size > self._limit:
            return False
        if self._items is None:
            self._items = OrderedDict()
        self._items[key] = item, size
        self.size += size
        return True
