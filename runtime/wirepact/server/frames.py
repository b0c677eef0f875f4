"""What goes to many peers is made once: WebSocket frames of RFC 6455, and publications joined into one write.

A frame from a server is not masked, so without an extension it is the same bytes for every peer, and several
of them can be written at once: the peer sees the same frames, closer together. A peer that speaks `wirepact.v1`
(docs/wire.md) gets the same publications as lines, several in a frame, those that can be recovered with their positions.
Whichever form nobody takes is not made.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from struct import pack
from typing import Any, Self, TypeAlias

from wirepact.broker import Position, Publication
from wirepact.lines import FRAME_BYTES, MOST_LINES, joined, positioned
from wirepact.messages import Message
from wirepact.server.sieve import Reading, Sieve

_FINAL_TEXT, _FINAL_BINARY = 0x81, 0x82
_SHORT, _MEDIUM = 126, 127

Heard: TypeAlias = tuple[Publication, Position | None]
"""A publication, and its position if it is kept."""

Event: TypeAlias = Mapping[str, Any]
"""An ASGI event."""


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
    """One or more publications for one audience, in order, in whichever form a peer's way out takes.

    *audience* is what a peer that speaks `wirepact.v1` calls it (V11). What one `is_owed` because it missed it takes no room in
    its queue, or it would be closed for being too slow, and come back for the same.
    """

    # Made when somebody is to hear a part, and a batch is made for each thing that is sent.
    _messages: Sequence[Message | None] | None = None
    _parts: "dict[tuple[int, ...], Batch] | None" = None

    withheld = 0
    """How often a publication of it did not pass somebody's sieve."""

    def __init__(self, heard: Sequence[Heard], audience: str = "", *, is_owed: bool = False) -> None:
        self.heard = heard
        self.is_owed = is_owed
        self.audience = audience

    @classmethod
    def of(cls, payload: bytes, *, is_binary: bool = False) -> Self:
        """One payload for one peer: a message, or in text any number of lines."""
        return cls([(Publication("", payload, is_binary), None)])

    def only(self, sieve: Sieve) -> "Batch | None":
        """What of it passes *sieve*: all, a part, or nothing.

        What is no message, because it is said by the runtime, passes; a message that can't be read does not.
        """
        if not self.heard or not self.heard[0][0].topic:
            return self
        messages = enumerate(self._read(sieve.reading))
        chosen = tuple(index for index, each in messages if each is not None and sieve.passes(each))
        if len(chosen) == len(self.heard):
            return self
        self.withheld += len(self.heard) - len(chosen)
        return self._part(chosen) if chosen else None

    def _part(self, chosen: tuple[int, ...]) -> "Batch":
        """The publications at these places, made once for all who are to have the same."""
        parts = self._parts = {} if self._parts is None else self._parts
        if chosen not in parts:
            parts[chosen] = Batch([self.heard[each] for each in chosen], self.audience, is_owed=self.is_owed)
        return parts[chosen]

    def _read(self, reading: Reading) -> Sequence[Message | None]:
        """The messages of the batch, read once: all who ask are at the same channel."""
        if self._messages is None:
            self._messages = [reading(publication) for publication, _ in self.heard]
        return self._messages

    @cached_property
    def frames(self) -> bytes:
        """A frame for each publication, as a legacy peer gets them."""
        return b"".join([frame(payload) for payload in self._payloads()])

    @cached_property
    def lined(self) -> bytes:
        """The frames of `wirepact.v1`: lines joined, with their tags."""
        return b"".join([frame(payload) for payload in self._joined()])

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What `frames` says as ASGI events, shared by all peers."""
        return tuple(map(_event, self._payloads()))

    @cached_property
    def lined_events(self) -> tuple[Event, ...]:
        """What `lined` says as ASGI events, shared by all peers."""
        return tuple(map(_event, self._joined()))

    @cached_property
    def singles(self) -> "Sequence[Batch]":
        """Each publication as a batch of its own, for a peer that may not want all of them."""
        return (
            [self]
            if len(self.heard) == 1
            else [Batch([each], self.audience, is_owed=self.is_owed) for each in self.heard]
        )

    @cached_property
    def may_wait(self) -> bool:
        """Whether all of it may wait for a peer that is behind, and must not be dropped."""
        return all(publication.slow == "close" for publication, _ in self.heard)

    def _payloads(self) -> Iterator[bytes]:
        for publication, _ in self.heard:
            yield Binary(publication.payload) if publication.is_binary else publication.payload

    def _joined(self) -> Iterator[bytes]:
        """The payloads of the frames: as many lines in each as V2 allows, and every binary message for itself (V4)."""
        lines: list[bytes] = []
        size = 0
        for publication, position in self.heard:
            payload = publication.payload
            if not publication.is_binary and position is not None:
                payload = positioned(payload, position.offset, self.audience)
            is_full = len(lines) == MOST_LINES or size + len(payload) >= FRAME_BYTES
            if lines and (is_full or publication.is_binary):
                yield joined(lines)
                lines, size = [], 0
            if publication.is_binary:
                yield Binary(payload)
            else:
                lines.append(payload)
                size += len(payload) + 1
        if lines:
            yield joined(lines)


def _event(payload: bytes) -> Event:
    if isinstance(payload, Binary):
        return {"type": "websocket.send", "bytes": payload}
    return {"type": "websocket.send", "text": payload.decode()}
