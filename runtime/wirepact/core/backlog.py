"""What a client said while it was not connected, waiting to be sent: bounded in number, bytes and age."""

from collections import deque
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Keeping:
    """How much of what is said without a connection is kept, and for how many seconds."""

    messages: int = 100
    bytes: int = 1024 * 1024
    age: float = 60.0


class _Waiting(NamedTuple, Generic[ItemT]):
    """Something that waits since `since`, and how many bytes it has."""

    item: ItemT
    frame: str | bytes
    size: int
    since: float


class Backlog(Generic[ItemT]):
    """Messages in the order in which they were said. Without *rules* there are never any."""

    __slots__ = ("_rules", "_size", "_waiting")

    def __init__(self, rules: Keeping | None) -> None:
        self._rules = rules
        self._waiting: deque[_Waiting[ItemT]] = deque()
        self._size = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, item: ItemT, frame: str | bytes, now: float) -> bool:
        """Whether it is kept: it is refused when there is no room, and nothing that waits is dropped for it."""
        rules = self._rules
        size = len(frame if isinstance(frame, bytes) else frame.encode())
        if rules is None or len(self._waiting) >= rules.messages or self._size + size > rules.bytes:
            return False
        self._waiting.append(_Waiting(item, frame, size, now))
        self._size += size
        return True

    @property
    def first(self) -> str | bytes | None:
        """What is to be sent next; it stays until `sent`."""
        return self._waiting[0].frame if self._waiting else None

    def sent(self) -> None:
        """The first one was sent."""
        if self._waiting:
            self._size -= self._waiting.popleft().size

    def expired(self, now: float) -> tuple[ItemT, ...]:
        """Takes out what has waited for too long."""
        gone: list[ItemT] = []
        while self._rules is not None and self._waiting and now - self._waiting[0].since > self._rules.age:
            gone.append(self._waiting[0].item)
            self.sent()
        return tuple(gone)

    def clear(self) -> tuple[ItemT, ...]:
        """Takes out all that waits."""
        gone = tuple(each.item for each in self._waiting)
        self._waiting.clear()
        self._size = 0
        return gone
