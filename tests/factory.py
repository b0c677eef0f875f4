"""SPC behind a real server, and those who talk to it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from handlers.spc.service import spc
from handlers.spc.settings import SpcSettings
from wirepact.broker import Broker
from wirepact.broker_memory import MemoryBroker
from wirepact.server import Node, build_app
from wirepact.settings import Settings
from wirepact.testing import authenticator, serving, token

BOLT = {"code": "BOLT-M10", "name": "M10 볼트", "lsl": 9.5, "usl": 10.5, "target": 10.0, "subgroup_size": 2}
NUT = BOLT | {"code": "NUT-M10", "name": "M10 너트"}
ALERT = {
    "alert_type": "OUT_OF_SPEC",
    "priority": 4,
    "title": "규격 이탈",
    "message": "측정값이 상한 규격을 초과했습니다",
}


@dataclass
class Listener:
    """One client at one channel."""

    socket: ClientConnection

    async def hear(self) -> Any:
        """The next message."""
        return json.loads(await self.socket.recv())

    async def say(self, **message: Any) -> None:
        """Send a message."""
        await self.socket.send(json.dumps(message))

    async def ask(self, **message: Any) -> Any:
        """Send a message and hear the next one, which answers it if nothing else was on its way."""
        await self.say(**message)
        return await self.hear()


@dataclass
class Factory:
    """A running SPC."""

    url: str
    http: httpx.AsyncClient

    async def post(self, path: str, **body: Any) -> int:
        """Store something. Gives its id."""
        response = await self.http.post(f"/api/spc/{path}/", json=body)
        assert response.status_code == 201, response.text
        return response.json()["id"]

    async def put(self, path: str, **body: Any) -> Any:
        """Set something. Gives the answer."""
        response = await self.http.put(f"/api/spc/{path}/", json=body)
        assert response.status_code == 200, response.text
        return response.json()

    async def get(self, path: str, **query: Any) -> Any:
        """Ask for something."""
        response = await self.http.get(f"/api/spc/{path}/", params=query)
        assert response.status_code == 200, response.text
        return response.json()

    async def measure(self, product: int, *values: float, first: int = 1) -> None:
        """Measure *values* in subgroups of two, from sample *first*."""
        for number, value in enumerate(values, start=first):
            subgroup = (number + 1) // 2
            reading = {"measurement_value": value, "sample_number": number, "subgroup_number": subgroup}
            await self.post("measurements", product=product, **reading)

    async def establish(self, product: int) -> None:
        """Measure what it takes for limits of 9.734 to 10.266 for a single value: samples 1 to 40."""
        await self.measure(product, *[9.95, 10.05] * 20)

    @asynccontextmanager
    async def listening(self, path: str = "notifications", **query: str) -> AsyncIterator[Listener]:
        """A client that was greeted."""
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        url = f"{self.url.replace('http', 'ws', 1)}/ws/spc/{path}/?{asked}"
        async with connect(url, proxy=None, max_queue=None) as socket:
            listener = Listener(socket)
            assert (await listener.hear())["type"] == "connection"
            yield listener


@asynccontextmanager
async def running(
    state: Path, *, broker: Broker | None = None, port: int = 0, anonymous: bool = True, **settings: Any
) -> AsyncIterator[Factory]:
    """SPC with its database in *state*."""
    node = Node(broker or MemoryBroker(), authenticator(), Settings(state_dir=state))
    service = spc(node, SpcSettings(anonymous=anonymous, **settings))
    headers = {"authorization": f"Bearer {token('gauge', roles=['SERVICE'])}"}
    async with (
        serving(build_app(node, service.routes, lifespan=[service.lifespan]), port=port) as url,
        httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as http,
    ):
        yield Factory(url, http)
