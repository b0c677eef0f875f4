"""What every broker does. Further brokers join `BROKERS`."""

import pytest

from wirepact.broker import Publication
from wirepact.broker_memory import MemoryBroker

BROKERS = [MemoryBroker]


@pytest.fixture(params=BROKERS)
async def broker(request):
    broker = request.param()
    yield broker
    await broker.stop()


async def test_a_subscribed_topic_is_delivered_in_order(broker):
    heard = []
    await broker.start(heard.append)
    await broker.subscribe("a")

    for number in range(100):
        await broker.publish(Publication("a", b"%d" % number))

    assert [each.payload for each in heard] == [b"%d" % number for number in range(100)]


async def test_what_nobody_subscribed_to_is_not_delivered(broker):
    heard = []
    await broker.start(heard.append)
    await broker.subscribe("a")
    await broker.unsubscribe("a")

    await broker.publish(Publication("a", b"1"))
    await broker.publish(Publication("b", b"1"))

    assert heard == []


async def test_publishing_needs_no_node(broker):
    await broker.publish(Publication("a", b"1"))


async def test_subscribing_twice_delivers_once_and_leaving_twice_is_harmless(broker):
    heard = []
    await broker.start(heard.append)
    await broker.subscribe("a")
    await broker.subscribe("a")

    await broker.publish(Publication("a", b"1"))
    await broker.unsubscribe("a")
    await broker.unsubscribe("a")

    assert len(heard) == 1


async def test_a_memory_broker_serves_one_node():
    broker = MemoryBroker()
    await broker.start(print)

    with pytest.raises(RuntimeError, match="serves one node"):
        await broker.start(print)
