"""Following a topic: some turns one by one, then the four invariants against whatever a broker and a network may do.

No gap, no duplicate, order, and never `Resumed` when something is missing.
"""

from collections import deque

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from wirepact.broker import History, Kept, Position, Publication
from wirepact.core.recovery import Deliver, Follower, Lost, Read, Resumed, is_sound


def at(offset, epoch="e"):
    return Position(epoch, offset)


def said(text):
    return Publication("t", str(text).encode())


def kept(*offsets, epoch="e"):
    return tuple(Kept(at(offset, epoch), said(offset)) for offset in offsets)


def brief(steps):
    """Steps in a form that is short to write down."""
    return [
        step.publication.payload.decode()
        if isinstance(step, Deliver)
        else (type(step).__name__, _place(step))
        for step in steps
    ]


def _place(step):
    return str(step.position if isinstance(step, Lost) else step.since)


def test_what_comes_in_turn_is_delivered():
    follower = Follower.at(at(5))

    assert brief(follower.hear(said(6), at(6))) == ["6"]
    assert brief(follower.hear(said("aside"), None)) == ["aside"]
    assert brief(follower.hear(said(7), at(7))) == ["7"]
    assert follower.position == at(7)


def test_the_short_way_says_the_same():
    follower = Follower.at(at(5))

    assert [follower.is_next(at(offset)) for offset in (6, 6, 7, 9)] == [True, False, True, False]
    assert not follower.is_next(at(8, "f"))
    assert follower.position == at(7)


def test_a_gap_is_read_once_and_what_is_heard_meanwhile_waits_its_turn():
    follower = Follower.at(at(5))

    assert brief(follower.hear(said(8), at(8))) == [("Read", "e.5")]
    assert follower.hear(said(9), at(9)) == ()
    steps = follower.read(History(at(8), is_complete=True, kept=kept(6, 7, 8)))

    assert brief(steps) == [("Resumed", "e.5"), "6", "7", "8", "9"]


def test_what_is_not_kept_keeps_its_place_between_what_is_read():
    follower = Follower.since(at(5))
    for publication, position in [
        (said("after 7"), None),
        (said(8), at(8)),
        (said("after 8"), None),
        (said(9), at(9)),
        (said("after 9"), None),
        (said(10), at(10)),
    ]:
        assert follower.hear(publication, position) == ()

    steps = follower.read(History(at(9), is_complete=True, kept=kept(6, 7, 8, 9)))

    assert brief(steps) == [
        ("Resumed", "e.5"), "6", "7", "after 7", "8", "after 8", "9", "after 9", "10",
    ]  # fmt: skip


def test_what_a_newer_value_replaced_is_not_missed():
    follower = Follower.since(at(5))

    steps = follower.read(History(at(9), is_complete=True, kept=kept(7, 9)))

    assert brief(steps) == [("Resumed", "e.5"), "7", "9"]
    assert follower.position == at(9)


def test_what_the_history_no_longer_reaches_is_lost():
    follower = Follower.at(at(5))
    follower.hear(said(8), at(8))
    follower.hear(said(9), at(9))

    steps = follower.read(History(at(8), is_complete=False))

    assert brief(steps) == [("Lost", "e.7"), "8", "9"]


def test_a_gap_behind_a_gap_is_read_too():
    follower = Follower.at(at(5))
    follower.hear(said(8), at(8))
    follower.hear(said(12), at(12))
    follower.hear(said(13), at(13))

    steps = follower.read(History(at(9), is_complete=True, kept=kept(6, 7, 8, 9)))
    again = follower.read(History(at(12), is_complete=True, kept=kept(10, 11, 12)))

    assert brief(steps) == [("Resumed", "e.5"), "6", "7", "8", "9", ("Read", "e.9")]
    assert brief(again) == [("Resumed", "e.9"), "10", "11", "12", "13"]


def test_a_new_epoch_is_a_loss_up_to_what_is_heard_of_it():
    follower = Follower.at(at(5))

    asked = follower.hear(said("third"), at(3, "f"))
    follower.hear(said("fourth"), at(4, "f"))
    steps = follower.read(History(at(4, "f"), is_complete=False))

    assert brief(asked) == [("Read", "e.5")]
    assert brief(steps) == [("Lost", "f.2"), "third", "fourth"]


def test_what_is_heard_late_of_an_epoch_that_is_over_is_dropped():
    follower = Follower.at(at(5))

    asked = follower.hear(said("late"), at(9, "d"))
    steps = follower.read(History(at(6), is_complete=True, kept=kept(6)))

    assert brief(asked) == [("Read", "e.5")]
    assert brief(steps) == [("Resumed", "e.5"), "6"]


def test_an_epoch_heard_of_while_the_history_was_read_may_be_newer():
    follower = Follower.at(at(5))
    follower.hear(said(8), at(8))

    follower.hear(said("new"), at(1, "f"))
    steps = follower.read(History(at(8), is_complete=True, kept=kept(6, 7, 8)))
    again = follower.read(History(at(1, "f"), is_complete=False))

    assert brief(steps) == [("Resumed", "e.5"), "6", "7", "8", ("Read", "e.8")]
    assert brief(again) == [("Lost", "f.0"), "new"]


def test_an_epoch_that_the_history_has_left_does_not_come_back():
    follower = Follower.at(at(5))

    asked = follower.check(at(0, "f"))
    steps = follower.read(History(at(0, "f"), is_complete=False))
    late = follower.hear(said("late"), at(6))
    late_steps = follower.read(History(at(0, "f"), is_complete=True))

    assert (brief(asked), brief(steps)) == ([("Read", "e.5")], [("Lost", "f.0")])
    assert (brief(late), brief(late_steps)) == ([("Read", "f.0")], [("Resumed", "f.0")])


@pytest.mark.parametrize("top", [at(5), at(4)])
def test_a_top_that_was_read_before_the_last_was_heard_says_nothing(top):
    assert Follower.at(at(5)).check(top) == ()


def test_a_top_further_on_means_that_something_was_not_heard():
    assert brief(Follower.at(at(5)).check(at(6))) == [("Read", "e.5")]


def test_too_many_who_wait_are_let_go_and_read_again():
    follower = Follower.at(at(0), capacity=3)
    follower.hear(said(2), at(2))
    for each in (said("a"), said("b")):
        follower.hear(each, None)
    follower.hear(said(3), at(3))

    steps = follower.read(History(at(1), is_complete=True, kept=kept(1)))

    assert brief(steps) == [("Resumed", "e.0"), "1", ("Read", "e.1")]
    assert follower.dropped == 2


@pytest.mark.parametrize(
    ("history", "sound"),
    [
        (History(at(7), is_complete=True, kept=kept(6, 7)), True),
        (History(at(7), is_complete=True, kept=kept(7)), True),
        (History(at(5), is_complete=True), True),
        (History(at(7), is_complete=False), False),
        (History(at(4), is_complete=True), False),
        (History(at(7, "f"), is_complete=True), False),
        (History(at(7), is_complete=True, kept=kept(7, 6)), False),
        (History(at(7), is_complete=True, kept=kept(5, 6, 7)), False),
        (History(at(6), is_complete=True, kept=kept(6, 7)), False),
        (History(at(7), is_complete=True, kept=kept(6, 7, epoch="f")), False),
    ],
)
def test_a_history_that_can_not_be_is_not_believed(history, sound):
    assert is_sound(history, at(5)) is sound


