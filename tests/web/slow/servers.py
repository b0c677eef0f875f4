"""The application as an operator runs it: a process, which can be killed, and which keeps what it keeps in a folder."""

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress

import httpx

from web.plant import Backend

WIREPACT = (sys.executable, "-m", "wirepact")


class Server(Backend):
    """One process of `wirepact serve`, always at the same port, and the back end that feeds it."""

    def __init__(self, environment):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        super().__init__(f"http://127.0.0.1:{self._port}")
        self._environment = environment
        self._process = None

    async def start(self):
        """Start it, and wait until it is ready."""
        self._process = await asyncio.create_subprocess_exec(
            *(*WIREPACT, "serve", "--port", str(self._port)),
            env={**os.environ, **self._environment},
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(60), httpx.AsyncClient(base_url=self.url, trust_env=False) as http:
            while not await _is_ready(http):
                assert self._process.returncode is None
                await asyncio.sleep(0.05)

    async def kill(self):
        """End it as a machine that loses its power does."""
        await self._end(signal.SIGKILL)

    async def stop(self):
        """End it as an operator does."""
        await self._end(signal.SIGTERM)

    async def _end(self, number):
        with suppress(ProcessLookupError):
            self._process.send_signal(number)
        await self._process.wait()


async def _is_ready(http):
    with suppress(httpx.HTTPError):
        return (await http.get("/health/ready")).is_success
    return False
