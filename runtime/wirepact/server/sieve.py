"""What of a channel one peer is to hear: filters of a service, over messages as they were published.

A publication is read once a node for all who have a sieve, and not at all where nobody has one.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from wirepact.broker import Publication
from wirepact.descriptors import Channel
from wirepact.errors import Refusal
from wirepact.messages import Message
from wirepact.wire import Decoder

Filter: TypeAlias = Callable[[Message], bool]
"""Whether a peer is to hear a message."""

Reading: TypeAlias = Callable[[Publication], Message | None]
"""Gives the message that was published, or `None` for what this server can't read."""

logger = logging.getLogger("wirepact.server")


class Sieve:
    """Lets through to one peer what all of its filters want; *reading* is that of its channel."""

    __slots__ = ("_filters", "reading")

    def __init__(self, reading: Reading, filters: Sequence[Filter]) -> None:
        self.reading = reading
        self._filters = filters

    def passes(self, message: Message) -> bool:
        """Whether the peer is to hear *message*."""
        return all(wants(message) for wants in self._filters)


def reading(channel: Channel[Any, Any]) -> Reading:
    """What reads publications of *channel*."""
    decoder: Decoder[Any] = Decoder(channel.sends)

    def read(publication: Publication) -> Message | None:
        payload = publication.payload
        try:
            message: Message = decoder.decode(payload if publication.is_binary else payload.decode())
        except Refusal as refusal:
            fields = {"topic": publication.topic, "error": refusal.code}
            logger.warning("unreadable, and kept from those who hear a part", extra={"fields": fields})
            return None
        return message

    return read
