"""How much there is of what: one suite for every form of the tallies."""

import asyncio

import pytest

from brokers import QUICK, Clock, eventually, valkey
from wirepact.broker_redis import RedisBroker, RedisOptions
from wirepact.errors import Unavailable
from wirepact.tallies import Allowance
from wirepact.tallies_memory import MemoryTallies

TTL = 0.3


class Town:
    """Two nodes that share tallies, and how time passes there."""

    def __init__(self, nodes, clock):
        self.nodes = nodes
        self.clock = clock

    async def passes(self, holds):
        """Time, until something is so."""
        async with asyncio.timeout(10):
            while not await holds():
                if self.clock:
                    self.clock.now += 0.01
                await asyncio.sleep(0.001)


@pytest.fixture(params=["memory", "redis"])
async def town(request):
    if request.param == "memory":
        clock = Clock()
        tallies = MemoryTallies(ttl=TTL, clock=clock)
        yield Town([tallies, tallies.beside()], clock)
        return
    server = request.getfixturevalue("redis_server")
    brokers = [broker(server.port, request.node.name) for _ in range(2)]
    yield Town([each.tallies for each in brokers], None)
    for each in brokers:
        await each.stop()


def broker(port, prefix):
    options = RedisOptions(prefix=prefix, backoff=QUICK, tallies=TTL)
    return RedisBroker(f"redis://127.0.0.1:{port}/0", options)


async def test_a_limit_holds_for_all_nodes_together(town):
    one, two = town.nodes

    assert await one.claim("n", 1, 3)
    assert await two.claim("n", 1, 3)
    assert await one.claim("n", 2, 3)

    assert not await two.claim("n", 2, 3)
    assert not await one.claim("n", 3, 3)
    assert await two.claim("other", 1, 3)


async def test_what_is_given_back_may_be_claimed_by_another_node(town):
    one, two = town.nodes
    assert await one.claim("n", 1, 2)
    assert await one.claim("n", 2, 2)
    assert not await two.claim("n", 1, 2)

    await one.tell({"n": 1})

    assert await two.claim("n", 1, 2)
    await one.tell({"n": 0})
    assert await two.claim("n", 2, 2)
    assert not await one.claim("n", 1, 2)


async def test_claims_at_the_same_time_never_exceed_the_limit(town):
    async def claims(node):
        return [await node.claim("n", number, 7) for number in range(1, 11)]

    found = await asyncio.gather(*(claims(node) for node in town.nodes))

    assert sum(sum(each) for each in found) == 7


async def test_the_places_of_a_crashed_node_are_free_after_a_while(town):
    one, two = town.nodes
    assert await one.claim("n", 5, 5)
    assert not await two.claim("n", 1, 5)

    await town.passes(lambda: two.claim("n", 1, 5))

    assert not await one.claim("n", 5, 5)


async def test_a_node_that_goes_on_saying_so_keeps_its_places(town):
    one, two = town.nodes
    await one.tell({"n": 5, "other": 1})
    crashed = await two.claim("n", 1, 6)

    async def only_the_crashed_one_is_gone():
        await one.tell({"n": 5})
        assert not await two.claim("n", 2, 6)
        return await one.claim("other", 2, 2) and await two.claim("n", 0, 5)

    assert crashed
    await town.passes(only_the_crashed_one_is_gone)


async def test_an_allowance_is_shared(town):
    one, two = town.nodes
    slow = Allowance(rate=0.001, burst=10)

    left = [await one.spend("n", 4, slow), await two.spend("n", 4, slow), await one.spend("n", 4, slow)]

    assert left == [pytest.approx(each, abs=0.1) for each in (6, 2, -2)]
    assert await two.spend("other", 1, slow) == pytest.approx(9)


async def test_an_allowance_comes_back_with_time_and_not_above_the_burst(town):
    one, _ = town.nodes
    quick = Allowance(rate=100, burst=5)
    assert await one.spend("n", 25, quick) < 0

    async def is_whole():
        left = await one.spend("n", 0, quick)
        assert left <= 5
        return left == 5

    await town.passes(is_whole)


async def test_allowances_that_are_whole_again_are_forgotten():
    clock = Clock()
    tallies = MemoryTallies(clock=clock)

    for number in range(10 * tallies.SWEPT):
        clock.now += 1
        await tallies.spend(f"n{number}", 1, Allowance(rate=1, burst=1))

    assert len(tallies) <= tallies.SWEPT


async def test_nothing_of_tallies_stays_for_ever(redis_server):
    one = broker(redis_server.port, "passing")
    try:
        await one.tallies.claim("n", 1, 1)
        await one.tallies.spend("n", 1, Allowance(rate=10, burst=1))
        commands = await one._ready()

        async def is_gone():
            return await commands.ask("KEYS", "passing:*") == []

        assert not await is_gone()
        await eventually(is_gone)
    finally:
        await one.stop()


async def test_a_server_that_forgot_everything_is_told_again():
    with valkey() as server:
        one, two = broker(server.port, "again"), broker(server.port, "again")
        try:
            assert await one.tallies.claim("n", 2, 2)
            commands = await two._ready()
            await commands.ask("FLUSHALL")

            await one.tallies.tell({"n": 2})

            assert not await two.tallies.claim("n", 1, 2)
            server.stop()
            with pytest.raises(Unavailable):
                await one.tallies.claim("n", 2, 2)
        finally:
            await one.stop()
            await two.stop()
