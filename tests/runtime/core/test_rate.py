"""The token bucket."""

from wirepact.core.rate import TokenBucket


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
