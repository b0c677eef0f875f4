"""The rules of Clinic."""

from datetime import timedelta
from itertools import pairwise

import pytest

from handlers.clinic.domain import (
    NewOrder,
    NoDepartment,
    NoWayBack,
    OrderStatus,
    UnknownJob,
    UnknownOrder,
    departments,
    newcomer,
    ordered,
    possible_job_id,
    possible_order_id,
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


def test_who_comes_is_news_once_and_who_goes_is(noon):
    hour = timedelta(hours=1)
    came = newcomer("2", "Ann", noon)
    gone = came.departed(noon + 2 * hour, noon + hour)
    back = gone.arrived("Anna", noon + 3 * hour)

    assert (came.is_online, came.arrived("Ann", noon)) == (True, None)
    assert (gone.is_online, gone.last_seen, gone.departed(noon)) == (False, noon + hour, None)
    assert (back.is_online, back.name) == (True, "Anna")
    assert came.revision < gone.revision < back.revision


def test_who_is_gone_without_a_word_was_seen_when_it_was_written_last(noon):
    assert newcomer("2", "Ann", noon).departed(noon + timedelta(hours=1)).last_seen == noon


def test_revisions_grow_even_if_clocks_do_not_and_even_if_it_is_begun_anew(noon):
    came = newcomer("2", "Ann", noon)

    assert came.departed(noon - timedelta(days=1)).revision == came.revision + 1
    assert newcomer("2", "Ann", noon + timedelta(seconds=1)).revision > came.departed(noon).revision


def test_who_has_no_name_keeps_the_one_before_or_is_called_by_the_id(noon):
    ann = newcomer("2", "Ann", noon).departed(noon).arrived("", noon)

    assert (ann.name, newcomer("4", "", noon).name) == ("Ann", "4")


@pytest.mark.parametrize("said", ["", "a b", "a\x00", "주문", "x" * 201, "a\n"])
def test_what_nothing_can_be_called_is_not_looked_for(said):
    with pytest.raises(UnknownOrder):
        possible_order_id(said)
    with pytest.raises(UnknownJob):
        possible_job_id(said)


def test_ids_are_those_of_the_document():
    assert possible_order_id("ORD-1_a.b") == "ORD-1_a.b"
    assert possible_job_id("0b9c7f2e:1/2~!") == "0b9c7f2e:1/2~!"
