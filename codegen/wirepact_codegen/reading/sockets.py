"""Which channels are one connection: a WebSocket address is one socket, however many channels stand at it.

Channels without an address are logical topics inside a socket. Here it is decided inside which; what is said
there is read by `channels.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from wirepact_codegen.model import Credential, Parameter
from wirepact_codegen.reading.addresses import MODELS, read_address, read_parameters, written_path
from wirepact_codegen.reading.context import Context
from wirepact_codegen.reading.credentials import distinct, places, read_credentials
from wirepact_codegen.source import Node


@dataclass(frozen=True, slots=True)
class Part:
    """One channel of the document that is on a WebSocket server, with the operations on it."""

    node: Node
    operations: tuple[Node, ...]
    credentials: tuple[Credential, ...]

    @property
    def has_address(self) -> bool:
        """Whether the document says where the channel is."""
        return has_address(self.node)

    def entries(self) -> dict[str, Node]:
        """The messages of the channel by the names that it gives them."""
        return message_entries(self.node)


@dataclass(frozen=True)
class Socket:
    """One address, and the channels that stand there; the first gives it its name."""

    address: str
    parts: tuple[Part, ...]

    @property
    def node(self) -> Node:
        """The first of its channels."""
        return self.parts[0].node

    @cached_property
    def entries(self) -> tuple[Node, ...]:
        """The messages of all its channels, in their order."""
        return tuple(each for part in self.parts for each in part.entries().values())

    def has(self, channel: Node) -> bool:
        """Whether *channel* is on this socket. One without an address is wherever it is spoken of."""
        return not has_address(channel) or any(channel.origin == each.node.origin for each in self.parts)


def has_address(channel: Node) -> bool:
    """Whether *channel* says where it is."""
    address = channel.get("address")
    return address is not None and address.value is not None


def message_entries(channel: Node) -> dict[str, Node]:
    """The messages of a channel by the names that it gives them."""
    messages = channel.get("messages")
    return dict(messages.items()) if messages is not None else {}


def sockets_of(context: Context, parts: Sequence[Part]) -> list[Socket]:
    """The sockets that *parts* are on, in the order of their first channels."""
    placed: dict[str, tuple[str, list[Part]]] = {}
    for part in parts:
        if part.has_address:
            address = read_address(context, part.node)
            placed.setdefault(route(address), (address, []))[1].append(part)
    topics = [each for each in parts if not each.has_address]
    if topics:
        _place_topics(context, placed, topics)
    order = {part.node.origin: number for number, part in enumerate(parts)}
    sockets = [
        Socket(address, tuple(sorted(those, key=lambda each: order[each.node.origin])))
        for address, those in placed.values()
    ]
    sockets.sort(key=lambda each: order[each.node.origin])
    return [each for each in sockets if _is_used(context, each)]


def read_models(context: Context, channel: Node) -> None:
    """Have the models of a channel's messages, though nobody can say them there."""
    for entry in message_entries(channel).values():
        context.messages.message(entry)


def leave_out(context: Context, channel: Node) -> None:
    """Say of a channel without an address that nobody can connect to it."""
    read_models(context, channel)
    said = channel.get("address")
    place = channel.key_place if said is None else said.place
    sentence = f'channel "{channel.key}" has no address, and so can\'t be reached; {MODELS}'
    context.findings.warn("WP301", place, sentence)


def route(address: str) -> str:
    """*address* as a server tells it from others: the names of parameters don't matter."""
    return re.sub(r"\{[^}]*\}", "{}", address)


def socket_parameters(context: Context, socket: Socket) -> tuple[Parameter, ...]:
    """The parameters of the address, with the names that the first channel gives them."""
    addressed = [each.node for each in socket.parts if each.has_address]
    if not addressed:
        return context.servers.prefix(socket.node).parameters
    lists = [read_parameters(context, each, written_path(context, each)) for each in addressed]
    first, *others = lists
    for channel, other in zip(addressed[1:], others, strict=True):
        first = tuple(_united(context, channel, *pair) for pair in zip(first, other, strict=False))
    return first


