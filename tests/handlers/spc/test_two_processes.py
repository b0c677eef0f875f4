"""Two servers of one database, as two processes would be: nothing that one of them knows alone makes a difference."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from brokers import QUICK, valkey
from factory import ALERT, BOLT, NUT, running
from wirepact.broker_redis import RedisBroker, RedisOptions
from wirepact.testing import token

EACH = 20


@pytest.fixture
async def factories(tmp_path):
    with valkey() as server:

        @asynccontextmanager
        async def factory():
            broker = RedisBroker(f"redis://127.0.0.1:{server.port}/0", RedisOptions(backoff=QUICK))
            async with running(tmp_path, broker=broker) as factory:
                yield factory

        async with factory() as one, factory() as two:
            yield one, two


async def test_pushes_come_in_the_order_of_commits_whichever_process_stored(factories):
    one, two = factories
    bolt = await one.post("products", **BOLT)

    async def work(factory):
        for _ in range(EACH):
            await factory.post("alerts", product=bolt, **ALERT)

    async with one.listening() as here, two.listening() as there, two.listening(f"product/{bolt}") as watcher:
        await asyncio.gather(work(one), work(two), work(one), work(two))
        heard = [
            [(await listener.hear())["alert"]["id"] for _ in range(4 * EACH)]
            for listener in (here, there, watcher)
        ]
        answers = [await listener.ask(type="get_alerts") for listener in (here, there, watcher)]

    # SQLite has one writer at a time, so ids are in the order of commits.
    assert heard == [list(range(1, 4 * EACH + 1))] * 3
    assert [each["type"] for each in answers] == ["alerts"] * 3


async def test_a_rule_that_one_process_took_holds_at_the_other(factories):
    one, two = factories
    bolt, nut = await one.post("products", **BOLT), await one.post("products", **NUT)

    async with two.listening(token=token("ann")) as ann:
        for visible, hidden in [(bolt, nut), (nut, bolt)] * 5:
            await one.put("access/ann", products=[visible])
            await one.post("alerts", product=hidden, **ALERT)
            told = await one.post("alerts", product=visible, **ALERT)

            assert (await ann.hear())["alert"]["id"] == told
