"""Clinic behind a real server, and those who talk to it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from handlers.clinic.service import clinic
from handlers.clinic.settings import ClinicSettings
from wirepact.broker import Broker
from wirepact.broker_memory import MemoryBroker
from wirepact.server import Node, build_app
from wirepact.settings import Settings
from wirepact.testing import authenticator, serving, token


@dataclass
class Listener:
    """One client at one channel."""

    socket: ClientConnection

    async def hear(self) -> Any:
        """The next message."""
        return json.loads(await self.socket.recv())

    async def settled(self) -> None:
        """Wait until whatever is told from now on is heard."""
        await self.socket.send("?")
        while (await self.hear())["type"] != "ERROR":
            pass


@dataclass
class Hospital:
    """A running Clinic."""

    url: str
    node: Node
    http: httpx.AsyncClient

    async def feed(self, path: str, *, method: str = "POST", **body: Any) -> httpx.Response:
        """What the platform's services say."""
        return await self.http.request(method, f"/api/{path}/", json=body)

    async def order(self, order_id: str, department: str = "radiology") -> None:
        """Make an order."""
        made = {"order_id": order_id, "patient_id": "P-100", "department": department, "order_type": "ANY"}
        assert (await self.feed("ocs/orders", **made)).status_code == 201

    async def advance(self, order_id: str, status: str) -> None:
        """Say what became of an order."""
        answer = await self.feed(f"ocs/orders/{order_id}", method="PATCH", status=status)
        assert answer.status_code == 200, answer.text

    async def job(self, job_id: str, status: str, **more: Any) -> int:
        """Say how a job is. Gives the status of the answer."""
        return (await self.feed("ai/callback", job_id=job_id, status=status, **more)).status_code

    @asynccontextmanager
    async def listening(
        self, channel: str, user: str = "2", *, departments: Any = None, **options: Any
    ) -> AsyncIterator[Listener]:
        """A legacy client."""
        claims = {} if departments is None else {"departments": departments}
        shown = token(user, name=f"No. {user}", claims=claims)
        url = f"{self.url.replace('http', 'ws', 1)}/ws/{channel}/?token={shown}"
        async with connect(url, proxy=None, max_queue=None, **options) as socket:
            yield Listener(socket)


@asynccontextmanager
async def running(
    state: Path, *, broker: Broker | None = None, port: int = 0, **settings: Any
) -> AsyncIterator[Hospital]:
    """Clinic with its database in *state*."""
    node = Node(broker or MemoryBroker(), authenticator(), Settings(state_dir=state))
    service = clinic(node, ClinicSettings(**{"presence_grace": 0} | settings))
    headers = {"authorization": f"Bearer {token('platform', roles=['SERVICE'])}"}
    async with (
        serving(build_app(node, service.routes, lifespan=[service.lifespan]), port=port) as url,
        httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as http,
    ):
        yield Hospital(url, node, http)
