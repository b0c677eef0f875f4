"""Topics, outlets and the broker: joins and leaves that race, and one write a peer for each tick."""

import asyncio

import pytest

from sites import running, until
from wirepact.broker import Publication
from wirepact.broker_memory import MemoryBroker
from wirepact.server.fanout import Fanout
from wirepact.server.frames import Batch, Binary, frame
from wirepact.server.outlet import AsgiOutlet, Outlet


class Ear(Outlet):
    """An outlet that remembers what it was given, a list for each write."""

    def __init__(self, *, is_broken=False):
        super().__init__(1000, lambda: None)
        self._held = None
        self._is_broken = is_broken
        self.writes = []

    def send(self, batch):
        if self._is_broken:
            raise RuntimeError("out of order")
        self.writes.append([event["text"] for event in batch.events])

    def close(self, code, reason):
        self.stop()


class SlowBroker(MemoryBroker):
    """A broker whose subscriptions take until a test lets them through, and which may fail."""

    def __init__(self):
        super().__init__()
        self.calls = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = False

    async def subscribe(self, topic):
        self.calls.append(f"subscribe {topic}")
        await self.gate.wait()
        if self.fails:
            raise ConnectionError("the broker is away")
        await super().subscribe(topic)

    async def unsubscribe(self, topic):
        self.calls.append(f"unsubscribe {topic}")
        await self.gate.wait()
        await super().unsubscribe(topic)


@pytest.fixture
async def broker():
    return SlowBroker()


@pytest.fixture
async def fanout(broker):
    fanout = Fanout(broker)
    await broker.start(fanout.deliver)
    return fanout


async def publish(broker, *texts, topic="t"):
    for text in texts:
        await broker.publish(Publication(topic, text.encode()))


async def tick():
    await asyncio.sleep(0)


async def test_what_is_published_in_one_tick_is_one_write_for_each_peer(fanout, broker):
    ears = Ear(), Ear()
    for ear in ears:
        await fanout.join("t", ear)

    await publish(broker, "a", "b", "c")
    assert ears[0].writes == []
    await tick()
    await publish(broker, "d")
    await tick()

    assert [ear.writes for ear in ears] == [[["a", "b", "c"], ["d"]]] * 2


async def test_a_flush_lets_nothing_be_overtaken(fanout, broker):
    ear = Ear()
    await fanout.join("t", ear)
    await publish(broker, "a")

    fanout.flush(["t"])
    ear.send(Batch([b"direct"]))
    await publish(broker, "b")
    await tick()

    assert ear.writes == [["a"], ["direct"], ["b"]]


async def test_whoever_joins_is_not_sent_what_was_published_before(fanout, broker):
    first, late = Ear(), Ear()
    await fanout.join("t", first)
    await publish(broker, "before")

    await fanout.join("t", late)
    await publish(broker, "after")
    await tick()

    assert (first.writes, late.writes) == ([["before"], ["after"]], [["after"]])


async def test_whoever_leaves_is_still_sent_what_was_published_before(fanout, broker):
    ear = Ear()
    await fanout.join("t", ear)
    await publish(broker, "before")

    fanout.leave(["t"], ear)
    await publish(broker, "after")
    await tick()

    assert ear.writes == [["before"]]


async def test_the_broker_is_asked_once_for_any_number_of_peers(fanout, broker):
    ears = [Ear() for _ in range(5)]
    await asyncio.gather(*(fanout.join("t", ear) for ear in ears))
    for ear in ears:
        fanout.leave(["t"], ear)
    await fanout.settled()

    assert broker.calls == ["subscribe t", "unsubscribe t"]
    assert len(fanout) == 0


async def test_whoever_comes_back_before_the_broker_was_told_is_never_gone(fanout, broker):
    first, second = Ear(), Ear()
    await fanout.join("t", first)

    fanout.leave(["t"], first)
    await fanout.join("t", second)
    await fanout.settled()
    await publish(broker, "a")
    await tick()

    assert broker.calls == ["subscribe t"]
    assert second.writes == [["a"]]


async def test_a_late_unsubscribe_does_not_take_a_new_subscription_away(fanout, broker):
    first, second = Ear(), Ear()
    await fanout.join("t", first)
    broker.gate.clear()
    fanout.leave(["t"], first)
    await tick()
    assert broker.calls == ["subscribe t", "unsubscribe t"]

    joining = asyncio.create_task(fanout.join("t", second))
    await tick()
    broker.gate.set()
    await joining
    await publish(broker, "a")
    await tick()

    assert broker.calls == ["subscribe t", "unsubscribe t", "subscribe t"]
    assert second.writes == [["a"]]


