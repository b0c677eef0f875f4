"""What a node does when nodes, or commands, speak to all of them."""

import asyncio
from contextlib import contextmanager
from types import SimpleNamespace

import httpx
import pytest

from sites import closed, hear, running, until
from wirepact.broker import Health
from wirepact.broker_memory import MemoryBroker
from wirepact.nodes import Drain
from wirepact.server.peer import Visitor
from wirepact.testing import token
from works import Alarm


class Shaky(MemoryBroker):
    """A broker that goes away and comes back as a test says."""

    def go(self):
        self._linked(False)

    def come_back(self):
        self._linked(True)


class Deaf(MemoryBroker):
    """A broker that hears nothing."""

    def health(self):
        return Health(is_connected=True, is_deaf=True, silence=90)


class Stranger:
    """A connection as a node sees it, which writes down what it is told."""

    id = "stranger"
    due = float("inf")
    waiting = 0
    endpoint = SimpleNamespace(name="works.hall")

    def __init__(self, error=None):
        self.visitor = Visitor(None)
        self.told = []
        self.error = error

    def close(self, code):
        self.told.append(code)

    def tell_degraded(self, is_degraded):
        self.told.append("degraded" if is_degraded else "restored")

    def drain(self, delay):
        self.told.append(delay)

    async def recheck(self):
        self.told.append("recheck")
        if self.error is not None:
            raise self.error


@contextmanager
def present(node, *connections):
    """These are here, until the node drains."""
    holds = [node.holding(each) for each in connections]
    for hold in holds:
        hold.__enter__()
    yield
    for hold in holds:
        hold.__exit__(None, None, None)


async def opened(site, sub, path="/ws/hall/1/"):
    client = await site.open(f"{path}?token={token(sub)}", query=False)
    assert (await hear(client))["type"] == "welcome"
    return client


async def test_a_user_who_is_kicked_leaves_with_all_tabs_and_nobody_else_does(way):
    async with running(way=way) as site:
        tabs = [await opened(site, "ann"), await opened(site, "ann", "/ws/hall/2/")]
        bob = await opened(site, "bob")

        await site.node.kick("ann")

        assert [(await closed(each))[0] for each in tabs] == [4403, 4403]
        await site.publisher.alarm(Alarm(text="still here"), hall=1)
        assert (await hear(bob))["text"] == "still here"


async def test_a_kick_has_the_code_that_it_names():
    async with running() as site:
        ann = await opened(site, "ann")

        await site.node.kick("ann", 4404)

        assert await closed(ann) == (4404, "No such hall")


async def test_a_recheck_reaches_those_whom_it_is_about():
    async with running() as site:
        someone = Stranger()
        with present(site.node, someone):
            await site.node.recheck("ann")
            await site.node.recheck()
            await until(lambda: someone.told)

        assert someone.told == ["recheck"]


async def test_a_recheck_that_fails_is_logged_and_disturbs_nobody(faults):
    async with running() as site:
        unlucky, lucky = Stranger(RuntimeError("no directory")), Stranger()
        with present(site.node, unlucky, lucky):
            await site.node.recheck()
            await until(lambda: lucky.told and faults())

        assert faults() == ["what a node was told to do failed"]


async def test_connections_hear_once_that_the_broker_is_away_and_once_that_it_is_back():
    broker = Shaky()
    async with running(broker=broker) as site:
        someone = Stranger()
        with present(site.node, someone):
            broker.go()
            broker.go()
            was_degraded = site.node.is_degraded
            broker.come_back()
            broker.come_back()

        assert someone.told == ["degraded", "restored"]
        assert (was_degraded, site.node.is_degraded) == (True, False)


@pytest.mark.parametrize("named", [True, False])
async def test_a_node_that_is_told_to_drain_lets_nobody_in(named):
    async with running() as site:
        client = await site.join()

        await site.node.broker.tell(Drain(site.node.name if named else None))

        assert (await closed(client))[0] == 1001
        assert not site.node.is_ready


async def test_a_drain_of_another_node_is_no_business_of_ours():
    async with running() as site:
        client = await site.join()

        await site.node.broker.tell(Drain("another"))
        await site.publisher.alarm(Alarm(text="on"), hall=1)

        assert (await hear(client))["text"] == "on"
        assert site.node.is_ready


async def test_who_drains_a_second_time_waits_for_the_first():
    async with running() as site:
        client = await site.join()
        site.handlers.hold = asyncio.Event()
        await client.send('{"type":"get_notes"}')
        await (await client.ping())

        first = asyncio.create_task(site.node.drain())
        await closed(client)
        second = asyncio.create_task(site.node.drain())
        await asyncio.sleep(0)
        waited = not second.done()
        site.handlers.hold.set()

        await asyncio.wait_for(asyncio.gather(first, second), 5)
        assert waited


async def test_a_node_that_is_deaf_is_alive_and_not_ready():
    async with (
        running(broker=Deaf()) as site,
        httpx.AsyncClient(base_url=site.url.replace("ws", "http", 1)) as http,
    ):
        live, ready = await http.get("/health/live"), await http.get("/health/ready")
        said = (await http.get("/metrics")).text

    assert live.status_code == 200
    assert (ready.status_code, ready.json()) == (503, {"status": "deaf"})
    assert "wirepact_broker_deaf 1.0" in said
    assert "wirepact_broker_silence_seconds 90.0" in said


async def test_many_are_sent_away_a_batch_at_a_time_with_a_delay_of_their_own(monkeypatch):
    monkeypatch.setattr("wirepact.server.node.STEP", 0)
    steps = []
    async with running() as site:
        strangers = [Stranger() for _ in range(450)]
        holds = [site.node.holding(each) for each in strangers]
        for hold in holds:
            hold.__enter__()

        draining = asyncio.create_task(site.node.drain())
        while not all(each.told for each in strangers):
            await asyncio.sleep(0)
            steps.append(sum(bool(each.told) for each in strangers))
        for hold in holds:
            hold.__exit__(None, None, None)
        await draining

    delays = [delay for each in strangers for delay in each.told]
    assert len(delays) == len(set(delays)) == 450
    assert 0 <= min(delays) < max(delays) <= 2.25
    assert len(set(steps)) > 10
