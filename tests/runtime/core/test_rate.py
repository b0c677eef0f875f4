"""The token bucket."""

import pytest

from wirepact.core.rate import Door, Pace, TokenBucket


def test_a_burst_passes_at_once_and_no_more():
    bucket = TokenBucket(rate=2, burst=3)

    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]


def test_it_fills_up_with_time_and_not_over_the_brim():
    bucket = TokenBucket(rate=2, burst=3)
    for _ in range(3):
        bucket.take(100.0)

    assert not bucket.take(100.4)
    assert bucket.take(100.5)
    assert [bucket.take(1000.0) for _ in range(4)] == [True, True, True, False]


def test_a_clock_that_goes_back_gives_nothing_away():
    bucket = TokenBucket(rate=1, burst=1)
    bucket.take(100.0)

    assert not bucket.take(50.0)
    assert not bucket.take(50.5)
    assert bucket.take(51.0)


def test_a_door_lets_a_burst_in_and_tells_the_others_different_times():
    door = Door(rate=10, burst=3)

    delays = [door.knock(100.0) for _ in range(8)]

    assert delays[:3] == [0, 0, 0]
    assert delays[3:] == [pytest.approx(each / 10) for each in range(1, 6)]


def test_who_comes_when_they_were_told_is_let_in():
    door = Door(rate=8, burst=1)
    delays = [door.knock(0.0) for _ in range(20)]

    assert [door.knock(each) for each in delays[1:]] == [0] * 19


def test_a_door_tells_nobody_to_stay_away_for_ever():
    door = Door(rate=1, burst=1, longest=5)

    delays = [door.knock(0.0) for _ in range(100)]

    assert max(delays) == 5
    assert set(delays) == {0, 1, 2, 3, 4, 5}


def test_a_door_is_idle_when_it_has_forgotten_everyone():
    door = Door(rate=1, burst=2)
    assert door.is_idle(0)
    door.knock(0.0)

    assert not door.is_idle(0.5)
    assert door.is_idle(1.0)


def test_a_pace_is_as_fast_as_it_may_be_alone():
    pace = Pace(rate=2, burst=2)

    assert [pace.take(0.0) for _ in range(3)] == [True, True, False]
    assert pace.spent == 2
    assert pace.take(0.5)


def test_a_pace_waits_for_what_others_have_taken():
    pace = Pace(rate=2, burst=4)
    pace.take(0.0)
    pace.spent = 0

    pace.take(0.0)
    pace.settle(-1)

    assert not pace.take(0.5)
    assert not pace.take(1.4)
    assert pace.take(1.5)


def test_a_pace_is_never_raised_by_what_is_left_elsewhere():
    pace = Pace(rate=1, burst=3)
    for _ in range(3):
        pace.take(0.0)
    pace.spent = 0

    pace.settle(3)

    assert not pace.take(0.0)
