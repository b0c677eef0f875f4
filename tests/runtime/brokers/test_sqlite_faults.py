"""What the disk, the machine and the process do to the SQLite broker."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from contextlib import AsyncExitStack

import pytest

from brokers import Clock, Node
from wirepact.broker import Keep, Position, Publication
from wirepact.broker_sqlite import SqliteBroker
from wirepact.errors import Unavailable

STREAM = Keep("stream", age=60, size=1000)


def stream(text, **more):
    return Publication("t", str(text).encode(), keep=STREAM, **more)


def texts(history):
    return [each.publication.payload.decode() for each in history.kept]


@pytest.fixture
async def make(tmp_path):
    """Makes brokers on one file: stop one before the next."""
    async with AsyncExitStack() as stack:

        def make(**options):
            broker = SqliteBroker(tmp_path / "state" / "history.sqlite", **options)
            stack.push_async_callback(broker.stop)
            return broker

        yield make


async def pragma(broker, text):
    """Have the broker's own thread change something about its connection."""
    await broker._done(_job(broker, lambda store: store.open().execute(f"PRAGMA {text}").fetchall()))


def _job(broker, work):
    from wirepact.broker_sqlite import _Job

    return _Job(work, lambda _: None, broker._future(), is_reading=True)


async def test_positions_history_and_results_survive_a_restart(make):
    first = make()
    start = await first.publish(stream("a"))
    once = await first.publish(stream("b", idempotency_key="k"))
    value = Publication("t", b"v5", keep=Keep("latest", age=60), key="k", version=5)
    newest = await first.publish(value)
    await first.stop()

    second = make()
    history = await second.recover("t", start)

    assert (history.is_complete, texts(history), history.top) == (True, ["b", "v5"], newest)
    assert await second.publish(stream("again", idempotency_key="k")) == once
    assert await second.publish(value._replace(payload=b"v4", version=4)) == newest
    assert await second.publish(stream("c")) == Position(start.epoch, 4)


