"""The messages of a document's heartbeat (`x-heartbeat`), as they go over the wire."""

from typing import Any

from wirepact.core.pulse import Beat
from wirepact.descriptors import Channel
from wirepact.messages import Message
from wirepact.wire import encode


def beat_of(channel: Channel[Any, Any]) -> Beat | None:
    """What keeps a connection to *channel* alive, if its document says so."""
    said = channel.heartbeat
    return None if said is None else Beat(said.by, encode(said.ping()), said.interval, said.timeout)


def pong_to(channel: Channel[Any, Any]) -> tuple[type[Message], str | bytes] | None:
    """The message of the server that is to be answered, and the answer."""
    said = channel.heartbeat
    if said is None or said.by == "client" or said.pong is None:
        return None
    return said.ping, encode(said.pong())
