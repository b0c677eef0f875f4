"""A database that services keep their tables in: SQLite in a file for one machine, PostgreSQL by its URL.

Knows sessions and transactions, not tables. SQLite needs care to behave as its users expect: see
`docs/decisions/0007-database.md`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, MetaData, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, InvalidRequestError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from wirepact.errors import Misconfigured

_WRITES: Final = "wirepact_writes"
"""The execution option of a connection whose transaction will write."""

_PRAGMAS: Final = ("journal_mode = WAL", "busy_timeout = 5000", "foreign_keys = ON")


class Database:
    """One database, and the transactions on it."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._engine = create_async_engine(self._url)
        self._writing_engine = self._engine.execution_options(**{_WRITES: True})
        self._writers: AbstractAsyncContextManager[None] = nullcontext()
        if self._url.get_backend_name() == "sqlite":
            self._writers = asyncio.Lock()
            _tame_sqlite(self._engine.sync_engine)

    async def create_tables(self, metadata: MetaData) -> None:
        """Create the tables of *metadata* that are missing. Migrations are another matter."""
        _make_folder(self._url)
        async with self._writing_engine.begin() as connection:
            await connection.run_sync(metadata.create_all)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one state of the database; what it changes is not kept."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A transaction: committed when the block is left, rolled back when an exception leaves it."""
        session = AsyncSession(self._writing_engine, expire_on_commit=False)
        async with self._writers, session, session.begin():
            yield session

    async def close(self) -> None:
        """Give the connections back."""
        await self._engine.dispose()


def opened(url: str, setting: str) -> Database:
    """The database at *url*, which the variable *setting* says. Raises `Misconfigured`."""
    try:
        return Database(url)
    except (ArgumentError, InvalidRequestError, ModuleNotFoundError):
        raise Misconfigured(setting, "needs an asynchronous driver that is installed") from None


async def prepare(database: Database, metadata: MetaData, setting: str) -> None:
    """Create the tables of *metadata* that are missing in *database*. Raises `Misconfigured`."""
    try:
        await database.create_tables(metadata)
    except (OSError, OperationalError) as error:
        raise Misconfigured(setting, "the database can't be opened") from error


def _make_folder(url: URL) -> None:
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _tame_sqlite(engine: Engine) -> None:
    """Make a transaction begin when it is begun, and one that writes take its turn before it reads."""
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
