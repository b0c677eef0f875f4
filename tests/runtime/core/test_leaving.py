"""How many leave at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirepact.core.leaving import AT_ONCE, RATE, SHARE, STEP, leaving


@pytest.mark.parametrize("count", [0, 1, AT_ONCE])
def test_a_few_leave_together(count):
    assert leaving(count, 25).batch >= count


def test_many_leave_at_the_rate_that_the_others_can_take():
    plan = leaving(1000, 25)

    assert plan.batch == RATE * STEP
    assert plan.delay == 1000 / RATE


def test_more_than_fit_the_window_leave_faster():
    assert leaving(100_000, 25).batch == 100_000 / (25 * SHARE / STEP)


@given(st.integers(0, 1_000_000), st.floats(0.1, 3600))
def test_all_are_gone_within_their_share_of_the_window(count, window):
    plan = leaving(count, window)

    seconds = (count / plan.batch - 1) * STEP
    assert seconds <= max(window * SHARE, STEP)
    assert plan.delay >= 1
