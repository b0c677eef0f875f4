"""What the feed promises about storing and telling, with a broker that fails."""

import logging

import pytest

from generated.robodine.publisher import RobodinePublisher
from handlers.database import Database
from handlers.robodine.domain import InvalidRecord, Record, UnknownRecord
from handlers.robodine.feed import Feed
from handlers.robodine.service import SCHEMA
from handlers.robodine.storage import Store
from wirepact.broker_memory import MemoryBroker
from wirepact.errors import Unavailable

ROBOT = Record("robots", "r1", {"state": "idle"})


class RecordingBroker(MemoryBroker):
    """Keeps what is published, unless it is down."""

    def __init__(self):
        super().__init__()
        self.published = []
        self.is_down = False

    async def publish(self, publication):
        if self.is_down:
            raise Unavailable("broker", "is down")
        self.published.append(publication)


@pytest.fixture
def broker():
    return RecordingBroker()


@pytest.fixture
def database_url(databases):
    return databases.of(SCHEMA)


@pytest.fixture
async def feed(database_url, broker):
    database = Database(database_url)
    yield Feed(Store(database, log_lines=10), RobodinePublisher(broker), poll_interval=3600)
    await database.close()


async def test_what_can_not_be_told_is_stored_all_the_same(feed, broker, caplog):
    broker.is_down = True

    await feed.take(ROBOT)

    assert await feed.records("robots") == [ROBOT]
    assert [each.levelno for each in caplog.records] == [logging.ERROR]


@pytest.mark.parametrize("data", [{}, {"state": 1}, {"state": "idle", "battery": 101}])
async def test_what_does_not_fit_its_topic_is_neither_stored_nor_told(feed, broker, data):
    with pytest.raises(InvalidRecord):
        await feed.take(Record("robots", "r1", data))

    assert await feed.records("robots") == []
    assert broker.published == []


async def test_a_removal_of_nothing_is_told_to_nobody(feed, broker):
    with pytest.raises(UnknownRecord):
        await feed.take(Record("robots", "r1", None))

    assert broker.published == []


async def test_a_record_keeps_its_place_when_it_changes(feed):
    for each in (
        ROBOT,
        Record("robots", "r2", {"state": "idle"}),
        Record("robots", "r1", {"state": "moving"}),
    ):
        await feed.take(each)

    assert [each.id for each in await feed.records("robots")] == ["r1", "r2"]


async def test_only_what_must_not_be_missed_is_kept_for_who_comes_back(feed, broker):
    await feed.take(ROBOT)
    await feed.take(Record("orders", "o1", {"state": "new", "lines": []}))

    assert [each.keep is not None for each in broker.published] == [False, True]
