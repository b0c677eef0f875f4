"""The task of one connection: it dials, reads, waits until something is due, and does what `Life` says.

What is for the program it hands on; what the program says it sends.
"""

import asyncio
import logging
from asyncio import TaskGroup
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConcurrencyError
from websockets.exceptions import ConnectionClosed as SocketClosed
from websockets.protocol import State as SocketState

from wirepact.client.inbox import Inbox
from wirepact.close_codes import INTERNAL_ERROR
from wirepact.core.events import Closed, Connected, Disconnected, Open
from wirepact.core.life import Dial, End, Flush, HangUp, Life, Step
from wirepact.core.pulse import Ping
from wirepact.core.visit import Answer, Deliver, Reached, Renew, Send, Tell
from wirepact.errors import ConnectionClosed, ConnectionLost, ConnectionRefused, NotConnected, Unauthorized

_log = logging.getLogger("wirepact.client")

ForProgram: TypeAlias = Ping | Deliver | Reached | Tell | Answer | End
"""The steps that are not the line's own."""


@dataclass(frozen=True, slots=True)
class Dialled:
    """An open socket, and the token that is to be said over it, if it was not told in the handshake."""

    socket: ClientConnection
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How a line gets to its server: a socket, with a token of its own; and a new token for one that is open."""

    dial: Callable[[Dial], Awaitable[Dialled]]
    renew: Callable[[], Awaitable[str | None]]


class Line:
    """Lives from `open` to `close`, or to the end that `Life` sees.

    *hand_on* is given what is for the program, returns at once, and may give a frame that answers it. While *inbox* is full nothing
    is read.
    """

    def __init__(
        self,
        name: str,
        life: Life,
        reach: Reach,
        inbox: Inbox[Any],
        hand_on: Callable[[ForProgram], str | bytes | None],
    ) -> None:
        self._name = name
        self._life = life
        self._reach = reach
        self._inbox = inbox
        self._hand_on = hand_on
        self._begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._is_paused = False
        self.socket: ClientConnection | None = None
        self.is_up = asyncio.Event()
        """Set while it is connected, and after the end."""
        self.is_down = asyncio.Event()
        """Set while it is away, and after the end."""

    @property
    def is_open(self) -> bool:
        """Whether something can be sent right now, as far as this side knows."""
        is_writable = self.socket is not None and self.socket.state is SocketState.OPEN
        return isinstance(self._life.state, Open) and is_writable

    async def open(self) -> None:
        """Begin, and wait until it is connected. Raises what keeps it from being so."""
        self._task = asyncio.create_task(self._live(), name=f"wirepact {self._name}")
        try:
            await asyncio.shield(self._begun)
        except BaseException:
            try:
                await self._stop()
            finally:
                self._cut()
                settle(self._begun)
            raise

    async def speak(self, frame: str | bytes) -> None:
        """Send *frame* for the program, with its patience. Raises `NotConnected`, `ConnectionLost` or how it ended."""
        is_written = self.is_open
        if self.socket is None:
            raise NotConnected("the connection is away; nothing was sent")
        try:
            await self.socket.send(frame)
        except SocketClosed as error:
            closed = _closed(error)
            if self._life.ends_with(closed):
                raise closed from None
            if is_written:
                raise ConnectionLost(f"{closed}; whether it was heard is not known") from None
            raise NotConnected(f"{closed}; nothing was sent") from None
        self._life.spoke(_now())

    async def close(self, code: int, reason: str) -> None:
        """Say goodbye and wait for the answer. Whoever waits for something else learns at once that it is over."""
        for step in self._life.close(code, reason):
            if isinstance(step, Answer | End):
                self._mark(step)
                self._hand_on(step)
        try:
            await self._stop()
            await self._hang_up(code, reason)
        except BaseException:
            self._cut()
            raise

    async def _live(self) -> None:
        """From the first dial to the end. What fails on the way and is nobody's plan ends it, too."""
        try:
            await self._do(self._life.start())
            while not isinstance(self._life.state, Closed):
                await self._do(await self._next())
        except Exception as error:  # noqa: BLE001  whoever waits must learn of it
            self._inbox.end(error)
            if not self._begun.done():
                self._begun.set_exception(error)
            self._cut()
            await self._do(self._life.close(INTERNAL_ERROR.code))

    async def _next(self) -> list[Step]:
        """What to do about the next thing that happens."""
        life = self._life
        try:
            async with asyncio.timeout_at(life.due):
                if self.socket is None:
                    await asyncio.Event().wait()
                elif await self._may_read():
                    return life.heard(await self.socket.recv(), _now())
        except TimeoutError:
            return life.elapsed(_now())
        except SocketClosed as closed:
            self.socket = None
            return life.lost(_closed(closed), _now())
        return []

    async def _may_read(self) -> bool:
        """Whether there is room for more, after waiting for it if there was none."""
        if not self._inbox.is_full and not self._is_paused:
            return True
        if not self._is_paused:
            self._is_paused = True
            self._life.pause()
            return False
        await self._inbox.has_room()
        self._is_paused = False
        self._life.resume(_now())
        return False

    async def _do(self, steps: Iterable[Step]) -> None:
        todo = deque(steps)
        while todo:
            todo.extend(await self._act(todo.popleft()))

    async def _act(self, step: Step) -> list[Step]:
        """Do it, and say what follows from that."""
        match step:
            case Dial():
                return await self._dialled(step)
            case Send(frame):
                await self._write(frame)
            case Renew():
                self._begin_renewing()
            case Flush():
                await self._flush()
            case HangUp(code, reason):
                await self._hang_up(code, reason)
            case _:
                self._mark(step)
                if (said := self._hand_on(step)) is not None:
                    await self._write(said)
        return []

    def _mark(self, step: ForProgram) -> None:
        """Let those know who wait for a connection, or for its loss."""
        match step:
            case Tell(Connected()):
                self.is_up.set()
                self.is_down.clear()
                if not self._begun.done():
                    self._begun.set_result(None)
            case Tell(Disconnected()):
                self.is_up.clear()
                self.is_down.set()
            case End(closed):
                self.is_up.set()
                self.is_down.set()
                if not self._begun.done():
                    self._begun.set_exception(closed)
            case _:
                pass

    async def _dialled(self, step: Dial) -> list[Step]:
        try:
            dialled = await self._reach.dial(step)
        except ConnectionRefused as refused:
            return self._life.lost(refused, _now())
        except Unauthorized as error:
            if step.reason == "connect":
                raise
            return self._life.signed_out(error.text)
        except Exception as error:
            if step.reason == "connect":
                raise
            _log.warning("%s: the token function failed: %s", self._name, type(error).__name__)
            return self._life.lost(ConnectionRefused("there is no token"), _now())
        self.socket = dialled.socket
        return self._life.opened(dialled.socket.subprotocol, dialled.token, _now())

    async def _write(self, frame: str | bytes) -> bool:
        """Send *frame* for ourselves, whether or not the network is behind. What is lost shows when we read on."""
        if self.socket is None:
            return False
        try:
            async with asyncio.timeout(0):
                await self.socket.send(frame)
        except TimeoutError:
            pass
        except SocketClosed:
            return False
        return True

    async def _flush(self) -> None:
        while (frame := self._life.backlog.first) is not None and await self._write(frame):
            self._life.backlog.sent()

    async def _hang_up(self, code: int | None, reason: str) -> None:
        socket = self.socket
        if socket is None or code is None:
            self._cut()
            return
        try:
            async with TaskGroup() as closing:
                closing.create_task(socket.close(code, reason))
                closing.create_task(_discard(socket))
        except BaseException:
            socket.transport.abort()
            raise
        self.socket = None

    def _cut(self) -> None:
        socket, self.socket = self.socket, None
        if socket is not None:
            socket.transport.abort()

    async def _stop(self) -> None:
        """End our tasks. They end, too, if whoever waits for that is cancelled."""
        tasks = [each for each in (self._task, self._renewing) if each is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        for task in tasks:
            settle(task)

    def _begin_renewing(self) -> None:
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        """Get a new token while everything goes on (V22). Without one the connection ends when the identity does."""
        try:
            token = await self._reach.renew()
        except Exception as error:  # noqa: BLE001  what it says may carry what no log should
            _log.warning("%s: the token function failed: %s", self._name, type(error).__name__)
            return
        if token is not None:
            await self._do(self._life.renewed(token))


def settle(future: asyncio.Future[Any]) -> None:
    """Nobody waits for *future* any more: what it holds is no fault that nobody looked at."""
    if not future.cancel() and not future.cancelled():
        future.exception()


async def _discard(socket: ClientConnection) -> None:
    """Read on to the end: the answer to a goodbye stands behind everything that was not read.

    One task does so at a time; whoever else comes here waits for the end.
    """
    with suppress(SocketClosed, ConcurrencyError):
        while True:
            await socket.recv()
    await socket.wait_closed()


def _closed(closed: SocketClosed) -> ConnectionClosed:
    """The same in our family: what the other side said, or 1006 if it said nothing, with what we know."""
    if closed.rcvd is not None:
        return ConnectionClosed(closed.rcvd.code, closed.rcvd.reason)
    return ConnectionClosed(1006, closed.sent.reason if closed.sent else "connection lost")


def _now() -> float:
    return asyncio.get_running_loop().time()