def socket_credentials(context: Context, socket: Socket) -> tuple[Credential, ...]:
    """Where a token may stand when somebody connects: wherever one of the channels says."""
    first, *others = socket.parts
    for other in others:
        if other.credentials != first.credentials:
            sentence = f'channels "{first.node.key}" and "{other.node.key}" are one connection and ask for different credentials'
            context.fault("WP308", other.node.key_place, sentence)
    servers = tuple(dict.fromkeys(each for part in socket.parts for each in part.credentials))
    return _with_operations(context, socket, servers)


def _with_operations(
    context: Context, socket: Socket, servers: tuple[Credential, ...]
) -> tuple[Credential, ...]:
    """What is asked for when somebody connects: of *servers* that say nothing, what all operations agree upon."""
    operations = [each for part in socket.parts for each in part.operations]
    asked = [read_credentials(context, each) for each in operations]
    connection = servers
    if not servers and asked and len({places(each) for each in asked}) == 1:
        connection = distinct(each for some in asked for each in some)
        _check_browsers(context, socket.node, connection)
    for operation, own in zip(operations, asked, strict=True):
        if own and not (connection and places(connection) <= places(own)):
            sentence = f'operation "{operation.key}" asks for credentials that its connection does not ask for: nobody is asked for them'
            suggestion = "say it of the server, or of all operations of the channel"
            context.fault("WP308", operation.at(("security",)).key_place, sentence, suggestion)
    return connection


def _check_browsers(context: Context, channel: Node, credentials: tuple[Credential, ...]) -> None:
    """A browser sends no headers of its own with a handshake."""
    if credentials and all(each.where == "header" for each in credentials):
        names = " and ".join(f'"{each.scheme}"' for each in credentials)
        sentence = f'no browser can send {names}, which the operations of channel "{channel.key}" ask for: handshakes of pages have no headers of their own'
        suggestion = "offer a query parameter or a cookie beside it"
        context.findings.warn("WP802", channel.key_place, sentence, suggestion)


def _place_topics(
    context: Context, placed: dict[str, tuple[str, list[Part]]], topics: Sequence[Part]
) -> None:
    """Channels without an address: inside the only socket that there is, or all together at the server's own path."""
    if context.is_ours or len(placed) > 1:
        for part in topics:
            leave_out(context, part.node)
        return
    if not placed:
        path = context.servers.prefix(topics[0].node).path or "/"
        placed[route(path)] = path, []
    ((address, those),) = placed.values()
    where = "at the path of the server" if not those else f'on the connection to "{address}"'
    those.extend(topics)
    for part in topics:
        said = part.node.get("address")
        sentence = f'channel "{part.node.key}" has no address, and is read as a topic {where}'
        place = part.node.key_place if said is None else said.place
        context.findings.inform("WP301", place, sentence)


def _is_used(context: Context, socket: Socket) -> bool:
    """Whether anything is said there. If so, it is told which channels were read as one connection."""
    if not any(each.operations for each in socket.parts):
        for part in socket.parts:
            read_models(context, part.node)
        return False
    first, *others = [each.node for each in socket.parts if each.has_address] or [socket.node]
    for other in others:
        sentence = (
            f'channel "{other.key}" is at {socket.address}, and is one connection with channel "{first.key}"'
        )
        context.findings.inform("WP313", other.key_place, sentence)
    return True


def _united(context: Context, channel: Node, first: Parameter, other: Parameter) -> Parameter:
    """One parameter of two channels: what either lets stand there."""
    if (first.type, frozenset(first.enum)) != (other.type, frozenset(other.enum)):
        sentence = f'parameter "{other.name}" of channel "{channel.key}" allows other values than "{first.name}" at {first.place}, in the same place of the same address'
        context.fault("WP313", other.place, sentence)
    return replace(
        first,
        type=first.type if first.type == other.type else "string",
        enum=tuple(dict.fromkeys((*first.enum, *other.enum))) if first.enum and other.enum else (),
        description=first.description or other.description,
        examples=tuple(dict.fromkeys((*first.examples, *other.examples))),
    )
