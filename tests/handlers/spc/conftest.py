from datetime import UTC, datetime

import pytest

from handlers.database import Database
from handlers.spc.domain import NewProduct, Specification
from handlers.spc.service import SCHEMA
from handlers.spc.storage import Store


@pytest.fixture
def noon():
    return datetime(2026, 1, 11, 12, 0, tzinfo=UTC)


@pytest.fixture
def database_url(databases):
    return databases.of(SCHEMA)


@pytest.fixture
async def database(database_url):
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def store(database):
    return Store(database)


@pytest.fixture
def bolt():
    """The product of the examples, in subgroups of two so that a baseline is forty samples."""
    return NewProduct("BOLT-M10", "M10 볼트", Specification(9.5, 10.5, target=10.0), subgroup_size=2)
