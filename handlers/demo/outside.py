"""The world around a server: where the server is, and those who come to it.

Whoever has the server's key can be anybody. Nothing else of the server is known here: lives speak HTTP, WebSocket and TCP with it.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from urllib.parse import urlsplit, urlunsplit

from handlers.demo.back_end import BackEnd
from wirepact.auth import mint_token


@dataclass(frozen=True, slots=True)
class Outside:
    """What all lives know. The same `seed` makes the same things happen."""

    url: str
    key: str
    seed: int
    robots: tuple[str, int]
    """The host and the port where robots report."""
    ttl: timedelta

    @property
    def socket_url(self) -> str:
        """The server, for those who stay connected."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(scheme="wss" if parts.scheme == "https" else "ws"))

    def token(
        self,
        sub: str,
        *,
        name: str = "",
        roles: Sequence[str] = (),
        claims: Mapping[str, object] | None = None,
    ) -> str:
        """Who *sub* is, for as long as the lives last."""
        return mint_token(self.key, sub, name=name, roles=roles, claims=claims, ttl=self.ttl)

    @asynccontextmanager
    async def back_end(self) -> AsyncIterator[BackEnd]:
        """Another system of the same house."""
        async with BackEnd(self.url, self.token("demo", roles=["SERVICE"])) as back_end:
            yield back_end

    def chance(self, of: str) -> Random:
        """What happens by chance in a life, or in a part of it."""
        return Random(f"{self.seed} {of}")  # noqa: S311  # no secret hangs on it
