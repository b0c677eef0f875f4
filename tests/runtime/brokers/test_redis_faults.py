"""What Redis does to those who stand on it, and what must come of it. The numbers are those of the table of faults."""

import asyncio
import os
import random
import signal
from contextlib import asynccontextmanager

import pytest
import redis as redis_client

from brokers import QUICK, Node, until, valkey
from wirepact.broker import Keep, Position, Publication
from wirepact.broker_redis import NODES, RedisBroker, RedisOptions
from wirepact.errors import Unavailable
from wirepact.link_redis import Backoff
from wirepact.nodes import Kick, Recheck

SETTINGS = RedisOptions(timeout=0.5, probe=0.2, check=(0.2, 0.3), backoff=QUICK)
STREAM = Keep("stream", age=60, size=1000)


def stream(number, topic="t"):
    return Publication(topic, b"%d" % number, keep=STREAM)


class Patient(random.Random):
    """Waits as long as it may."""

    def uniform(self, _, most):
        return most


class Site:
    """A server, and brokers that stand on it."""

    def __init__(self, server):
        self.server = server
        self.brokers = []
        self.url = f"redis://127.0.0.1:{server.port}/0"

    @property
    def pid(self):
        return self.server._process.pid

    def client(self):
        return redis_client.Redis(port=self.server.port)

    async def broker(self, settings=SETTINGS, **options):
        broker = RedisBroker(self.url, settings, **options)
        self.brokers.append(broker)
        return broker

    async def node(self, topic="t", settings=SETTINGS, **options):
        broker = await self.broker(settings, **options)
        node = await Node().start(broker)
        node.broker = broker
        node.position = await broker.subscribe(topic)
        return node

    def restart(self):
        """A new process on the same port and folder."""
        self.server.stop()
        self.server.start()


@pytest.fixture
async def site(tmp_path):
    async with _site(tmp_path) as site:
        yield site


@asynccontextmanager
async def _site(folder, **config):
    with valkey(data_dir=folder, **config) as server:
        site = Site(server)
        try:
            yield site
        finally:
            for broker in site.brokers:
                await broker.stop()


