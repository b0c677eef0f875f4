"""Which nodes there are, for all processes that use the same server.

Keys, in one slot of a cluster:

    <prefix>:1:{!nodes}:all      set of names
    <prefix>:1:{!nodes}:<name>   what that node said last; it expires
"""

from collections.abc import Awaitable, Callable, Mapping

from wirepact.link_redis import Commands
from wirepact.roster import TTL, Roster


class RedisRoster(Roster):
    """Keeps it in Redis. *ready* gives the connection for commands."""

    def __init__(
        self, ready: Callable[[], Awaitable[Commands]], *, prefix: str = "wirepact", ttl: float = TTL
    ) -> None:
        self._ready = ready
        self._prefix = f"{prefix}:1:{{!nodes}}:"
        self._names = f"{self._prefix}all"
        self._ttl = round(ttl * 1000)

    async def enter(self, node: str, report: bytes) -> None:
        """See `Roster`."""
        commands = await self._ready()
        await commands.ask("SET", self._prefix + node, report, "PX", self._ttl)
        await commands.ask("SADD", self._names, node)

    async def leave(self, node: str) -> None:
        """See `Roster`."""
        commands = await self._ready()
        await commands.ask("DEL", self._prefix + node)
        await commands.ask("SREM", self._names, node)

    async def reports(self) -> Mapping[str, bytes]:
        """See `Roster`. Names without a report are taken out."""
        commands = await self._ready()
        names = sorted(each.decode() for each in await commands.ask("SMEMBERS", self._names))
        if not names:
            return {}
        said = await commands.ask("MGET", *(self._prefix + name for name in names))
        known = dict(zip(names, said, strict=True))
        if gone := [name for name, report in known.items() if report is None]:
            await commands.ask("SREM", self._names, *gone)
        return {name: report for name, report in known.items() if report is not None}
