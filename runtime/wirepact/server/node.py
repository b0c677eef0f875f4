"""One process's share of the service: its live connections, what they listen to, and their orderly end."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Protocol

from wirepact import close_codes
from wirepact.auth import Authenticator
from wirepact.broker import Broker
from wirepact.errors import TooMany
from wirepact.server.endpoint import Endpoint
from wirepact.server.fanout import Fanout
from wirepact.server.identity import Doorkeeper
from wirepact.settings import Settings

logger = logging.getLogger("wirepact.server")


class Guest(Protocol):
    """A live connection, as far as its node has to know it."""

    def close(self, code: int) -> None:
        """End it with *code*."""


class Node:
    """Holds the connections of this process and carries publications from the broker to them."""

    def __init__(
        self, broker: Broker, authenticator: Authenticator, settings: Settings | None = None
    ) -> None:
        self.broker = broker
        self.settings = settings or Settings()
        self.doorkeeper = Doorkeeper(authenticator, self.settings.origins)
        self.fanout = Fanout(broker)
        self.is_started = False
        self.is_draining = False
        self._connections: set[Guest] = set()
        self._arriving_or_here: Counter[str] = Counter()
        self._empty = asyncio.Event()
        self._empty.set()

    def __len__(self) -> int:
        return len(self._connections)

    @property
    def is_ready(self) -> bool:
        """Whether new connections are welcome."""
        return self.is_started and not self.is_draining

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Takes part in the service while the block lasts, and ends with every connection closed."""
        await self.broker.start(self.fanout.deliver)
        self.is_started = True
        try:
            yield
        finally:
            await self.drain()
            self.is_started = False
            await self.broker.stop()

    @contextmanager
    def place(self, endpoint: Endpoint) -> Iterator[None]:
        """One of the connections that the channel allows on this node. Raises `TooMany` if none is left."""
        limit = endpoint.channel.limits.connections
        if limit is not None and self._arriving_or_here[endpoint.name] >= limit:
            raise TooMany("too many connections")
        self._arriving_or_here[endpoint.name] += 1
        try:
            yield
        finally:
            self._arriving_or_here[endpoint.name] -= 1

    @contextmanager
    def holding(self, connection: Guest) -> Iterator[None]:
        """Counts *connection* among those that are here."""
        self._connections.add(connection)
        self._empty.clear()
        try:
            yield
        finally:
            self._connections.discard(connection)
            if not self._connections:
                self._empty.set()

    async def drain(self) -> None:
        """Let nobody in any more, close everyone with 1001, and wait for them, at most the shutdown window.

        Once is enough: a second call returns at once.
        """
        if self.is_draining:
            return
        self.is_draining = True
        if self._connections:
            logger.info("draining", extra={"fields": {"connections": len(self)}})
        for connection in list(self._connections):
            connection.close(close_codes.GOING_AWAY.code)
        try:
            async with asyncio.timeout(self.settings.shutdown_window):
                await self._empty.wait()
                await self.fanout.settled()
        except TimeoutError:
            logger.warning("the shutdown window is over", extra={"fields": {"connections": len(self)}})
