from datetime import UTC, datetime

import pytest

from handlers.chat.domain import NewChannel
from handlers.chat.service import SCHEMA
from handlers.chat.storage import Store
from handlers.database import Database

POD = "pod_123_chat"


@pytest.fixture
def noon():
    return datetime(2026, 1, 11, 12, 0, tzinfo=UTC)


@pytest.fixture
def database_url(databases):
    return databases.of(SCHEMA)


@pytest.fixture
async def store(database_url):
    database = Database(database_url)
    yield Store(database)
    await database.close()


@pytest.fixture
async def pod(store, noon):
    return await store.add_channel(NewChannel(POD, "파티 채팅방", [1, 2, 3], {"pod_id": 123}), noon)
