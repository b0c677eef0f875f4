"""Who a handler deals with: a visitor who wants in, a peer who is connected, a caller of an HTTP operation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol

from wirepact.auth import Identity
from wirepact.descriptors import Key, SendsT
from wirepact.messages import Message, MessageT
from wirepact.server.sieve import Filter


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the door of a channel, known or not, with the parameters of the address.

    `query` and `headers` are what the document makes of those of the handshake, `None` where it has none. `host` is the address that the connection comes from, for the log; behind a proxy that is not trusted it is the proxy's.
    """

    identity: Identity | None
    parameters: Mapping[str, Key] = field(default_factory=dict)
    host: str = ""
    query: Message | None = None
    headers: Message | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sent an HTTP request, known or not. The fields are as a `Visitor` has them."""

    identity: Identity | None
    parameters: Mapping[str, Key] = field(default_factory=dict)
    host: str = ""


class Line(Protocol):
    """What carries words to a peer: its connection, as far as handlers may use it."""

    id: str
    visitor: Visitor

    @property
    def silence(self) -> float:
        """Seconds since the peer was last heard of."""

    def send(self, message: Message) -> None:
        """Send *message* to this peer alone."""

    async def join(self, group: str, key: Key) -> None:
        """Listen to a group."""

    def leave(self, group: str, key: Key) -> None:
        """Listen to it no longer."""

    def hear_only(self, wanted: Filter | None) -> None:
        """Let through what is wanted."""

    def close(self, code: int) -> None:
        """End the connection."""


class Peer(Generic[SendsT]):
    """The other end of one connection. Emitted subclasses add the channel's groups and parameters by name."""

    __slots__ = ("_line",)

    def __init__(self, line: Line) -> None:
        self._line = line

    @property
    def connection_id(self) -> str:
        """What the log calls this connection."""
        return self._line.id

    @property
    def identity(self) -> Identity | None:
        """Who it is, as their token said; `None` only where the service lets unknown ones in."""
        return self._line.visitor.identity

    @property
    def parameters(self) -> Mapping[str, Key]:
        """The parameters of the address."""
        return self._line.visitor.parameters

    @property
    def silence(self) -> float:
        """Seconds since the peer said anything: a message, or, with `wirepact.v1`, a sign that it is there."""
        return self._line.silence

    async def send(self, message: SendsT) -> None:
        """Send *message* to this peer alone, after what it has been sent before.

        Does not wait for the peer; one that lets too much pile up is closed with 4480. To a peer that has left
        nothing is sent, without an error.
        """
        self._line.send(message)

    async def join(self, group: str, key: Key) -> None:
        """Be sent what is published to *group* under *key*, from now on."""
        await self._line.join(group, key)

    async def leave(self, group: str, key: Key) -> None:
        """No longer be sent it."""
        self._line.leave(group, key)

    async def hear_only(self, wanted: Filter | None) -> None:
        """Of what is published here, and the peer may hear, be sent only what is *wanted* from now on; everything, if `None`.

        What it is sent alone, by `send` or as an answer, is not held back.
        """
        self._line.hear_only(wanted)

    async def close(self, code: int = 1000) -> None:
        """End the connection, with the reason that the document declares for *code*."""
        self._line.close(code)

    def string_parameter(self, name: str) -> str:
        """The text parameter *name* of the address."""
        return str(self.parameters[name])

    def integer_parameter(self, name: str) -> int:
        """The integer parameter *name* of the address."""
        return int(self.parameters[name])

    def query_as(self, model: type[MessageT]) -> MessageT:
        """The query of the handshake, which the document says is a *model*."""
        query = self._line.visitor.query
        assert isinstance(query, model)  # noqa: S101 - told to the type checker: the door has seen to it
        return query

    def headers_as(self, model: type[MessageT]) -> MessageT:
        """The headers of the handshake, which the document says are a *model*."""
        headers = self._line.visitor.headers
        assert isinstance(headers, model)  # noqa: S101 - as above
        return headers
