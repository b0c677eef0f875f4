"""The port to which nodes there are: each says every few seconds how it is, in bytes that mean something to `report`.

It stands beside `Broker` as `Presence` does: whoever hears each other through a broker is in one roster. What nobody has said for `TTL`
seconds is forgotten.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

EVERY = 5.0
TTL = 15.0


class Roster(ABC):
    """Which nodes there are. Every method may raise `Unavailable`."""

    @abstractmethod
    async def enter(self, node: str, report: bytes) -> None:
        """*node* is there, and this is how it is."""

    @abstractmethod
    async def leave(self, node: str) -> None:
        """*node* is there no longer."""

    @abstractmethod
    async def reports(self) -> Mapping[str, bytes]:
        """What each node that is there said last."""


class MemoryRoster(Roster):
    """Keeps it in memory."""

    def __init__(self, *, ttl: float = TTL, clock: Callable[[], float] = time.monotonic) -> None:
        self._ttl = ttl
        self._clock = clock
        self._said: dict[str, tuple[float, bytes]] = {}

    async def enter(self, node: str, report: bytes) -> None:
        """See `Roster`."""
        self._said[node] = self._clock() + self._ttl, report

    async def leave(self, node: str) -> None:
        """See `Roster`."""
        self._said.pop(node, None)

    async def reports(self) -> Mapping[str, bytes]:
        """See `Roster`."""
        now = self._clock()
        return {node: report for node, (until, report) in sorted(self._said.items()) if until > now}
