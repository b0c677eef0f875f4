"""One connection to one channel, as the program that uses it sees it: messages in, messages out, an end."""

from asyncio import TaskGroup
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Generic, Self, TypeVar

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConcurrencyError
from websockets.exceptions import ConnectionClosed as SocketClosed
from websockets.protocol import State

from wirepact.client.reading import Reader
from wirepact.close_codes import NORMAL, fitting_reason
from wirepact.descriptors import Channel
from wirepact.errors import ConnectionClosed, TooLarge
from wirepact.messages import Message, Unknown
from wirepact.wire import encode

SaysT = TypeVar("SaysT", bound=Message)
HearsT = TypeVar("HearsT", bound=Message)


class ChannelConnection(Generic[SaysT, HearsT]):
    """A connection to a channel, open inside `async with`.

    `SaysT` is what this side may send, `HearsT` what the document lets the server send. Iterating gives each
    message as it arrives, `Unknown` for those that this code does not know. It ends when the connection is
    closed normally (1000) or from this side, and raises `ConnectionClosed` otherwise.

    One task may iterate at a time; sending is open to all. Cancelling a task that waits here loses nothing:
    what arrives meanwhile is given to whoever asks next.
    """

    def __init__(
        self, channel: Channel[SaysT, HearsT], dial: Callable[[], Awaitable[ClientConnection]]
    ) -> None:
        self._channel = channel
        self._dial = dial
        self._socket: ClientConnection | None = None
        self._reader = Reader(channel.sends)
        self._sendable = tuple(each.model for each in channel.receives.types)
        self._closed_here = False

    async def __aenter__(self) -> Self:
        if self._socket is not None:
            raise RuntimeError(f"{self._channel.name}: this connection was opened before; open another one")
        self._socket = await self._dial()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def send(self, message: SaysT) -> None:
        """Send *message*; waits while the network is behind.

        Raises `ConnectionClosed` when the connection is over, and `TooLarge`, before anything is sent, when
        the document allows fewer bytes.
        """
        if not isinstance(message, self._sendable):
            raise TypeError(f"{self._channel.name}: {type(message).__name__} is not for a client to send")
        frame = encode(message)
        self._expect_fits(frame)
        try:
            await self._open_socket.send(frame)
        except SocketClosed as closed:
            raise _closed(closed) from None

    async def receive(self) -> HearsT | Unknown:
        """The next message. Raises `ConnectionClosed` when there is none to come, however it was closed."""
        socket = self._open_socket
        if self._closed_here:
            await _discard(socket)
            raise _closed(socket.protocol.close_exc)
        try:
            frame = await socket.recv()
        except SocketClosed as closed:
            raise _closed(closed) from None
        return self._reader.read(frame)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> HearsT | Unknown:
        try:
            return await self.receive()
        except ConnectionClosed as closed:
            if closed.code == NORMAL.code or self._closed_here:
                raise StopAsyncIteration from None
            raise

    async def close(self, code: int = NORMAL.code, reason: str = "") -> None:
        """Say goodbye and wait for the answer, no longer than the transport's `close_timeout`.

        What was received and not read yet is gone.
        """
        if self._socket is None:
            return
        self._closed_here = True
        try:
            async with TaskGroup() as closing:
                closing.create_task(self._socket.close(code, fitting_reason(reason)))
                closing.create_task(_discard(self._socket))
        except BaseException:
            self._socket.transport.abort()
            raise

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent right now, as far as this side knows."""
        return self._socket is not None and self._socket.state is State.OPEN

    @property
    def _open_socket(self) -> ClientConnection:
        if self._socket is None:
            raise RuntimeError(f'{self._channel.name}: not open yet; use it inside "async with"')
        return self._socket

    def _expect_fits(self, frame: str | bytes) -> None:
        size = len(frame if isinstance(frame, bytes) else frame.encode())
        allowed = self._channel.limits.message_bytes
        if size > allowed:
            raise TooLarge(f"{self._channel.name}: {size} bytes, the document allows {allowed}")


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
