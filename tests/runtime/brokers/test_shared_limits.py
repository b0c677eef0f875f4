"""Limits that hold for several nodes, with clients of real sockets and one Redis between them."""

import asyncio
from dataclasses import replace
from signal import SIGCONT, SIGSTOP

import pytest

from brokers import QUICK, valkey
from sites import closed, hear, received, running, until
from wirepact.broker_redis import RedisBroker, RedisOptions
from wirepact.testing import token
from works import HALL

FULL = (1008, "Too many connections")


def limited(**limits):
    return replace(HALL, limits=replace(HALL.limits, **limits))


async def enter(site, *, user="ann"):
    return await site.open(f"/ws/hall/1/?token={token(user)}", query=False)


async def welcomed(site, *, user="ann"):
    client = await enter(site, user=user)
    assert (await hear(client))["type"] == "welcome"
    return client


async def turned_away(site, *, user="ann"):
    return await closed(await enter(site, user=user))


async def first_frame(client):
    async for frame in received(client):
        return frame
    return None


@pytest.fixture
async def make(redis_server, request):
    """Brokers of one service. Those of nodes are stopped by them."""
    options = RedisOptions(prefix=request.node.name, timeout=1, backoff=QUICK)
    url = f"redis://127.0.0.1:{redis_server.port}/0"
    return lambda **changes: RedisBroker(url, replace(options, **changes))


async def test_limits_hold_for_all_nodes_together(make):
    limits = limited(connections=4, connections_per_user=2)
    async with (
        running(broker=make(), channel=limits) as one,
        running(broker=make(), channel=limits) as two,
    ):
        ann = [await welcomed(one), await welcomed(two)]
        assert await turned_away(one) == await turned_away(two) == FULL
        for site in (one, two):
            await welcomed(site, user="bob")
        assert await turned_away(one, user="cid") == await turned_away(two, user="cid") == FULL

        await ann[1].close()
        await until(lambda: len(two.node) == 1)
        await two.node.places.settled()

        await welcomed(one)
        assert await turned_away(two) == FULL


async def test_a_herd_at_two_nodes_never_exceeds_a_limit(make):
    limits = limited(connections=10)
    async with (
        running(broker=make(), channel=limits) as one,
        running(broker=make(), channel=limits) as two,
    ):
        clients = await asyncio.gather(*(enter(site, user=f"u{n}") for n in range(15) for site in (one, two)))
        first = await asyncio.gather(*(first_frame(client) for client in clients))

        assert sum(each is not None for each in first) == 10
        assert len(one.node) + len(two.node) == 10


async def test_a_redis_that_forgot_everything_is_told_again_what_is_taken(make):
    limits = limited(connections_per_user=1)
    broker = make()
    async with running(broker=make(), channel=limits) as one, running(broker=broker, channel=limits) as two:
        await welcomed(one)
        await (await broker._ready()).ask("FLUSHDB")

        await one.node.places.renew()

        assert await turned_away(two) == FULL


async def test_the_places_of_a_node_that_crashed_are_free_again(make):
    limits = limited(connections_per_user=1)
    crashed = make(tallies=0.2)
    assert await crashed.tallies.claim("user:works.hall:ann", 1, 1)
    await crashed.stop()
    async with running(broker=make(), channel=limits) as site:
        async with asyncio.timeout(10):
            while await first_frame(await enter(site)) is None:
                pass


async def test_while_redis_is_frozen_people_come_in_and_each_node_keeps_to_the_limit(caplog):
    limits = limited(connections_per_user=2)
    with valkey() as server:
        options = RedisOptions(prefix="frozen", timeout=0.3, backoff=QUICK)
        broker = RedisBroker(f"redis://127.0.0.1:{server.port}/0", options)
        async with running(broker=broker, channel=limits) as site:
            await welcomed(site)
            server._process.send_signal(SIGSTOP)
            try:
                await welcomed(site)

                assert await turned_away(site) == FULL
                assert "a limit holds for this node alone" in [each.getMessage() for each in caplog.records]
            finally:
                server._process.send_signal(SIGCONT)
