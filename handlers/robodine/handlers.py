"""Robodine's handlers: from messages to the feed and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from typing_extensions import override

from generated.robodine import messages
from generated.robodine.server import RobodineHandlers, TopicPeer
from handlers.robodine import translation
from handlers.robodine.domain import (
    InvalidRecord,
    RobodineError,
    UnknownRecord,
    UnknownTopic,
    record,
    removal,
)
from handlers.robodine.feed import Feed
from wirepact.errors import InvalidPayload, NotFound, Refusal
from wirepact.server import Caller, Visitor

_REFUSALS: Final[dict[type[RobodineError], type[Refusal]]] = {
    InvalidRecord: InvalidPayload,
    UnknownRecord: NotFound,
    UnknownTopic: NotFound,
}


class Robodine(RobodineHandlers):
    """Translates; decides nothing."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    @override
    async def admit_topic(self, visitor: Visitor, topic: str) -> None:
        """Everyone who got this far."""

    @override
    async def snapshot(self, peer: TopicPeer) -> translation.Update:
        """All records of the topic."""
        return translation.update(peer.topic, await self._feed.records(peer.topic))

    @override
    async def client_ping(self, peer: TopicPeer, message: messages.ClientPing) -> messages.ClientPong:
        """Give back what came."""
        return messages.ClientPong(topic=message.topic, data=message.data)

    @override
    async def put_record(self, caller: Caller, topic: str, id_: str, body: messages.Record) -> messages.Done:
        """Store a record and tell of it."""
        with _refusing():
            await self._feed.take(record(topic, id_, body.model_dump(mode="json")))
        return messages.Done(ok=True)

    @override
    async def delete_record(self, caller: Caller, topic: str, id_: str) -> messages.Done:
        """Remove a record and tell of it."""
        with _refusing():
            await self._feed.take(removal(topic, id_))
        return messages.Done(ok=True)


@contextmanager
def _refusing() -> Iterator[None]:
    """Say what the domain refuses in the runtime's words."""
    try:
        yield
    except RobodineError as error:
        raise _REFUSALS[type(error)](str(error)) from error
