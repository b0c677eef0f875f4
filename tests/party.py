"""Chat on a real server, and those who are in its channel `pod_123_chat`: the users 1, 2 and 3."""

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from websockets.asyncio.client import connect

from handlers.chat.service import chat
from handlers.chat.settings import ChatSettings
from wirepact.broker_memory import MemoryBroker
from wirepact.server import Node, build_app
from wirepact.settings import Settings
from wirepact.testing import authenticator, serving, token

POD = "pod_123_chat"


class Party:
    """A server with one channel."""

    def __init__(self, url, node, http, stack):
        self.url = url
        self.node = node
        self.http = http
        self._stack = stack

    async def open(self, path):
        """A bare connection."""
        return await self._stack.enter_async_context(
            connect(self.url.replace("http", "ws") + path, proxy=None, compression=None)
        )

    async def enter(self, user_id, channel_url=POD):
        """A user, as clients of today connect."""
        return await self.open(f"/api/v1/chat/ws/{channel_url}?token={token(str(user_id))}")

    def path(self, rest):
        """An address below the channel."""
        return f"/api/v1/chat/channels/{POD}/{rest}"


def bearer(sub, *roles):
    return {"authorization": f"Bearer {token(str(sub), roles=roles)}"}


async def hear(client):
    """The next frame, as it came."""
    return await asyncio.wait_for(client.recv(), 20)


async def heard(client, kind):
    """The next message of a kind, whatever comes before it."""
    while (message := json.loads(await hear(client)))["type"] != kind:
        pass
    return message


@asynccontextmanager
async def party(tmp_path, broker=None, **settings):
    """A server in development, with the channel set up."""
    node = Node(broker or MemoryBroker(), authenticator(), Settings(state_dir=tmp_path))
    service = chat(node, ChatSettings(**settings))
    async with (
        serving(build_app(node, service.routes, lifespan=[service.lifespan])) as url,
        httpx.AsyncClient(base_url=url, trust_env=False) as http,
        AsyncExitStack() as stack,
    ):
        body = {
            "channel_url": POD,
            "name": "파티 채팅방",
            "user_ids": ["1", "2", "3"],
            "data": {"pod_id": 123},
        }
        answer = await http.post("/api/v1/chat/channels/", json=body, headers=bearer("backend", "SERVICE"))
        assert answer.status_code in {201, 409}
        yield Party(url, node, http, stack)
