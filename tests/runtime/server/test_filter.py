"""What of a channel one peer hears: as the service says, as the peer asks, and as it is after a word to look again."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from sites import closed, hear, until
from speaker import speaking
from wirepact.errors import Unavailable
from wirepact.testing import token
from works import HALL, Alarm, Notice


class Rules:
    """The texts that each user is not to hear. Asking takes until a test lets it through."""

    def __init__(self):
        self.unheard = {}
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def filter_of(self, visitor):
        self.asked += 1
        unheard = self.unheard.get(visitor.identity.sub)
        await self.gate.wait()
        return None if unheard is None else lambda message: message.text not in unheard


@pytest.fixture
async def rules(site):
    rules = Rules()
    site.node.filter(HALL, rules.filter_of)
    return rules


async def joined(site, sub):
    client = await site.open(f"/ws/hall/1/?token={token(sub)}", query=False)
    assert (await hear(client))["type"] == "welcome"
    return client


async def alarms(site, *texts):
    for text in texts:
        await site.publisher.alarm(Alarm(text=text), hall=1)


async def texts(client, count):
    return [(await hear(client))["text"] for _ in range(count)]


async def test_each_peer_hears_what_its_filter_wants_in_order(site, rules):
    rules.unheard = {"ann": {"b"}, "bob": {"a", "c"}, "eve": {"a", "b", "c"}}
    ann, bob, eve, all_ = [await joined(site, each) for each in ("ann", "bob", "eve", "zoe")]

    await alarms(site, "a", "b", "c", "end")

    assert await texts(ann, 3) == ["a", "c", "end"]
    assert await texts(bob, 2) == ["b", "end"]
    assert await texts(eve, 1) == ["end"]
    assert await texts(all_, 4) == ["a", "b", "c", "end"]


async def test_what_is_held_back_is_not_counted_as_delivered(site, rules):
    rules.unheard = {"ann": {"a", "b"}}
    ann, _ = await joined(site, "ann"), await joined(site, "bob")

    await alarms(site, "a", "b", "end")
    assert await texts(ann, 1) == ["end"]

    counted = site.node.metrics.registry.get_sample_value
    assert counted("wirepact_deliveries_total", {"service": "works", "channel": "hall"}) == 4


async def test_what_is_for_one_peer_alone_is_not_held_back(site, rules):
    rules.unheard = {"ann": {"a"}}
    ann = await joined(site, "ann")

    await ann.send('{"type":"watch","machine":404}')

    assert (await hear(ann))["code"] == "not_found"


async def test_what_was_published_during_the_greeting_is_filtered_too(site, rules):
    rules.unheard = {"ann": {"a"}}
    site.handlers.hold, site.handlers.is_greeting_held = asyncio.Event(), True
    ann = await site.open(f"/ws/hall/1/?token={token('ann')}", query=False)
    await site.handlers.greeting.wait()

    await alarms(site, "a", "b")
    site.handlers.hold.set()

    assert (await hear(ann))["type"] == "welcome"
    assert await texts(ann, 1) == ["b"]


async def test_from_the_word_to_look_again_on_everything_waits_for_the_new_filter(site, rules):
    ann, bob = await joined(site, "ann"), await joined(site, "bob")
    await alarms(site, "a")

    rules.gate.clear()
    rules.unheard = {"ann": {"a"}}
    await site.node.recheck("ann")
    await alarms(site, "a", "b")
    assert await texts(bob, 3) == ["a", "a", "b"]
    await until(lambda: rules.asked == 3)
    rules.gate.set()

    assert await texts(ann, 2) == ["a", "b"]


async def test_of_two_looks_at_once_the_later_one_counts(site, rules):
    ann = await joined(site, "ann")

    rules.gate.clear()
    rules.unheard = {"ann": {"a"}}
    await site.node.recheck("ann")
    await until(lambda: rules.asked == 2)
    rules.unheard = {"ann": {"b"}}
    await site.node.recheck("ann")
    await until(lambda: rules.asked == 3)
    rules.gate.set()
    await alarms(site, "a", "b", "end")

    assert await texts(ann, 2) == ["a", "end"]


async def test_a_peer_asks_for_less_and_never_hears_more(site, rules):
    rules.unheard = {"ann": {"a"}}
    ann = await joined(site, "ann")
    (connection,) = site.node.connections

    connection.hear_only(lambda message: message.text != "b")
    await alarms(site, "a", "b", "c")
    connection.hear_only(None)
    await alarms(site, "a", "b", "end")

    assert await texts(ann, 3) == ["c", "b", "end"]


async def test_what_a_peer_asked_for_outlives_a_look(site, rules):
    ann = await joined(site, "ann")
    (connection,) = site.node.connections
    connection.hear_only(lambda message: message.text != "b")

    rules.unheard = {"ann": {"a"}}
    await site.node.recheck("ann")
    await alarms(site, "a", "b", "end")

    assert await texts(ann, 1) == ["end"]


async def test_a_service_that_does_not_know_lets_nobody_in(site, faults):
    async def fail(_):
        raise ZeroDivisionError

    site.node.filter(HALL, fail)

    assert await closed(await site.open()) == (1011, "Internal error")
    assert faults() == ["greeting failed"]


async def test_a_service_out_of_reach_lets_somebody_in_later(site):
    async def fail(_):
        raise Unavailable("database", "no answer")

    site.node.filter(HALL, fail)

    assert await closed(await site.open()) == (1013, "Try again later")


async def test_what_can_not_be_read_goes_to_nobody_who_hears_a_part(site, rules):
    rules.unheard = {"ann": {"a"}}
    ann, bob = await joined(site, "ann"), await joined(site, "bob")
    newer = Alarm.model_construct(type="alarm", text=7)

    with pytest.warns(UserWarning, match="serializer"):
        await site.publisher.alarm(newer, hall=1)
    await alarms(site, "end")

    assert await texts(bob, 2) == [7, "end"]
    assert await texts(ann, 1) == ["end"]


@asynccontextmanager
async def lined(site, positions=None):
    """A client that speaks `wirepact.v1` and has been greeted; `place` is where it is at the hall."""
    async with speaking(f"{site.url}/ws/hall/1/") as client:
        await client.say("hello", token=token("ann"), positions=positions)
        await client.told("welcome")
        client.place = await client.told("position")
        await client.told("position")
        await client.message()
        yield client


async def notices(site, *texts):
    for text in texts:
        await site.publisher.notice(Notice(text=text), hall=1)


async def numbered(client, count):
    said = [await client.message() for _ in range(count)]
    return [(tags.offset, message["text"]) for tags, message in said]


async def test_v29_what_a_peer_does_not_hear_has_its_offset_all_the_same(site, rules):
    rules.unheard = {"ann": {"b"}}

    async with lined(site) as ann:
        await notices(site, "a", "b", "c")

        assert await numbered(ann, 2) == [(1, "a"), (3, "c")]


async def test_v29_what_was_missed_is_filtered_and_complete(site, rules):
    rules.unheard = {"ann": {"b"}}
    async with lined(site) as ann:
        was = f"{ann.place['epoch']}.{ann.place['offset']}"
    await notices(site, "a", "b", "c")

    async with lined(site, {"": was}) as ann:
        assert ann.place["recovered"] is True
        assert await numbered(ann, 2) == [(1, "a"), (3, "c")]
