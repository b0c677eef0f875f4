"""What goes to many peers is made once: WebSocket frames of RFC 6455, and publications joined into one write.

A frame from a server is not masked, so without an extension it is the same bytes for every peer, and several
of them can be written at once: the peer sees the same frames, closer together.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from struct import pack
from typing import Any

_FINAL_TEXT = 0x81
_SHORT, _MEDIUM = 126, 127


def text_frame(payload: bytes) -> bytes:
    """*payload*, UTF-8, as one unmasked text frame (section 5.2)."""
    length = len(payload)
    if length < _SHORT:
        return pack("!BB", _FINAL_TEXT, length) + payload
    if length <= 0xFFFF:
        return pack("!BBH", _FINAL_TEXT, _SHORT, length) + payload
    return pack("!BBQ", _FINAL_TEXT, _MEDIUM, length) + payload


class Batch:
    """One or more payloads for one audience, in order, in whichever form a peer's way out takes."""

    def __init__(self, payloads: Sequence[bytes]) -> None:
        self._payloads = payloads
        self.frames = b"".join([text_frame(payload) for payload in payloads])
        self.size = len(self.frames)

    @cached_property
    def events(self) -> tuple[Mapping[str, Any], ...]:
        """The payloads as ASGI events, shared by all peers."""
        return tuple({"type": "websocket.send", "text": payload.decode()} for payload in self._payloads)
