"""A network that fails as it is told to: a proxy before a WebSocket server, for tests of clients and of servers.

    async with FaultProxy("ws://127.0.0.1:8000") as proxy:
        async with client(proxy.url) as connection:
            proxy.freeze()                        # the cable is pulled: nothing arrives, and nobody is told
            proxy.rule = after(3, CUT)            # the fourth frame to the client breaks the connection
            await proxy.until(lambda: proxy.events[-1].kind == "closed")

It sees frames, so that a rule can drop, hold back or replace one of them, and it keeps a log of all that happened. To see
them it lets no extension be agreed on: frames are not compressed through it.
"""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Literal, Self, TypeAlias
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException
from websockets.frames import Close, Frame, Opcode
from websockets.streams import StreamReader

Side: TypeAlias = Literal["client", "server"]
"""Who said it."""

_CHUNK = 64 * 1024
_EXTENSIONS = re.compile(rb"(?i)^Sec-WebSocket-Extensions:[^\r\n]*\r\n", re.MULTILINE)
_DATA = frozenset({Opcode.TEXT, Opcode.BINARY, Opcode.CONT})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on one link: `opened`, a `frame` that a side said, what a rule did, `closed`."""

    link: int
    kind: Literal["opened", "frame", "dropped", "replaced", "cut", "refused", "closed"]
    side: Side | None = None
    payload: bytes = b""
    is_data: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A frame on its way: of which link, by whom, what, and the how manieth of its kind by that side on that link."""

    link: int
    side: Side
    payload: bytes
    is_data: bool
    number: int

    @property
    def text(self) -> str:
        """The payload as text."""
        return self.payload.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Replace:
    """Send these payloads instead, each as a text frame; none drops the frame."""

    payloads: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """Break the link: both sides see a reset, and no closing handshake."""


@dataclass(frozen=True, slots=True)
class CloseWith:
    """Close the link towards whom the frame was for, as if the other side had said so."""

    code: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Delay:
    """Hold the frame, and what follows it, back for so many seconds."""

    seconds: float


Verdict: TypeAlias = Replace | Cut | CloseWith | Delay | None
"""What happens to a frame; `None` lets it pass."""

Rule: TypeAlias = Callable[[Said], Verdict]

DROP = Replace()
CUT = Cut()


def after(frames: int, verdict: Verdict, side: Side = "server") -> Rule:
    """Let *frames* messages of *side* pass on each link, then do *verdict* to each."""
    return lambda said: verdict if said.side == side and said.is_data and said.number > frames else None


def once(rule: Rule) -> Rule:
    """*rule*, until it has done something."""
    is_done = False

    def apply(said: Said) -> Verdict:
        nonlocal is_done
        verdict = None if is_done else rule(said)
        is_done = is_done or verdict is not None
        return verdict

    return apply


@dataclass(slots=True)
class _Link:
    """One connection through the proxy, with its two ends."""

    number: int
    writers: dict[Side, asyncio.StreamWriter]
    counts: dict[tuple[Side, bool], int] = field(default_factory=dict)

    def cut(self) -> None:
        """Reset both ends."""
        for writer in self.writers.values():
            if (end := writer.get_extra_info("socket")) is not None:
                with suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            writer.transport.abort()


class FaultProxy:
    """Stands before the server at *target*, `ws://host:port`; `url` is where clients connect instead.

    Without a rule it changes nothing. All of it can be changed at any time: `rule`, `delay` (seconds for every chunk of
    bytes), `freeze` and `thaw`, `refuse`, `cut`.
    """

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self.url = ""
        self.rule: Rule = lambda _: None
        self.delay = 0.0
        self.events: list[Event] = []
        self._is_refusing = False
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
        self._is_refusing = is_refusing

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

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._keep(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = next(self._numbers)
        try:
            if self._is_refusing:
                raise ConnectionRefusedError
            to_server, server = await asyncio.open_connection(self._host, self._port)
        except OSError:
            self._note(Event(number, "refused"))
            _Link(number, {"client": writer}).cut()
            return
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        link = self._links[number] = _Link(number, {"client": writer, "server": server})
        self._note(Event(number, "opened"))
        try:
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(self._pump(link, "client", reader, server))
                pumps.create_task(self._pump(link, "server", to_server, writer))
        finally:
            del self._links[number]
            for each in link.writers.values():
                each.close()
            self._note(Event(number, "closed"))

    async def _pump(
        self, link: _Link, side: Side, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            async for chunk in self._frames(link, side, reader):
                await self._flows.wait()
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(chunk)
                await writer.drain()
            await self._flows.wait()
            if writer.can_write_eof():
                writer.write_eof()

    async def _frames(self, link: _Link, side: Side, reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
        """What *side* says, as it may pass: first the handshake as it is, then frame by frame."""
        handshake = b""
        while b"\r\n\r\n" not in handshake:
            if not (chunk := await reader.read(_CHUNK)):
                yield handshake
                return
            handshake += chunk
        head, _, rest = handshake.partition(b"\r\n\r\n")
        yield _EXTENSIONS.sub(b"", head + b"\r\n\r\n")
        parser = _Parser(is_masked=side == "client")
        while True:
            for item in parser.take(rest):
                async for chunk in self._judged(link, side, item):
                    yield chunk
            if not (rest := await reader.read(_CHUNK)):
                return

    async def _judged(self, link: _Link, side: Side, item: Frame | bytes) -> AsyncIterator[bytes]:
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


class _Parser:
    """Takes bytes and gives frames; once something is no frame, all that follows passes as it is."""

    def __init__(self, *, is_masked: bool) -> None:
        self._is_masked = is_masked
        self._stream = StreamReader()
        self._frame = self._next()
        self._is_lost = False
        self._unread = b""

    def take(self, data: bytes) -> list[Frame | bytes]:
        """What *data* completes."""
        if self._is_lost:
            return [data] if data else []
        self._stream.feed_data(data)
        self._unread += data
        found: list[Frame | bytes] = []
        while True:
            try:
                next(self._frame)
            except StopIteration as done:
                frame: Frame = done.value
                self._unread = bytes(self._stream.buffer)
                found.append(frame)
                self._frame = self._next()
            except WebSocketException:
                self._is_lost = True
                return [*found, self._unread]
            else:
                return found

    def _next(self) -> Generator[None, None, Frame]:
        return Frame.parse(self._stream.read_exact, mask=self._is_masked)
