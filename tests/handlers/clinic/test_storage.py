"""What is kept, and what of it is news."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.clinic.domain import (
    ChangeKind,
    Feed,
    JobState,
    JobStatus,
    NewOrder,
    NoWayBack,
    OrderStatus,
    OtherOrder,
    PermissionChange,
    UnknownJob,
    UnknownOrder,
)
from wirepact.presence import Member

XRAY = NewOrder("ORD-1", "P-100", "radiology", "CHEST_XRAY")
ANN = Member("2", "Ann")


class There:
    """Whether somebody is there, as the test has it."""

    def __init__(self, is_there=True):
        self.is_there = is_there

    async def __call__(self):
        return self.is_there


# Inference jobs.


@pytest.fixture
def done(noon):
    return JobState("job-1", JobStatus.COMPLETED, noon, {"label": "normal\x00", "n": [1, None]})


async def test_what_is_said_of_a_job_is_kept_as_it_was_said_first(store, done, noon):
    first = await store.keep_job_state(done)
    again = await store.keep_job_state(replace(done, result={}, at=noon + timedelta(hours=1)))

    assert first.said == again.said == done
    assert (first.id, first.is_told) == (again.id, again.is_told)


async def test_what_was_told_is_told(store, done):
    kept = await store.keep_job_state(done)
    before = (await store.keep_job_state(done)).is_told
    await store.job_state_told(kept.id)

    assert (before, (await store.keep_job_state(done)).is_told) == (False, True)


async def test_a_job_is_as_it_was_said_last(store, done, noon):
    failed = JobState("job-1", JobStatus.FAILED, noon, error="out of memory")
    await store.keep_job_state(done)
    await store.keep_job_state(failed)

    assert await store.job("job-1") == failed
    with pytest.raises(UnknownJob):
        await store.job("job-2")


async def test_callbacks_that_come_at_once_are_kept_once(store, done):
    kept = await asyncio.gather(*(store.keep_job_state(done) for _ in range(8)))

    assert len({each.id for each in kept}) == 1


# Permissions.


async def test_an_event_is_kept_once_a_feed(store, noon):
    change = PermissionChange("evt-1", ChangeKind.ROLE, "2", "DOCTOR", noon, "RESIDENT")
    first = await store.keep_change(Feed.EVERYBODY, change)
    await store.change_told(first.id)
    again = await store.keep_change(Feed.EVERYBODY, replace(change, name="NURSE"))
    other = await store.keep_change(Feed.USER, change)

    assert (again.id, again.said, again.is_told) == (first.id, change, True)
    assert (other.id != first.id, other.is_told) == (True, False)


# Orders.


async def test_an_order_is_kept_once(store, noon):
    first = await store.add_order(XRAY, noon)
    again = await store.add_order(XRAY, noon + timedelta(hours=1))

    assert first == again
    with pytest.raises(OtherOrder, match="there is another order ORD-1 already"):
        await store.add_order(replace(XRAY, patient_id="P-101"), noon)


async def test_a_change_of_an_order_is_kept(store, noon):
    await store.add_order(XRAY, noon)
    changed = await store.change_order("ORD-1", OrderStatus.RESULT_READY, noon + timedelta(hours=1))

    assert (changed.status, changed.revision) == (OrderStatus.RESULT_READY, 2)
    assert await store.add_order(XRAY, noon) == changed
    with pytest.raises(NoWayBack):
        await store.change_order("ORD-1", OrderStatus.CANCELLED, noon)
    with pytest.raises(UnknownOrder):
        await store.change_order("ORD-2", OrderStatus.CANCELLED, noon)


async def test_an_order_that_changes_has_news_again(store, noon):
    order = await store.add_order(XRAY, noon)
    await store.order_told(order)
    told = await store.add_order(XRAY, noon)
    changed = await store.change_order("ORD-1", OrderStatus.ACCEPTED, noon)

    assert (order.is_told, told.is_told, changed.is_told) == (False, True, False)


async def test_what_was_told_late_takes_nothing_back(store, noon):
    first = await store.add_order(XRAY, noon)
    second = await store.change_order("ORD-1", OrderStatus.ACCEPTED, noon)
    await store.order_told(second)
    await store.order_told(first)

    assert (await store.add_order(XRAY, noon)).is_told


async def test_open_orders_are_those_of_the_departments_that_are_not_over(store, noon):
    for number, department in enumerate(["radiology", "laboratory", "radiology", "pathology"], start=1):
        await store.add_order(NewOrder(f"ORD-{number}", "P-100", department, "ANY"), noon)
    await store.change_order("ORD-1", OrderStatus.COMPLETED, noon)
    await store.change_order("ORD-4", OrderStatus.RESULT_READY, noon)

    async def seen(*departments):
        return [each.id for each in await store.open_orders(departments)]

    assert await seen("*") == ["ORD-2", "ORD-3", "ORD-4"]
    assert await seen("radiology", "laboratory") == ["ORD-2", "ORD-3"]
    assert await seen("surgery") == []


# Who is here.


async def test_who_comes_is_news_once_and_who_goes_is(store, noon):
    hour = timedelta(hours=1)
    came = await store.settle(ANN, There(), at=noon)
    again = await store.settle(ANN, There(), at=noon + hour)
    gone = await store.settle(ANN, There(False), at=noon + 2 * hour, last_seen=noon + hour)
    still = await store.settle(ANN, There(False), at=noon + 3 * hour)

    assert (came.is_online, gone.is_online, again, still) == (True, False, None, None)
    assert (gone.name, gone.last_seen) == ("Ann", noon + hour)
    assert gone.revision > came.revision


async def test_who_was_never_here_is_no_news_when_gone(store, noon):
    assert await store.settle(ANN, There(False), at=noon) is None
    assert await store.offline(10) == []


async def test_who_is_gone_without_a_word_was_seen_when_it_was_written_last(store, noon):
    await store.settle(ANN, There(), at=noon)
    await store.seen(["2", "3"], noon + timedelta(minutes=5))
    gone = await store.settle(ANN, There(False), at=noon + timedelta(hours=1))

    assert gone.last_seen == noon + timedelta(minutes=5)


async def test_revisions_grow_even_if_clocks_do_not(store, noon):
    first = await store.settle(ANN, There(), at=noon)
    second = await store.settle(ANN, There(False), at=noon - timedelta(days=1))

    assert second.revision == first.revision + 1


async def test_who_has_no_name_keeps_the_one_before_or_is_called_by_the_id(store, noon):
    named = await store.settle(ANN, There(), at=noon)
    gone = await store.settle(Member("2"), There(False), at=noon)
    unnamed = await store.settle(Member("4"), There(), at=noon)

    assert (named.name, gone.name, unnamed.name) == ("Ann", "Ann", "4")


async def test_many_who_note_it_at_once_tell_it_once(store, noon):
    noted = await asyncio.gather(*(store.settle(ANN, There(), at=noon) for _ in range(8)))

    assert [each is not None for each in noted].count(True) == 1


async def test_lists_are_by_id_and_by_the_time_of_leaving(store, noon):
    for number in range(6):
        await store.settle(Member(str(number)), There(), at=noon)
    for number in range(3, 6):
        seen = noon + timedelta(minutes=number)
        await store.settle(Member(str(number)), There(False), at=noon, last_seen=seen)

    assert [each.user_id for each in await store.online()] == ["0", "1", "2"]
    assert [each.user_id for each in await store.offline(2)] == ["5", "4"]
