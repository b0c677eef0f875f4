import asyncio
from datetime import UTC, datetime

import pytest

from handlers.chat.domain import NewChannel
from handlers.chat.service import SCHEMA
from handlers.chat.storage import Store
from handlers.database import Database
from handlers.schema import upgrade

POD = "pod_123_chat"


@pytest.fixture
def noon():
    return datetime(2026, 1, 11, 12, 0, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/chat.db"
    await asyncio.to_thread(upgrade, SCHEMA, url)
    database = Database(url)
    yield Store(database)
    await database.close()


@pytest.fixture
async def pod(store, noon):
    return await store.add_channel(NewChannel(POD, "파티 채팅방", [1, 2, 3], {"pod_id": 123}), noon)
