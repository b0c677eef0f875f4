"""The tables of a service, and the revisions that lead to them from nothing.

Each service has a folder of revisions, `migrations` beside its tables, and in its database a table that says which of them is
done, so that services can share a database. Alembic does the work: see `docs/decisions/0058-migrations.md`.

All but `prepare` block, and open the database for themselves. They raise `Misconfigured` if it can't be opened.
"""

import asyncio
import logging
import threading
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

from alembic import command
from alembic.config import Config
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect

from handlers.database import Database, Unopened, opened
from wirepact.errors import Misconfigured

T = TypeVar("T")

logger = logging.getLogger(__name__)

ALEMBIC: Final = Path(__file__).parent / "migrations"
"""What Alembic runs around revisions of any service, and what it makes new ones from."""

NOTHING: Final = "base"
"""What Alembic calls a database without any revision."""

NEWEST: Final = "head"
"""What Alembic calls the newest revision."""

_TURN: Final = threading.Lock()
"""Alembic keeps what it works on in global variables."""


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables of *service*, whose names begin with its name, and the folder of their revisions."""

    service: str
    metadata: MetaData
    folder: Path

    @property
    def setting(self) -> str:
        """The variable that says where the database is."""
        return f"{self.service.upper()}_DATABASE_URL"

    @property
    def revision_table(self) -> str:
        """The table in which the database says at which revision it is."""
        return f"{self.service}_revision"

    def owns(self, table: str) -> bool:
        """Whether a table of this name is the service's, today or in the past."""
        return table.startswith(f"{self.service}_")


@dataclass(frozen=True, slots=True)
class Standing:
    """The revision that a database is at, and those that there are, oldest first."""

    at: str | None
    revisions: tuple[str, ...]

    @property
    def is_newest(self) -> bool:
        """Whether there is nothing to do."""
        return self.at == self._newest

    def __str__(self) -> str:
        if self.at is None:
            return "at no revision yet"
        if self.at not in self.revisions:
            return f"at revision {self.at}, which is not known here"
        newest = "the newest" if self.is_newest else f"the newest is {self._newest}"
        return f"at revision {self.at}, {newest}"

    @property
    def _newest(self) -> str | None:
        return self.revisions[-1] if self.revisions else None


def standing(schema: Schema, url: str) -> Standing:
    """At which revision the database at *url* is. Changes nothing."""
    with _telling(schema):
        at = asyncio.run(_read(schema, url))
    return Standing(at, _revisions(_config(schema)))


def upgrade(schema: Schema, url: str, revision: str = NEWEST) -> None:
    """Bring the database at *url* to *revision*, or leave it as it was."""

    def work(connection: Connection) -> None:
        config = _config(schema, connection)
        before = _adopted(schema, connection, config)
        command.upgrade(config, revision)
        if before != (now := _at(schema, connection)):
            logger.info("the tables of %s are at revision %s now", schema.service, now)

    _altered(schema, url, work)


def downgrade(schema: Schema, url: str, revision: str) -> None:
    """Take the database at *url* back to *revision*, or to `NOTHING`. Raises `CommandError` if there is no such revision."""
    _altered(schema, url, lambda connection: command.downgrade(_config(schema, connection), revision))


def revise(schema: Schema, message: str, *, empty: bool = False) -> Path | None:
    """Write a revision that takes a database from the newest one to the tables as they are, or an *empty* one.

    Gives its file; `None` if the tables are those of the newest revision.
    """

    def work(connection: Connection) -> Path | None:
        config = _config(schema, connection)
        command.upgrade(config, NEWEST)
        written = command.revision(
            config,
            message,
            autogenerate=not empty,
            rev_id=f"{len(_revisions(config)) + 1:04}",
            process_revision_directives=None if empty else _drop_empty,
        )
        return Path(written.path) if isinstance(written, Script) else None

    if not schema.folder.exists():
        schema.folder.mkdir()
        (schema.folder / "__init__.py").write_text(
            f'"""The revisions of the tables of {schema.service}."""\n'
        )
    with TemporaryDirectory() as folder:
        return _altered(schema, f"sqlite+aiosqlite:///{folder}/empty.db", work)


def differences(schema: Schema, url: str) -> None:
    """Raises `CommandError` with what differs between the database at *url*, which is at the newest revision, and the tables."""
    _altered(schema, url, lambda connection: command.check(_config(schema, connection)))


def check(schema: Schema, url: str, env: str) -> None:
    """Raises `Misconfigured` if the database at *url* can't be opened, or in production is not at the newest revision."""
    found = standing(schema, url)
    if env == "production" and not found.is_newest:
        raise Misconfigured(schema.setting, f'the database is {found}; run "wirepact db upgrade"')


async def prepare(schema: Schema, url: str, env: str) -> None:
    """See to it that the database at *url* is at the newest revision: upgrade it, or in production refuse. Raises `Misconfigured`."""
    if env == "production":
        await asyncio.to_thread(check, schema, url, env)
    else:
        await asyncio.to_thread(upgrade, schema, url)


async def _read(schema: Schema, url: str) -> str | None:
    async with _open(schema, url) as database:
        if not database.is_there:
            return None
        async with database.connected() as connection:
            return await connection.run_sync(partial(_at, schema))


def _altered(schema: Schema, url: str, work: Callable[[Connection], T]) -> T:
    """Do *work* in a transaction on the database at *url*, while nobody else alters it."""

    async def run() -> T:
        async with _open(schema, url) as database, database.altering() as connection:
            return await connection.run_sync(work)

    with _TURN, _telling(schema):
        return asyncio.run(run())


@asynccontextmanager
async def _open(schema: Schema, url: str) -> AsyncIterator[Database]:
    database = opened(url, schema.setting)
    try:
        yield database
    finally:
        await database.close()


@contextmanager
def _telling(schema: Schema) -> Iterator[None]:
    try:
        yield
    except Unopened as error:
        raise Misconfigured(schema.setting, str(error)) from error


def _config(schema: Schema, connection: Connection | None = None) -> Config:
    config = Config(cmd_opts=Namespace(quiet=True), attributes={"schema": schema, "connection": connection})
    for option, value in (
        ("script_location", ALEMBIC),
        ("version_locations", schema.folder),
        ("path_separator", "newline"),
        ("file_template", "%(rev)s_%(slug)s"),
    ):
        config.set_main_option(option, str(value).replace("%", "%%"))
    return config


def _revisions(config: Config) -> tuple[str, ...]:
    script = ScriptDirectory.from_config(config)
    return tuple(each.revision for each in reversed([*script.walk_revisions()]))


def _at(schema: Schema, connection: Connection) -> str | None:
    options = {"version_table": schema.revision_table}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def _adopted(schema: Schema, connection: Connection, config: Config) -> str | None:
    """Where the database is. Tables without that of revisions are older than it, and those of the first one."""
    there = inspect(connection).get_table_names()
    if schema.revision_table not in there and any(map(schema.owns, there)):
        command.stamp(config, _revisions(config)[0])
    return _at(schema, connection)


def _drop_empty(_context: object, _revision: object, directives: list[MigrationScript]) -> None:
    upgrade_ops = directives[0].upgrade_ops
    if upgrade_ops is not None and upgrade_ops.is_empty():
        directives.clear()
