"""Topics, outlets and the broker: joins and leaves that race, and one write a peer for each tick."""

import asyncio

import pytest

from sites import running, until
from wirepact.broker import Keep, Position, Publication
from wirepact.broker_memory import MemoryBroker
from wirepact.errors import Unavailable
from wirepact.lines import FRAME_BYTES, MOST_LINES
from wirepact.server.fanout import Fanout
from wirepact.server.frames import Batch, Binary, frame
from wirepact.server.outlet import AsgiOutlet, Outlet


class Ear(Outlet):
    """An outlet that remembers what it was given, a list for each write."""

    def __init__(self, *, is_broken=False):
        super().__init__(None, 1000)
        self._holds = 0
        self._is_broken = is_broken
        self.writes = []

    def send(self, batch):
        self._give(batch)

    def _give(self, batch):
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
        return await super().subscribe(topic)

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


def batch(*payloads):
    return Batch([(Publication("t", each, isinstance(each, Binary)), None) for each in payloads])


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
    ear.send(Batch.of(b"direct"))
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


@pytest.mark.faults(row=39)
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
    assert batch(b"a", b"bc").frames == b"\x81\x01a\x81\x02bc"
    assert batch(b"a", Binary(b"\x00")).frames == b"\x81\x01a\x82\x01\x00"


def test_bytes_go_out_as_bytes_in_events_too():
    assert batch(b"a", Binary(b"\x00")).events == (
        {"type": "websocket.send", "text": "a"},
        {"type": "websocket.send", "bytes": b"\x00"},
    )


async def test_an_asgi_peer_is_sent_in_order_by_one_task_while_there_is_anything(fanout, broker):
    sent, gate = [], asyncio.Event()

    async def send(event):
        await gate.wait()
        sent.append(event.get("text", event.get("code")))

    outlet = AsgiOutlet(send, lambda: None, None, 1000)
    outlet.release()
    await fanout.join("t", outlet)
    await publish(broker, "a", "b")
    await tick()
    outlet.send(Batch.of(b"direct"))
    outlet.close(1000, "")
    gate.set()
    await asyncio.wait([outlet._sending])

    assert sent == ["a", "b", "direct", 1000]


class Peer(Ear):
    """An ear that also knows what is told of positions, and the offsets that it heard."""

    is_lined = True

    def __init__(self):
        super().__init__()
        self.is_lined = True
        self.heard = []

    def _give(self, batch):
        self.heard += [
            publication.payload.decode() if position is None else position.offset
            for publication, position in batch.heard
        ]


class Behind(MemoryBroker):
    """A broker whose live publications come when a test says so, or never: as if on their way from another machine."""

    def __init__(self):
        super().__init__()
        self.underway = []
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def start(self, deliver, *others):
        self.real = deliver
        await super().start(lambda *heard: self.underway.append(heard), *others)

    async def recover(self, topic, since, limit=300):
        history = await super().recover(topic, since, limit)
        self.asked.set()
        await self.gate.wait()
        return history

    def arrive(self, count=None):
        for heard in self.underway[:count]:
            self.real(*heard)
        del self.underway[:count]


@pytest.fixture
async def behind():
    return Behind()


@pytest.fixture
async def late(behind):
    fanout = Fanout(behind)
    await behind.start(fanout.deliver, fanout.lose)
    await fanout.join("t", Ear())
    return fanout


async def keep(broker, count=1):
    """Publish, and say where the last one stands."""
    for _ in range(count):
        position = await broker.publish(Publication("t", b"{}", keep=Keep("stream", 60)))
    return position


async def test_what_the_history_has_and_the_topic_has_not_heard_yet_comes_once(late, behind):
    start = Position((await keep(behind)).epoch, 0)
    await keep(behind, 2)
    peer = Peer()

    found = await late.recover("t", peer, "", start)
    behind.arrive(2)
    await tick()
    await keep(behind)
    behind.arrive()
    await tick()

    assert found.is_recovered
    assert [position.offset for _, position in found.missed.heard] == [1, 2, 3]
    assert peer.heard == [4]
    assert late._topics["t"].seekers == {}
    assert peer in late._topics["t"].outlets


