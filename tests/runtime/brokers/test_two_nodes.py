"""Two nodes with clients of real sockets, one Redis between them, and a process that only publishes."""

import asyncio

import pytest

from attended import enter, joined, left, room
from brokers import QUICK, eventually
from sites import closed, hear, running
from wirepact.broker_redis import RedisBroker, RedisOptions
from wirepact.nodes import Drain
from wirepact.presence import Attendance
from wirepact.topics import channel_topic
from works import HALL, Alarm, Reading, WorksPublisher


@pytest.fixture
async def make(redis_server, request):
    """Brokers of one service. Those of nodes are stopped by them."""
    options = RedisOptions(prefix=request.node.name, timeout=1, probe=0.3, check=(0.3, 0.4), backoff=QUICK)
    return lambda: RedisBroker(f"redis://127.0.0.1:{redis_server.port}/0", options)


async def test_what_is_published_anywhere_is_heard_at_every_node(make):
    async with running(broker=make()) as one, running(broker=make()) as two:
        clients = [await one.join(), await two.join(), await two.join("/ws/hall/2/")]
        elsewhere = make()

        await one.publisher.alarm(Alarm(text="from a node"), hall=1)
        await WorksPublisher(elsewhere).alarm(Alarm(text="from elsewhere"), hall=1)
        await two.publisher.alarm(Alarm(text="another hall"), hall=2)

        heard = [[await hear(client) for _ in range(2)] for client in clients[:2]]
        assert [[each["text"] for each in some] for some in heard] == [["from a node", "from elsewhere"]] * 2
        assert (await hear(clients[2]))["text"] == "another hall"
        await elsewhere.stop()


async def test_a_group_has_members_at_several_nodes(make):
    async with running(broker=make()) as one, running(broker=make()) as two:
        clients = [await one.join(), await two.join()]
        for client in clients:
            await client.send('{"type":"watch","machine":7}')
            await (await client.ping())

        async def is_watched():
            await one.publisher.reading(Reading(value=1.5), hall=1, machine=7)
            return all("works/hall?hall=1#machine=7" in site.node.fanout._topics for site in (one, two))

        await eventually(is_watched)
        await one.publisher.reading(Reading(value=2.5), hall=1, machine=7)

        for client in clients:
            async with asyncio.timeout(5):
                while (await hear(client))["value"] != 2.5:
                    pass


async def test_clients_stay_while_redis_cuts_every_connection_and_hear_again(make):
    async with running(broker=make()) as one, running(broker=make()) as two:
        clients = [await one.join(), await two.join()]
        admin = make()
        await (await admin._ready()).ask("CLIENT", "KILL", "TYPE", "pubsub")

        async def is_back():
            return all(
                site.node.broker.counts["reconnects"] and site.node.broker._is_linked for site in (one, two)
            )

        await eventually(is_back)
        await one.publisher.alarm(Alarm(text="again"), hall=1)

        assert [(await hear(client))["text"] for client in clients] == ["again"] * 2
        await admin.stop()


@pytest.mark.faults(row=15)
async def test_who_is_kicked_at_one_node_leaves_every_node(make):
    async with running(broker=make()) as one, running(broker=make()) as two:
        clients = [await one.join(), await two.join(), await two.join()]

        await one.node.kick("tester")

        assert [(await closed(client))[0] for client in clients] == [4403] * 3


async def test_a_drain_is_for_the_node_that_it_names(make):
    async with running(broker=make()) as one, running(broker=make()) as two:
        stays, goes = await one.join(), await two.join()

        await one.node.broker.tell(Drain(two.node.name))

        assert (await closed(goes))[0] == 1001
        await one.publisher.alarm(Alarm(text="here"), hall=1)
        assert (await hear(stays))["text"] == "here"
        assert (one.node.is_ready, two.node.is_ready) == (True, False)


@pytest.mark.faults(row=7)
async def test_users_of_a_node_that_crashed_leave_at_the_others(redis_server, request, monkeypatch):
    monkeypatch.setattr("wirepact.server.attendance.REFRESH", 0.2)
    prefix = request.node.name
    options = RedisOptions(prefix=prefix, presence=1.0, backoff=QUICK)
    url = f"redis://127.0.0.1:{redis_server.port}/0"
    channel = room(grace=0)
    async with running(broker=RedisBroker(url, options), channel=channel) as site:
        ann = await enter(site, "ann")
        assert await hear(ann) == joined("ann")
        crashed = RedisBroker(url, options)
        topic = channel_topic(channel, {"hall": 1})

        await crashed.presence.enter(Attendance(topic, "crashed:1", "bob", "Bob"))
        await crashed.stop()

        assert await hear(ann) == left("bob")
        assert await site.node.presence.count(channel, {"hall": 1}) == 1


async def test_a_user_at_two_nodes_is_there_once(make):
    channel = room(grace=0)
    async with running(broker=make(), channel=channel) as one, running(broker=make(), channel=channel) as two:
        ann = await enter(one, "ann")
        assert await hear(ann) == joined("ann")
        tabs = [await enter(one, "bob"), await enter(two, "bob")]
        assert await hear(ann) == joined("bob")

        await tabs[0].close()
        await tabs[1].close()

        assert await hear(ann) == left("bob")


async def test_what_follows_a_word_to_look_again_is_heard_by_the_new_rule_at_every_node(make):
    unheard = set()

    async def filter_of(_):
        texts = frozenset(unheard)
        return lambda message: message.text not in texts

    async with running(broker=make()) as one, running(broker=make()) as two:
        for site in (one, two):
            site.node.filter(HALL, filter_of)
        clients = [await one.join(), await two.join()]

        for number in range(20):
            unheard.add(f"{number}")
            await one.node.recheck("tester")
            await two.publisher.alarm(Alarm(text=f"{number}"), hall=1)
            await two.publisher.alarm(Alarm(text=f"end {number}"), hall=1)

        heard = [[(await hear(client))["text"] for _ in range(20)] for client in clients]

    assert heard == [[f"end {number}" for number in range(20)]] * 2
