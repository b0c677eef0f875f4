"""What tests of Clinic share."""

from datetime import UTC, datetime

import pytest

from handlers.clinic.service import SCHEMA
from handlers.clinic.storage import Store
from handlers.database import Database


@pytest.fixture
def noon():
    return datetime(2026, 1, 11, 3, tzinfo=UTC)


@pytest.fixture
def database_url(databases):
    return databases.of(SCHEMA)


@pytest.fixture
async def store(database_url):
    database = Database(database_url)
    yield Store(database)
    await database.close()
