"""The broker of a single process: publications go straight to its node, in the order of the calls.

What is kept is kept in memory and ends with the process, and with it the epochs, so that nobody is told that nothing
is missing. `Window` is what one topic keeps.
"""

import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from wirepact.broker import Broker, Health, History, Keep, Kept, Position, Publication, new_epoch
from wirepact.nodes import NodeMessage
from wirepact.presence_memory import MemoryPresence
from wirepact.tallies_memory import MemoryTallies

IDEMPOTENCY_SECONDS = 300.0
FORGET_SECONDS = 86_400.0
"""After how long a topic that nobody published to or listens to is forgotten, its position with it."""

Clock = Callable[[], float]


class _Value(NamedTuple):
    """A publication that is kept, and until when."""

    kept: Kept
    until: float


class Window:
    """What one topic keeps: its stream, the latest of each key, and up to where something is gone of either."""

    __slots__ = ("_gone", "_latest", "_stream", "epoch", "offset", "until")

    def __init__(self) -> None:
        self.epoch = new_epoch()
        self.offset = 0
        self.until = 0.0
        """When it may be forgotten."""
        self._stream: deque[_Value] = deque()
        self._latest: OrderedDict[str | None, _Value] = OrderedDict()
        self._gone = 0

    @property
    def top(self) -> Position:
        """The position of the last publication."""
        return Position(self.epoch, self.offset)

    def standing(self, publication: Publication, now: float) -> Position | None:
        """The position of the value that *publication* is no newer than, if there is one."""
        value = self._latest.get(publication.key)
        if publication.version is None or value is None or value.until <= now:
            return None
        version = value.kept.publication.version
        return value.kept.position if version is not None and version >= publication.version else None

    def add(self, publication: Publication, keep: Keep, now: float) -> Position:
        """Keep *publication* as the next one."""
        self.offset += 1
        value = _Value(Kept(self.top, publication), now + keep.age)
        if keep.mode == "latest":
            self._latest.pop(publication.key, None)
            self._latest[publication.key] = value
        else:
            self._stream.append(value)
            while len(self._stream) > keep.size:
                self._forget(self._stream.popleft())
        self._expire(now)
        return value.kept.position

    def since(self, position: Position, limit: int, now: float) -> History:
        """What was kept since *position*."""
        self._expire(now)
        missed = sorted(self._after(position.offset), key=lambda value: value.kept.position.offset)
        is_complete = (
            position.epoch == self.epoch
            and self._gone <= position.offset <= self.offset
            and len(missed) <= limit
            and all(value.until > now for value in missed)
        )
        return History(self.top, is_complete, tuple(value.kept for value in missed) if is_complete else ())

    def _after(self, offset: int) -> Iterator[_Value]:
        for values in (reversed(self._stream), reversed(self._latest.values())):
            for value in values:
                if value.kept.position.offset <= offset:
                    break
                yield value

    def _expire(self, now: float) -> None:
        while self._stream and self._stream[0].until <= now:
            self._forget(self._stream.popleft())
        while self._latest and (value := next(iter(self._latest.values()))).until <= now:
            self._latest.popitem(last=False)
            self._forget(value)

    def _forget(self, value: _Value) -> None:
        self._gone = max(self._gone, value.kept.position.offset)


class MemoryBroker(Broker):
    """Carries publications within one process, and no other process hears of them."""

    is_shared = False

    def __init__(
        self,
        *,
        clock: Clock = time.monotonic,
        idempotency: float = IDEMPOTENCY_SECONDS,
        forget: float = FORGET_SECONDS,
    ) -> None:
        super().__init__(MemoryPresence(clock=clock), MemoryTallies(clock=clock))
        self._clock = clock
        self._idempotency = idempotency
        self._forget = forget
        self._topics: Counter[str] = Counter()
        self._windows: OrderedDict[str, Window] = OrderedDict()
        self._results: OrderedDict[tuple[str, str], tuple[float, Position | None]] = OrderedDict()

    async def subscribe(self, topic: str) -> Position:
        """See `Broker`."""
        self._topics[topic] += 1
        return self._window(topic, 0, self._clock()).top

    async def unsubscribe(self, topic: str) -> None:
        """See `Broker`."""
        if self._topics[topic] > 1:
            self._topics[topic] -= 1
        else:
            del self._topics[topic]

    async def publish(self, publication: Publication) -> Position | None:
        """See `Broker`."""
        if publication.keep is not None or publication.idempotency_key is not None:
            return self._publish(publication)
        if publication.topic in self._topics:
            self._deliver(publication, None)
        return None

    async def recover(self, topic: str, since: Position, limit: int = 300) -> History:
        """See `Broker`."""
        now = self._clock()
        return self._window(topic, 0, now).since(since, limit, now)

    async def tell(self, message: NodeMessage) -> None:
        """See `Broker`."""
        self._told(message)

    def health(self) -> Health:
        """See `Broker`: there is nothing between us."""
        return Health(is_connected=True, is_deaf=False, silence=0, lag=0)

    async def _stopped(self) -> None:
        self._topics.clear()

    def _publish(self, publication: Publication) -> Position | None:
        now = self._clock()
        if publication.idempotency_key is None:
            return self._take(publication, now)
        known = (publication.topic, publication.idempotency_key)
        while self._results and next(iter(self._results.values()))[0] <= now:
            self._results.popitem(last=False)
        if (result := self._results.get(known)) is None:
            result = self._results[known] = now + self._idempotency, self._take(publication, now)
        return result[1]

    def _take(self, publication: Publication, now: float) -> Position | None:
        position = None
        if (keep := publication.keep) is not None:
            window = self._window(publication.topic, keep.age, now)
            if keep.mode == "latest" and (standing := window.standing(publication, now)) is not None:
                return standing
            position = window.add(publication, keep, now)
        if publication.topic in self._topics:
            self._deliver(publication, position)
        return position

    def _window(self, topic: str, age: float, now: float) -> Window:
        window = self._windows.get(topic)
        if window is None:
            self._sweep(now)
            window = self._windows[topic] = Window()
        self._windows.move_to_end(topic)
        window.until = max(window.until, now + max(self._forget, age))
        return window

    def _sweep(self, now: float) -> None:
        """Forget what was left longest ago, now that there is something new."""
        while self._windows:
            topic, window = next(iter(self._windows.items()))
            if topic in self._topics:
                window.until = now + self._forget
                self._windows.move_to_end(topic)
            if window.until > now:
                return
            del self._windows[topic]
