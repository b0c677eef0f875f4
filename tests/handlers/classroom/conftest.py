from datetime import UTC, datetime

import pytest

from handlers.classroom.domain import NewLesson, NewSubtask, User
from handlers.classroom.service import SCHEMA
from handlers.classroom.storage import Store
from handlers.database import Database


@pytest.fixture
def noon():
    return datetime(2026, 1, 11, 12, 0, tzinfo=UTC)


@pytest.fixture
def kim():
    return User("1", "Kim", ["INSTRUCTOR"])


@pytest.fixture
def ann():
    return User("2", "Ann", ["STUDENT"])


@pytest.fixture
def database_url(databases):
    return databases.of(SCHEMA)


@pytest.fixture
async def store(database_url):
    database = Database(database_url)
    yield Store(database)
    await database.close()


@pytest.fixture
async def lesson(store):
    steps = [NewSubtask("Open", "CLICK", "Open it"), NewSubtask("Close", "CLICK", "Close it", "닫으세요")]
    return await store.add_lesson(NewLesson("TEST001", "Messenger", steps, instructor_id="1"))