async def test_a_peer_that_is_gone_before_the_broker_answers_leaves_nothing_behind(fanout, broker):
    broker.gate.clear()
    ear = Ear()
    joining = asyncio.create_task(fanout.join("t", ear))
    await tick()

    fanout.leave(["t"], ear)
    broker.gate.set()
    await joining
    await fanout.settled()

    assert broker.calls == ["subscribe t", "unsubscribe t"]
    assert len(fanout) == 0


async def test_a_peer_that_left_while_it_waited_to_join_a_group_leaves_nothing_behind():
    broker = SlowBroker()
    async with running(broker=broker) as site:
        first, second = await site.join(), await site.join()
        broker.gate.clear()
        for client in (first, second):
            await client.send('{"type":"watch","machine":7}')
            await (await client.ping())

        await second.close()
        await until(lambda: any(not each._outlet.is_open for each in site.node._connections))
        broker.gate.set()

        await until(lambda: len(site.node) == 1)
        assert len(site.node.fanout._topics["works/hall?hall=1#machine=7"].outlets) == 1
        await first.close()
        await until(lambda: len(site.node) == 0 and len(site.node.fanout) == 0)


async def test_a_cancelled_join_leaves_nothing_behind(fanout, broker):
    broker.gate.clear()
    joining = asyncio.create_task(fanout.join("t", Ear()))
    await tick()

    joining.cancel()
    await asyncio.wait([joining])
    broker.gate.set()
    await fanout.settled()

    assert len(fanout) == 0


async def test_a_broker_that_fails_to_subscribe_is_asked_again_by_the_next(fanout, broker):
    broker.fails = True
    with pytest.raises(ConnectionError):
        await fanout.join("t", Ear())
    await fanout.settled()
    assert len(fanout) == 0

    broker.fails = False
    ear = Ear()
    await fanout.join("t", ear)
    await publish(broker, "a")
    await tick()

    assert ear.writes == [["a"]]


async def test_one_peer_that_can_not_be_written_to_harms_no_other(fanout, broker, faults):
    broken, ear = Ear(is_broken=True), Ear()
    await fanout.join("t", broken)
    await fanout.join("t", ear)

    await publish(broker, "a")
    await tick()

    assert ear.writes == [["a"]]
    assert not broken.is_open
    assert faults() == ["a peer could not be written to"]


async def test_what_nobody_listens_to_is_dropped(fanout):
    fanout.deliver(Publication("nobody", b"a"))

    assert len(fanout) == 0


@pytest.mark.parametrize(
    ("length", "head"),
    [(0, b"\x81\x00"), (125, b"\x81\x7d"), (126, b"\x81\x7e\x00\x7e"), (65535, b"\x81\x7e\xff\xff")],
)
def test_a_frame_says_its_length(length, head):
    assert frame(b"x" * length) == head + b"x" * length


def test_a_long_frame_says_its_length_in_eight_bytes():
    assert frame(b"x" * 65536)[:10] == b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"


def test_a_batch_is_its_frames_one_after_the_other():
    assert Batch([b"a", b"bc"]).frames == b"\x81\x01a\x81\x02bc"
    assert Batch([b"a", Binary(b"\x00")]).frames == b"\x81\x01a\x82\x01\x00"


def test_bytes_go_out_as_bytes_in_events_too():
    assert Batch([b"a", Binary(b"\x00")]).events == (
        {"type": "websocket.send", "text": "a"},
        {"type": "websocket.send", "bytes": b"\x00"},
    )


async def test_an_asgi_peer_is_sent_in_order_by_one_task_while_there_is_anything(fanout, broker):
    sent, gate = [], asyncio.Event()

    async def send(event):
        await gate.wait()
        sent.append(event.get("text", event.get("code")))

    outlet = AsgiOutlet(send, lambda: None, 1000, lambda: None)
    outlet.release()
    await fanout.join("t", outlet)
    await publish(broker, "a", "b")
    await tick()
    outlet.send(Batch([b"direct"]))
    outlet.close(1000, "")
    gate.set()
    await asyncio.wait([outlet._sending])

    assert sent == ["a", "b", "direct", 1000]
