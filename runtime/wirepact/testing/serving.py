"""A real server, on a port of its own, in the test's event loop."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn

from wirepact.server.app import App
from wirepact.server.serving import largest_message, uvicorn_config


@asynccontextmanager
async def serving(app: App, **options: Any) -> AsyncIterator[str]:
    """*app* behind a real uvicorn on a free port: gives its URL, `http://127.0.0.1:…`, and stops it in the end.

    `options` go to uvicorn; `ws="websockets-sansio"` serves without the short write path.
    """
    defaults: dict[str, Any] = {"host": "127.0.0.1", "port": 0, "log_config": None}
    config = uvicorn_config(app, app.node.settings, largest=largest_message(app), **(defaults | options))
    server = _EmbeddedServer(config)
    task = asyncio.create_task(server.serve())
    try:
        await server.has_started(task)
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await app.node.drain()
        server.should_exit = True
        await asyncio.wait([task])


class _EmbeddedServer(uvicorn.Server):
    """A uvicorn that lives in somebody else's loop and leaves signals to them."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._is_up = asyncio.Event()

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self.servers[0].sockets[0].getsockname()[1]
        return port

    async def has_started(self, task: asyncio.Task[None]) -> None:
        """Wait until it listens. Raises `RuntimeError` if it never will."""
        up = asyncio.create_task(self._is_up.wait())
        await asyncio.wait([up, task], return_when=asyncio.FIRST_COMPLETED)
        if not up.done():
            up.cancel()
            raise RuntimeError("the application did not start; the log says why")

    async def startup(self, sockets: Any = None) -> None:
        """Start, and say so."""
        try:
            await super().startup(sockets)
        except SystemExit:
            self.should_exit = True
            return
        self._is_up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield
