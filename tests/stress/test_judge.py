"""The judge of the stress runner notices what it is there for."""

import pytest

from tests.stress.__main__ import LAST, Listener, faults_of

LANE, PART = "lane 1", "part 1 p0"


@pytest.mark.parametrize(
    ("heard", "faults"),
    [
        ([1, 2, 3], []),
        ([], []),
        ([1, 3], ["3 follows 1"]),
        ([1, 2, 2], ["2 follows 2"]),
        ([1, 3, 2], ["3 follows 1", "2 follows 3"]),
        ([2, 3], ["2 follows 0"]),
        ([1, None, 5, 6], []),
        ([None, 5, 6], []),
        ([1, 2, None, 2, 3], []),
        ([1, 2, None, 1, 2], ["1 comes back after 2"]),
        ([1, None, 5, 7], ["7 follows 5"]),
    ],
)
def test_gaps_duplicates_and_wrong_orders_are_faults(heard, faults):
    assert faults_of(heard) == faults


def listener(**heard):
    listener = Listener(1, "p0")
    listener.heard = {LANE: [*range(1, 11)], PART: [*range(1, 11)]} | heard
    return listener


def test_a_client_that_heard_everything_is_fine():
    assert listener().faults({LANE: 10, PART: 10, "lane 2": 10, "part 1 p1": 10}) == []


def test_whoever_does_not_hear_the_last_ones_is_noticed_even_if_told_that_something_is_missing():
    short = listener(**{LANE: [1, 2, None]})

    assert short.faults({LANE: 10, PART: 10}) == [f"{LANE}: the end is [1, 2], not up to 10"]
    assert LAST == 5


def test_what_is_not_for_a_client_must_not_come_to_it():
    strange = listener(**{"lane 2": [1]})

    assert strange.faults({LANE: 10, PART: 10, "lane 2": 1}) == ["lane 2: not for it, and heard"]
