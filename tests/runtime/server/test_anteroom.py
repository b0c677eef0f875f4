"""Who is let in hears from then on: a broker that takes its time makes nobody miss anything."""

import asyncio

import pytest

from sites import hear, running, until
from wirepact.broker_memory import MemoryBroker
from wirepact.server import legacy
from works import Alarm


class Slow(MemoryBroker):
    """Subscribes to what is said in hall 1 when it is allowed to."""

    def __init__(self):
        super().__init__()
        self.is_asked = asyncio.Event()
        self.may_go_on = asyncio.Event()

    async def subscribe(self, topic):
        if "hall=1" in topic:
            self.is_asked.set()
            await self.may_go_on.wait()
        return await super().subscribe(topic)


async def test_a_handshake_is_answered_when_the_broker_knows_of_the_peer(way, monkeypatch):
    monkeypatch.setattr(legacy, "PATIENCE", 60)
    broker = Slow()
    async with running(way=way, broker=broker) as site:
        coming = asyncio.create_task(site.open("/ws/hall/1/"))
        await broker.is_asked.wait()
        await site.join("/ws/hall/2/")  # who comes later is there: an answer would have come by now
        assert not coming.done()
        broker.may_go_on.set()
        client = await coming

        await site.publisher.alarm(Alarm(text="at once"), hall=1)

        assert (await hear(client))["type"] == "welcome"
        assert await hear(client) == {"type": "alarm", "text": "at once"}


async def test_what_is_published_before_the_greeting_comes_behind_it_and_once(way):
    async with running(way=way) as site:
        for number in range(20):
            client = await site.open("/ws/hall/1/")
            await site.publisher.alarm(Alarm(text=str(number)), hall=1)
            await site.publisher.alarm(Alarm(text="next"), hall=1)

            assert (await hear(client))["type"] == "welcome"
            assert [(await hear(client))["text"] for _ in range(2)] == [str(number), "next"]
            await client.close()


async def test_a_broker_that_does_not_answer_keeps_nobody_out(way, monkeypatch):
    monkeypatch.setattr(legacy, "PATIENCE", 0.01)
    broker = Slow()
    async with running(way=way, broker=broker) as site:
        client = await site.open("/ws/hall/1/")
        broker.may_go_on.set()

        assert (await hear(client))["type"] == "welcome"
        await site.publisher.alarm(Alarm(text="later"), hall=1)
        assert await hear(client) == {"type": "alarm", "text": "later"}


@pytest.mark.parametrize("path", ["/ws/hall/404/", "/ws/hall/1/"])
async def test_who_goes_leaves_no_topic_behind(way, path):
    async with running(way=way) as site:
        client = await site.open(path)
        await client.close()
        await client.wait_closed()

        await until(lambda: not len(site.node.fanout) and not len(site.node))
