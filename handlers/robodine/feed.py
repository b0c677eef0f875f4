"""Takes what is reported: stores it, and then tells the topic's subscribers.

What is stored stays stored if nobody can be told; a topic that was told nothing for a while is told all that there is,
so that whoever missed something has it then.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager

from generated.robodine import channels
from generated.robodine.publisher import RobodinePublisher
from handlers.robodine import translation
from handlers.robodine.domain import STREAMS, Quiet, Record
from handlers.robodine.storage import Store

logger = logging.getLogger(__name__)


class Feed:
    """One way in for all that changes.

    Topics are told in the order in which their records were stored here: one change of a topic at a time.
    """

    def __init__(self, store: Store, publisher: RobodinePublisher, poll_interval: float) -> None:
        self._store = store
        self._publisher = publisher
        self._quiet = Quiet(poll_interval)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def records(self, topic: str) -> Sequence[Record]:
        """All that there is of *topic*."""
        return await self._store.records(topic)

    async def take(self, record: Record) -> None:
        """Store *record*, or remove it, and tell of it. Raises a `RobodineError`."""
        translation.check(record)
        async with self._turns[record.topic]:
            await self._store.put(record)
            await self._tell(record.topic, self._change(record))

    @asynccontextmanager
    async def refreshing(self) -> AsyncIterator[None]:
        """Topics that are quiet for too long are told all that there is, while the block lasts."""
        now = time.monotonic()
        for topic in translation.TOPICS:
            self._quiet.note(topic, now)
        polling = asyncio.create_task(self._poll())
        try:
            yield
        finally:
            polling.cancel()
            await asyncio.wait([polling])

    def _change(self, record: Record) -> Awaitable[None]:
        if record.topic in STREAMS:
            return self._publisher.happening(
                translation.happening(record.topic, [record]), topic=record.topic
            )
        return self._publisher.change(translation.state(record.topic, [record]), topic=record.topic)

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self._quiet.until_next(time.monotonic()))
            for topic in self._quiet.overdue(time.monotonic()):
                await self._refresh(topic)

    async def _refresh(self, topic: str) -> None:
        """Tell all of *topic*. Of several processes that do so at the same time one is enough."""
        turn = int(time.time() // self._quiet.interval)
        async with self._turns[topic]:
            try:
                message = translation.update(topic, await self._store.records(topic))
            except Exception:
                logger.exception("%s could not be read", topic)
                self._quiet.note(topic, time.monotonic())
                return
            publication = self._publisher.publish(
                channels.REFRESH,
                message,
                parameters={"topic": topic},
                idempotency_key=f"refresh {topic} {turn}",
            )
            await self._tell(topic, publication)

    async def _tell(self, topic: str, publication: Awaitable[None]) -> None:
        """Publish, and log what fails: whoever stored something is answered that it is stored."""
        self._quiet.note(topic, time.monotonic())
        try:
            await publication
        except Exception:
            logger.exception("something was stored and could not be pushed")
