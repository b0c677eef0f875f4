"""What goes to many peers is made once: WebSocket frames of RFC 6455, and publications joined into one write.

A frame from a server is not masked, so without an extension it is the same bytes for every peer, and several
of them can be written at once: the peer sees the same frames, closer together.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from struct import pack
from typing import Any

_FINAL_TEXT, _FINAL_BINARY = 0x81, 0x82
_SHORT, _MEDIUM = 126, 127


class Binary(bytes):
    """A payload that goes out in a binary frame; any other is UTF-8 and goes out in a text frame."""

    __slots__ = ()


def frame(payload: bytes) -> bytes:
    """*payload* as one unmasked frame (section 5.2)."""
    first = _FINAL_BINARY if isinstance(payload, Binary) else _FINAL_TEXT
    length = len(payload)
    if length < _SHORT:
        return pack("!BB", first, length) + payload
    if length <= 0xFFFF:
        return pack("!BBH", first, _SHORT, length) + payload
    return pack("!BBQ", first, _MEDIUM, length) + payload


class Batch:
    """One or more payloads for one audience, in order, in whichever form a peer's way out takes."""

    def __init__(self, payloads: Sequence[bytes]) -> None:
        self._payloads = payloads
        self.frames = b"".join([frame(payload) for payload in payloads])
        self.size = len(self.frames)

    @cached_property
    def events(self) -> tuple[Mapping[str, Any], ...]:
        """The payloads as ASGI events, shared by all peers."""
        return tuple(map(_event, self._payloads))


def _event(payload: bytes) -> Mapping[str, Any]:
    if isinstance(payload, Binary):
        return {"type": "websocket.send", "bytes": payload}
    return {"type": "websocket.send", "text": payload.decode()}
