"""The small works behind a real server, over either way out, and clients of real sockets."""

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from wirepact.server.protocol import WebSocketProtocol
from wirepact.testing import serving, token
from works import works

WAYS = {"direct": WebSocketProtocol, "asgi": "websockets-sansio"}


class Site:
    """A running works, its URL, and the clients that a test opens."""

    def __init__(self, works, url, stack):
        self.works = works
        self.url = url
        self._stack = stack

    @property
    def handlers(self):
        return self.works.handlers

    @property
    def node(self):
        return self.works.node

    @property
    def publisher(self):
        return self.works.publisher

    async def open(self, path="/ws/hall/1/", *, roles=(), query=True, **options):
        """A client that nothing was read from yet."""
        bearer = f"?token={token(roles=roles)}" if query else ""
        options = {"compression": None, "open_timeout": 5, **options}
        return await self._stack.enter_async_context(connect(f"{self.url}{path}{bearer}", **options))

    async def join(self, *args, **options):
        """A client that has been greeted."""
        client = await self.open(*args, **options)
        assert (await hear(client))["type"] == "welcome"
        return client


async def hear(client):
    return json.loads(await asyncio.wait_for(client.recv(), 20))


async def received(client):
    """The frames that *client* can still read, until its connection is over."""
    with suppress(ConnectionClosed):
        while True:
            yield await asyncio.wait_for(client.recv(), 20)


async def closed(client):
    """The code and reason that *client* was closed with, whatever came before."""
    async with asyncio.timeout(20):
        await client.wait_closed()
        return client.close_code, client.close_reason


async def until(condition):
    """Wait for something that happens without a word to the client."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what it waits for tells nobody
            await asyncio.sleep(0.001)


@asynccontextmanager
async def running(*, way="direct", uvicorn=None, **options):
    here = works(**options)
    async with serving(here.app, ws=WAYS[way], **(uvicorn or {})) as url, AsyncExitStack() as stack:
        yield Site(here, url.replace("http", "ws"), stack)
