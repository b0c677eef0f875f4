"""What is kept, and what of it is news."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from databases import PostgresDatabases
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
    newcomer,
)
from handlers.clinic.service import SCHEMA
from handlers.clinic.storage import Store
from handlers.clinic.tables import PersonRow
from handlers.database import Database

XRAY = NewOrder("ORD-1", "P-100", "radiology", "CHEST_XRAY")


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


async def test_what_could_not_be_told_is_past_once_something_newer_was(store, done, noon):
    begun = JobState("job-1", JobStatus.PROCESSING, noon)
    await store.keep_job_state(begun)
    newer = await store.keep_job_state(done)
    before = (await store.keep_job_state(begun)).is_told
    await store.job_state_told(newer.id)

    assert (before, (await store.keep_job_state(begun)).is_told) == (False, True)


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


@pytest.fixture
def ann(noon):
    return newcomer("2", "Ann", noon)


async def test_somebody_is_kept_as_they_were_noted(store, ann):
    nobody = await store.person("2")

    assert await store.replace_person(None, ann)
    assert (nobody, await store.person("2")) == (None, ann)


async def test_somebody_is_replaced_only_as_they_were_read(store, ann, noon):
    gone = ann.departed(noon)
    nobody = [await store.replace_person(ann, gone)]
    await store.replace_person(None, ann)
    replaced = [await store.replace_person(each, gone) for each in (None, ann, ann)]

    assert (nobody, replaced) == ([False], [False, True, False])
    assert await store.person("2") == gone


async def test_of_many_who_note_it_at_once_one_does(store, ann, noon):
    first = await asyncio.gather(*(store.replace_person(None, ann) for _ in range(8)))
    second = await asyncio.gather(*(store.replace_person(ann, ann.departed(noon)) for _ in range(8)))

    assert [first.count(True), second.count(True)] == [1, 1]


async def test_that_somebody_is_still_there_is_written_of_who_is(store, ann, noon):
    later = noon + timedelta(minutes=5)
    await store.replace_person(None, ann)
    bob = newcomer("3", "Bob", noon)
    await store.replace_person(None, bob)
    await store.replace_person(bob, bob.departed(noon))
    await store.seen(["2", "3", "4"], later)

    assert ((await store.person("2")).last_seen, (await store.person("3")).last_seen) == (later, noon)


async def test_lists_are_by_id_and_by_the_time_of_leaving(store, noon):
    for number in reversed(range(6)):
        person = newcomer(str(number), "", noon)
        await store.replace_person(None, person)
        if number >= 3:
            await store.replace_person(person, person.departed(noon, noon + timedelta(minutes=number)))

    online, offline = await store.people(2)

    assert [each.user_id for each in online] == ["0", "1", "2"]
    assert [each.user_id for each in offline] == ["5", "4"]


@pytest.fixture
def url_on_a_server(server):
    with PostgresDatabases(server.server, server.templates).dropped() as databases:
        yield databases.of(SCHEMA)


@pytest.fixture
async def on_a_server(url_on_a_server):
    database = Database(url_on_a_server)
    yield database
    await database.close()


async def test_rows_of_many_are_held_in_one_order_wherever_they_lie(on_a_server, noon):
    store = Store(on_a_server)
    first, second = newcomer("1", "Ann", noon), newcomer("2", "Bob", noon)
    for each in (first, second):
        await store.replace_person(None, each)
    await store.replace_person(first, replace(first, revision=2))  # it lies behind the second now
    row = select(PersonRow.id).with_for_update(nowait=True)

    async with on_a_server.writing() as other:
        await other.execute(row.where(PersonRow.user_id == "1"))
        seen = asyncio.create_task(store.seen(["1", "2"], noon + timedelta(minutes=1)))
        while not await other.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            assert not seen.done()
        await other.execute(row.where(PersonRow.user_id == "2"))

    await seen
    online, _ = await store.people(0)
    assert {each.last_seen for each in online} == {noon + timedelta(minutes=1)}
