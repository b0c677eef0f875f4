"""The topics that this process follows on Redis: subscribed while somebody listens, compared with their tops, mended."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from wirepact.broker import History, Position, Publication
from wirepact.core.recovery import Deliver, Follower, Lost, Read, Resumed, Step
from wirepact.errors import Unavailable
from wirepact.keys_redis import channel_of, read_message
from wirepact.link_redis import Backoff, Listening

logger = logging.getLogger("wirepact.broker")

COMPARED_AT_ONCE = 200


class Source(Protocol):
    """Where what was kept is asked for."""

    async def top(self, topic: str) -> Position:
        """The position of the last publication. Raises `Unavailable`."""

    async def recover(self, topic: str, since: Position, limit: int) -> History:
        """See `Broker`."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What comes of following: publications in order, and topics that lost their place. And what is counted on the way."""

    deliver: Callable[[Publication, Position | None], None]
    lost: Callable[[str, Position], None]
    counts: Counter[str]


class _Topic:
    """A topic as this process follows it. `early` is what is heard before it is known what that follows.

    The lock guards its beginning and its end. Who waited for it learns from `is_over` that the topic ended meanwhile, and starts
    with a new one: a late unsubscribe can't take a new subscription away.
    """

    __slots__ = ("channel", "early", "follower", "is_busy", "is_over", "listeners", "lock", "name", "reading")

    def __init__(self, name: str, channel: bytes) -> None:
        self.name = name
        self.channel = channel
        self.listeners = 0
        self.follower: Follower | None = None
        self.early: list[tuple[Publication, Position | None]] = []
        self.reading: asyncio.Task[None] | None = None
        self.lock = asyncio.Lock()
        self.is_busy = False
        """Whether anything that is kept was heard since the tops were compared."""
        self.is_over = False


class Following:
    """All of them."""

    def __init__(
        self,
        prefix: str,
        source: Source,
        followed: Followed,
        *,
        repair: int,
        backoff: Backoff,
        random: Random,
    ) -> None:
        self._prefix = prefix
        self._source = source
        self._followed = followed
        self._repair = repair
        self._backoff = backoff
        self._random = random
        self._topics: dict[str, _Topic] = {}
        self._by_channel: dict[bytes, _Topic] = {}

    def __len__(self) -> int:
        return len(self._topics)

    def __contains__(self, name: object) -> bool:
        return name in self._topics

    async def subscribe(self, name: str, listening: Listening) -> Position:
        """Follow the topic, or follow it once more. See `Broker`."""
        while True:
            topic = self._topics.get(name)
            if topic is None:
                topic = self._topics[name] = _Topic(name, channel_of(self._prefix, name).encode())
                self._by_channel[topic.channel] = topic
            async with topic.lock:
                if topic.is_over:
                    continue
                position = topic.follower.position if topic.follower else await self._begin(topic, listening)
                topic.listeners += 1
                return position

    async def unsubscribe(self, name: str, listening: Listening) -> None:
        """Follow it once less. See `Broker`."""
        topic = self._topics.get(name)
        if topic is None:
            return
        async with topic.lock:
            topic.listeners -= 1
            if topic.listeners <= 0 and not topic.is_over:
                await self._end(topic, listening)

    def hear(self, channel: bytes, data: bytes) -> None:
        """What to do about a message."""
        topic = self._by_channel.get(channel)
        if topic is None:
            return
        try:
            publication, position = read_message(topic.name, data)
        except ValueError:
            self._followed.counts["undecodable"] += 1
            return
        follower = topic.follower
        if follower is None:
            topic.early.append((publication, position))
        elif position is not None and follower.is_next(position):
            topic.is_busy = True
            self._deliver(topic, publication, position)
        else:
            self._do(topic, follower.hear(publication, position))

    async def compare_quiet(self) -> None:
        """Compare the tops of those of which nothing was heard since this was called last. Raises `Unavailable`."""
        quiet = [topic for topic in self._topics.values() if not topic.is_busy]
        for topic in self._topics.values():
            topic.is_busy = False
        await self._compare(quiet)

    async def catch_up(self) -> None:
        """Be where all of the topics are. Raises `Unavailable`."""
        await self._compare(list(self._topics.values()))
        while reading := [topic.reading for topic in self._topics.values() if topic.reading]:
            await asyncio.wait(reading)

    async def stop(self) -> None:
        """Follow nothing any more."""
        reading = [topic.reading for topic in self._topics.values() if topic.reading]
        self._topics.clear()
        self._by_channel.clear()
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)

    async def _begin(self, topic: _Topic, listening: Listening) -> Position:
        try:
            life = listening.life
            await listening.subscribe(topic.channel)
            position = await self._source.top(topic.name)
            if listening.life != life:
                raise Unavailable("redis", "the connection was lost")  # noqa: TRY301 it is to end like any failure
        except BaseException:
            await self._end(topic, listening)
            raise
        topic.follower = Follower.at(position)
        early, topic.early = topic.early, []
        for heard in early:
            self._do(topic, topic.follower.hear(*heard))
        return position

    async def _end(self, topic: _Topic, listening: Listening) -> None:
        topic.is_over = True
        if topic.reading is not None:
            topic.reading.cancel()
        try:
            await listening.unsubscribe(topic.channel)
        finally:
            self._topics.pop(topic.name, None)
            self._by_channel.pop(topic.channel, None)

    async def _compare(self, topics: Sequence[_Topic]) -> None:
        """See whether anything was published to these that was not heard."""
        for start in range(0, len(topics), COMPARED_AT_ONCE):
            some = topics[start : start + COMPARED_AT_ONCE]
            tops = await asyncio.gather(*(self._source.top(topic.name) for topic in some))
            for topic, top in zip(some, tops, strict=True):
                if topic.follower is not None and not topic.is_over:
                    self._do(topic, topic.follower.check(top))

    def _do(self, topic: _Topic, steps: Sequence[Step]) -> None:
        for step in steps:
            match step:
                case Deliver(publication, position):
                    self._deliver(topic, publication, position)
                case Read():
                    self._followed.counts["gaps"] += 1
                    topic.reading = asyncio.create_task(self._read(topic))
                case Resumed():
                    self._followed.counts["repaired"] += 1
                case Lost(position):
                    self._followed.counts["lost"] += 1
                    self._followed.lost(topic.name, position)

    async def _read(self, topic: _Topic) -> None:
        """Read the history for as long as it takes, and go on from there."""
        attempt = 0
        follower = topic.follower
        while follower is not None and not topic.is_over:
            try:
                history = await self._source.recover(topic.name, follower.position, self._repair)
            except Exception as error:
                if not isinstance(error, Unavailable):
                    logger.exception("a history could not be read", extra={"fields": {"topic": topic.name}})
                await asyncio.sleep(self._backoff.delay(attempt, self._random))
                attempt += 1
                continue
            topic.reading = None
            self._do(topic, follower.read(history))
            return

    def _deliver(self, topic: _Topic, publication: Publication, position: Position | None) -> None:
        try:
            self._followed.deliver(publication, position)
        except Exception:
            logger.exception("a publication could not be delivered", extra={"fields": {"topic": topic.name}})
