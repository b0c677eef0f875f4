import asyncio
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import MetaData, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from handlers.database import Database, Tidy
from wirepact.errors import InvalidPayload


class Table(DeclarativeBase):
    metadata = MetaData()


class Counter(Table):
    __tablename__ = "counter"

    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int]


@pytest.fixture
def url(databases):
    return databases.empty()


@pytest.fixture
async def database(url):
    database = Database(url)
    async with database.altering() as connection:
        await connection.run_sync(Table.metadata.create_all)
    yield database
    await database.close()


async def test_what_an_exception_leaves_is_not_kept(database):
    async def fail():
        async with database.writing() as session:
            session.add(Counter(id=1, value=1))
            await session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    async with database.reading() as session:
        assert await session.get(Counter, 1) is None


async def test_a_reader_neither_waits_for_a_writer_nor_sees_it_before_it_commits(database):
    async with database.writing() as writer:
        writer.add(Counter(id=1, value=1))
        await writer.flush()
        async with database.reading() as reader:
            assert await reader.get(Counter, 1) is None


async def test_a_reader_sees_one_state_from_its_first_question_on(database):
    async with database.reading() as reader:
        assert await reader.get(Counter, 1) is None
        async with database.writing() as writer:
            writer.add(Counter(id=1, value=1))

        assert await reader.get(Counter, 1) is None


async def test_no_write_is_lost_when_many_read_and_then_write(database):
    async def count():
        async with database.writing() as session:
            counter = await session.get_one(Counter, 1, with_for_update=True)
            counter.value += 1

    async with database.writing() as session:
        session.add(Counter(id=1, value=0))

    await asyncio.gather(*(count() for _ in range(50)))

    async with database.reading() as session:
        assert (await session.get_one(Counter, 1)).value == 50


async def test_two_processes_take_turns(database, url):
    other = Database(url)

    async def count(through):
        async with through.writing() as session:
            counter = await session.get_one(Counter, 1, with_for_update=True)
            counter.value += 1

    async with database.writing() as session:
        session.add(Counter(id=1, value=0))

    await asyncio.gather(*(count(each) for each in [database, other] * 10))

    async with other.reading() as session:
        assert (await session.get_one(Counter, 1)).value == 20
    await other.close()


async def test_foreign_keys_are_enforced(database):
    async with database.writing() as session:
        await session.execute(text("CREATE TABLE child (parent INTEGER REFERENCES counter (id))"))

    with pytest.raises(IntegrityError):
        async with database.writing() as session:
            await session.execute(text("INSERT INTO child VALUES (99)"))


async def test_a_file_is_made_with_its_folder_and_in_write_ahead_mode(tmp_path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/folder/that/is/made/test.db")

    async with database.altering() as connection:
        mode = await connection.scalar(text("PRAGMA journal_mode"))

    assert mode == "wal"
    await database.close()


@pytest.fixture
async def on_a_server(server):
    database = Database(server.server.url("postgres"))
    yield database
    await database.close()


async def test_a_text_that_a_server_does_not_have_is_refused(on_a_server):
    async with on_a_server.writing() as session:
        with pytest.raises(InvalidPayload, match=r"U\+0000"):
            await session.execute(text("SELECT CAST(:text AS VARCHAR)"), {"text": "a\0b"})


async def test_what_fails_does_not_tell_what_was_to_be_kept(database):
    with pytest.raises(DBAPIError) as failed:
        async with database.writing() as session:
            await session.execute(text("SELECT nothing WHERE :text = ''"), {"text": "a secret"})

    assert "secret" not in str(failed.value)


async def test_connections_that_a_server_has_cut_are_made_anew(on_a_server, server):
    async with on_a_server.reading() as session:
        await session.execute(text("SELECT 1"))

    server.server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    )

    async with on_a_server.reading() as session:
        assert await session.scalar(text("SELECT 1")) == 1


async def test_a_writer_that_is_cancelled_holds_no_other_up(database):
    async def write(value):
        async with database.writing() as session:
            session.add(Counter(value=value))
            await session.flush()
            await session.execute(select(Counter.value))

    for turns in range(60):
        cut_off = asyncio.create_task(write(turns))
        for _ in range(turns):
            await asyncio.sleep(0)
        cut_off.cancel()
        await asyncio.wait([cut_off])

        await asyncio.wait_for(write(-turns), 4)


def test_a_connection_of_sqlite_keeps_no_lock_for_a_cursor_that_is_still_in_use(tmp_path):
    file = tmp_path / "counters.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.executescript("CREATE TABLE counter (value INTEGER); INSERT INTO counter VALUES (1), (2)")
        cut_off = sqlite3.connect(file, isolation_level=None, factory=Tidy)
        cut_off.execute("BEGIN IMMEDIATE")
        cut_off.execute("INSERT INTO counter VALUES (3)")
        cursor = cut_off.execute("SELECT value FROM counter")
        cursor.fetchone()

        cut_off.close()

        other.execute("PRAGMA busy_timeout = 0")
        other.execute("BEGIN IMMEDIATE")
        assert other.execute("SELECT count(*) FROM counter").fetchone() == (2,)
        assert cursor is not None
