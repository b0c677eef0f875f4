"""One connection to one channel, as the program that uses it sees it: messages in, messages out, an end.

The shell around `Life`, which decides: one task dials, reads, waits until something is due, and does what it is told.
"""

import asyncio
import logging
from asyncio import TaskGroup
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from random import SystemRandom
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast, overload

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConcurrencyError
from websockets.exceptions import ConnectionClosed as SocketClosed
from websockets.protocol import State as SocketState

from wirepact.client.heartbeats import pong_to
from wirepact.client.inbox import Inbox
from wirepact.client.reading import Reader
from wirepact.close_codes import INTERNAL_ERROR, NORMAL, fitting_reason
from wirepact.core.events import (
    Closed,
    Connected,
    Disconnected,
    Dropped,
    Event,
    Missed,
    NotSent,
    Open,
    Refused,
    State,
)
from wirepact.core.life import Dial, End, Flush, HangUp, Life, Rules, Step
from wirepact.core.visit import Answer, Deliver, Renew, Send, Tell
from wirepact.descriptors import Channel
from wirepact.errors import (
    CannotAsk,
    ConnectionClosed,
    ConnectionLost,
    ConnectionRefused,
    NotConnected,
    RequestTimeout,
    TooLarge,
    Unauthorized,
    WrongAnswer,
)
from wirepact.lines import SUBPROTOCOL
from wirepact.messages import Message, Unknown
from wirepact.wire import ErrorWriter, encode

SaysT = TypeVar("SaysT", bound=Message)
HearsT = TypeVar("HearsT", bound=Message)
ReplyT = TypeVar("ReplyT", bound=Message)

_log = logging.getLogger("wirepact.client")


@dataclass(frozen=True, slots=True)
class Dialled:
    """An open socket, and the token that is to be said over it, if it was not told in the handshake."""

    socket: ClientConnection
    token: str | None = None