async def test_what_is_published_while_the_history_is_read_comes_once_and_in_order(late, behind):
    start = Position((await keep(behind)).epoch, 0)
    behind.arrive()
    behind.gate.clear()
    peer = Peer()
    finding = asyncio.create_task(late.recover("t", peer, "", start))
    await behind.asked.wait()

    await keep(behind, 2)
    await behind.publish(Publication("t", b"passing"))
    behind.arrive()
    behind.gate.set()
    found = await finding
    await keep(behind)
    behind.arrive()
    await tick()

    missed = [
        publication.payload if position is None else position.offset
        for publication, position in found.missed.heard
    ]
    assert missed == [1, 2, 3, b"passing"]
    assert peer.heard == [4]


async def test_a_topic_that_has_not_heard_of_a_new_epoch_is_waited_for(late, behind):
    old = await keep(behind, 3)
    behind.arrive()
    behind._windows.clear()
    new = await keep(behind)
    assert new.epoch != old.epoch
    peer = Peer()

    found = await late.recover("t", peer, "", Position(new.epoch, 0))
    assert (found.is_recovered, [position.offset for _, position in found.missed.heard]) == (True, [1])
    late.deliver(Publication("t", b"late"), Position(old.epoch, 4))
    late.lose("t", Position(new.epoch, 0))
    behind.arrive()
    await keep(behind)
    behind.arrive()
    await tick()

    assert peer.heard == [2]
    assert late._topics["t"].seekers == {}


async def test_a_peer_whose_topic_loses_more_than_it_has_read_is_told(late, behind):
    old = await keep(behind, 1)
    peer = Peer()
    await late.recover("t", peer, "", Position(old.epoch, 0))
    assert late._topics["t"].seekers

    late.lose("t", Position("beef", 7))
    late.deliver(Publication("t", b"{}"), Position("beef", 8))
    await tick()

    assert peer.heard[0].startswith('!position {"audience":"","epoch":"beef","offset":7,"recovered":false')
    assert peer.heard[1:] == [8]


async def test_a_peer_that_leaves_while_its_history_is_read_leaves_nothing_behind(late, behind):
    start = await keep(behind)
    behind.gate.clear()
    peer = Peer()
    finding = asyncio.create_task(late.recover("t", peer, "", start))
    await behind.asked.wait()

    late.leave(["t"], peer)
    behind.gate.set()
    await finding

    assert late._topics["t"].seekers == {}
    assert len(late._topics["t"].outlets) == 1


async def test_a_history_that_can_not_be_read_leaves_nothing_behind(late, behind):
    async def fail(*_):
        raise Unavailable("the broker", "is away")

    behind.recover = fail
    with pytest.raises(Unavailable):
        await late.recover("t", Peer(), "", Position("beef", 1))

    assert late._topics["t"].seekers == {}
    assert len(late._topics["t"].outlets) == 1


def test_lines_are_joined_up_to_the_limits_and_binary_messages_stand_alone():
    heard = [(Publication("t", b"x" * 1000), Position("e", number)) for number in range(1, 200)]
    heard.insert(100, (Publication("t", b"\x00", is_binary=True), None))

    frames = [event.get("text", event.get("bytes")) for event in Batch(heard, "a=b").lined_events]

    assert frames.count(b"\x00") == 1
    texts = [frame for frame in frames if isinstance(frame, str)]
    assert max(map(len, texts)) <= FRAME_BYTES
    assert max(frame.count("\n") for frame in texts) < MOST_LINES
    lines = "\n".join(texts).split("\n")
    assert [line.split(" ")[0] for line in lines] == [f"@{number}:a=b" for number in range(1, 200)]
