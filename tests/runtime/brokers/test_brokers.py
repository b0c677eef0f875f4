"""What every broker does: one suite for all of them."""

import asyncio
import random
from contextlib import suppress

import pytest

from brokers import Node, eventually, until
from wirepact.broker import Keep, Position, Publication
from wirepact.errors import Unavailable
from wirepact.nodes import Drain, Kick, Recheck

STREAM = Keep("stream", age=60, size=10)
LATEST = Keep("latest", age=60)


def stream(text, topic="t", **more):
    return Publication(topic, str(text).encode(), keep=STREAM, **more)


def latest(text, key=None, **more):
    return Publication("t", str(text).encode(), keep=LATEST, key=key, **more)


def aside(text, topic="t"):
    return Publication(topic, str(text).encode())


def texts(history):
    return [each.publication.payload.decode() for each in history.kept]


async def test_a_subscribed_topic_is_delivered_in_order(broker, node):
    await broker.subscribe("t")

    for number in range(100):
        await broker.publish(aside(number) if number % 3 else stream(number))

    await until(lambda: len(node.heard) == 100)
    assert node.heard == [b"%d" % number for number in range(100)]
    assert [each.offset for each in node.positions if each] == list(range(1, 35))


async def test_publications_made_at_once_keep_the_order_of_the_calls(broker, node):
    await broker.subscribe("t")

    await asyncio.gather(
        *(broker.publish(aside(number) if number % 2 else stream(number)) for number in range(50))
    )

    await until(lambda: len(node.heard) == 50)
    assert node.heard == [b"%d" % number for number in range(50)]


async def test_what_nobody_subscribed_to_is_not_delivered(broker, node):
    await broker.subscribe("t")
    await broker.unsubscribe("t")
    await broker.subscribe("end")

    await broker.publish(stream("left"))
    await broker.publish(stream("never", topic="other"))
    await broker.publish(aside("end", topic="end"))

    await until(lambda: node.heard)
    assert node.heard == [b"end"]


async def test_subscriptions_are_counted_and_leaving_too_often_is_harmless(broker, node):
    await broker.subscribe("t")
    await broker.subscribe("t")
    await broker.unsubscribe("t")

    await broker.publish(aside("still here"))
    await until(lambda: node.heard)
    for _ in range(3):
        await broker.unsubscribe("t")
    await broker.publish(aside("gone"))
    await broker.subscribe("t")
    await broker.publish(aside("back"))

    await until(lambda: len(node.heard) > 1)
    assert node.heard == [b"still here", b"back"]


@pytest.mark.usefixtures("node")
async def test_a_broker_serves_one_node(broker):
    with pytest.raises(RuntimeError, match="serves one node"):
        await Node().start(broker)


async def test_publishing_needs_no_node(make):
    publisher = await make()

    assert await publisher.publish(aside("a")) is None
    assert (await publisher.publish(stream("b"))).offset == 1


async def test_what_is_published_says_where_it_stands(broker, node):
    start = await broker.subscribe("t")

    first = await broker.publish(stream("a"))
    second = await broker.publish(latest("b", key="k"))

    await until(lambda: len(node.heard) == 2)
    assert start == Position(first.epoch, 0)
    assert [first.offset, second.offset] == [1, 2]
    assert node.positions == [first, second]


async def test_a_subscription_follows_the_position_that_it_returns(broker, node):
    await broker.publish(stream("before"))

    position = await broker.subscribe("t")
    await broker.publish(stream("after"))

    await until(lambda: node.heard)
    assert position.offset == 1
    assert node.positions == [Position(position.epoch, 2)]


async def test_a_publication_arrives_as_it_was_sent(broker, node):
    await broker.subscribe("t")
    payload = bytes(range(256)) * 300
    sent = Publication("t", payload, is_binary=True, keep=LATEST, key="a b\n=ü{}")

    position = await broker.publish(sent)
    history = await broker.recover("t", Position(position.epoch, 0))

    await until(lambda: node.heard)
    assert node.heard == [payload]
    got = history.kept[0].publication
    assert (got.topic, got.payload, got.is_binary, got.key) == ("t", payload, True, "a b\n=ü{}")


@pytest.mark.parametrize("key", [None, "", "-", "="])
async def test_no_key_is_a_key_like_any_other(broker, key):
    for each in (None, "", "-", "="):
        await broker.publish(latest(repr(each), key=each))

    position = await broker.publish(latest("new", key=key))
    history = await broker.recover("t", Position(position.epoch, 0))

    assert sorted(texts(history)) == sorted(
        ["new", *(repr(each) for each in (None, "", "-", "=") if each != key)]
    )


@pytest.mark.parametrize("topic", ["spc/product?id=1#k=%7B", "a{b}c", "}", "ü 🚀"])
async def test_a_topic_may_be_called_anything(broker, node, topic):
    await broker.subscribe(topic)

    position = await broker.publish(stream("x", topic=topic))

    await until(lambda: node.heard)
    assert texts(await broker.recover(topic, Position(position.epoch, 0))) == ["x"]