class Conversation(RuleBasedStateMachine):
    """A broker that may forget, a network that may drop, and a follower that has to be right all the same."""

    SIZE = 4

    @initialize(
        comes_back=st.booleans(),
        missed=st.integers(0, 6),
        capacity=st.sampled_from((2, 5, 1000)),
        is_garbage=st.booleans(),
    )
    def begin(self, comes_back, missed, capacity, is_garbage):
        self.epochs = 0
        self.epoch, self.offset, self.log = "e0", 0, []
        self.stream, self.latest, self.gone = deque(), {}, 0
        self.all: dict[str, list[tuple[int, str | None]]] = {"e0": []}
        self.wire: deque = deque()
        self.out: list[Position] = []
        self.asides: list[int] = []
        self.spoken = 0
        self.asked: Position | None = None
        self.tops: list[Position] = []
        self.capacity = capacity
        for _ in range(3):
            self.keep(None)
        here = Position(self.epoch, self.offset)
        for _ in range(missed):
            self.keep(None)
        self.wire.clear()
        if comes_back:
            since = Position("zz", 2) if is_garbage and missed == 0 else here
            self.follower = Follower.since(since, capacity)
            self.baseline = self.last = since
            self.asked = since
        else:
            top = Position(self.epoch, self.offset)
            self.follower = Follower.at(top, capacity)
            self.baseline = self.last = top

    # ── what the broker does ──

    @rule(key=st.sampled_from((None, None, "a", "b")))
    def keep(self, key):
        self.offset += 1
        entry = Kept(Position(self.epoch, self.offset), Publication("t", b"", key=key))
        self.all[self.epoch].append((self.offset, key))
        if key is None:
            self.stream.append(entry)
            if len(self.stream) > self.SIZE:
                self.gone = max(self.gone, self.stream.popleft().position.offset)
        else:
            self.latest[key] = entry
        self.wire.append((entry.publication, entry.position))

    @rule()
    def say_aside(self):
        self.spoken += 1
        self.wire.append((Publication("t", str(self.spoken).encode()), None))

    @rule()
    def forget_everything(self):
        self.epochs += 1
        self.epoch, self.offset, self.gone = f"e{self.epochs}", 0, 0
        self.stream, self.latest = deque(), {}
        self.all[self.epoch] = []

    @rule()
    def forget_the_latest(self):
        for entry in self.latest.values():
            self.gone = max(self.gone, entry.position.offset)
        self.latest = {}

    # ── what the network does ──

    @precondition(lambda self: self.wire)
    @rule()
    def arrive(self):
        self.take(self.follower.hear(*self.wire.popleft()))

    @precondition(lambda self: self.wire)
    @rule(count=st.integers(1, 4))
    def lose(self, count):
        for _ in range(min(count, len(self.wire))):
            self.wire.popleft()

    @precondition(lambda self: self.asked)
    @rule()
    def answer(self):
        since, self.asked = self.asked, None
        self.take(self.follower.read(self.history(since)))

    @rule()
    def look_at_the_top(self):
        self.tops.append(Position(self.epoch, self.offset))

    @precondition(lambda self: self.tops)
    @rule()
    def hear_of_the_top(self):
        self.take(self.follower.check(self.tops.pop(0)))

    def history(self, since):
        top = Position(self.epoch, self.offset)
        if since.epoch != self.epoch or not self.gone <= since.offset <= self.offset:
            return History(top, is_complete=False)
        entries = [*self.stream, *self.latest.values()]
        missed = sorted(
            (each for each in entries if each.position.offset > since.offset), key=lambda e: e[0].offset
        )
        return History(top, is_complete=True, kept=tuple(missed))

    # ── what must hold ──

    def take(self, steps):
        for step in steps:
            match step:
                case Read(since):
                    assert self.asked is None
                    assert since == self.last
                    self.asked = since
                case Resumed(since):
                    assert since == self.last, "resumed from somewhere else"
                case Lost(position):
                    self.baseline = self.last = position
                case Deliver(publication, None):
                    self.asides.append(int(publication.payload))
                case Deliver(_, position):
                    self.delivered(position)

    def delivered(self, position):
        assert position not in self.out, "a duplicate"
        assert position.epoch == self.last.epoch, "an epoch that nobody was told of"
        assert position.offset > self.last.offset, "out of order"
        between = range(self.last.offset + 1, position.offset)
        for offset, key in self.all[position.epoch]:
            assert offset not in between or self.is_replaced(position.epoch, offset, key), "a gap"
        self.out.append(position)
        self.last = position

    def is_replaced(self, epoch, offset, key):
        return key is not None and any(other == key and later > offset for later, other in self.all[epoch])

    @invariant()
    def asides_keep_their_order(self):
        if hasattr(self, "asides"):
            assert self.asides == sorted(set(self.asides))

    def teardown(self):
        """In the end, when the network is quiet and the top was looked at, everything has arrived."""
        if not hasattr(self, "follower"):
            return
        while self.wire:
            self.arrive()
            if self.asked and len(self.wire) % 2:
                self.answer()
        for _ in range(10):
            if self.asked:
                self.answer()
            self.take(self.follower.check(Position(self.epoch, self.offset)))
        assert self.asked is None
        assert self.follower.position == Position(self.epoch, self.offset)
        assert self.baseline.epoch == self.epoch
        arrived = {each.offset for each in self.out if each.epoch == self.epoch}
        for offset, key in self.all[self.epoch]:
            if offset > self.baseline.offset and not self.is_replaced(self.epoch, offset, key):
                assert offset in arrived, "something is missing and nobody was told"


TestConversation = Conversation.TestCase
TestConversation.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
