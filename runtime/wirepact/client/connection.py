"""One connection to one channel, as the program that uses it sees it: messages in, messages out, an end.

`Line` keeps it going, `Life` decides.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from random import SystemRandom
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast, overload

from wirepact.announcements import ping_of, pong_to, spoken
from wirepact.broker import Position
from wirepact.client.inbox import Inbox
from wirepact.client.line import ForProgram, Line, Reach
from wirepact.client.questions import Questions
from wirepact.client.reading import Reader
from wirepact.close_codes import NORMAL, fitting_reason
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
from wirepact.core.life import End, Life, Rules
from wirepact.core.pulse import Ping
from wirepact.core.visit import Answer, Deliver, Reached, Tell
from wirepact.descriptors import Channel
from wirepact.errors import (
    CannotAsk,
    ConnectionClosed,
    NotConnected,
    RequestTimeout,
    TooLarge,
    WrongAnswer,
)
from wirepact.lines import SUBPROTOCOL
from wirepact.messages import Message, Unknown
from wirepact.wire import ErrorWriter, encode

SaysT = TypeVar("SaysT", bound=Message)
HearsT = TypeVar("HearsT", bound=Message)
ReplyT = TypeVar("ReplyT", bound=Message)

_log = logging.getLogger("wirepact.client")


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
        self, channel: Channel[SaysT, HearsT], rules: Rules, reach: Reach, inbox: Inbox[Any]
    ) -> None:
        self._channel = channel
        self._reach = reach
        self._life = Life(rules, SystemRandom().random)
        self._inbox: Inbox[HearsT | Unknown | Event] = inbox
        self._reader = Reader(channel.sends)
        self._error_writer = ErrorWriter(channel.error) if channel.error is not None else None
        self._sendable = tuple(each.model for each in channel.receives.types)
        self._beats = spoken(channel.heartbeat)
        self._questions = Questions(channel, rules.refusals)
        self._opened: Line | None = None
        self._closed_here = False
        self._unsent: tuple[Message, ...] = ()

    def resume(self, positions: Mapping[str, str]) -> Self:
        """Begin where *positions* say, which an earlier connection gave, maybe in another process.

        What was sent since comes after `Recovered`, or `Missed` says that it does not. Raises `ValueError` for what is no position.
        """
        if self._opened is not None:
            raise RuntimeError(f"{self._channel.name}: resume before it is opened")
        begun = {audience: Position.parse(text) for audience, text in positions.items()}
        self._life.begin_at(begun)
        for audience, position in begun.items():
            self._inbox.mark(audience, position)
        return self

    async def __aenter__(self) -> Self:
        if self._opened is not None:
            raise RuntimeError(f"{self._channel.name}: this connection was opened before; open another one")
        self._opened = Line(self._channel.name, self._life, self._reach, self._inbox, self._hand_on)
        await self._opened.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def send(self, message: SaysT) -> None:
        """Send *message*; waits while the network is behind. While the connection is away, it is kept if the client keeps any.

        Raises `ConnectionClosed` when the connection is over, `NotConnected` when it is away and the message is not
        kept, and `TooLarge`, before anything is sent, when the server, or else the document, allows fewer bytes.
        """
        frame, line = self._frame(message), self._expect_opened()
        if not self._life.say(message, frame, _now()):
            return
        try:
            await line.speak(frame)
        except NotConnected:
            if not self._life.keep(message, frame, _now()):
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
        server answers with, `RequestTimeout`, or `ConnectionLost`; it never asks twice. While it waits, more is kept for who reads later
        (`Transport.buffered_frames`). Where the server speaks *legacy*, the answer is the first message of that class, or of any, that has the
        same correlation id; without one in the document it is `CannotAsk`.
        """
        frame = self._frame(message)
        if isinstance(frame, bytes):
            raise TypeError(f"{self._channel.name}: a binary message can't be a request")
        deadline = asyncio.timeout(timeout)
        try:
            async with deadline:
                answer = await self._asked(message, frame, reply)
        except TimeoutError:
            if not deadline.expired():
                raise
            raise RequestTimeout(f"{self._channel.name}: no answer within {timeout} seconds") from None
        if reply is not None and not isinstance(answer, reply):
            raise WrongAnswer(f"{self._channel.name}: the answer is no {reply.__name__}", answer)
        return answer

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
        if self._opened is None:
            return ()
        self._closed_here = True
        self._inbox.clear()
        await self._opened.close(code, fitting_reason(reason))
        return self.unsent

    @property
    def state(self) -> State:
        """Where the connection is."""
        return self._life.state

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent right now, as far as this side knows."""
        return self._opened is not None and self._opened.is_open

    @property
    def positions(self) -> Mapping[str, str]:
        """Where the program is, by audience, with all that it has taken by now: for `resume`. Empty where nothing can be recovered.

        What was received and not taken is not in it. Saved when a message has been handled, nothing is lost in a crash.
        """
        return {audience: str(position) for audience, position in self._inbox.reached.items()}

    @property
    def unsent(self) -> tuple[SaysT, ...]:
        """What was kept for a connection that did not come back before the end."""
        return cast("tuple[SaysT, ...]", self._unsent)

    def _expect_opened(self) -> Line:
        if self._opened is None:
            raise RuntimeError(f'{self._channel.name}: not open yet; use it inside "async with"')
        return self._opened

    def _stop_iterating(self, closed: ConnectionClosed) -> None:
        if closed.code == NORMAL.code or self._closed_here:
            raise StopAsyncIteration from None

    async def _happened(self) -> HearsT | Unknown | Event:
        self._expect_opened()
        return await self._inbox.get()

    def _frame(self, message: Message) -> str | bytes:
        if not isinstance(message, self._sendable):
            raise TypeError(f"{self._channel.name}: {type(message).__name__} is not for a client to send")
        frame = encode(message)
        size = len(frame if isinstance(frame, bytes) else frame.encode())
        told = self._life.message_bytes
        allowed = self._channel.limits.message_bytes if told is None else told
        if size > allowed:
            who = "document" if told is None else "server"
            raise TooLarge(f"{self._channel.name}: {size} bytes, the {who} allows {allowed}")
        return frame

    async def _asked(
        self, message: Message, frame: str, reply: type[Message] | None
    ) -> Message | Unknown | None:
        """The answer to *message*, which is sent once, when there is a connection to send it over."""
        line = self._expect_opened()
        while True:
            while not isinstance(self._life.state, Open | Closed):
                await line.is_up.wait()
            try:
                if self._life.has_lines:
                    request, tagged = self._life.ask(frame)
                    return await self._answer_to(request, tagged, None)
                return await self._answer_to(self._expected(message), frame, reply)
            except NotConnected:
                await line.is_down.wait()

    def _expected(self, message: Message) -> str:
        """What the answer to *message* is known by in *legacy*."""
        key = self._questions.key(message)
        if isinstance(self._life.state, Open) and key is None:
            raise CannotAsk(
                f"{self._channel.name}: the server speaks no {SUBPROTOCOL}, "
                f"and {type(message).__name__} has nothing that its answer would have in common with it"
            )
        self._life.expect(key or "")
        return key or ""

    async def _answer_to(
        self, request: str, frame: str, reply: type[Message] | None
    ) -> Message | Unknown | None:
        answer = self._questions.ask(request, reply)
        self._inbox.stretch()
        try:
            await self._expect_opened().speak(frame)
            return await answer
        finally:
            self._questions.forget(request)
            self._life.forget(request)
            if not self._questions:
                self._inbox.relax()

    def _hand_on(self, step: ForProgram) -> str | bytes | None:
        """Take in what the line has for the program, and give what is to be said about it."""
        match step:
            case Deliver(frame):
                return self._deliver(self._reader.read(frame))
            case Ping():
                heartbeat = self._channel.heartbeat
                return None if heartbeat is None else encode(ping_of(heartbeat, time.time()))
            case Reached(audience, position):
                self._inbox.mark(audience, position)
            case Tell(event):
                self._tell(event)
            case Answer(request, frame, error):
                answer = None if frame is None else self._reader.read(frame)
                self._questions.answer(request, answer, error)
            case End(closed):
                self._unsent = self._life.backlog.clear()
                self._inbox.end(closed)
        return None

    def _deliver(self, message: HearsT | Unknown) -> str | bytes | None:
        """Hand *message* on, unless it is the document's heartbeat, which is kept here (L9), or somebody asked for it."""
        if isinstance(message, Message) and type(message) in self._beats:
            return self._answered_beat(message)
        if self._questions and not self._life.has_lines and (key := self._questions.answered_by(message)):
            self._life.forget(key)
        elif self._inbox.put(message):
            _log.warning("%s: the program is behind; the oldest messages are left out", self._channel.name)
        return None

    def _answered_beat(self, message: Message) -> str | bytes | None:
        heartbeat = self._channel.heartbeat
        if heartbeat is None or heartbeat.by == "client" or not isinstance(message, heartbeat.ping):
            return None
        pong = pong_to(heartbeat, message)
        return None if pong is None else encode(pong)

    def _tell(self, event: Event) -> None:
        name = self._channel.name
        match event:
            case Connected(is_same_contract=False):
                _log.warning("%s: the server was made from another document", name)
            case Disconnected(code, reason, attempt, delay):
                _log.info("%s: lost with %d: %r; attempt %d in %.1f s", name, code, reason, attempt, delay)
                self._inbox.put_instead(event, Disconnected)
                return
            case Missed(audience):
                _log.warning("%s: something was missed of audience %r", name, audience)
            case Dropped(messages):
                _log.warning("%s: too slow for %d messages", name, messages)
            case NotSent(messages):
                _log.warning("%s: %d messages waited for too long", name, len(messages))
            case Refused(error):
                event = Refused(error, self._error_message(event))
            case _:
                pass
        self._inbox.put(event)

    def _error_message(self, refused: Refused) -> Message | None:
        """The refusal as the document's error message, as *legacy* has it."""
        if self._error_writer is None:
            return None
        said = self._reader.read(self._error_writer.write(refused.error))
        return said if isinstance(said, Message) else None


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


def _now() -> float:
    return asyncio.get_running_loop().time()
