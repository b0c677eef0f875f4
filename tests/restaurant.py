"""Robodine behind a real server, and those who talk to it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from handlers.robodine.service import robodine
from handlers.robodine.settings import RobodineSettings
from wirepact.broker import Broker
from wirepact.broker_memory import MemoryBroker
from wirepact.server import App, Node, build_app
from wirepact.settings import Settings
from wirepact.testing import authenticator, serving


@dataclass
class Robot:
    """One connection to where robots report."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, line: bytes) -> Any:
        """Send a line. Gives the answer."""
        self.writer.write(line + b"\n")
        return json.loads(await self.reader.readline())

    async def report(self, topic: str, record_id: str, data: object) -> Any:
        """Report a record."""
        return await self.say(json.dumps({"topic": topic, "id": record_id, "data": data}).encode())


@dataclass
class Restaurant:
    """A running Robodine."""

    url: str
    node: Node
    port: int

    async def open(self, topic: str) -> ClientConnection:
        """A legacy client of *topic*."""
        return await connect(f"{self.url.replace('http', 'ws', 1)}/ws/{topic}", proxy=None, max_queue=None)

    @asynccontextmanager
    async def robot(self) -> AsyncIterator[Robot]:
        """A robot."""
        robot = Robot(*await asyncio.open_connection("127.0.0.1", self.port, limit=2**20))
        try:
            yield robot
        finally:
            robot.writer.close()


@asynccontextmanager
async def running(
    state: Path, caplog: Any, *, broker: Broker | None = None, port: int = 0, **settings: Any
) -> AsyncIterator[Restaurant]:
    """Robodine with its database in *state*."""
    node = Node(broker or MemoryBroker(), authenticator(), Settings(state_dir=state))
    quiet = {"ping_interval": 3600, "poll_interval": 3600}
    service = robodine(node, RobodineSettings(tcp_port=0, anonymous=True, **(quiet | settings)))
    app: App = build_app(node, service.routes, lifespan=[service.lifespan])
    caplog.clear()
    async with serving(app, port=port) as url:
        yield Restaurant(url, node, _port(caplog))


def _port(caplog: Any) -> int:
    told = [each.getMessage() for each in caplog.records]
    return next(int(each.rpartition(":")[2]) for each in told if each.startswith("robots report to"))
