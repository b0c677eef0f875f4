"""What robots report over TCP: a JSON object a line, answered with a line. No line is so bad that the connection ends.

Whoever reaches the port may report: it is for the network of the robots.
"""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from handlers.robodine.domain import Record, RobodineError, report
from wirepact.errors import Refusal
from wirepact.wire import parse

LINE_BYTES: Final = 64 * 1024

CONNECTIONS: Final = 1000
"""How many robots may be connected at the same time."""

logger = logging.getLogger(__name__)


class Ingestion:
    """The server that robots report to. *take* is given each report; *count* hears how each line came out."""

    def __init__(
        self,
        topics: frozenset[str],
        take: Callable[[Record], Awaitable[None]],
        count: Callable[[str], None],
    ) -> None:
        self._topics = topics
        self._take = take
        self._count = count
        self._readers: dict[asyncio.Task[None], asyncio.StreamReader] = {}
        self.port = 0
        """Where it listens, while it does."""

    @asynccontextmanager
    async def listening(self, host: str, port: int, *, is_shared: bool = False) -> AsyncIterator[None]:
        """Listen while the block lasts; what was read before its end is still answered. Raises `OSError`."""
        server = await asyncio.start_server(
            self._serve, host, port, limit=LINE_BYTES, reuse_port=is_shared or None
        )
        self.port = server.sockets[0].getsockname()[1]
        logger.info("robots report to %s:%s", host, self.port)
        try:
            yield
        finally:
            server.close()
            for reader in self._readers.values():
                reader.feed_eof()
            if self._readers:
                await asyncio.wait(self._readers, timeout=5)
            for task in self._readers:
                task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - told to the type checker: this is called in a task
        self._readers[task] = reader
        keep_alive(writer.get_extra_info("socket"))
        try:
            with suppress(ConnectionError):
                if len(self._readers) > CONNECTIONS:
                    writer.write(_answer("too many connections"))
                    return
                async for line in _lines(reader):
                    writer.write(_answer(await self._outcome(line)))
                    await writer.drain()
        finally:
            del self._readers[task]
            writer.close()

    async def _outcome(self, line: bytes | None) -> str:
        """What keeps *line* from being stored and told; empty if nothing does."""
        try:
            await self._take(_read(line, self._topics))
        except (RobodineError, Refusal) as error:
            self._count("refused")
            return str(error)
        except Exception:
            logger.exception("a report could not be stored")
            self._count("failed")
            return "something went wrong; it has been logged"
        self._count("taken")
        return ""


def keep_alive(connection: socket.socket) -> None:
    """Have the system notice a robot that has vanished: asked after a minute of silence, given up after another."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 20), ("TCP_KEEPCNT", 3)):
        if (option := getattr(socket, name, None)) is not None:  # not everywhere
            connection.setsockopt(socket.IPPROTO_TCP, option, value)


def _read(line: bytes | None, topics: frozenset[str]) -> Record:
    if line is None:
        raise RobodineError(f"must be a line of at most {LINE_BYTES} bytes")
    return report(parse(line), topics)


def _answer(problem: str) -> bytes:
    answer = {"ok": False, "error": problem} if problem else {"ok": True}
    return json.dumps(answer, ensure_ascii=False).encode() + b"\n"


async def _lines(reader: asyncio.StreamReader) -> AsyncIterator[bytes | None]:
    """Lines until the end, `None` for one that is too long. What ends without a line's end is a line, too."""
    is_too_long = False
    while True:
        try:
            line = await reader.readuntil(b"\n")
        except asyncio.LimitOverrunError as error:
            await reader.readexactly(error.consumed)
            is_too_long = True
            continue
        except asyncio.IncompleteReadError as error:
            if error.partial or is_too_long:
                yield None if is_too_long else error.partial
            return
        yield None if is_too_long else line
        is_too_long = False