async def test_topics_are_apart_to_the_letter(broker):
    await broker.publish(stream("small", topic="tenanta"))
    position = await broker.publish(stream("large", topic="tenantA"))

    assert position.offset == 1
    assert texts(await broker.recover("tenantA", Position(position.epoch, 0))) == ["large"]


# ── recovery ──


async def test_what_was_missed_is_recovered_in_order_of_offsets(broker):
    first = await broker.publish(stream("a"))
    await broker.publish(latest("old", key="k"))
    await broker.publish(aside("not kept"))
    await broker.publish(stream("b"))
    await broker.publish(latest("new", key="k"))
    await broker.publish(latest("other", key="j"))
    top = await broker.publish(stream("c"))

    history = await broker.recover("t", first)

    assert history.is_complete
    assert history.top == top
    assert texts(history) == ["b", "new", "other", "c"]
    assert [each.position.offset for each in history.kept] == [3, 4, 5, 6]


async def test_nothing_missed_is_complete(broker):
    position = await broker.publish(stream("a"))

    history = await broker.recover("t", position)

    assert (history.is_complete, history.kept, history.top) == (True, (), position)


@pytest.mark.parametrize("trimmed", [1, 5])
async def test_the_window_ends_where_the_stream_was_trimmed(broker, trimmed):
    positions = [await broker.publish(stream(number)) for number in range(10 + trimmed)]

    within = await broker.recover("t", positions[trimmed - 1])
    beyond = await broker.recover("t", Position(positions[0].epoch, trimmed - 1))

    assert within.is_complete
    assert texts(within) == [str(number) for number in range(trimmed, 10 + trimmed)]
    assert (beyond.is_complete, beyond.kept, beyond.top) == (False, (), positions[-1])


async def test_more_than_the_limit_is_not_complete(broker):
    first = await broker.publish(stream("0"))
    for number in (1, 2):
        await broker.publish(stream(number))
    await broker.publish(latest("l"))

    assert (await broker.recover("t", first, limit=3)).is_complete
    assert not (await broker.recover("t", first, limit=2)).is_complete


@pytest.mark.parametrize("offset", [3, 10**6, 2**53 - 1])
async def test_an_offset_above_the_top_is_not_complete(broker, offset):
    position = [await broker.publish(stream(number)) for number in (1, 2)][-1]

    history = await broker.recover("t", Position(position.epoch, offset))

    assert (history.is_complete, history.top) == (False, position)


async def test_another_epoch_is_not_complete(broker):
    position = await broker.publish(stream("a"))

    history = await broker.recover("t", Position("another", 0))

    assert (history.is_complete, history.top) == (False, position)


@pytest.mark.usefixtures("node")
async def test_a_topic_that_nobody_published_to_has_a_place_too(broker):
    position = await broker.subscribe("t")

    assert (await broker.recover("t", position)).is_complete
    assert not (await broker.recover("t", Position("x", 0))).is_complete


async def expired(make, broker, topic):
    """Wait until what was kept of *topic* for longer than a moment is no more. The server's clock is the one that counts."""
    make.clock.now += 1
    longer = Publication(topic, b"end", keep=Keep("stream", age=0.05))
    other = Position((await broker.publish(longer)).epoch, 0)
    make.clock.now += 1

    async def is_incomplete():
        return not (await broker.recover(topic, other)).is_complete

    await eventually(is_incomplete)


def moment(topic, text, mode="stream", **more):
    return Publication(topic, text.encode(), keep=Keep(mode, age=0.03), **more)


@pytest.mark.parametrize("mode", ["stream", "latest"])
@pytest.mark.parametrize("is_followed", [False, True])
async def test_what_has_expired_is_missed(make, broker, mode, is_followed):
    start = await broker.publish(stream("start"))
    await broker.publish(moment("t", "short", mode))
    await expired(make, broker, "u")
    if is_followed:
        await broker.publish(stream("next"))
        await broker.publish(latest("next", key="another"))

    assert not (await broker.recover("t", start)).is_complete


async def test_a_value_that_was_replaced_before_it_expired_is_not_missed(make, broker):
    start = await broker.publish(stream("start"))
    await broker.publish(moment("t", "short", "latest", key="k"))
    await broker.publish(latest("long", key="k"))
    await expired(make, broker, "u")

    history = await broker.recover("t", start)

    assert (history.is_complete, texts(history)) == (True, ["long"])


async def test_any_history_is_the_same_with_every_broker(broker):
    """A random conversation, held against what it must be by the simplest of means."""
    rng = random.Random(7)
    log = []
    for number in range(120):
        if rng.random() < 0.5:
            position = await broker.publish(stream(number))
            log.append((position.offset, None, str(number)))
        else:
            key = rng.choice("abc")
            position = await broker.publish(latest(number, key=key))
            log.append((position.offset, key, str(number)))
        since = rng.randrange(position.offset + 1)
        streamed = [entry for entry in log if entry[1] is None]
        last = {entry[1]: entry for entry in log if entry[1] is not None}
        lowest = streamed[-11][0] if len(streamed) > 10 else 0
        wanted = sorted(entry for entry in (*streamed[-10:], *last.values()) if entry[0] > since)

        history = await broker.recover("t", Position(position.epoch, since))

        assert history.is_complete == (since >= lowest)
        assert texts(history) == ([text for *_, text in wanted] if since >= lowest else [])


