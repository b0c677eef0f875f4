"""A server that speaks `wirepact.v1` line by line as a test says, one script for each connection after the other."""

import asyncio
import json
from contextlib import asynccontextmanager

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

SUBPROTOCOL = "wirepact.v1"


class Heard:
    """One connection at the server's side: what its script says and hears."""

    def __init__(self, socket):
        self._socket = socket
        self.request = socket.request
        self.hello = {}

    async def line(self):
        """The next line."""
        return await self._socket.recv()

    async def control(self, name):
        """The fields of the next line, which must be this control line."""
        line = await self.line()
        said, _, fields = line.partition(" ")
        assert said == f"!{name}", line
        return json.loads(fields or "{}")

    async def say(self, *lines):
        """Say *lines* in one frame."""
        await self._socket.send("\n".join(lines))

    async def welcome(self, **fields):
        """Hear the hello and welcome whoever said it."""
        self.hello = await self.control("hello")
        await self.say(f"!welcome {json.dumps({'connection': 'c-1', **fields})}")

    async def close(self, code, reason=""):
        await self._socket.close(code, reason)

    def cut(self):
        self._socket.transport.abort()

    async def stay(self):
        """Until the client leaves."""
        await self._socket.wait_closed()


@asynccontextmanager
async def scripted(*scripts, subprotocols=(SUBPROTOCOL,), **options):
    """The URL of a server whose connections follow *scripts*, each one the next; all after them the last one.

    Its scripts are done when it is left, or what went wrong in one of them is raised.
    """
    failures, number = [], 0

    async def behaviour(socket):
        nonlocal number
        script = scripts[min(number, len(scripts) - 1)]
        number += 1
        try:
            await script(Heard(socket))
        except ConnectionClosed:
            pass
        except BaseException as error:
            failures.append(error)
            raise

    chosen = list(subprotocols) or None
    async with serve(behaviour, "127.0.0.1", 0, subprotocols=chosen, **options) as server:
        async with asyncio.timeout(20):
            yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    if failures:
        raise failures[0]
