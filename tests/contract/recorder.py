"""A WebSocket client without generated code that hears with the document in its hand.

It fails on the first frame that is not exactly one message that the document lets the server send at the channel,
on a frame that is no JSON text, and on a close code or a reason that the document does not declare. All contract
tests that hear something hear it through this.
"""

import json
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from contract.documents import Channel
from contract.judge import faults, fitting


class NotInTheDocument(AssertionError):
    """The server did what its document does not say."""


@dataclass(frozen=True)
class Closed:
    """How a connection ended."""

    code: int
    reason: str


class Recorder:
    """One connection to one channel, with everything that was heard on it."""

    def __init__(self, channel: Channel, socket: ClientConnection) -> None:
        self.channel = channel
        self.heard: list[tuple[str, Any]] = []
        self.unasked: frozenset[str] = frozenset()
        """The names of messages that may come at any time, and are judged and then passed over."""
        self.frame: str | bytes = ""
        """The last message as it came over the wire."""
        self._socket = socket

    @classmethod
    async def connected(
        cls, server: str, channel: Channel, parameters: dict[str, Any] | None = None, token: str | None = None
    ) -> Self:
        """Connects as a browser would, with the token in the query."""
        query = "?" + urlencode({channel.query_credential: token}) if token else ""
        url = server.replace("http", "ws", 1) + channel.address.format(**parameters or {}) + query
        return cls(channel, await connect(url, compression=None, max_size=None, max_queue=None, proxy=None))

    async def send(self, message: Any) -> None:
        await self.send_frame(json.dumps(message, ensure_ascii=False))

    async def send_frame(self, frame: str | bytes) -> None:
        """Sends a frame as it stands. That the server has closed already is told by who listens."""
        try:
            await self._socket.send(frame)
        except ConnectionClosed:
            return

    async def hear(self) -> Any:
        """The next message. An `AssertionError` if the connection is closed instead."""
        heard = await self.hear_or_end()
        if isinstance(heard, Closed):
            raise AssertionError(f"expected a message, but {heard}")  # noqa: TRY004  it is what was heard that is wrong
        return heard

    async def end(self) -> Closed:
        """How the connection is closed. An `AssertionError` if a message comes instead."""
        heard = await self.hear_or_end()
        if not isinstance(heard, Closed):
            raise AssertionError(f"expected the end, but heard {heard}")  # noqa: TRY004  see above
        return heard

    async def hear_or_end(self) -> Any | Closed:
        """The next message, or how the connection is closed; judged, and kept."""
        name, message = "", None
        while not name or name in self.unasked:
            try:
                self.frame = await self._socket.recv()
            except ConnectionClosed as closed:
                return self._judged_end(closed)
            message, name = judged(self.channel, self.frame)
        self.heard.append((name, message))
        return message

    async def close(self) -> None:
        await self._socket.close()

    def _judged_end(self, closed: ConnectionClosed) -> Closed:
        if closed.rcvd is None:
            raise NotInTheDocument(f"{self.channel}: the connection was cut without a close code")
        end = Closed(closed.rcvd.code, closed.rcvd.reason)
        if end.code not in self.channel.close_codes:
            raise NotInTheDocument(f"{self.channel}: {end} is not declared")
        if end.reason != self.channel.close_codes[end.code]:
            raise NotInTheDocument(f"{self.channel}: {end} should say {self.channel.close_codes[end.code]!r}")
        return end


def judged(channel: Channel, frame: str | bytes) -> tuple[Any, str]:
    """*frame* as the one message of the document that it is, and its name; `NotInTheDocument` otherwise."""
    if isinstance(frame, bytes):
        raise NotInTheDocument(f"{channel}: a binary frame: {frame[:200]!r}")
    try:
        message = json.loads(frame, parse_constant=_no_constant)
    except ValueError:
        raise NotInTheDocument(f"{channel}: no JSON: {frame[:200]}") from None
    match fitting(message, channel.sent):
        case [name]:
            return message, name
        case []:
            nearest = {each.name: faults(message, each) for each in channel.sent}
            raise NotInTheDocument(f"{channel}: no message of the server: {frame[:200]}\n{nearest}")
        case names:
            raise NotInTheDocument(f"{channel}: {' and '.join(names)} at once: {frame[:200]}")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")
