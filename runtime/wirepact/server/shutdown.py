"""Stopping: a signal drains the node first, and only then does uvicorn stop.

Uvicorn alone closes every WebSocket with 1012 as soon as it is told to stop, before the application hears of
it. So while the application runs its signal handlers are wrapped. A second signal ends the wait at once.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from math import ceil
from types import FrameType

import uvicorn

from wirepact.server.node import Node

LINGER = 1.0
"""Seconds that a handshake may still take when everybody else has gone."""

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@asynccontextmanager
async def running(node: Node) -> AsyncIterator[None]:
    """*node* runs while the block lasts, and a signal to stop drains it first."""
    async with node.running():
        with _drained_first(node):
            yield


@contextmanager
def _drained_first(node: Node) -> Iterator[None]:
    servers = [_server(signal.getsignal(each)) for each in _SIGNALS]
    handled = [(each, server) for each, server in zip(_SIGNALS, servers, strict=True) if server is not None]
    originals = [(each, signal.getsignal(each)) for each, _ in handled]
    loop = asyncio.get_running_loop()
    stops = {id(server): _Stop(node, server, loop) for _, server in handled}
    for each, server in handled:
        signal.signal(each, stops[id(server)])
        node.on_drain = partial(_hand_over, server)
    try:
        yield
    finally:
        for each, original in originals:
            signal.signal(each, original)


class _Stop:
    """What signals do: the first drains and stops, the next stops at once."""

    def __init__(self, node: Node, server: uvicorn.Server, loop: asyncio.AbstractEventLoop) -> None:
        self._node = node
        self._server = server
        self._loop = loop
        self._was_told = False
        self._draining: asyncio.Task[None] | None = None

    def __call__(self, *_: int | FrameType | None) -> None:
        """Called between any two instructions of the main thread, so everything else is left to the loop."""
        if self._was_told:
            self._server.should_exit = self._server.force_exit = True
        else:
            self._was_told = True
            self._loop.call_soon_threadsafe(self._start)

    def _start(self) -> None:
        self._draining = asyncio.create_task(self._drain_and_stop())

    async def _drain_and_stop(self) -> None:
        window = self._node.settings.shutdown_window
        end = self._loop.time() + window
        await self._node.drain()
        if self._server.config.workers > 1:
            await _answered(self._server)
        self._server.config.timeout_graceful_shutdown = max(1, ceil(end - self._loop.time()))
        self._server.should_exit = True


async def _answered(server: uvicorn.Server) -> None:
    """Wait, a moment at most, until those have been told who were let in before the port was left: uvicorn would cut them."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER):
            while server.server_state.connections:  # noqa: ASYNC110 - uvicorn tells nobody
                await asyncio.sleep(LINGER / 20)


def _hand_over(server: uvicorn.Server) -> None:
    """Leave newcomers to the other workers of the same port. A single one goes on telling them that it stops."""
    if server.config.workers > 1:
        for each in server.servers:
            each.close()


def _server(handler: object) -> uvicorn.Server | None:
    """The uvicorn that handles a signal with *handler*, if it is one that does."""
    owner = getattr(handler, "__self__", None)
    return owner if isinstance(owner, uvicorn.Server) else None
