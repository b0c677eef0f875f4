"""Who is where, for all processes that use the same server. Time is the server's, so that the clocks of nodes don't matter.

Keys, all of a topic in one slot of a cluster; the last says where to look for who has gone:

    <prefix>:1:{<topic>}:pc :px   hash: connection → user; sorted set: connection by its end
    <prefix>:1:{<topic>}:pu :pi   hashes: user → number of connections, user → info
    <prefix>:1:{<topic>}:pl :pn   sorted sets: user by the end of the grace; all users by name
    <prefix>:1:!present           sorted set: topic by when somebody may be gone
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence

from wirepact.link_redis import Commands, Reply, Script
from wirepact.presence import PAGE, TTL, Attendance, Departure, Member, Presence

ENTER = Script("enter", before="attendance")
LEAVE = Script("leave", before="attendance")
REAP = Script("reap", before="attendance")
MEMBERS = Script("members", before="attendance")
CLAIM = Script("claim")
RELEASE = Script("release")
SCRIPTS = (ENTER, LEAVE, REAP, MEMBERS, CLAIM, RELEASE)

REAPED_AT_ONCE = 100
LASTING = 60
"""How many times its TTL a topic's presence lasts when no node is left to reap it."""


class RedisPresence(Presence):
    """Keeps it in Redis. *ready* gives the connection for commands."""

    def __init__(
        self, ready: Callable[[], Awaitable[Commands]], *, prefix: str = "wirepact", ttl: float = TTL
    ) -> None:
        self._ready = ready
        self._prefix = f"{prefix}:1:"
        self._registry = f"{self._prefix}!present"
        self._ttl = round(ttl * 1000)

    async def enter(self, attendance: Attendance) -> bool:
        """See `Presence`."""
        is_new, due = await self._run(
            ENTER,
            attendance.topic,
            attendance.connection,
            attendance.user,
            attendance.info,
            self._ttl,
            self._ttl * LASTING,
        )
        await self._look_again(attendance.topic, due)
        return bool(is_new)

    async def refresh(self, attendances: Iterable[Attendance]) -> Sequence[Attendance]:
        """See `Presence`. All of them leave in a few writes."""
        asked = list(attendances)
        came = await asyncio.gather(*(self.enter(each) for each in asked))
        return [each for each, is_new in zip(asked, came, strict=True) if is_new]

    async def leave(self, topic: str, connection: str, grace: float) -> bool:
        """See `Presence`."""
        is_gone, due = await self._run(LEAVE, topic, connection, round(grace * 1000))
        await self._look_again(topic, due)
        return bool(is_gone)

    async def reap(self) -> Sequence[Departure]:
        """See `Presence`."""
        commands = await self._ready()
        again, *topics = await commands.run_script(CLAIM, (self._registry,), REAPED_AT_ONCE, self._ttl)
        found = await asyncio.gather(*(self._reap(topic.decode(), again) for topic in topics))
        return [departure for some in found for departure in some]

    async def has(self, topic: str, user: str) -> bool:
        """See `Presence`."""
        commands = await self._ready()
        return await commands.ask("ZSCORE", self._keys(topic)[5], user) is not None

    async def members(self, topic: str, after: str = "", limit: int = PAGE) -> Sequence[Member]:
        """See `Presence`."""
        found = await self._run(MEMBERS, topic, after, limit)
        texts = [each.decode() for each in found]
        return [Member(*pair) for pair in zip(texts[::2], texts[1::2], strict=True)]

    async def count(self, topic: str) -> int:
        """See `Presence`."""
        commands = await self._ready()
        return int(await commands.ask("ZCARD", self._keys(topic)[5]))

    async def _reap(self, topic: str, again: bytes) -> Sequence[Departure]:
        due, *found = await self._run(REAP, topic, REAPED_AT_ONCE)
        if due == b"-1":
            commands = await self._ready()
            await commands.run_script(RELEASE, (self._registry,), topic, again)
        await self._look_again(topic, due)
        texts = [each.decode() for each in found]
        return [Departure(topic, *pair) for pair in zip(texts[::2], texts[1::2], strict=True)]

    async def _run(self, script: Script, topic: str, *arguments: str | float) -> Reply:
        commands = await self._ready()
        return await commands.run_script(script, self._keys(topic), *arguments)

    async def _look_again(self, topic: str, due: bytes) -> None:
        if due != b"-1":
            commands = await self._ready()
            await commands.ask("ZADD", self._registry, "LT", due, topic)

    def _keys(self, topic: str) -> tuple[str, ...]:
        return tuple(f"{self._prefix}{{{topic}}}:p{part}" for part in "cxuiln")
