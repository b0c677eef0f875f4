"""What happens at one channel: the descriptor, and the functions of a service that stand behind it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from wirepact.announcements import spoken
from wirepact.descriptors import Channel, ReceiveOperation
from wirepact.messages import Message
from wirepact.server.headers import HeaderReader
from wirepact.server.identity import Scope
from wirepact.server.peer import Peer
from wirepact.server.query import QueryReader, query_reader
from wirepact.server.sieve import Reading, reading
from wirepact.wire import Decoder, ErrorWriter

PeerT = TypeVar("PeerT", bound=Peer[Any])
MessageT = TypeVar("MessageT", bound=Message)

Handler: TypeAlias = Callable[[PeerT, MessageT], Awaitable[Message | None]]


@dataclass(frozen=True, slots=True)
class Receiver(Generic[PeerT]):
    """One message that a channel receives, and who handles it. Made by `receive`."""

    operation: ReceiveOperation[Any]
    handler: Callable[[PeerT, Any], Awaitable[Message | None]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One channel with everything that a connection to it needs, put together once."""

    name: str
    """The channel as the log calls it."""
    channel: Channel[Any, Any]
    peer: type[Peer[Any]]
    admit: Callable[..., Awaitable[None]]
    on_connect: Sequence[Callable[[Any], Awaitable[Message]]]
    receivers: Mapping[type[Message], Receiver[Any]]
    roles: Mapping[type[Message], tuple[str, ...]]
    """Who may send which message."""
    decoder: Decoder[Any]
    reader: Reading
    """Reads what is published here, for those who are to hear a part of it."""
    errors: ErrorWriter | None
    sendable: frozenset[type[Message]]
    heartbeat: frozenset[type[Message]]
    """Messages that no handler hears of."""
    anonymous: bool
    query: QueryReader[Message] | None
    headers: HeaderReader[Message] | None

    def handshake(self, scope: Scope) -> dict[str, Message]:
        """What the document makes of the query and the headers of *scope*, by name. Raises a `Refusal`."""
        read: dict[str, Message] = {}
        if self.query is not None:
            read["query"] = self.query.read(scope["query_string"])
        if self.headers is not None:
            read["headers"] = self.headers.read(scope["headers"])
        return read


def endpoint(
    channel: Channel[Any, Any],
    peer: type[PeerT],
    *,
    admit: Callable[..., Awaitable[None]],
    on_connect: Sequence[Callable[[PeerT], Awaitable[Message]]],
    on_message: Sequence[Receiver[PeerT]],
    anonymous: bool,
) -> Endpoint:
    """The endpoint of *channel*. Raises `TypeError` unless each message that it receives has one handler; a heartbeat has none."""
    receivers = {each.operation.message: each for each in on_message}
    heartbeat = spoken(channel.heartbeat)
    received = {each.model for each in channel.receives.types} - heartbeat
    if receivers.keys() != received or len(receivers) != len(on_message):
        raise TypeError(_mismatch(channel, received, [each.operation.message for each in on_message]))
    return Endpoint(
        name=f"{channel.service}.{channel.name}",
        channel=channel,
        peer=peer,
        admit=admit,
        on_connect=on_connect,
        receivers=receivers,
        roles={each: receiver.operation.roles for each, receiver in receivers.items()},
        decoder=Decoder(channel.receives, channel.limits),
        reader=reading(channel),
        errors=None if channel.error is None else ErrorWriter(channel.error),
        sendable=frozenset(each.model for each in channel.sends.types),
        heartbeat=heartbeat,
        anonymous=anonymous,
        query=query_reader(channel.query, channel.credentials),
        headers=None if channel.headers is None else HeaderReader(channel.headers),
    )


def _mismatch(channel: Channel[Any, Any], received: set[type], handled: Sequence[type]) -> str:
    names = [", ".join(sorted(each.__name__ for each in kinds)) or "nothing" for kinds in (received, handled)]
    return f'the channel "{channel.name}" receives {names[0]}; there are handlers for {names[1]}'
