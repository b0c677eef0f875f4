"""How much there is of what, for all processes that use the same server, whose time counts.

Keys, each by itself:

    <prefix>:1:{<name>}:tn   hash: node → how many, and until when that is believed
    <prefix>:1:{<name>}:ta   hash: what is left of an allowance, and when
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping

from wirepact.link_redis import Commands, Reply, Script
from wirepact.tallies import TTL, Allowance, Tallies

CLAIM_PLACE = Script("claim_place", before="tally")
TELL_PLACES = Script("tell_places", before="tally")
SPEND = Script("spend")
SCRIPTS = (CLAIM_PLACE, TELL_PLACES, SPEND)

TOLD_AT_ONCE = 500


class RedisTallies(Tallies):
    """Keeps it in Redis. *ready* gives the connection for commands."""

    def __init__(
        self, ready: Callable[[], Awaitable[Commands]], *, prefix: str = "wirepact", ttl: float = TTL
    ) -> None:
        self._ready = ready
        self._prefix = f"{prefix}:1:"
        self._ttl = round(ttl * 1000)
        self._node = secrets.token_hex(8)

    async def claim(self, name: str, here: int, limit: int) -> bool:
        """See `Tallies`."""
        return bool(await self._run(CLAIM_PLACE, name, "tn", self._node, here, self._ttl, limit))

    async def tell(self, here: Mapping[str, int]) -> None:
        """See `Tallies`. Some hundred leave in one write."""
        told = list(here.items())
        for start in range(0, len(told), TOLD_AT_ONCE):
            some = told[start : start + TOLD_AT_ONCE]
            await asyncio.gather(
                *(self._run(TELL_PLACES, name, "tn", self._node, count, self._ttl) for name, count in some)
            )

    async def spend(self, name: str, amount: float, allowance: Allowance) -> float:
        """See `Tallies`."""
        return float(await self._run(SPEND, name, "ta", amount, allowance.rate, allowance.burst))

    async def _run(self, script: Script, name: str, part: str, *arguments: str | float) -> Reply:
        commands = await self._ready()
        return await commands.run_script(script, (f"{self._prefix}{{{name}}}:{part}",), *arguments)
