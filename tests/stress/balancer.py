"""A balancer before several servers: each connection goes to any that is up, and can be cut at random."""

import asyncio
from contextlib import suppress
from random import Random
from types import TracebackType
from typing import Self


class Balancer:
    """Takes connections at `url`."""

    def __init__(self, random: Random) -> None:
        self.ports: set[int] = set()
        """The servers that are up, as far as anybody knows."""
        self._random = random
        self._links: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server
        self.taken = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.cut(len(self._links))
        if self._tasks:
            await asyncio.wait(self._tasks)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"ws://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self, count: int) -> int:
        """Break some of the connections, without a close. Gives how many."""
        chosen = self._random.sample(sorted(self._links, key=id), min(count, len(self._links)))
        for link in chosen:
            link.transport.abort()
        return len(chosen)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            port = self._random.choice(sorted(self.ports))
            other_reader, other = await asyncio.open_connection("127.0.0.1", port)
        except (OSError, IndexError):
            writer.transport.abort()
            return
        self.taken += 1
        self._links.add(writer)
        try:
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(_pump(reader, other))
                pumps.create_task(_pump(other_reader, writer))
        finally:
            self._links.discard(writer)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    with suppress(OSError):
        writer.close()
