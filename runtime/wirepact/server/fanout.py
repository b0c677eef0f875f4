"""Who is to be sent what: topics, the outlets that listen to them, and one write a peer for each loop tick.

What is published to a topic within one tick is joined once, for the topic, and goes to each peer in one write
at the end of the tick, so that nothing waits when traffic is low. Whatever must not be overtaken by, or
overtake, a publication asks for the topic to be flushed first.
"""

import asyncio
import logging
from collections.abc import Iterable

from wirepact.broker import Broker, Position, Publication
from wirepact.server.frames import Batch, Binary
from wirepact.server.outlet import Outlet

logger = logging.getLogger("wirepact.server")


class Topic:
    """One topic as this node sees it: who listens, and what was published since the last flush.

    The lock guards the broker's side. Who waited for it learns from `is_over` that the topic ended meanwhile, and
    starts with a new one.
    """

    __slots__ = ("is_over", "is_subscribed", "lock", "name", "outlets", "pending")

    def __init__(self, name: str) -> None:
        self.name = name
        self.outlets: dict[Outlet, None] = {}
        self.pending: list[bytes] = []
        self.lock = asyncio.Lock()
        self.is_subscribed = False
        self.is_over = False

    @property
    def wants_subscription(self) -> bool:
        """Whether the broker is yet to be asked for it."""
        return not self.is_subscribed and not self.is_over

    def flush(self) -> None:
        """Hand what was published to everyone who listens."""
        if not self.pending:
            return
        batch, self.pending = Batch(self.pending), []
        for outlet in list(self.outlets):
            try:
                outlet.deliver(batch)
            except Exception:
                logger.exception("a peer could not be written to", extra={"fields": {"topic": self.name}})
                outlet.stop()


class Fanout:
    """The topics of one node, each subscribed at the broker while somebody listens."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._topics: dict[str, Topic] = {}
        self._pending: list[Topic] = []
        self._leaving: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._topics)

    def deliver(self, publication: Publication, _position: Position | None = None) -> None:
        """What the broker calls for each publication to a topic of this node."""
        topic = self._topics.get(publication.topic)
        if topic is None:
            return
        if not topic.pending:
            if not self._pending:
                asyncio.get_running_loop().call_soon(self._flush_pending)
            self._pending.append(topic)
        payload = publication.payload
        topic.pending.append(Binary(payload) if publication.is_binary else payload)

    async def join(self, name: str, outlet: Outlet) -> None:
        """Deliver to *outlet* what is published to the topic after this has returned."""
        while True:
            topic = self._topics.get(name)
            if topic is None:
                topic = self._topics[name] = Topic(name)
            if topic.is_subscribed:
                topic.flush()
                topic.outlets[outlet] = None
                return
            async with topic.lock:
                if topic.wants_subscription:
                    await self._subscribe(topic, outlet)
                    return

    def leave(self, names: Iterable[str], outlet: Outlet) -> None:
        """Deliver to *outlet* nothing any more of these topics; the broker is told in the background."""
        for name in names:
            topic = self._topics.get(name)
            if topic is None or outlet not in topic.outlets:
                continue
            topic.flush()
            del topic.outlets[outlet]
            if not topic.outlets:
                self._forget(topic)

    def flush(self, names: Iterable[str]) -> None:
        """Hand on what was published to these topics, before something else is sent."""
        if self._pending:
            for name in names:
                if (topic := self._topics.get(name)) is not None:
                    topic.flush()

    async def settled(self) -> None:
        """Wait until the broker knows what was left."""
        while self._leaving:
            await asyncio.wait(self._leaving)

    async def _subscribe(self, topic: Topic, outlet: Outlet) -> None:
        topic.outlets[outlet] = None
        try:
            await self._broker.subscribe(topic.name)
        except BaseException:
            topic.outlets.pop(outlet, None)
            self._forget(topic)
            raise
        topic.is_subscribed = True

    def _forget(self, topic: Topic) -> None:
        task = asyncio.create_task(self._unsubscribe(topic))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _unsubscribe(self, topic: Topic) -> None:
        """Unsubscribe, unless somebody came back while this waited for its turn.

        Until the broker is done the topic stays, and newcomers wait for its lock: a late unsubscribe can't
        take a new subscription away.
        """
        async with topic.lock:
            if topic.outlets or topic.is_over:
                return
            topic.is_subscribed = False
            try:
                await self._broker.unsubscribe(topic.name)
            except Exception:
                logger.exception("could not unsubscribe", extra={"fields": {"topic": topic.name}})
            topic.is_over = True
            del self._topics[topic.name]

    def _flush_pending(self) -> None:
        topics, self._pending = self._pending, []
        for topic in topics:
            topic.flush()