async def test_what_was_taken_in_survives_a_process_that_is_killed(tmp_path):
    path = tmp_path / "history.sqlite"
    code = f"""
import asyncio, os, signal
from pathlib import Path
from wirepact.broker import Keep, Publication
from wirepact.broker_sqlite import SqliteBroker

async def main():
    broker = SqliteBroker(Path({str(path)!r}))
    for number in range(20):
        position = await broker.publish(Publication("t", b"%d" % number, keep=Keep("stream", age=60)))
    print(position, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=subprocess.PIPE)
    said, _ = await process.communicate()
    last = Position.parse(said.decode().strip())

    broker = SqliteBroker(path)
    history = await broker.recover("t", Position(last.epoch, 0))
    await broker.stop()

    assert history.top == last
    assert len(history.kept) == 20


@pytest.mark.parametrize("boot", ["after the power failed", ""])
async def test_a_machine_that_went_down_meanwhile_begins_new_epochs(make, boot):
    first = make(boot="before")
    position = await first.publish(stream("a"))
    await _die(first)

    second = make(boot=boot)
    await second.publish(stream("b"))
    history = await second.recover("t", position)

    assert not history.is_complete
    assert history.top.epoch != position.epoch


@pytest.mark.parametrize(("boot", "is_closed"), [("before", False), ("another", True)])
async def test_a_file_that_lost_nothing_goes_on(make, boot, is_closed):
    first = make(boot="before")
    position = await first.publish(stream("a"))
    await (first.stop() if is_closed else _die(first))

    second = make(boot=boot)

    assert (await second.publish(stream("b"))) == Position(position.epoch, 2)


async def _die(broker):
    """End like a process that is killed: the file is left as it is."""
    broker._store.close = broker._store.connection.close
    await broker.stop()


@pytest.mark.faults(row=40)
async def test_a_disk_that_is_full_refuses_what_is_to_be_kept_and_carries_on(make):
    broker, node = make(), Node()
    await node.start(broker)
    await broker.subscribe("t")
    await broker.publish(stream("a"))
    await pragma(broker, "max_page_count = 1")

    with pytest.raises(Unavailable, match="full"):
        await broker.publish(stream("x" * 100_000))
    await broker.publish(Publication("t", b"aside"))

    assert not broker.health().is_connected
    assert node.heard == [b"a", b"aside"]
    await pragma(broker, "max_page_count = 1000000")
    assert (await broker.publish(stream("b"))).offset == 2
    assert broker.health().is_connected


@pytest.mark.faults(row=40)
async def test_a_file_that_can_not_be_written_refuses_but_can_be_read(make):
    broker, node = make(), Node()
    await node.start(broker)
    await broker.subscribe("t")
    first = await broker.publish(stream("a"))
    await broker.publish(stream("b"))
    await pragma(broker, "query_only = 1")

    results = await asyncio.gather(
        *(broker.publish(each) for each in (stream("c"), Publication("t", b"aside"), stream("d"))),
        return_exceptions=True,
    )

    assert [type(each) for each in results] == [Unavailable, type(None), Unavailable]
    assert node.heard == [b"a", b"b", b"aside"]
    assert texts(await broker.recover("t", first)) == ["b"]
    assert await broker.subscribe("t") == Position(first.epoch, 2)
    assert (await broker.subscribe("new")).offset == 0
    await broker.publish(Publication("new", b"aside"))
    assert node.heard[-1] == b"aside"


async def test_a_place_that_is_no_place_for_a_file_refuses_until_it_is(make, tmp_path):
    (tmp_path / "state").write_text("in the way")
    broker, node = make(), Node()
    await node.start(broker)
    position = await broker.subscribe("t")

    with pytest.raises(Unavailable):
        await broker.publish(stream("a"))
    await broker.publish(Publication("t", b"aside"))
    (tmp_path / "state").unlink()
    after = await broker.publish(stream("b"))

    assert node.heard == [b"aside", b"b"]
    assert position.epoch != after.epoch
    assert node.lost == [("t", Position(after.epoch, 0))]


async def test_a_file_that_is_none_of_ours_refuses(make, tmp_path):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "history.sqlite").write_bytes(b"no database, and long enough to show it" * 100)

    with pytest.raises(Unavailable, match="not a database"):
        await make().publish(stream("a"))


async def test_a_second_process_finds_the_file_taken(make):
    first = make()
    await first.publish(stream("a"))

    with pytest.raises(Unavailable, match="locked"):
        await make().publish(stream("b"))


async def test_one_that_can_not_be_written_takes_no_other_with_it(make):
    broker = make()
    await broker.publish(stream("first"))

    results = await asyncio.gather(
        broker.publish(stream("a")),
        broker.publish(Publication("t", b"b", keep=Keep("latest", age=60), version=2**70)),
        broker.publish(stream("c")),
        return_exceptions=True,
    )

    assert [getattr(each, "offset", type(each)) for each in results] == [2, Unavailable, 3]


async def test_what_is_published_at_once_shares_its_transactions(make):
    broker = make()
    await broker.publish(stream("first"))
    seen = []
    await broker._done(_job(broker, lambda store: store.open().set_trace_callback(seen.append)))

    await asyncio.gather(*(broker.publish(stream(number)) for number in range(200)))

    assert sum(statement == "COMMIT" for statement in seen) < 50


@pytest.mark.faults(row=34)
async def test_a_clock_that_goes_back_makes_nothing_younger_or_older(make):
    clock = Clock()
    broker = make(clock=clock)
    first = await broker.publish(stream("a"))
    clock.now -= 600
    await broker.publish(stream("b"))

    assert texts(await broker.recover("t", first)) == ["b"]
    clock.now += 600 + 61
    assert not (await broker.recover("t", Position(first.epoch, 0))).is_complete


async def test_whoever_gave_up_waiting_does_not_listen(make):
    broker, node = make(), Node()
    await node.start(broker)

    joining = asyncio.create_task(broker.subscribe("t"))
    await asyncio.sleep(0)
    joining.cancel()
    await asyncio.wait([joining])
    await broker.publish(stream("a"))

    assert node.heard == []


async def test_the_end_leaves_no_thread_and_a_whole_file(make, tmp_path):
    broker = make()
    await broker.publish(stream("a"))

    await broker.stop()
    await broker.stop()

    assert not any(thread.name == "wirepact-history" for thread in threading.enumerate())
    assert sorted(each.name for each in (tmp_path / "state").iterdir()) == ["history.sqlite"]
    with sqlite3.connect(tmp_path / "state" / "history.sqlite") as file:
        assert file.execute("SELECT count(*) FROM stream").fetchone() == (1,)
    file.close()
    with pytest.raises(Unavailable, match="stopped"):
        await broker.publish(stream("b"))
