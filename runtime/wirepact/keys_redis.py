"""What things are called in Redis, and what a message looks like there.

Keys, all of a topic in one slot of a cluster, `1` being the version of what they hold:

    <prefix>:1:{<topic>}          the channel of its live messages
    <prefix>:1:{<topic>}:m        hash: epoch, run id of the server, top, last of stream and latest, up to where latest are gone
    <prefix>:1:{<topic>}:s        stream: offset → message, until when, the offset before
    <prefix>:1:{<topic>}:l :o     hash: key → until when, version, message; sorted set: key by offset
    <prefix>:1:{<topic>}:r:<key>  the position that an idempotency key gave

A message is `1 <kind> <position or -> <=key, or nothing>`, a newline, and the payload. The kind is a letter for text or binary,
and what is done for a peer that is too slow for it.
"""

from urllib.parse import quote, unquote

from wirepact.broker import Kept, Position, Publication
from wirepact.descriptors import SlowConsumer

_KINDS: dict[tuple[bool, SlowConsumer], str] = {
    (False, "close"): "t",
    (True, "close"): "b",
    (False, "latest"): "l",
    (True, "latest"): "m",
    (False, "drop"): "d",
    (True, "drop"): "e",
}
_READ = {kind.encode(): meaning for meaning, kind in _KINDS.items()}


def channel_of(prefix: str, topic: str) -> str:
    """The channel of a topic's live messages, which its keys begin with."""
    return f"{prefix}:1:{{{topic}}}"


def written_kind(publication: Publication) -> str:
    """How a message says whether it is text or binary, and what a slow peer misses."""
    return _KINDS[publication.is_binary, publication.slow]


def written_key(publication: Publication) -> str:
    """How a message says its key."""
    return "" if publication.key is None else "=" + quote(publication.key, safe="")


def read_message(topic: str, data: bytes) -> tuple[Publication, Position | None]:
    """The publication that *data* is, and its position. Raises `ValueError` for anything else, and for another version."""
    head, newline, payload = data.partition(b"\n")
    version, kind, place, key = head.split(b" ")
    if version != b"1" or kind not in _READ or not newline:
        raise ValueError("not a message of this version")
    position = None if place == b"-" else Position.parse(place.decode())
    is_binary, slow = _READ[kind]
    name = unquote(key[1:].decode()) if key else None
    return Publication(topic, payload, is_binary, key=name, slow=slow), position


def keys(channel: str) -> tuple[str, ...]:
    """The keys of what is kept of the topic that has this channel, in the order in which the scripts want them."""
    return f"{channel}:m", f"{channel}:s", f"{channel}:l", f"{channel}:o"


def read_kept(topic: str, data: bytes) -> Kept:
    """The publication that *data* is, which must have a position. Raises `ValueError` as `read_message` does."""
    publication, position = read_message(topic, data)
    if position is None:
        raise ValueError("what is kept has a position")
    return Kept(position, publication)
