"""Databases: what is tested with one is tested with SQLite and PostgreSQL."""

from types import SimpleNamespace

import pytest

from databases import PostgresDatabases, SqliteFiles
from postgres import postgres


@pytest.fixture(scope="session")
def templates(tmp_path_factory):
    """What databases with tables are copied from."""
    return tmp_path_factory.mktemp("templates")


@pytest.fixture(scope="session")
def server():
    """A PostgreSQL, and the names of the templates on it."""
    with postgres() as server:
        yield SimpleNamespace(server=server, templates={})


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request, tmp_path, templates):
    if request.param == "sqlite":
        yield SqliteFiles(tmp_path, templates)
        return
    there = request.getfixturevalue("server")
    with PostgresDatabases(there.server, there.templates).dropped() as databases:
        yield databases
