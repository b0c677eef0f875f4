"""A database that services keep their tables in: SQLite in a file for one machine, PostgreSQL by its URL.

Knows sessions and transactions, not tables. SQLite needs care to behave as its users expect: see
`docs/decisions/0007-database.md`.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, event, func, make_url, select
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import ArgumentError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from wirepact.errors import InvalidPayload, Misconfigured


class Tidy(sqlite3.Connection):
    """One of SQLite's, which keeps no lock when it is closed.

    A connection that is closed while one of its cursors is still in use lives on until that is gone, its transaction with it. The cursor of
    a task that was cancelled is gone when it happens to be collected, and until then nobody else could write.
    """

    def close(self) -> None:
        """Undo what was not committed, and close."""
        try:
            self.rollback()
        finally:
            super().close()


_WRITES: Final = "wirepact_writes"
"""The execution option of a connection whose transaction will write."""

_POOL: Final[dict[str, Any]] = {"pool_size": 4, "max_overflow": 0, "pool_pre_ping": True}
"""Connections to a server, each looked at before it is used: five services in four processes must fit into the usual 100."""

_TIDY: Final[dict[str, Any]] = {"connect_args": {"factory": Tidy}}

_ONE_STATE: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""What has a reader of PostgreSQL see one state; on SQLite all readers do."""

_ALTERING: Final = 0x57697265
"""The advisory lock of who alters tables, on a server: any number that others don't use."""

_PRAGMAS: Final = ("journal_mode = WAL", "busy_timeout = 5000", "foreign_keys = ON")


class Unopened(Exception):
    """A database can't be connected to."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(f"the database can't be opened: {getattr(cause, 'orig', cause)}")


class Database:
    """One database, and the transactions on it."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        is_sqlite = parsed.get_backend_name() == "sqlite"
        self._engine = create_async_engine(parsed, hide_parameters=True, **(_TIDY if is_sqlite else _POOL))
        self._writing_engine = self._engine.execution_options(**{_WRITES: True})
        self._writers: AbstractAsyncContextManager[None] = nullcontext()
        self._file: Path | None = None
        if is_sqlite:
            self._reading_engine = self._engine
            self._writers = asyncio.Lock()
            self._alone = _alone_on_sqlite
            self._file = Path(parsed.database) if parsed.database else None
            _tame_sqlite(self._engine.sync_engine)
        else:
            self._reading_engine = self._engine.execution_options(**_ONE_STATE)
            self._alone = _alone_on_a_server
            event.listen(self._engine.sync_engine, "handle_error", _refuse_unstorable)

    @property
    def is_there(self) -> bool:
        """Whether there is something to connect to: the file of SQLite may not have been made yet."""
        return self._file is None or self._file.exists()

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[AsyncConnection]:
        """A connection, for what needs no session. Raises `Unopened`."""
        try:
            if self._file is not None:
                self._file.parent.mkdir(parents=True, exist_ok=True)
            connection = await self._engine.connect()
        except Exception as error:
            raise Unopened(error) from error
        async with aclosing(connection):
            yield connection

    @asynccontextmanager
    async def altering(self) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction that may change tables, while nobody else does in any process. Raises `Unopened`."""
        async with self._writers, self.connected() as connection:
            writing = await connection.execution_options(**{_WRITES: True})
            async with self._alone(writing):
                yield writing

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one state of the database; what it changes is not kept."""
        async with AsyncSession(self._reading_engine, expire_on_commit=False) as session:
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


@asynccontextmanager
async def _alone_on_sqlite(connection: AsyncConnection) -> AsyncIterator[None]:
    """There a table is changed by putting another in its place, so foreign keys are looked at in the end."""
    raw = (await connection.get_raw_connection()).driver_connection
    assert raw is not None  # noqa: S101 - told to the type checker: it is connected
    await raw.execute("PRAGMA foreign_keys = OFF")
    try:
        async with connection.begin():
            yield
            found = await connection.exec_driver_sql("PRAGMA foreign_key_check")
            if (dangling := found.mappings().first()) is not None:
                raise RuntimeError(f"a row of {dangling['table']} refers to none of {dangling['parent']}")
    finally:
        await raw.execute("PRAGMA foreign_keys = ON")


@asynccontextmanager
async def _alone_on_a_server(connection: AsyncConnection) -> AsyncIterator[None]:
    async with connection.begin():
        await connection.execute(select(func.pg_advisory_xact_lock(_ALTERING)))
        yield


def _refuse_unstorable(context: ExceptionContext) -> None:
    """PostgreSQL has no texts with the character U+0000; on SQLite they are like others."""
    if getattr(context.original_exception, "sqlstate", None) == "22021":
        raise InvalidPayload("a text can't have the character U+0000")


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
