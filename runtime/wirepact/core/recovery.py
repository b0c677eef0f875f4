"""Following a topic without a gap, a duplicate or a wrong order: what is heard live and what is read from the history.

A `Follower` is told what was heard (`hear`), where the topic's top is (`check`) and what the history holds (`read`), and
says what to do, step by step. It serves a node, which follows each of its topics from where it subscribed, and a
connection, which comes back from where it was: reading is the same thing for both.

    following ──gap, other epoch, behind the top──▶ reading: what is heard waits
        ▲                                    │
        └── Resumed, what was missed, ───────┤ the history is complete
            what waited                      │
        └── Lost, what waited ───────────────┘ it is not, or the epoch is over

`Resumed` is said only if nothing is missing between where the follower was and what it delivers next.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self, TypeAlias

from wirepact.broker import History, Kept, Position, Publication
from wirepact.core.place import Place, Verdict

CAPACITY = 10_000
"""How many publications wait while the history is read. Beyond, those that are kept are read again, the others lost."""


@dataclass(frozen=True, slots=True)
class Deliver:
    """Hand it on, with its position if it is kept."""

    publication: Publication
    position: Position | None


@dataclass(frozen=True, slots=True)
class Read:
    """Read, from now on, what was kept since there, and give it to `read`. Nothing else is asked for until then.

    What was read before this was asked for won't do: it may be older than what was heard.
    """

    since: Position


@dataclass(frozen=True, slots=True)
class Resumed:
    """Nothing is missing since there: what comes next follows it."""

    since: Position


@dataclass(frozen=True, slots=True)
class Lost:
    """Something is missing. What comes next follows *position*."""

    position: Position


Step: TypeAlias = Deliver | Read | Resumed | Lost
Heard: TypeAlias = tuple[Publication, Position | None]


class Follower:
    """One listener's way through one topic. Make one with `at` or `since`."""

    __slots__ = ("_before", "_capacity", "_is_reading", "_place", "_waiting", "dropped")

    def __init__(self, position: Position, *, is_reading: bool, capacity: int) -> None:
        self._place = Place(position)
        self._is_reading = is_reading
        self._waiting: list[Heard] = []
        self._before = 0  # how many of them were heard before the history was asked for
        self._capacity = capacity
        self.dropped = 0
        """How many publications that are not kept were lost because too many waited."""

    @classmethod
    def at(cls, position: Position, capacity: int = CAPACITY) -> Self:
        """Someone who hears what follows *position*."""
        return cls(position, is_reading=False, capacity=capacity)

    @classmethod
    def since(cls, position: Position, capacity: int = CAPACITY) -> Self:
        """Someone who was at *position* once, and hears what is published now. Begin with `Read(position)`."""
        return cls(position, is_reading=True, capacity=capacity)

    @property
    def position(self) -> Position:
        """What was delivered last, or was lost."""
        return self._place.position

    @property
    def is_reading(self) -> bool:
        """Whether `read` is being waited for."""
        return self._is_reading

    def is_next(self, position: Position) -> bool:
        """Whether *position* is just to be delivered, which moves on: `hear` for the most frequent case, without steps."""
        place = self._place
        if self._is_reading or position.offset != place.offset + 1 or position.epoch != place.epoch:
            return False
        place.offset = position.offset
        return True

    def hear(self, publication: Publication, position: Position | None) -> Sequence[Step]:
        """What to do about a publication."""
        if self._is_reading:
            self._wait(publication, position)
            return ()
        if position is None:
            return (Deliver(publication, None),)
        match self._place.judge(position):
            case Verdict.DELIVER:
                return (Deliver(publication, position),)
            case Verdict.DUPLICATE:
                return ()
            case Verdict.GAP | Verdict.NEW_EPOCH:
                self._wait(publication, position)
                return self._begin_reading()

    def check(self, top: Position) -> Sequence[Step]:
        """What to do about a *top* that was read while nothing was heard."""
        here = self._place
        if self._is_reading or (top.epoch == here.epoch and top.offset <= here.offset):
            return ()
        return self._begin_reading()

    def read(self, history: History) -> Sequence[Step]:
        """What to do about the history since `position`."""
        since, top = self.position, history.top
        waiting = [each for each in self._waiting[: self._before] if not _is_stale(each, top)]
        waiting += self._waiting[self._before :]
        self._waiting, self._is_reading = [], False
        known = _known(waiting, top)
        if is_sound(history, since):
            steps: list[Step] = [Resumed(since), *_merged(history.kept, waiting[:known], top)]
        else:
            steps = list(_what_is_left(waiting[:known], since, top))
        self._place.move(top)
        for publication, position in waiting[known:]:
            steps.extend(self.hear(publication, position))
        self._before = len(self._waiting)
        return steps

    def _begin_reading(self) -> Sequence[Step]:
        self._is_reading = True
        self._before = len(self._waiting)
        return (Read(self.position),)

    def _wait(self, publication: Publication, position: Position | None) -> None:
        if len(self._waiting) >= self._capacity:
            self.dropped += sum(each is None for _, each in self._waiting)
            self._waiting.clear()
            self._before = 0
        self._waiting.append((publication, position))


def is_sound(history: History, since: Position) -> bool:
    """Whether *history* takes someone from *since* to its top, whoever says so."""
    offsets = [since.offset, *(each.position.offset for each in history.kept)]
    return (
        history.is_complete
        and history.top.epoch == since.epoch
        and all(each.position.epoch == since.epoch for each in history.kept)
        and all(one < next_one for one, next_one in pairwise(offsets))
        and offsets[-1] <= history.top.offset
    )


def _is_stale(heard: Heard, top: Position) -> bool:
    """Whether it was heard before *top* was read, and is of an epoch that was over by then."""
    return heard[1] is not None and heard[1].epoch != top.epoch


def _is_known(position: Position | None, top: Position) -> bool:
    return position is not None and position.epoch == top.epoch and position.offset <= top.offset


def _known(waiting: Sequence[Heard], top: Position) -> int:
    """How many of those who waited came before the history was read, as far as positions tell."""
    for count in range(len(waiting), 0, -1):
        if _is_known(waiting[count - 1][1], top):
            return count
    return 0


def _merged(missed: Sequence[Kept], heard: Sequence[Heard], top: Position) -> Iterator[Step]:
    """What was missed in its order, and between it what was heard and is not kept."""
    rest = deque(missed)
    passing: list[Publication] = []
    for publication, position in heard:
        if position is None:
            passing.append(publication)
        elif _is_known(position, top):
            while rest and rest[0].position.offset < position.offset:
                yield _delivered(rest.popleft())
            yield from (Deliver(each, None) for each in passing)
            passing.clear()
    yield from (_delivered(each) for each in rest)


def _delivered(kept: Kept) -> Deliver:
    return Deliver(kept.publication, kept.position)


def _what_is_left(heard: Sequence[Heard], since: Position, top: Position) -> Iterator[Step]:
    """What can still be delivered when something is missing: what was heard without a gap up to the top."""
    ours = [each for each in heard if each[1] is None or _is_known(each[1], top)]
    start, wanted = len(ours), top.offset
    for index in range(len(ours) - 1, -1, -1):
        position = ours[index][1]
        if position is None:
            continue
        if position.offset != wanted or (position.epoch == since.epoch and position.offset <= since.offset):
            break
        start, wanted = index, wanted - 1
    yield from (Deliver(publication, None) for publication, position in ours[:start] if position is None)
    yield Lost(Position(top.epoch, wanted))
    yield from (Deliver(publication, position) for publication, position in ours[start:])
