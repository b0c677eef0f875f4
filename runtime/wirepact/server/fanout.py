"""Who is to be sent what: topics, the outlets that listen to them, and one write a peer for each loop tick.

What is published to a topic within one tick is joined once, for the topic, and goes to each peer in one write
at the end of the tick, so that nothing waits when traffic is low. Whatever must not be overtaken by, or
overtake, a publication asks for the topic to be flushed first.

The broker sees to it that what is kept of a topic comes to this node without a gap. A peer that comes back from where it was
listens through a `Seeker` until it has caught up with the topic (`Fanout.recover`), and by itself from then on.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from wirepact.broker import Broker, History, Position, Publication
from wirepact.core.recovery import Deliver, Follower, Lost, Read, Resumed, Step
from wirepact.lines import control_line
from wirepact.server.frames import Batch, Heard
from wirepact.server.outlet import Outlet

MOST_REPLAYED = 300
"""How many missed publications a peer is sent at most; whoever missed more loads anew (V15)."""

logger = logging.getLogger("wirepact.server")


Count: TypeAlias = Callable[[int], None]
"""Told how many publications were handed to peers."""


def _uncounted(_: str) -> Count:
    return lambda _: None


class Listener(Protocol):
    """Whatever is handed what was published to a topic."""

    @property
    def is_lined(self) -> bool:
        """Whether it is a peer that is to be told of positions."""

    def deliver(self, batch: Batch) -> None:
        """Take what was published."""

    def stop(self) -> None:
        """Take nothing any more."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a peer is that came back: all that it missed is known (`is_recovered`), or something is gone.

    What it is to be sent follows *position*; what it is sent after `missed` follows *top*.
    """

    position: Position
    is_recovered: bool
    missed: Batch
    top: Position


class Topic:
    """One topic as this node sees it: who listens, and what was published since the last flush.

    The lock guards the broker's side. Who waited for it learns from `is_over` that the topic ended meanwhile, and
    starts with a new one.
    """

    __slots__ = (
        *("audience", "delivered", "is_over", "is_subscribed", "lock"),
        *("name", "outlets", "pending", "position", "seekers"),
    )

    def __init__(self, name: str, audience: str, delivered: Count) -> None:
        self.name = name
        self.delivered = delivered
        self.audience = audience
        """What its peers call it (V11)."""
        self.outlets: dict[Listener, None] = {}
        self.seekers: dict[Listener, Seeker] = {}
        """Those that listen for an outlet until it has caught up."""
        self.pending: list[Heard] = []
        self.position: Position | None = None
        """Of the last publication that was heard and is kept, or before which there was none."""
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
        batch, self.pending = Batch(self.pending, self.audience), []
        for outlet in list(self.outlets):
            try:
                outlet.deliver(batch)
            except Exception:
                logger.exception("a peer could not be written to", extra={"fields": {"topic": self.name}})
                outlet.stop()
        self.delivered(len(batch.heard) * len(self.outlets) - batch.withheld)
        for seeker in list(self.seekers.values()):
            self.settle(seeker)

    def settle(self, seeker: "Seeker") -> None:
        """Let the outlet of *seeker* listen by itself, if both are at the same place."""
        is_there = seeker.place is not None and seeker.place == self.position
        if is_there and self.seekers.get(seeker.outlet) is seeker:
            del self.seekers[seeker.outlet], self.outlets[seeker]
            self.outlets[seeker.outlet] = None


class Fanout:
    """The topics of one node, each subscribed at the broker while somebody listens."""

    def __init__(self, broker: Broker, counting: Callable[[str], Count] = _uncounted) -> None:
        """*counting* gives what counts the deliveries of a topic."""
        self._broker = broker
        self._counting = counting
        self._topics: dict[str, Topic] = {}
        self._pending: list[Topic] = []
        self._leaving: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._topics)

    def deliver(self, publication: Publication, position: Position | None = None) -> None:
        """What the broker calls for each publication to a topic of this node."""
        topic = self._topics.get(publication.topic)
        if topic is None:
            return
        if not topic.pending:
            if not self._pending:
                asyncio.get_running_loop().call_soon(self._flush_pending)
            self._pending.append(topic)
        topic.pending.append((publication, position))
        if position is not None:
            topic.position = position

    def lose(self, name: str, position: Position) -> None:
        """What the broker calls when something is missing before *position*: peers that keep a position are told."""
        topic = self._topics.get(name)
        if topic is None:
            return
        topic.flush()
        topic.position = position
        logger.warning("publications are lost", extra={"fields": {"topic": name}})
        lost = Batch.of(position_line(topic.audience, position, is_recovered=False).encode())
        for outlet in list(topic.outlets):
            if isinstance(outlet, Seeker):
                if outlet.lose(position, lost):
                    topic.settle(outlet)
            elif outlet.is_lined:
                outlet.deliver(lost)

    async def join(self, name: str, outlet: Listener, audience: str = "") -> Position | None:
        """Deliver to *outlet* what is published to the topic after this has returned: what is kept follows the position.

        *audience* is what peers call the topic. There is no position where the broker keeps nothing.
        """
        while True:
            topic = self._topics.get(name)
            if topic is None:
                topic = self._topics[name] = Topic(name, audience, self._counting(name))
            if topic.is_subscribed:
                topic.flush()
                topic.outlets[outlet] = None
                return topic.position
            async with topic.lock:
                if topic.wants_subscription:
                    return await self._subscribe(topic, outlet)

    async def recover(self, name: str, outlet: Outlet, audience: str, since: Position) -> Found:
        """Deliver to *outlet* what follows what is found of the topic since *since*. It must not have joined.

        Raises `Unavailable` if the broker can't be asked; *outlet* is delivered nothing then.
        """
        seeker = Seeker(outlet, since)
        await self.join(name, seeker, audience)
        try:
            topic = self._topics[name]
            topic.seekers[outlet] = seeker
            while seeker.asks is not None:
                before = topic.position
                history = await self._broker.recover(name, seeker.asks.since, MOST_REPLAYED)
                seeker.read(history)
                topic.flush()
                seeker.compare(topic.position, before)
        except BaseException:
            self.leave([name], outlet)
            raise
        found = seeker.found(audience)
        topic.settle(seeker)
        return found

    def leave(self, names: Iterable[str], outlet: Listener) -> None:
        """Deliver to *outlet* nothing any more of these topics; the broker is told in the background."""
        for name in names:
            topic = self._topics.get(name)
            if topic is None:
                continue
            topic.flush()
            listener = topic.seekers.pop(outlet, outlet)
            if listener not in topic.outlets:
                continue
            del topic.outlets[listener]
            if not topic.outlets:
                self._forget(topic)

    def replace(self, name: str, listener: Listener, outlet: Listener) -> None:
        """Let *outlet* listen to a topic in place of *listener*, which has joined it and is handed what was published so far."""
        topic = self._topics[name]
        topic.flush()
        del topic.outlets[listener]
        topic.outlets[outlet] = None

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

    async def _subscribe(self, topic: Topic, outlet: Listener) -> Position:
        topic.outlets[outlet] = None
        try:
            position = await self._broker.subscribe(topic.name)
        except BaseException:
            topic.outlets.pop(outlet, None)
            self._forget(topic)
            raise
        topic.is_subscribed = True
        if topic.position is None:
            topic.position = position
        return position

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


class Seeker:
    """Listens to a topic for *outlet*, whose peer was at *since* once, until it has caught up.

    First it reads the history, as often as it takes. Then it may know more than the topic has heard: what comes is passed on
    without what the peer has already, until both are at the same place.
    """

    is_lined = True

    def __init__(self, outlet: Outlet, since: Position) -> None:
        self.outlet = outlet
        self.asks: Read | None = Read(since)
        """What is to be read from the history before it can go on."""
        self.place: Position | None = None
        """Up to where the peer has what is kept, once everything is read."""
        self._since = since
        self._follower = Follower.since(since)
        self._lost: Position | None = None
        self._missed: list[Heard] = []

    def deliver(self, batch: Batch) -> None:
        """Hear what is published now."""
        if self.place is None:
            for publication, position in batch.heard:
                self._take(self._follower.hear(publication, position))
        elif news := [each for each in batch.heard if self._is_news(each[1])]:
            self.outlet.deliver(Batch(news, batch.audience))

    def stop(self) -> None:
        """See `Outlet`."""
        self.outlet.stop()

    def read(self, history: History) -> None:
        """Take what was asked for."""
        self.asks = None
        self._take(self._follower.read(history))

    def compare(self, top: Position | None, before: Position | None) -> None:
        """See whether all is read, now that the topic is at *top*, and was at *before* when the history was asked.

        A topic that is still at another epoch than the history has not heard of the new one yet.
        """
        here = self._follower.position
        is_stale = before is not None and top is not None and top.epoch == before.epoch != here.epoch
        if self.asks is None and top is not None and not is_stale:
            self._take(self._follower.check(top))

    def found(self, audience: str) -> Found:
        """What was found. From now on what comes is passed on."""
        self.place = self._follower.position
        missed, self._missed = Batch(self._missed, audience, is_owed=True), []
        return Found(self._lost or self._since, self._lost is None, missed, self.place)

    def lose(self, position: Position, told: Batch) -> bool:
        """Act on the topic's having lost something before *position*. Whether the peer is at the topic's place now."""
        if self.place is None:
            return False  # the history will tell
        if position.epoch == self.place.epoch and position.offset <= self.place.offset:
            return position.offset == self.place.offset
        self.place = position
        self.outlet.deliver(told)
        return True

    def _is_news(self, position: Position | None) -> bool:
        if position is None:
            return True
        assert self.place is not None  # noqa: S101 - told to the type checker: what comes is passed on
        if position.epoch != self.place.epoch or position.offset <= self.place.offset:
            return False
        self.place = position
        return True

    def _take(self, steps: Sequence[Step]) -> None:
        for step in steps:
            match step:
                case Deliver(publication, position):
                    self._missed.append((publication, position))
                case Lost(position):
                    self._lost = position
                    self._missed = [each for each in self._missed if each[1] is None]
                case Read():
                    self.asks = step
                case Resumed():
                    pass


def position_line(audience: str, position: Position, *, is_recovered: bool | None = None) -> str:
    """The line that says where a peer is in what an audience is sent (V14, V16)."""
    return control_line(
        "position", audience=audience, epoch=position.epoch, offset=position.offset, recovered=is_recovered
    )
