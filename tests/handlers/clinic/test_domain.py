"""The rules of Clinic."""

from datetime import timedelta
from itertools import pairwise

import pytest

from handlers.clinic.domain import (
    NewOrder,
    NoDepartment,
    NoWayBack,
    OrderStatus,
    departments,
    ordered,
)

XRAY = NewOrder("ORD-1", "P-100", "radiology", "CHEST_XRAY")
WAY = [each for each in OrderStatus if each is not OrderStatus.CANCELLED]


@pytest.fixture
def order(noon):
    return ordered(XRAY, noon)


def test_an_order_begins_as_it_was_made(order, noon):
    assert (order.status, order.revision, order.created_at, order.updated_at) == (
        OrderStatus.ORDERED,
        1,
        noon,
        noon,
    )
    assert order.is_as(XRAY)
    assert not order.is_as(NewOrder("ORD-1", "P-101", "radiology", "CHEST_XRAY"))
    assert not order.is_told


def test_an_order_goes_its_way_step_by_step(order, noon):
    for before, after in pairwise(WAY):
        assert order.status is before
        order = order.changed(after, noon + timedelta(hours=1))

    assert (order.status, order.revision) == (OrderStatus.COMPLETED, len(WAY))
    assert (order.created_at, order.updated_at) == (noon, noon + timedelta(hours=1))


def test_steps_may_be_left_out(order, noon):
    assert order.changed(OrderStatus.COMPLETED, noon).revision == 2


@pytest.mark.parametrize("status", OrderStatus)
def test_the_same_again_changes_nothing(order, noon, status):
    there = order.changed(status, noon)

    assert there.changed(status, noon + timedelta(hours=1)) is there


@pytest.mark.parametrize(("before", "after"), [*pairwise(reversed(WAY)), (WAY[3], WAY[0])])
def test_there_is_no_way_back(order, noon, before, after):
    there = order.changed(before, noon)

    with pytest.raises(NoWayBack, match=f"is {before.value}, and can't be {after.value} any more"):
        there.changed(after, noon)


@pytest.mark.parametrize("status", WAY[:3])
def test_what_has_no_result_yet_can_be_cancelled(order, noon, status):
    assert order.changed(status, noon).changed(OrderStatus.CANCELLED, noon).status is OrderStatus.CANCELLED


@pytest.mark.parametrize("status", WAY[3:])
def test_what_has_a_result_can_not_be_cancelled(order, noon, status):
    with pytest.raises(NoWayBack):
        order.changed(status, noon).changed(OrderStatus.CANCELLED, noon)


@pytest.mark.parametrize("status", WAY)
def test_what_was_cancelled_stays_so(order, noon, status):
    cancelled = order.changed(OrderStatus.CANCELLED, noon)

    with pytest.raises(NoWayBack):
        cancelled.changed(status, noon)


@pytest.mark.parametrize(
    ("claimed", "seen"),
    [
        (["radiology"], {"radiology"}),
        (["radiology", "laboratory"], {"radiology", "laboratory"}),
        (["radiology", "*"], {"*"}),
    ],
)
def test_a_token_says_whose_orders_are_seen(claimed, seen):
    assert departments({"departments": claimed}) == seen


@pytest.mark.parametrize(
    "claims", [{}, *({"departments": each} for each in ([], "radiology", None, [1], {"a": 1}))]
)
def test_a_token_that_names_no_department_sees_no_orders(claims):
    with pytest.raises(NoDepartment):
        departments(claims)
