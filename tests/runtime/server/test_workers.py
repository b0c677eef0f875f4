"""Several workers on one port: seen together, restarted one after the other, and stopped together."""

import asyncio
import re
import secrets
import signal
from contextlib import suppress

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from brokers import valkey
from served import command, hall, port_of, served
from sites import closed, hear
from wirepact.broker_redis import RedisBroker, RedisOptions
from wirepact.client import Client, Missed, Reconnect
from wirepact.testing import token
from works import HALL, Notice, Welcome, WorksPublisher


@pytest.fixture(scope="module")
def redis_url():
    with valkey() as server:
        yield f"redis://127.0.0.1:{server.port}/0"


@pytest.fixture
def settings(redis_url):
    return {"broker": redis_url, "broker_prefix": secrets.token_hex(4)}


async def opened(server):
    """The port, once somebody can be let in: it is bound before a worker listens."""
    port = await port_of(server)
    async with asyncio.timeout(60):
        while True:
            try:
                async with hall(port) as client:
                    await hear(client)
                    return port
            except OSError:
                await asyncio.sleep(0.01)


async def workers(settings, count):
    """The names of the workers, once there are so many that are ready, and no others."""
    async with asyncio.timeout(60):
        while True:
            _, said, _ = await command("status", **settings)
            states = re.findall(r"^(\S+-\d+-\w+)  (\w+)", said, re.MULTILINE)
            if len(states) == count and all(state == "ready" for _, state in states):
                return {name for name, _ in states}


async def measured(port):
    async with httpx.AsyncClient() as http:
        return (await http.get(f"http://127.0.0.1:{port}/metrics")).text


async def test_any_of_them_measures_for_all_and_what_is_published_reaches_all(settings):
    async with served("--workers", "2", **settings) as server:
        port = await opened(server)
        await workers(settings, 2)
        clients = [await hall(port) for _ in range(8)]
        for client in clients:
            await hear(client)

        labels = 'channel="hall",service="works"'
        assert f"wirepact_connections{{{labels}}} 8.0" in await measured(port)
        await command(
            *("publish", "works.alarm", '{"type":"alarm","text":"all"}'),
            *("--parameter", "hall=1", "--channels", "works"),
            **settings,
        )
        assert [(await hear(client))["text"] for client in clients] == ["all"] * 8

        server.process.send_signal(signal.SIGTERM)
        assert {(await closed(client))[0] for client in clients} == {1001}
        code, _ = await server.ended()

    assert (code, "Traceback" in server.log) == (0, False)


async def listen(port, greeted):
    """What a client of `wirepact.v1` hears in hall 1, up to the last notice, and where it missed something."""
    seen = []
    reconnect = Reconnect(first=0.05, longest=0.2)
    async with (
        Client(f"ws://127.0.0.1:{port}", token=token("ada"), reconnect=reconnect) as client,
        client.open(HALL, hall=1) as here,
    ):
        async for event in here.events():
            if isinstance(event, Welcome):
                greeted.set()
            elif isinstance(event, Missed):
                seen.append(event)
            elif isinstance(event, Notice):
                seen.append(event.text)
                if event.text == "last":
                    return seen
    raise AssertionError(seen)


async def speak(publisher, over):
    """Publish notices until it is *over*; gives what they say."""
    said = []
    while not over.is_set():
        said.append(str(len(said)))
        await publisher.notice(Notice(text=said[-1]), hall=1)
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), 0.2)
    await publisher.notice(Notice(text="last"), hall=1)
    return [*said, "last"]


@pytest.mark.faults(row=10)
async def test_nothing_is_lost_and_nothing_comes_twice_while_workers_are_restarted(settings):
    broker = RedisBroker(settings["broker"], RedisOptions(prefix=settings["broker_prefix"]))
    greeted, over = asyncio.Event(), asyncio.Event()
    async with served("--workers", "2", **settings) as server:
        listening = asyncio.create_task(listen(await opened(server), greeted))
        await greeted.wait()
        speaking = asyncio.create_task(speak(WorksPublisher(broker), over))

        server.process.send_signal(signal.SIGHUP)
        await server.logged(r"(?s)(Finished server process.*){2}")
        over.set()

        assert await asyncio.wait_for(listening, 30) == await speaking
    await broker.stop()


@pytest.mark.faults(row=10)
async def test_a_rolling_restart_refuses_nobody_and_loses_no_worker(settings):
    async with served("--workers", "2", **settings) as server:
        port = await opened(server)
        before = await workers(settings, 2)
        attempts = []
        restarting = asyncio.Event()

        async def come_and_go():
            while not restarting.is_set():
                async with hall(port) as client:
                    try:
                        attempts.append((await hear(client))["type"])
                    except ConnectionClosed as end:
                        attempts.append(end.rcvd.code)

        visitor = asyncio.create_task(come_and_go())
        async with hall(port) as staying:
            await hear(staying)
            server.process.send_signal(signal.SIGHUP)
            await server.logged(r"(?s)(Finished server process.*){2}")
            assert (await closed(staying))[0] == 1001
        restarting.set()
        await visitor

        assert not (await workers(settings, 2)) & before
        assert set(attempts) <= {"welcome", 1001}
        assert attempts.count(1001) < len(attempts) / 10
        server.process.terminate()
        code, _ = await server.ended()

    assert (code, "Traceback" in server.log) == (0, False)
