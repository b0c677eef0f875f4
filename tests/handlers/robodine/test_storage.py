"""What is kept of records, and in which order they are told."""

import asyncio
from dataclasses import replace

import pytest

from handlers.database import Database
from handlers.robodine.domain import Record, UnknownRecord
from handlers.robodine.service import SCHEMA
from handlers.robodine.storage import Store

IDLE = Record("robots", "r1", {"state": "idle", "name": "나르미"})
GONE = Record("robots", "r1", None)


@pytest.fixture
def database_url(databases):
    return databases.of(SCHEMA)


@pytest.fixture
async def stores(database_url):
    """Those of two processes with one database."""
    databases = [Database(database_url), Database(database_url)]
    yield [Store(each, log_lines=2) for each in databases]
    for each in databases:
        await each.close()


@pytest.fixture
def store(stores):
    return stores[0]


async def test_a_record_is_found_as_it_was_stored_last(store):
    await store.put(IDLE)
    await store.put(replace(IDLE, data={"state": "moving", "load": [1, None, "\x00"]}))

    assert await store.records("robots") == [
        Record("robots", "r1", {"state": "moving", "load": [1, None, "\x00"]})
    ]


async def test_what_came_first_stays_first_when_it_changes(store):
    for name in ("r1", "r2", "r1"):
        await store.put(replace(IDLE, id=name))

    assert [each.id for each in await store.records("robots")] == ["r1", "r2"]


async def test_a_topic_has_its_own_records(store):
    await store.put(IDLE)
    await store.put(Record("tables", "r1", {"status": "free"}))

    assert await store.records("robots") == [IDLE]


async def test_of_a_log_the_newest_are_found(store):
    for number in range(3):
        await store.put(Record("events", f"e{number}", {}))

    assert [each.id for each in await store.records("events")] == ["e1", "e2"]


async def test_what_is_removed_is_gone_and_can_not_be_removed_again(store):
    await store.put(IDLE)
    await store.put(GONE)

    assert await store.records("robots") == []
    with pytest.raises(UnknownRecord):
        await store.put(GONE)


async def test_of_many_who_store_the_same_record_at_once_nobody_fails_and_there_is_one(stores):
    reports = [replace(IDLE, data={"n": number}) for number in range(12)]
    await asyncio.gather(*(stores[each.data["n"] % 2].put(each) for each in reports))

    (found,) = await stores[0].records("robots")
    assert found in reports


async def test_of_many_who_remove_it_at_once_one_does(stores):
    await stores[0].put(IDLE)

    outcomes = await asyncio.gather(*(each.put(GONE) for each in stores * 3), return_exceptions=True)

    assert outcomes.count(None) == 1
    assert {type(each) for each in outcomes} == {type(None), UnknownRecord}
