"""An application that runs in the test's event loop and is reached without a port.

A connection is a pair of sockets: one end is the client's, the other is handed to the protocol classes that `wirepact serve` runs. So
handshake, frames, limits and closes are the real ones; only the network is missing.
"""

import asyncio
import socket

from uvicorn.server import ServerState

from wirepact.server.app import App
from wirepact.server.serving import largest_message, uvicorn_config


class Inside:
    """*app* between `start` and `stop`. It lives in a task of its own, so that one task may begin and another end it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._config = uvicorn_config(
            app, app.node.settings, largest=largest_message(app), log_config=None, lifespan="off"
        )
        self._config.load()
        self._state = ServerState()
        self._over = asyncio.Event()
        self._up: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_started(self) -> bool:
        """Whether it runs."""
        return self._up.done() and self._up.exception() is None and not self._over.is_set()

    async def start(self) -> None:
        """Enter what the application lives in. What keeps it from starting is raised."""
        if self._app.node.is_draining:
            raise RuntimeError("this application has been stopped, and starts only once; make another one")
        self._task = asyncio.create_task(self._live(), name="the application under test")
        await asyncio.shield(self._up)

    async def stop(self) -> None:
        """Send everybody away as a server does that stops, and leave what the application lived in."""
        if self.is_started:
            await self._app.node.drain()
            await self._served()
        self._over.set()
        if self._task is not None:
            await asyncio.gather(self._task)

    async def open_socket(self) -> socket.socket:
        """The client's end of a new connection."""
        ours, theirs = socket.socketpair()
        for each in (ours, theirs):
            each.setblocking(False)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, theirs)
        except BaseException:
            ours.close()
            raise
        return ours

    def _protocol(self) -> asyncio.Protocol:
        """What uvicorn gives a connection that it accepts."""
        return self._config.http_protocol_class(
            config=self._config,  # type: ignore[call-arg]  # as uvicorn has it
            server_state=self._state,
            app_state={},
            _loop=asyncio.get_running_loop(),
        )

    async def _live(self) -> None:
        try:
            async with self._app.lifespan():
                self._up.set_result(None)
                await self._over.wait()
        except Exception as error:
            if self._up.done():
                raise
            self._up.set_exception(_alone(error))

    async def _served(self) -> None:
        """Wait until every connection is over; nobody is told of that."""
        while self._state.connections or self._state.tasks:
            for each in list(self._state.connections):
                each.shutdown()
            await asyncio.sleep(0.001)


def _alone(error: Exception) -> Exception:
    """*error* without the groups around it: a lifespan is entered within task groups of Litestar's."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
