"""Revisions lead from nothing to the tables as they are, back, and on from what is there."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from alembic.util import CommandError
from sqlalchemy import ForeignKey, MetaData, String, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from handlers.app import SERVICES
from handlers.database import Database
from handlers.schema import NOTHING, Schema, differences, downgrade, prepare, revise, standing, upgrade
from handlers.tables import NAMING
from wirepact.errors import Misconfigured

SCHEMAS = [pytest.param(each.schema, id=each.schema.service) for each in SERVICES.values()]


@pytest.fixture
def url(databases):
    return databases.empty()


def tables(url):
    return ask(url, lambda connection: set(inspect(connection).get_table_names()))


def execute(url, *statements):
    def work(connection):
        for statement in statements:
            connection.execute(text(statement))

    ask(url, work)


def rows(url, query):
    return ask(url, lambda connection: [tuple(row) for row in connection.execute(text(query))])


def ask(url, work):
    async def run():
        database = Database(url)
        try:
            async with database.altering() as connection:
                return await connection.run_sync(work)
        finally:
            await database.close()

    return asyncio.run(run())


VALUES = {
    str: "x",
    int: 1,
    float: 1.5,
    bool: True,
    object: {"x": 1},
    datetime: datetime(2026, 1, 11, tzinfo=UTC),
}


def filled(connection, schema, before):
    """The one row of each table, by its name. Those that stand in *before* are as they were; the others are made."""
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: schema.owns(name) and name != schema.revision_table)
    for table in metadata.sorted_tables:
        if table.name not in before:
            row = {each.name: VALUES[each.type.python_type] for each in table.columns}
            connection.execute(table.insert().values(row))
    found = {each.name: connection.execute(each.select()).mappings().one() for each in metadata.sorted_tables}
    for name in before.keys() & found.keys():
        shared = before[name].keys() & found[name].keys()
        assert {each: found[name][each] for each in shared} == {each: before[name][each] for each in shared}
    return found


class TestOfServices:
    @pytest.mark.parametrize("schema", SCHEMAS)
    def test_revisions_lead_to_the_tables_as_they_are(self, schema, url):
        upgrade(schema, url)

        differences(schema, url)
        assert standing(schema, url).is_newest

    @pytest.mark.parametrize("schema", SCHEMAS)
    def test_revisions_lead_back_to_nothing_and_again_to_all(self, schema, url):
        upgrade(schema, url)
        all_tables = tables(url)

        downgrade(schema, url, NOTHING)
        assert tables(url) == {schema.revision_table}

        upgrade(schema, url)
        assert tables(url) == all_tables

    @pytest.mark.parametrize("schema", SCHEMAS)
    def test_every_revision_keeps_what_is_there_on_the_way_and_on_the_way_back(self, schema, url):
        revisions = standing(schema, url).revisions
        there = {}
        for revision in revisions:
            upgrade(schema, url, revision)
            there = ask(url, partial(filled, schema=schema, before=there))
        for revision in reversed(revisions[:-1]):
            downgrade(schema, url, revision)
            there = ask(url, partial(filled, schema=schema, before=there))

        assert there

    @pytest.mark.parametrize("schema", SCHEMAS)
    def test_tables_have_the_name_of_their_service_in_front(self, schema):
        assert [name for name in schema.metadata.tables if not schema.owns(name)] == []

    def test_services_share_a_database(self, url):
        for each in SERVICES.values():
            upgrade(each.schema, url)

        for each in SERVICES.values():
            differences(each.schema, url)
            assert standing(each.schema, url).is_newest


class Forge:
    """A service in the making: its tables change, and its revisions are written to *folder*."""

    def __init__(self, folder: Path):
        self.folder = folder

    @property
    def first(self):
        class Table(DeclarativeBase):
            metadata = MetaData(naming_convention=NAMING)

        class Parent(Table):
            __tablename__ = "forge_parent"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str] = mapped_column(String(10))

        class Child(Table):
            __tablename__ = "forge_child"
            id: Mapped[int] = mapped_column(primary_key=True)
            parent_id: Mapped[int] = mapped_column(ForeignKey("forge_parent.id"))

        return Schema("forge", Table.metadata, self.folder)

    @property
    def second(self):
        class Table(DeclarativeBase):
            metadata = MetaData(naming_convention=NAMING)

        class Parent(Table):
            __tablename__ = "forge_parent"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str] = mapped_column(String(20), unique=True)

        class Child(Table):
            __tablename__ = "forge_child"
            id: Mapped[int] = mapped_column(primary_key=True)
            parent_id: Mapped[int] = mapped_column(ForeignKey("forge_parent.id"))
            color: Mapped[str | None] = mapped_column(String(10))

        return Schema("forge", Table.metadata, self.folder)


@pytest.fixture
def forge(tmp_path):
    return Forge(tmp_path / "migrations")


@pytest.fixture
def revised(forge, url):
    """A database with rows at the first revision, when there is a second."""
    revise(forge.first, "First tables")
    upgrade(forge.first, url)
    execute(url, "INSERT INTO forge_parent VALUES (1, 'oak')", "INSERT INTO forge_child VALUES (7, 1)")
    revise(forge.second, "Color children")
    return forge.second


class TestOfChanges:
    def test_a_revision_is_named_after_its_number_and_what_it_is_for(self, forge):
        written = revise(forge.first, "First tables")

        assert written == forge.folder / "0001_first_tables.py"
        assert '"""First tables."""' in written.read_text()

    def test_tables_that_did_not_change_need_no_revision(self, forge):
        revise(forge.first, "First tables")

        assert revise(forge.first, "Again") is None
        assert revise(forge.first, "Fill in colors", empty=True) == forge.folder / "0002_fill_in_colors.py"

    def test_what_is_there_is_kept_when_tables_change(self, revised, url):
        upgrade(revised, url)

        assert rows(url, "SELECT * FROM forge_parent JOIN forge_child ON parent_id = forge_parent.id") == [
            (1, "oak", 7, 1, None)
        ]
        differences(revised, url)

    def test_what_is_there_is_kept_on_the_way_back(self, revised, url):
        upgrade(revised, url)

        downgrade(revised, url, "0001")

        assert rows(url, "SELECT * FROM forge_child") == [(7, 1)]

    def test_a_revision_that_fails_changes_nothing(self, revised, url):
        with next(revised.folder.glob("0002*")).open("a") as file:
            file.write(
                "\n\n_upgrade = upgrade\n\n\ndef upgrade():\n    _upgrade()\n    op.execute('SELECT nothing')\n"
            )

        with pytest.raises(DBAPIError, match="nothing"):
            upgrade(revised, url)

        assert standing(revised, url).at == "0001"
        assert rows(url, "SELECT * FROM forge_child") == [(7, 1)]

    def test_a_revision_that_leaves_rows_without_what_they_refer_to_changes_nothing(self, revised, url):
        with next(revised.folder.glob("0002*")).open("a") as file:
            file.write("\n\ndef upgrade():\n    op.execute('DELETE FROM forge_parent')\n")

        with pytest.raises(Exception, match="forge_child"):
            upgrade(revised, url)

        assert rows(url, "SELECT * FROM forge_parent") == [(1, "oak")]

    def test_a_table_from_before_there_were_revisions_is_that_of_the_first(self, revised, url):
        execute(url, "DROP TABLE forge_revision")

        upgrade(revised, url)

        assert standing(revised, url).at == "0002"
        assert rows(url, "SELECT * FROM forge_child") == [(7, 1, None)]

    def test_a_revision_that_there_is_none_is_told(self, revised, url):
        with pytest.raises(CommandError, match="0007"):
            downgrade(revised, url, "0007")


class TestBeforeServing:
    async def test_in_development_tables_are_brought_to_the_newest_revision(self, forge, url):
        await asyncio.to_thread(revise, forge.first, "First tables")

        await asyncio.gather(*(prepare(forge.first, url, "development") for _ in range(3)))

        assert (await asyncio.to_thread(standing, forge.first, url)).is_newest

    async def test_in_production_nothing_is_changed_and_nothing_served_before_that_is_done(
        self, revised, url
    ):
        with pytest.raises(
            Misconfigured, match="FORGE_DATABASE_URL: the database is at revision 0001, the newest is 0002;"
        ):
            await prepare(revised, url, "production")

        await asyncio.to_thread(upgrade, revised, url)

        await prepare(revised, url, "production")

    async def test_in_production_a_database_that_is_not_there_is_not_made(self, forge, tmp_path):
        await asyncio.to_thread(revise, forge.first, "First tables")

        with pytest.raises(Misconfigured, match='at no revision yet; run "wirepact db upgrade"'):
            await prepare(forge.first, f"sqlite+aiosqlite:///{tmp_path}/test.db", "production")

        assert not (tmp_path / "test.db").exists()

    async def test_a_database_of_a_newer_version_is_told(self, revised, url):
        await asyncio.to_thread(upgrade, revised, url)
        next(revised.folder.glob("0002*")).unlink()

        with pytest.raises(Misconfigured, match="at revision 0002, which is not known here"):
            await prepare(revised, url, "production")

    async def test_a_database_that_can_not_be_opened_is_told(self, forge, tmp_path):
        (tmp_path / "file").touch()

        with pytest.raises(Misconfigured, match="FORGE_DATABASE_URL: the database can't be opened"):
            await prepare(forge.first, f"sqlite+aiosqlite:///{tmp_path}/file/test.db", "development")