class ChannelConnection(Generic[SaysT, HearsT]):
    """A connection to a channel, open inside `async with`.

    `SaysT` is what this side may send, `HearsT` what the document lets the server send. Iterating gives each
    message as it arrives, `Unknown` for those that this code does not know; `events()` gives what else happens, too. It ends when the
    connection is closed normally (1000) or from this side, and raises `ConnectionClosed` otherwise, unless it
    comes back by itself (`Reconnect`).

    One task may iterate at a time; sending is open to all. Cancelling a task that waits here loses nothing:
    what arrives meanwhile is given to whoever asks next.
    """

    def __init__(
        self,
        channel: Channel[SaysT, HearsT],
        rules: Rules,
        dial: Callable[[Dial], Awaitable[Dialled]],
        renew: Callable[[], Awaitable[str | None]],
        buffered: int,
    ) -> None:
        self._channel = channel
        self._dial = dial
        self._renewed = renew
        self._life = Life(rules, SystemRandom().random)
        self._inbox: Inbox[HearsT | Unknown | Event] = Inbox(buffered)
        self._reader = Reader(channel.sends)
        self._error_writer = ErrorWriter(channel.error) if channel.error is not None else None
        self._sendable = tuple(each.model for each in channel.receives.types)
        self._answered = pong_to(channel)
        self._socket: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._answers: dict[str, asyncio.Future[str | bytes | None]] = {}
        self._is_up = asyncio.Event()
        self._is_down = asyncio.Event()
        self._is_paused = False
        self._closed_here = False
        self._begun: asyncio.Future[None] | None = None
        self._unsent: tuple[Message, ...] = ()

    async def __aenter__(self) -> Self:
        if self._task is not None:
            raise RuntimeError(f"{self._channel.name}: this connection was opened before; open another one")
        self._begun = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._live(), name=f"wirepact {self._channel.name}")
        try:
            await asyncio.shield(self._begun)
        except BaseException:
            await self._stop()
            self._cut()
            _settle(self._begun)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def send(self, message: SaysT) -> None:
        """Send *message*; waits while the network is behind. While the connection is away, it is kept if the client keeps any.

        Raises `ConnectionClosed` when the connection is over, `NotConnected` when it is away and the message is not
        kept, and `TooLarge`, before anything is sent, when the document allows fewer bytes.
        """
        frame = self._frame(message)
        self._expect_entered()
        if not self._life.say(message, frame, self._now()):
            return
        try:
            await self._speak(frame)
        except NotConnected:
            if not self._life.keep(message, frame, self._now()):
                raise

    @overload
    async def request(self, message: SaysT, *, timeout: float | None = 10) -> HearsT | Unknown | None: ...  # noqa: ASYNC109

    @overload
    async def request(self, message: SaysT, reply: type[ReplyT], *, timeout: float | None = 10) -> ReplyT: ...  # noqa: ASYNC109

    async def request(
        self,
        message: SaysT,
        reply: type[Message] | None = None,
        *,
        timeout: float | None = 10,  # noqa: ASYNC109  a request is known to have an end by its signature
    ) -> Message | Unknown | None:
        """Send *message*, and give the answer to it; `None` if it was handled and there is nothing to say.

        While the connection is away it waits for it. With *reply*, what is no message of that class is a `WrongAnswer`. Raises the `Refusal` that the
        server answers with, `RequestTimeout`, or `ConnectionLost`; it never asks twice. Answers come while messages are read: see
        `Transport.buffered_frames`.
        """
        frame = self._frame(message)
        if isinstance(frame, bytes):
            raise TypeError(f"{self._channel.name}: a binary message can't be a request")
        deadline = asyncio.timeout(timeout)
        try:
            async with deadline:
                answer = await self._asked(frame)
        except TimeoutError:
            if not deadline.expired():
                raise
            raise RequestTimeout(f"{self._channel.name}: no answer within {timeout} seconds") from None
        said = None if answer is None else self._reader.read(answer)
        if reply is not None and not isinstance(said, reply):
            raise WrongAnswer(f"{self._channel.name}: the answer is no {reply.__name__}", said)
        return said

    async def receive(self) -> HearsT | Unknown:
        """The next message. Raises `ConnectionClosed` when there is none to come, however it was closed."""
        while True:
            happened = await self._happened()
            said = happened.message if isinstance(happened, Refused) else happened
            if isinstance(said, Message | Unknown):
                return cast("HearsT | Unknown", said)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> HearsT | Unknown:
        try:
            return await self.receive()
        except ConnectionClosed as closed:
            self._stop_iterating(closed)
            raise

    def events(self) -> "Events[HearsT]":
        """Messages, and what happens to the connection, in one order. Ends as iterating does."""
        return Events(self._happened, self._stop_iterating)

    async def close(self, code: int = NORMAL.code, reason: str = "") -> tuple[SaysT, ...]:
        """Say goodbye and wait for the answer, no longer than the transport's `close_timeout`. Gives `unsent`.

        What was received and not read yet is gone.
        """
        if self._task is None:
            return ()
        self._closed_here = True
        steps = self._life.close(code, fitting_reason(reason))
        self._inbox.clear()
        try:
            await self._stop()
            for step in steps:
                await self._act(step)
            await self._hang_up(code, fitting_reason(reason))
        except BaseException:
            self._cut()
            raise
        return self.unsent

    @property
    def state(self) -> State:
        """Where the connection is."""
        return self._life.state

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent right now, as far as this side knows."""
        return isinstance(self._life.state, Open) and _is_open(self._socket)

    @property
    def unsent(self) -> tuple[SaysT, ...]:
        """What was kept for a connection that did not come back before the end."""
        return cast("tuple[SaysT, ...]", self._unsent)

    def _stop_iterating(self, closed: ConnectionClosed) -> None:
        if closed.code == NORMAL.code or self._closed_here:
            raise StopAsyncIteration from None

    async def _happened(self) -> HearsT | Unknown | Event:
        self._expect_entered()
        return await self._inbox.get()

    async def _asked(self, frame: str) -> str | bytes | None:
        """The answer to *frame*, which is sent once, when there is a connection to send it over."""
        self._expect_entered()
        while True:
            while not isinstance(self._life.state, Open | Closed):
                await self._is_up.wait()
            if isinstance(self._life.state, Open) and not self._life.has_lines:
                raise CannotAsk(f"{self._channel.name}: requests need a server that speaks {SUBPROTOCOL}")
            try:
                return await self._asked_now(frame)
            except NotConnected:
                await self._is_down.wait()

    async def _asked_now(self, frame: str) -> str | bytes | None:
        request, line = self._life.ask(frame)
        answer: asyncio.Future[str | bytes | None] = asyncio.get_running_loop().create_future()
        self._answers[request] = answer
        try:
            await self._speak(line)
            return await answer
        finally:
            del self._answers[request]
            self._life.forget(request)
            _settle(answer)

    async def _speak(self, frame: str | bytes) -> None:
        """Send *frame* for the program, with its patience."""
        is_written = self.is_open
        if self._socket is None:
            raise NotConnected("the connection is away; nothing was sent")
        try:
            await self._socket.send(frame)
        except SocketClosed as error:
            closed = _closed(error)
            if self._life.ends_with(closed):
                raise closed from None
            if is_written:
                raise ConnectionLost(f"{closed}; whether it was heard is not known") from None
            raise NotConnected(f"{closed}; nothing was sent") from None
        self._life.spoke(self._now())

    def _frame(self, message: Message) -> str | bytes:
        if not isinstance(message, self._sendable):
            raise TypeError(f"{self._channel.name}: {type(message).__name__} is not for a client to send")
        frame = encode(message)
        size = len(frame if isinstance(frame, bytes) else frame.encode())
        allowed = self._channel.limits.message_bytes
        if size > allowed:
            raise TooLarge(f"{self._channel.name}: {size} bytes, the document allows {allowed}")
        return frame

    async def _live(self) -> None:
        """From the first dial to the end. What fails on the way and is nobody's plan ends it, too."""
        try:
            await self._do(self._life.start())
            while not isinstance(self._life.state, Closed):
                await self._do(await self._next())
        except Exception as error:  # noqa: BLE001  whoever waits must learn of it
            self._inbox.end(error)
            if self._begun is not None and not self._begun.done():
                self._begun.set_exception(error)
            self._cut()
            await self._do(self._life.close(INTERNAL_ERROR.code))

    async def _next(self) -> list[Step]:
        """What to do about the next thing that happens."""
        life = self._life
        try:
            async with asyncio.timeout_at(life.due):
                if self._socket is None:
                    await asyncio.Event().wait()
                elif await self._may_read():
                    return life.heard(await self._socket.recv(), self._now())
        except TimeoutError:
            return life.elapsed(self._now())
        except SocketClosed as closed:
            self._socket = None
            return life.lost(_closed(closed), self._now())
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
        self._life.resume(self._now())
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
            case Deliver(frame):
                await self._deliver(self._reader.read(frame))
            case Tell(event):
                self._tell(event)
            case Answer(request, frame, error):
                self._answer(request, frame, error)
            case Renew():
                self._begin_renewing()
            case Flush():
                await self._flush()
            case HangUp(code, reason):
                await self._hang_up(code, reason)
            case End(closed):
                self._ended(closed)
        return []

    async def _deliver(self, message: HearsT | Unknown) -> None:
        """Hand *message* on; a ping of the document is answered as well (L9)."""
        if self._answered is not None and isinstance(message, self._answered[0]) and not self._life.has_lines:
            await self._write(self._answered[1])
        self._inbox.put(message)

    async def _dialled(self, step: Dial) -> list[Step]:
        try:
            dialled = await self._dial(step)
        except ConnectionRefused as refused:
            return self._life.lost(refused, self._now())
        except Unauthorized as error:
            if step.reason == "connect":
                raise
            return self._life.close(error.close_code, error.text)
        except Exception as error:
            if step.reason == "connect":
                raise
            _log.warning("%s: the token function failed: %s", self._channel.name, type(error).__name__)
            return self._life.lost(ConnectionRefused("there is no token"), self._now())
        self._socket = dialled.socket
        return self._life.opened(dialled.socket.subprotocol, dialled.token, self._now())

    async def _write(self, frame: str | bytes) -> bool:
        """Send *frame* for ourselves, whether or not the network is behind. What is lost shows when we read on."""
        if self._socket is None:
            return False
        try:
            async with asyncio.timeout(0):
                await self._socket.send(frame)
        except TimeoutError:
            pass
        except SocketClosed:
            return False
        return True

    async def _flush(self) -> None:
        while (frame := self._life.backlog.first) is not None and await self._write(frame):
            self._life.backlog.sent()

    async def _hang_up(self, code: int | None, reason: str) -> None:
        socket = self._socket
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
        self._socket = None

    def _cut(self) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.transport.abort()

    async def _stop(self) -> None:
        """End our tasks."""
        tasks = [each for each in (self._task, self._renewing) if each is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin_renewing(self) -> None:
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        """Get a new token while everything goes on (V22). Without one the connection ends when the identity does."""
        try:
            token = await self._renewed()
        except Exception as error:  # noqa: BLE001  what it says may carry what no log should
            _log.warning("%s: the token function failed: %s", self._channel.name, type(error).__name__)
            return
        if token is not None:
            for step in self._life.renewed(token):
                await self._act(step)

    def _tell(self, event: Event) -> None:
        match event:
            case Connected():
                self._is_up.set()
                self._is_down.clear()
                if self._begun is not None and not self._begun.done():
                    self._begun.set_result(None)
                if not event.is_same_contract:
                    _log.warning("%s: the server was made from another document", self._channel.name)
            case Disconnected(code, reason, attempt, delay):
                self._is_up.clear()
                self._is_down.set()
                _log.info(
                    "%s: lost with %d: %s; attempt %d in %.1f s",
                    self._channel.name,
                    code,
                    reason,
                    attempt,
                    delay,
                )
            case Missed(audience):
                _log.warning('%s: something was missed of audience "%s"', self._channel.name, audience)
            case Dropped(messages):
                _log.warning("%s: too slow for %d messages", self._channel.name, messages)
            case NotSent(messages):
                _log.warning("%s: %d messages waited for too long", self._channel.name, len(messages))
            case Refused(error):
                event = Refused(error, self._error_message(event))
        self._inbox.put(event)

    def _error_message(self, refused: Refused) -> Message | None:
        """The refusal as the document's error message, as *legacy* has it."""
        if self._error_writer is None:
            return None
        said = self._reader.read(self._error_writer.write(refused.error))
        return said if isinstance(said, Message) else None

    def _answer(self, request: str, frame: str | bytes | None, error: Exception | None) -> None:
        answer = self._answers.get(request)
        if answer is None or answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(frame)

    def _ended(self, closed: ConnectionClosed) -> None:
        self._unsent = self._life.backlog.clear()
        self._inbox.end(closed)
        self._is_up.set()
        self._is_down.set()
        if self._begun is not None and not self._begun.done():
            self._begun.set_exception(closed)

    def _expect_entered(self) -> None:
        if self._task is None:
            raise RuntimeError(f'{self._channel.name}: not open yet; use it inside "async with"')

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


class Events(Generic[HearsT]):
    """What happens to one connection, its messages among it; made by `ChannelConnection.events`."""

    def __init__(
        self,
        happened: Callable[[], Awaitable[HearsT | Unknown | Event]],
        stop: Callable[[ConnectionClosed], None],
    ) -> None:
        self._happened = happened
        self._stop = stop

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> HearsT | Unknown | Event:
        try:
            return await self._happened()
        except ConnectionClosed as closed:
            self._stop(closed)
            raise


async def _discard(socket: ClientConnection) -> None:
    """Read on to the end: the answer to a goodbye stands behind everything that was not read.

    One task does so at a time; whoever else comes here waits for the end.
    """
    with suppress(SocketClosed, ConcurrencyError):
        while True:
            await socket.recv()
    await socket.wait_closed()


def _settle(future: asyncio.Future[Any]) -> None:
    """Nobody waits for *future* any more, whatever becomes of it."""
    if not future.cancel() and not future.cancelled():
        future.exception()


def _is_open(socket: ClientConnection | None) -> bool:
    return socket is not None and socket.state is SocketState.OPEN


def _closed(closed: SocketClosed) -> ConnectionClosed:
    """The same in our family: what the other side said, or 1006 if it said nothing, with what we know."""
    if closed.rcvd is not None:
        return ConnectionClosed(closed.rcvd.code, closed.rcvd.reason)
    return ConnectionClosed(1006, closed.sent.reason if closed.sent else "connection lost")