# ── once, and not the old ──


async def test_the_same_idempotency_key_publishes_once(broker, node):
    await broker.subscribe("t")

    results = await asyncio.gather(
        *(broker.publish(stream(number, idempotency_key="order-1")) for number in range(5))
    )
    other = await broker.publish(stream("other", idempotency_key="order-2"))
    elsewhere = await broker.publish(stream("elsewhere", topic="u", idempotency_key="order-1"))

    await until(lambda: len(node.heard) == 2)
    assert set(results) == {results[0]}
    assert node.heard == [b"0", b"other"]
    assert (other.offset, elsewhere.offset) == (2, 1)


async def test_what_is_not_kept_can_be_published_once_too(broker, node):
    await broker.subscribe("t")

    for _ in range(2):
        assert await broker.publish(Publication("t", b"x", idempotency_key="k")) is None
    await broker.publish(aside("end"))

    await until(lambda: b"end" in node.heard)
    assert node.heard == [b"x", b"end"]


async def test_an_idempotency_key_is_forgotten_after_its_time(make):
    broker = await make(idempotency=0.03)
    first = await broker.publish(stream("a", idempotency_key="k"))
    await expired(make, broker, "u")

    second = await broker.publish(stream("b", idempotency_key="k"))

    assert (first.offset, second.offset) == (1, 2)


async def test_an_older_version_never_takes_the_place_of_a_newer_one(broker, node):
    await broker.subscribe("t")

    newest = await broker.publish(latest("v5", key="k", version=5))
    for version in (4, 5):
        assert await broker.publish(latest(f"v{version}", key="k", version=version)) == newest
    other = await broker.publish(latest("other", key="j", version=1))
    await broker.publish(latest("v6", key="k", version=6))

    await until(lambda: len(node.heard) == 3)
    assert other.offset == 2
    assert node.heard == [b"v5", b"other", b"v6"]


@pytest.mark.parametrize("versions", [(2**53 - 2, 2**53 - 1), (9, 10)])
async def test_versions_are_numbers(broker, versions):
    for version in versions:
        position = await broker.publish(latest(version, version=version))

    assert position.offset == 2


async def test_a_value_without_a_version_is_always_the_newest(broker):
    await broker.publish(latest("v5", version=5))
    await broker.publish(latest("none"))
    position = await broker.publish(latest("v1", version=1))

    assert position.offset == 3


# ── many at once ──


@pytest.mark.faults(row=30)
async def test_publishing_while_others_subscribe_and_leave_loses_nothing(broker, node):
    """Whoever subscribed and did not leave has everything from its position on, once and in order."""
    count = 300
    position = await broker.subscribe("t")

    async def come_and_go():
        for _ in range(30):
            await broker.subscribe("t")
            await asyncio.sleep(0)
            await broker.unsubscribe("t")

    await asyncio.gather(
        *(broker.publish(stream(number)) for number in range(count)), *(come_and_go() for _ in range(3))
    )

    await until(lambda: len(node.heard) >= count)
    assert [each.offset for each in node.positions] == list(range(1, count + 1))
    assert {each.epoch for each in node.positions} == {position.epoch}


async def test_what_follows_a_position_is_all_there_though_it_was_published_meanwhile(broker, node):
    async def publish():
        for number in range(200):
            await broker.publish(stream(number))

    publishing = asyncio.create_task(publish())
    await until(lambda: True)
    position = await broker.subscribe("t")
    await publishing

    await until(lambda: len(node.heard) >= 200 - position.offset)
    assert [each.offset for each in node.positions] == list(range(position.offset + 1, 201))


@pytest.mark.parametrize(
    "message", [Kick("ann"), Kick("bob", 4401), Recheck("ann"), Recheck(), Drain("n1"), Drain()]
)
async def test_what_is_said_to_nodes_reaches_this_one_too(broker, node, message):
    await broker.tell(message)

    await until(lambda: node.told)
    assert node.told == [message]


async def test_a_broker_that_is_well_says_so(broker, node):
    await broker.publish(stream("a"))

    health = broker.health()

    assert health.is_connected
    assert not health.is_deaf
    assert node.links == []


async def test_after_the_end_nothing_is_delivered(broker, node):
    await broker.subscribe("t")

    await broker.stop()
    with suppress(Unavailable):
        await broker.publish(aside("late"))

    assert node.heard == []


async def test_a_topic_that_was_left_alone_is_forgotten_and_begins_a_new_epoch(make):
    broker = await make(forget=0.01, **({"idle": 0.01} if make.kind == "redis" else {}))
    first = await broker.publish(Publication("t", b"a", keep=Keep("stream", age=0.01)))
    await expired(make, broker, "u")
    await broker.publish(stream("b", topic="another"))

    second = await broker.publish(stream("c"))

    assert second.offset == 1
    assert second.epoch != first.epoch
