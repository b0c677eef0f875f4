"""The proxy: it carries frames between a client and a server, and asks at each what is to become of it."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from websockets.frames import Close, Frame, Opcode

from wirepact.faults.frames import Parser
from wirepact.faults.verdicts import (
    Answer,
    CloseWith,
    Cut,
    Delay,
    Door,
    Event,
    Open,
    Refuse,
    Replace,
    Rule,
    Said,
    Side,
    Silence,
    Tear,
)

_CHUNK = 64 * 1024
_SLICE = 4 * 1024
_EXTENSIONS = ("Sec-WebSocket-Extensions",)
_DATA = frozenset({Opcode.TEXT, Opcode.BINARY, Opcode.CONT})


@dataclass(slots=True)
class _Link:
    """One connection through the proxy, with its two ends."""

    number: int
    writers: dict[Side, asyncio.StreamWriter]
    door: Door = field(default_factory=Open)
    is_open: bool = False
    is_ended: bool = False
    """Whether the client was told the end: what its server says after that is not for it."""
    counts: dict[tuple[Side, bool], int] = field(default_factory=dict)

    def cut(self) -> None:
        """Reset both ends."""
        for writer in self.writers.values():
            if (end := writer.get_extra_info("socket")) is not None:
                with suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            writer.transport.abort()

    async def tear(self, chunk: bytes, side: Side, share: float) -> None:
        """Let a part of *chunk*, which *side* says, through, and break."""
        writer = self.writers["server" if side == "client" else "client"]
        writer.write(chunk[: int(len(chunk) * share)])
        with suppress(OSError):
            await writer.drain()
            # A reset may overtake what was sent before it, an end does not.
            writer.write_eof()
        for each in self.writers.values():
            each.close()


class FaultProxy:
    """Stands before the server at *target*, `ws://host:port`; `url` is where clients connect instead.

    Without a rule it changes nothing. All of it can be changed at any time: `target`, for who connects from then on, `door`, `rule`, `delay`
    (seconds for every chunk of bytes), `rate` (bytes a second, in each direction of a link), `freeze` and `thaw`, `cut`, `say`, `close`.
    `window` is about how many bytes of a server's are taken while the link is frozen, for who connects from then on; without it the kernel decides, and
    may take many megabytes.
    """

    def __init__(self, target: str) -> None:
        self.target = target
        self.url = ""
        self.door: Door = Open()
        self.rule: Rule = lambda _: None
        self.delay = 0.0
        self.rate = float("inf")
        self.window: int | None = None
        self.events: list[Event] = []
        self._flows = asyncio.Event()
        self._flows.set()
        self._changed = asyncio.Condition()
        self._links: dict[int, _Link] = {}
        self._numbers = count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.url = f"ws://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def links(self) -> int:
        """How many connections go through it now."""
        return len(self._links)

    def refuse(self, *, is_refusing: bool = True) -> None:
        """Reset whoever connects, until told otherwise. Links that exist stay."""
        self.door = Refuse() if is_refusing else Open()

    def freeze(self) -> None:
        """Let nothing through in either direction, and tell nobody."""
        self._flows.clear()

    def thaw(self) -> None:
        """Let through what was held back, and all that follows."""
        self._flows.set()

    def cut(self) -> None:
        """Break every link."""
        for link in list(self._links.values()):
            self._note(Event(link.number, "cut"))
            link.cut()

    def say(self, *payloads: bytes) -> None:
        """Say these to every client that is connected, each as a text frame of its server."""
        self._write([Frame(Opcode.TEXT, payload) for payload in payloads])

    def close(self, code: int, reason: str = "") -> None:
        """Close every link towards its client, as if its server had said so."""
        self._write([Frame(Opcode.CLOSE, Close(code, reason).serialize())])
        for link in self._links.values():
            link.is_ended = link.is_open

    def payloads(self, side: Side) -> list[str]:
        """The messages that *side* said, on any link, in order; those that a rule dropped among them."""
        return [
            each.payload.decode(errors="replace")
            for each in self.events
            if each.side == side and each.is_data and each.kind == "frame"
        ]

    async def until(self, holds: Callable[[], bool], *, within: float = 10) -> None:
        """Wait until *holds* after something happened. Raises `TimeoutError` after *within* seconds."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(holds)

    def _write(self, frames: list[Frame]) -> None:
        for link in self._links.values():
            if link.is_open:
                for frame in frames:
                    link.writers["client"].write(frame.serialize(mask=False))

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._keep(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _Link(next(self._numbers), {"client": writer}, self.door)
        try:
            match link.door:
                case Refuse():
                    self._turn_away(link)
                case Answer(status, headers):
                    await _answer(reader, writer, status, headers)
                    self._note(Event(link.number, "refused"))
                case Silence():
                    self._links[link.number] = link
                    self._note(Event(link.number, "opened"))
                    await _exhausted(reader)
                case Open() | Tear():
                    await self._connect(link, reader)
        except OSError:
            self._turn_away(link)
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        finally:
            for each in link.writers.values():
                each.close()
            if self._links.pop(link.number, None) is not None:
                self._note(Event(link.number, "closed"))

    def _turn_away(self, link: _Link) -> None:
        self._note(Event(link.number, "refused"))
        link.cut()

    async def _connect(self, link: _Link, reader: asyncio.StreamReader) -> None:
        target = urlsplit(self.target)
        to_server, server = await asyncio.open_connection(target.hostname, target.port or 80)
        link.writers["server"] = server
        if self.window is not None:
            server.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.window)
        self._links[link.number] = link
        self._note(Event(link.number, "opened"))
        async with asyncio.TaskGroup() as pumps:
            pumps.create_task(self._pump(link, "client", reader, server))
            pumps.create_task(self._pump(link, "server", to_server, link.writers["client"]))

    async def _pump(
        self, link: _Link, side: Side, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            async for chunk in self._frames(link, side, reader):
                await self._flows.wait()
                if self.delay:
                    await asyncio.sleep(self.delay)
                await self._carry(chunk, writer)
            await self._flows.wait()
            if writer.can_write_eof():
                writer.write_eof()

    async def _carry(self, chunk: bytes, writer: asyncio.StreamWriter) -> None:
        """Write it, no faster than the rate."""
        step = len(chunk) if self.rate == float("inf") else _SLICE
        for start in range(0, len(chunk), step):
            piece = chunk[start : start + step]
            writer.write(piece)
            await writer.drain()
            if step == _SLICE:
                await asyncio.sleep(len(piece) / self.rate)

    async def _frames(self, link: _Link, side: Side, reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
        """What *side* says, as it may pass: first the handshake as it is, then frame by frame."""
        handshake = b""
        while b"\r\n\r\n" not in handshake:
            if not (chunk := await reader.read(_CHUNK)):
                yield handshake
                return
            handshake += chunk
        head, _, rest = handshake.partition(b"\r\n\r\n")
        head = _shortened(head + b"\r\n\r\n", side, link.door)
        if side == "server" and isinstance(link.door, Tear):
            self._note(Event(link.number, "cut", side))
            await link.tear(head, side, link.door.share)
            return
        yield head
        link.is_open = link.is_open or side == "server"
        parser = Parser(is_masked=side == "client")
        while True:
            for item in parser.take(rest):
                async for chunk in self._judged(link, side, item):
                    yield chunk
            if not (rest := await reader.read(_CHUNK)):
                return

    async def _judged(self, link: _Link, side: Side, item: Frame | bytes) -> AsyncIterator[bytes]:
        if side == "server" and link.is_ended:
            return
        if isinstance(item, bytes):
            yield item
            return
        mask = side == "client"
        said = self._said(link, side, item)
        self._note(Event(link.number, "frame", side, said.payload, said.is_data))
        match self.rule(said):
            case None:
                yield item.serialize(mask=mask)
            case Delay(seconds):
                await asyncio.sleep(seconds)
                yield item.serialize(mask=mask)
            case Replace(payloads):
                self._note(Event(link.number, "replaced" if payloads else "dropped", side, said.payload))
                for payload in payloads:
                    yield Frame(Opcode.TEXT, payload).serialize(mask=mask)
            case CloseWith(code, reason):
                self._note(Event(link.number, "replaced", side, said.payload))
                yield Frame(Opcode.CLOSE, Close(code, reason).serialize()).serialize(mask=mask)
                link.is_ended = side == "server"
            case Tear(share):
                self._note(Event(link.number, "cut", side))
                await link.tear(item.serialize(mask=mask), side, share)
            case Cut():
                self._note(Event(link.number, "cut", side))
                link.cut()

    def _said(self, link: _Link, side: Side, frame: Frame) -> Said:
        is_data = frame.opcode in _DATA
        number = link.counts[side, is_data] = link.counts.get((side, is_data), 0) + 1
        return Said(link.number, side, bytes(frame.data), is_data, number)

    def _note(self, event: Event) -> None:
        self.events.append(event)
        self._keep(asyncio.create_task(self._tell()))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _shortened(head: bytes, side: Side, door: Door) -> bytes:
    """The handshake without what may not be agreed on, and without what the door takes away."""
    names = door.without if side == "client" and isinstance(door, Open) else ()
    for name in (*_EXTENSIONS, *names):
        head = re.sub(rb"(?im)^" + re.escape(name.encode()) + rb":[^\r\n]*\r\n", b"", head)
    return head


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, status: int, headers: Mapping[str, str]
) -> None:
    """Hear a request and answer it."""
    with suppress(asyncio.IncompleteReadError):
        await reader.readuntil(b"\r\n\r\n")
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", "Content-Length: 0", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    await writer.drain()


async def _exhausted(reader: asyncio.StreamReader) -> None:
    """Until the other side has left."""
    while await reader.read(_CHUNK):
        pass
