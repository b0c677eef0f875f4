"""Who is where: one suite for every presence."""

import asyncio

import pytest

from brokers import QUICK, Clock
from wirepact.broker_redis import RedisBroker, RedisOptions
from wirepact.presence import Attendance, Departure, Member
from wirepact.presence_memory import MemoryPresence

TTL = 0.3


class Hall:
    """Nodes that share a presence, and how to wait."""

    def __init__(self, nodes, clock):
        self.nodes = nodes
        self.clock = clock

    async def departures(self, count):
        """What the reapers of all nodes are told, until there were *count*."""
        found = []

        async def reap():
            while len(found) < count:
                if self.clock:
                    self.clock.now += 0.01
                for each in self.nodes:
                    found.extend(await each.reap())
                await asyncio.sleep(0.001)

        await asyncio.wait_for(reap(), 10)
        return found


@pytest.fixture(params=["memory", "redis"])
async def hall(request):
    if request.param == "memory":
        clock = Clock()
        presence = MemoryPresence(ttl=TTL, clock=clock)
        yield Hall([presence, presence], clock)
        return
    server = request.getfixturevalue("redis_server")
    options = RedisOptions(prefix=request.node.name, backoff=QUICK, presence=TTL)
    brokers = [RedisBroker(f"redis://127.0.0.1:{server.port}/0", options) for _ in range(2)]
    yield Hall([broker.presence for broker in brokers], None)
    for broker in brokers:
        await broker.stop()


@pytest.fixture
async def presence(hall):
    return hall.nodes[0]


def here(connection, user="ann", info="", topic="t"):
    return Attendance(topic, connection, user, info)


async def test_a_user_with_two_tabs_is_there_once(hall):
    one, two = hall.nodes

    assert await one.enter(here("c1", info="Ann")) is True
    assert await two.enter(here("c2", info="Ann B.")) is False

    assert await one.count("t") == 1
    assert await two.members("t") == [Member("ann", "Ann B.")]
    assert [await two.has("t", "ann"), await two.has("t", "an"), await two.has("u", "ann")] == [
        True,
        False,
        False,
    ]
    assert await one.leave("t", "c1", grace=0) is False
    assert await one.count("t") == 1
    assert await two.leave("t", "c2", grace=0) is True
    assert await one.count("t") == 0
    assert await one.members("t") == []
    assert await one.has("t", "ann") is False


async def test_a_connection_that_is_not_there_can_not_leave(presence):
    assert await presence.leave("t", "c1", grace=0) is False
    await presence.enter(here("c1"))
    assert await presence.leave("u", "c1", grace=0) is False
    assert await presence.count("t") == 1


async def test_entering_again_changes_nothing_but_what_is_told(presence):
    await presence.enter(here("c1", info="old"))

    assert await presence.enter(here("c1", info="new")) is False

    assert await presence.members("t") == [Member("ann", "new")]
    assert await presence.leave("t", "c1", grace=0) is True


async def test_who_is_back_within_the_grace_was_never_gone(hall):
    one, two = hall.nodes
    await one.enter(here("c1"))
    await one.enter(here("c9", "bob"))

    assert await one.leave("t", "c1", grace=60) is False
    assert await one.count("t") == 2
    assert await two.enter(here("c2")) is False
    assert await two.leave("t", "c9", grace=0.01) is False

    assert await hall.departures(1) == [Departure("t", "bob")]
    assert await one.count("t") == 1


async def test_who_is_gone_after_the_grace_is_told_once_to_one_node(hall):
    one, two = hall.nodes
    await one.enter(here("c1"))
    await one.enter(here("c2", topic="u"))
    for topic, connection in (("t", "c1"), ("u", "c2")):
        await one.leave(topic, connection, grace=0.02)

    found = await hall.departures(2)
    found += [*await one.reap(), *await two.reap()]

    assert sorted(found, key=lambda each: each.topic) == [Departure("t", "ann"), Departure("u", "ann")]
    assert await two.enter(here("c3")) is True


async def test_the_members_of_a_crashed_node_leave_and_those_of_others_stay(hall):
    one, two = hall.nodes
    for number in range(3):
        await one.enter(here(f"a{number}", f"user{number}"))
    await two.enter(here("b1", "user1"))
    await two.enter(here("b3", "user3"))

    async def live():
        while True:
            assert await two.refresh([here("b1", "user1"), here("b3", "user3")]) == []
            await asyncio.sleep(0.001)

    living = asyncio.create_task(live())
    try:
        found = await hall.departures(2)
    finally:
        living.cancel()

    assert sorted(each.user for each in found) == ["user0", "user2"]
    assert [each.user for each in await two.members("t")] == ["user1", "user3"]
    assert await two.count("t") == 2


async def test_whoever_was_forgotten_comes_again_when_refreshed(hall):
    one, _ = hall.nodes
    attendances = [here("c1"), here("c2"), here("c3", "bob")]
    await one.refresh(attendances)
    await hall.departures(2)

    came = await one.refresh(attendances)

    assert came == [here("c1"), here("c3", "bob")]


async def test_a_list_has_pages(presence):
    names = sorted(f"user{number:03}" for number in range(250))
    await presence.refresh([here(f"c-{name}", name) for name in reversed(names)])

    first = await presence.members("t")
    rest = await presence.members("t", after=first[-1].user)

    assert [each.user for each in (*first, *rest)] == names
    assert len(first) == 200
    assert await presence.count("t") == 250


async def test_a_connection_that_is_another_user_now_is_so(presence):
    await presence.enter(here("c1", "ann"))

    assert await presence.enter(here("c1", "bob")) is True

    found = await presence.reap()
    assert found == [Departure("t", "ann")]
    assert await presence.members("t") == [Member("bob")]


async def test_tabs_that_open_and_close_at_once_are_counted_right(hall):
    async def visit(number):
        presence = hall.nodes[number % 2]
        joined = await presence.enter(here(f"c{number}", f"user{number % 5}"))
        left = await presence.leave("t", f"c{number}", grace=0)
        return joined, left

    visits = await asyncio.gather(*(visit(number) for number in range(200)))

    assert sum(joined for joined, _ in visits) == sum(left for _, left in visits) >= 5
    assert await hall.nodes[0].count("t") == 0


async def test_topics_are_apart(presence):
    await presence.enter(here("c1", topic="t"))

    assert await presence.enter(here("c1", topic="u")) is True
    assert await presence.leave("t", "c1", grace=0) is True
    assert await presence.count("u") == 1


async def test_nothing_of_presence_stays_for_ever(redis_server):
    options = RedisOptions(prefix="lasting", backoff=QUICK, presence=TTL)
    broker = RedisBroker(f"redis://127.0.0.1:{redis_server.port}/0", options)
    try:
        await broker.presence.enter(here("c1"))
        await broker.presence.leave("t", "c1", grace=0)
        for _ in range(200):
            await broker.presence.reap()
            commands = await broker._ready()
            if not await commands.ask("KEYS", "lasting:*"):
                break
            await asyncio.sleep(0.01)
        assert await commands.ask("KEYS", "lasting:*") == []
    finally:
        await broker.stop()