async def publish(broker, number, topic="t"):
    """Publish as one does who wants it to arrive: again, until it is taken in."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await broker.publish(stream(number, topic)._replace(idempotency_key=f"n{number}"))
            except Unavailable:
                await asyncio.sleep(0.01)


def continuous(node):
    """Whether what this node heard since it last lost its place has no gap, no duplicate and is in order."""
    place = node.position
    for event in node.events:
        if isinstance(event, tuple):
            place = event[1]
        elif isinstance(event, Position):
            if event != Position(place.epoch, place.offset + 1):
                return False
            place = event
    return True


@pytest.mark.faults(row=1)
async def test_1_a_restart_with_its_data_gone_begins_a_new_epoch_and_says_so(site):
    node, publisher = await site.node(), await site.broker()
    for number in range(3):
        await publisher.publish(stream(number))
    await until(lambda: len(node.heard) == 3)
    before = node.positions[-1]

    site.restart()
    after = await publish(publisher, 3)
    await until(lambda: node.lost and node.links[-1])
    await publish(publisher, 4)

    await until(lambda: node.heard[-1] == b"4")
    assert after.epoch != before.epoch
    assert not (await node.broker.recover("t", before)).is_complete
    assert continuous(node)
    assert (await node.broker.recover("t", node.positions[-1])).is_complete


@pytest.mark.faults(row=2)
async def test_2_a_restart_from_an_old_snapshot_is_never_a_silent_replay(site):
    node, publisher = await site.node(), await site.broker()
    for number in range(5):
        await publisher.publish(stream(number))
    site.client().save()
    for number in range(5, 10):
        await publisher.publish(stream(number))
    await until(lambda: len(node.heard) == 10)
    before = node.positions[-1]

    os.kill(site.pid, signal.SIGKILL)
    site.server._process.wait()
    site.server._process = None
    site.server.start()
    assert site.client().keys("wirepact:1:{t}:m"), "the old snapshot was loaded"
    for number in range(10, 20):
        await publish(publisher, number)
    await until(lambda: node.lost and node.links[-1])
    await publish(publisher, 20)

    await until(lambda: node.heard[-1] == b"20")
    history = await node.broker.recover("t", before)
    assert (before.offset, history.is_complete) == (10, False)
    assert continuous(node)


@pytest.mark.faults(row=3)
async def test_3_a_server_that_is_down_for_a_while_is_found_again_by_those_who_are_there(site):
    node, publisher = await site.node(), await site.broker()
    await publisher.publish(stream(0))
    tasks = set(node.broker._tasks)
    site.server.stop()
    await until(lambda: node.links == [False])

    loop = asyncio.get_running_loop()
    started = loop.time()
    for _ in range(50):
        with pytest.raises(Unavailable):
            await publisher.publish(stream(1))
    assert loop.time() - started < 1, "it fails fast"
    assert node.broker.health().is_deaf
    with pytest.raises(Unavailable):
        await node.broker.subscribe("another")
    await until(lambda: node.broker.counts["unreachable"] > 20)
    site.server.start()
    await until(lambda: node.links == [False, True])
    await publish(publisher, 2)

    await until(lambda: b"2" in node.heard)
    assert not node.broker.health().is_deaf
    assert await node.broker.subscribe("another")
    assert continuous(node)
    await until(lambda: node.broker._tasks == tasks)


@pytest.mark.faults(row=4)
async def test_4_a_frozen_server_is_noticed_though_the_connection_is_alive(site):
    node, publisher = await site.node(), await site.broker()
    await publisher.publish(stream(0))
    await until(lambda: node.heard)

    os.kill(site.pid, signal.SIGSTOP)
    try:
        with pytest.raises(Unavailable):
            await publisher.publish(stream(1))
        await until(lambda: node.broker.health().is_deaf and node.broker._listening._connection is None)
        with pytest.raises(Unavailable):
            await node.broker.publish(stream(1))
    finally:
        os.kill(site.pid, signal.SIGCONT)
    await until(lambda: node.links[-1])
    position = await publish(publisher, 2)

    await until(lambda: node.positions[-1] == position)
    assert node.broker.counts["echoes_missed"] or node.broker.counts["reconnects"]
    assert node.lost == []
    assert continuous(node)


@pytest.mark.faults(row=5)
async def test_5_a_listener_that_was_cut_off_has_missed_nothing(site):
    node, publisher = await site.node(), await site.broker()
    admin = site.client()

    for number in range(200):
        await publisher.publish(stream(number))
        if number % 50 == 25:
            admin.client_kill_filter(_type="pubsub")

    await until(lambda: len(node.heard) == 200)
    assert node.heard == [b"%d" % number for number in range(200)]
    assert node.lost == []
    assert continuous(node)
    assert node.broker.counts["reconnects"] >= 1
    assert node.broker.counts["repaired"] >= 1


@pytest.mark.faults(row=5)
async def test_5_a_listener_whose_buffer_ran_over_has_missed_nothing(site):
    site.client().config_set("client-output-buffer-limit", "pubsub 65536 0 0")
    node, publisher = await site.node(), await site.broker()
    large = b"x" * 40_000
    keep = Keep("stream", age=60, size=1000)

    await asyncio.gather(*(publisher.publish(Publication("t", large, keep=keep)) for _ in range(100)))

    await until(lambda: len(node.heard) == 100)
    assert node.lost == []
    assert continuous(node)


@pytest.mark.faults(row=6)
async def test_6_a_replica_that_is_promoted_without_the_last_writes_begins_a_new_epoch(site, tmp_path):
    async with _site(tmp_path / "b", **{"repl-diskless-sync-delay": 0}) as other:
        site.client().config_set("repl-diskless-sync-delay", 0)
        node, publisher = await site.node(), await site.broker()
        replica = other.client()
        replica.replicaof("127.0.0.1", site.server.port)
        await until(lambda: replica.info("replication")["master_link_status"] == "up")
        for number in range(5):
            await publisher.publish(stream(number))
        await until(lambda: replica.exists("wirepact:1:{t}:s") and replica.xlen("wirepact:1:{t}:s") == 5)
        os.kill(other.pid, signal.SIGSTOP)
        missed = [await publisher.publish(stream(number)) for number in range(5, 8)][-1]
        await until(lambda: len(node.heard) == 8)
        os.kill(site.pid, signal.SIGKILL)
        os.kill(other.pid, signal.SIGCONT)
        replica.replicaof("NO", "ONE")

        moved = await other.node()
        for number in range(8, 16):
            await publish(moved.broker, number)

        assert moved.position.epoch != missed.epoch
        assert not (await moved.broker.recover("t", missed)).is_complete


@pytest.mark.faults(row=6)
async def test_6_a_server_that_became_a_replica_is_left(site):
    publisher = await site.broker()
    await publisher.publish(stream(0))
    site.client().config_set("min-replicas-to-write", 1)

    with pytest.raises(Unavailable, match="NOREPLICAS"):
        await publisher.publish(stream(1))
    site.client().config_set("min-replicas-to-write", 0)
    site.client().replicaof("127.0.0.1", 1)
    with pytest.raises(Unavailable):
        await publisher.publish(stream(2))
    site.client().replicaof("NO", "ONE")

    assert (await publish(publisher, 3)).offset == 2


@pytest.mark.faults(row=27)
async def test_27_one_idempotency_key_on_two_nodes_is_one_publication(site):
    node, first, second = await site.node(), await site.broker(), await site.broker()

    results = await asyncio.gather(
        *(broker.publish(stream(1)._replace(idempotency_key="k")) for broker in (first, second) * 10)
    )
    await first.publish(stream(2))

    await until(lambda: b"2" in node.heard)
    assert len(set(results)) == 1
    assert node.heard == [b"1", b"2"]


@pytest.mark.faults(row=28)
async def test_28_versions_that_overtake_each_other_on_two_nodes_leave_the_newest(site):
    node, first, second = await site.node(), await site.broker(), await site.broker()
    value = Publication("t", b"", keep=Keep("latest", age=60), key="k")

    await asyncio.gather(
        *(
            broker.publish(value._replace(payload=b"%d" % version, version=version))
            for version in reversed(range(1, 50))
            for broker in (first, second)
        )
    )

    await until(lambda: node.heard)
    history = await node.broker.recover("t", node.position)
    assert [each.publication.payload for each in history.kept] == [b"49"]
    assert [int(each) for each in node.heard] == sorted({int(each) for each in node.heard})


@pytest.mark.faults(row=29)
async def test_29_a_node_that_missed_more_than_is_kept_is_told(site):
    slow = RedisOptions(timeout=0.5, probe=9, check=(9, 9), backoff=Backoff(2, 2))
    node = await site.node(settings=slow, random=Patient())
    publisher = await site.broker()
    await publisher.publish(stream(0))
    await until(lambda: node.heard)

    site.client().client_kill_filter(_type="pubsub")
    await until(lambda: node.links == [False])
    short = Keep("stream", age=60, size=10)
    await asyncio.gather(*(publisher.publish(stream(number)._replace(keep=short)) for number in range(1, 31)))

    await until(lambda: node.links[-1:] == [True])
    await publisher.publish(stream(31))
    await until(lambda: b"31" in node.heard)
    assert node.lost == [("t", Position(node.position.epoch, 31))]
    assert continuous(node)


@pytest.mark.faults(row=30)
async def test_30_publishing_from_four_processes_while_nodes_come_and_go(site):
    publishers = [await site.broker() for _ in range(4)]

    async def publish_some(broker, start):
        for number in range(start, start + 100):
            await broker.publish(stream(number))

    publishing = asyncio.gather(
        *(publish_some(broker, 1000 * index) for index, broker in enumerate(publishers))
    )
    nodes = [await site.node() for _ in range(8)]
    await publishing

    for node in nodes:
        await until(lambda node=node: len(node.heard) >= 400 - node.position.offset)
        assert continuous(node)
        assert node.positions[-1:] in ([], [Position(node.position.epoch, 400)])


@pytest.mark.faults(row=34)
async def test_34_ages_are_counted_by_the_server_not_by_the_node(site):
    node = RedisBroker(site.url, SETTINGS, clock=lambda: -1e6)
    site.brokers.append(node)
    position = await node.publish(stream(1))

    history = await (await site.broker()).recover("t", Position(position.epoch, 0))

    assert history.is_complete


@pytest.mark.parametrize(
    "poison",
    [
        b"", b"\n", b"1 t -", b"2 t e.1 \nfrom the future", b"1 x e.1 \n", b"1 t e.1\n", b"1 t e.-1 \n",
        b"1 t e.1 \xff\xfe\nx", b"1 t \xff.1 \nx", b"\x80\x04K\x01.", b"1 t e.99999999999999999999 \nx", b"x" * 100_000,
    ],
)  # fmt: skip
@pytest.mark.faults(row=38)
async def test_38_what_can_not_be_read_is_counted_and_skipped(site, poison):
    node, publisher = await site.node(), await site.broker()

    site.client().publish("wirepact:1:{t}", poison)
    await publisher.publish(stream(1))

    await until(lambda: node.heard == [b"1"])
    assert node.broker.counts["undecodable"] + node.broker.counts["gaps"] >= 1
    assert continuous(node)


@pytest.mark.faults(row=38)
async def test_38_a_history_that_can_not_be_read_is_not_complete(site):
    publisher = await site.broker()
    first = await publisher.publish(stream(1))
    await publisher.publish(stream(2))
    admin = site.client()
    admin.xdel("wirepact:1:{t}:s", "2-0")

    assert not (await publisher.recover("t", first)).is_complete
    admin.delete("wirepact:1:{t}:s")
    assert not (await publisher.recover("t", first)).is_complete
    await publisher.publish(stream(3))
    assert not (await publisher.recover("t", first)).is_complete


async def test_what_was_lost_on_the_way_is_found_when_tops_are_compared(site):
    """A message that never reached the listener, with nothing behind it that would show the gap."""
    node, publisher = await site.node(), await site.broker()
    await publisher.publish(stream(0))
    await until(lambda: node.heard)
    listening, swallowed = node.broker._listening, []
    hear, listening._hear = listening._hear, lambda *message: swallowed.append(message)
    last = await publisher.publish(stream(1))
    await until(lambda: swallowed)
    listening._hear = hear

    await until(lambda: node.positions[-1] == last)
    assert node.heard == [b"0", b"1"]
    assert continuous(node)


async def test_a_flushed_server_begins_a_new_epoch_and_says_so_even_if_nothing_is_published(site):
    node, publisher = await site.node(), await site.broker()
    await publisher.publish(stream(0))
    await until(lambda: node.heard)

    site.client().flushall()

    await until(lambda: node.lost)
    await publisher.publish(stream(1))
    await until(lambda: len(node.heard) == 2)
    assert continuous(node)


async def test_scripts_that_the_server_forgot_are_brought_again(site):
    publisher = await site.broker()
    await publisher.publish(stream(0))

    site.client().script_flush()

    assert [(await publisher.publish(stream(number))).offset for number in (1, 2)] == [2, 3]


async def test_a_node_that_starts_before_its_server_comes_up_with_it(site):
    site.server.stop()
    broker = await site.broker()

    node = await Node().start(broker)
    assert node.links == [False]
    assert broker.health().is_deaf
    site.server.start()

    await until(lambda: node.links == [False, True])
    assert await broker.subscribe("t")


async def test_a_server_that_takes_no_writes_refuses_for_a_while(site):
    node, admin = await site.node(), site.client()
    admin.config_set("maxmemory", "1")

    with pytest.raises(Unavailable, match="maxmemory"):
        await node.broker.publish(stream(0))
    admin.config_set("maxmemory", "0")

    assert (await node.broker.publish(stream(1))).offset == 1


async def test_what_nodes_say_is_heard_after_an_outage_too(site):
    node = await site.node(settings=RedisOptions(timeout=0.5, probe=9, check=(9, 9), backoff=Backoff(1, 1)))
    other = await site.broker()
    site.client().client_kill_filter(_type="pubsub")
    await until(lambda: node.links == [False])

    await other.tell(Kick("ann"))

    await until(lambda: node.told == [Kick("ann")])


async def test_what_nodes_said_and_is_lost_makes_them_look_again_at_everyone(site):
    node = await site.node()

    site.client().flushall()

    await until(lambda: node.told == [Recheck()])


async def test_what_nodes_say_is_believed_with_the_secret_only(site):
    ours = RedisOptions(timeout=0.5, probe=9, check=(9, 9), backoff=QUICK, secret=b"s" * 32)
    node, friend = await site.node(settings=ours), await site.broker(ours)
    stranger = await site.broker()

    await stranger.tell(Kick("everyone"))
    await friend.tell(Kick("ann"))

    await until(lambda: node.told)
    assert node.told == [Kick("ann")]
    assert node.broker.counts["not_believed"] == 1


async def test_a_late_unsubscribe_does_not_take_a_new_subscription_away(site):
    node, publisher = await site.node(), await site.broker()

    for _ in range(20):
        leaving = asyncio.create_task(node.broker.unsubscribe("t"))
        await asyncio.sleep(0)
        position = await node.broker.subscribe("t")
        await leaving
    node.position, node.events = position, []
    last = await publisher.publish(stream(1))

    await until(lambda: node.positions[-1:] == [last])
    assert continuous(node)


async def test_a_cancelled_subscription_leaves_nothing_behind(site):
    node = await site.node()

    for _ in range(20):
        joining = asyncio.create_task(node.broker.subscribe("u"))
        await asyncio.sleep(0)
        joining.cancel()
        await asyncio.wait([joining])

    assert set(node.broker._following._topics) == {"t", NODES}
    assert await node.broker.subscribe("u")


async def test_a_stopped_broker_leaves_no_task_and_no_connection(site):
    before = asyncio.all_tasks()
    node, publisher = await site.node(), await site.broker()
    await publisher.publish(stream(1))

    for broker in (node.broker, publisher):
        await broker.stop()
        await broker.stop()

    await until(lambda: len(site.client().client_list()) == 1)
    assert asyncio.all_tasks() == before
    with pytest.raises(Unavailable):
        await publisher.publish(stream(2))


async def test_every_key_of_a_topic_is_in_one_slot_and_ends_some_day(site):
    publisher, admin = await site.broker(), site.client()
    await publisher.publish(stream(1)._replace(idempotency_key="k"))
    await publisher.publish(Publication("t", b"x", keep=Keep("latest", age=60), key="k"))

    keys = admin.keys("*")

    assert len(keys) == 5
    assert all(b"{t}" in key and admin.ttl(key) > 0 for key in keys)


async def test_a_stream_is_never_longer_than_it_may_be(site):
    publisher = await site.broker()

    for number in range(25):
        await publisher.publish(stream(number)._replace(keep=Keep("stream", age=60, size=10)))

    assert site.client().xlen("wirepact:1:{t}:s") == 10


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_to_the_server_everyone_ends_at_the_top_without_a_gap(site, seed):
    """Faults at random while three publish and three listen; in the end each has what was kept, or was told."""
    rng = random.Random(seed)
    nodes = [await site.node() for _ in range(3)]
    publishers = [await site.broker() for _ in range(2)] + [nodes[0].broker]
    admin = site.client()
    faults = [
        lambda: admin.client_kill_filter(_type="pubsub"),
        lambda: admin.client_kill_filter(_type="normal", skipme=True),
        admin.script_flush,
        admin.flushall,
        lambda: admin.delete("wirepact:1:{t}:s"),
        site.restart,
        lambda: admin.publish("wirepact:1:{t}", b"nonsense"),
    ]
    numbers = iter(range(100_000))

    async def publish_some(broker):
        for _ in range(150):
            await publish(broker, next(numbers))
            await asyncio.sleep(rng.random() * 0.01)

    publishing = asyncio.gather(*(publish_some(broker) for broker in publishers))
    while not publishing.done():
        await asyncio.sleep(rng.random() * 0.2)
        rng.choice(faults)()
    await publishing
    last = await publish(publishers[0], next(numbers))

    for node in nodes:
        await until(lambda node=node: node.broker._following._topics["t"].follower.position == last)
        assert continuous(node)
        kept = [position for position in node.positions if position]
        assert len(kept) == len(set(kept)), "a duplicate"
        await until(lambda node=node: node.links[-1:] != [False])
        assert (await node.broker.recover("t", last)).is_complete
