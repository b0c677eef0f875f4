"""Who is where, within one process. It serves the SQLite broker too: no connection outlives its process."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from wirepact.presence import PAGE, TTL, Attendance, Departure, Member, Presence


@dataclass(slots=True)
class _User:
    info: str = ""
    connections: dict[str, float] = field(default_factory=dict)
    """Until when each of them is believed."""
    gone_at: float | None = None
    """The end of the grace, if one has begun."""


class MemoryPresence(Presence):
    """Keeps it in memory."""

    def __init__(self, *, ttl: float = TTL, clock: Callable[[], float] = time.monotonic) -> None:
        self._ttl = ttl
        self._clock = clock
        self._topics: dict[str, dict[str, _User]] = {}
        self._owners: dict[tuple[str, str], str] = {}
        self._due: list[tuple[float, str, str]] = []
        """When to look at which user again: early is harmless, late is not."""

    async def enter(self, attendance: Attendance) -> bool:
        """See `Presence`."""
        topic, connection, name = attendance.topic, attendance.connection, attendance.user
        now = self._clock()
        owner = self._owners.get((topic, connection))
        if owner is not None and owner != name:
            self._part(topic, connection, owner, now, 0)
        users = self._topics.setdefault(topic, {})
        is_new = name not in users
        user = users.setdefault(name, _User())
        user.info = attendance.info
        user.gone_at = None
        if connection not in user.connections:
            heappush(self._due, (now + self._ttl, topic, name))
        user.connections[connection] = now + self._ttl
        self._owners[topic, connection] = name
        return is_new

    async def refresh(self, attendances: Iterable[Attendance]) -> Sequence[Attendance]:
        """See `Presence`."""
        return [each for each in attendances if await self.enter(each)]

    async def leave(self, topic: str, connection: str, grace: float) -> bool:
        """See `Presence`."""
        name = self._owners.get((topic, connection))
        if name is None:
            return False
        self._part(topic, connection, name, self._clock(), grace)
        if grace > 0 or self._topics[topic][name].gone_at is None:
            return False
        self._forget(topic, name)
        return True

    async def reap(self) -> Sequence[Departure]:
        """See `Presence`."""
        return list(self._departures(self._clock()))

    async def has(self, topic: str, user: str) -> bool:
        """See `Presence`."""
        return user in self._topics.get(topic, ())

    async def members(self, topic: str, after: str = "", limit: int = PAGE) -> Sequence[Member]:
        """See `Presence`."""
        users = self._topics.get(topic, {})
        names = sorted((name for name in users if name > after), key=str.encode)[:limit]
        return [Member(name, users[name].info) for name in names]

    async def count(self, topic: str) -> int:
        """See `Presence`."""
        return len(self._topics.get(topic, ()))

    def _part(self, topic: str, connection: str, name: str, now: float, grace: float) -> None:
        user = self._topics[topic][name]
        del self._owners[topic, connection]
        del user.connections[connection]
        if not user.connections:
            user.gone_at = now + grace
            heappush(self._due, (user.gone_at, topic, name))

    def _departures(self, now: float) -> Iterator[Departure]:
        while self._due and self._due[0][0] <= now:
            _, topic, name = heappop(self._due)
            user = self._topics.get(topic, {}).get(name)
            if user is None:
                continue
            self._expire(topic, user, now)
            if user.connections:
                heappush(self._due, (min(user.connections.values()), topic, name))
            elif user.gone_at is None or user.gone_at <= now:
                self._forget(topic, name)
                yield Departure(topic, name, user.info)

    def _expire(self, topic: str, user: _User, now: float) -> None:
        for connection in [each for each, until in user.connections.items() if until <= now]:
            del user.connections[connection]
            del self._owners[topic, connection]

    def _forget(self, topic: str, name: str) -> None:
        users = self._topics[topic]
        del users[name]
        if not users:
            del self._topics[topic]
