"""Servers and clients in processes of their own, which are killed, and put to sleep."""

import asyncio
import json
import os
import secrets
import signal
import sys
from contextlib import asynccontextmanager, suppress
from random import Random

import pytest

from brokers import valkey
from sites import running
from tests.stress.__main__ import Server
from tests.stress.balancer import Balancer
from tests.stress.service import LANE, LanePublisher, Tick
from wirepact.auth import mint_token
from wirepact.broker_redis import RedisBroker
from wirepact.client import Client, Connected, Missed, Reconnect
from wirepact.server import ticking
from wirepact.testing import token
from works import Notice

SLEEPER = """
import asyncio, json, sys
from wirepact.client import Client, Reconnect
from works import HALL, Notice

async def main():
    async with Client(sys.argv[1], token=sys.argv[2], reconnect=Reconnect(first=0.05, longest=0.2)) as client:
        async with client.open(HALL, hall=1) as connection:
            async for event in connection.events():
                told = {"event": type(event).__name__, "text": getattr(event, "text", None)}
                print(json.dumps(told), flush=True)

asyncio.run(main())
"""


@asynccontextmanager
async def servers(folder, count):
    """Processes of `wirepact serve` behind a balancer, with one Redis, and a publisher beside them."""
    with valkey() as redis:
        url, secret = f"redis://127.0.0.1:{redis.port}/0", secrets.token_hex(32)
        ours = {"WIREPACT_BROKER": url, "WIREPACT_JWT_SECRET": secret, "WIREPACT_STATE_DIR": str(folder)}
        there = [Server({**os.environ, **ours}) for _ in range(count)]
        broker = RedisBroker(url)
        async with Balancer(Random(1)) as balancer:
            await asyncio.gather(*(each.start() for each in there))
            try:
                yield there, balancer, LanePublisher(broker), mint_token(secret, "ada")
            finally:
                await broker.stop()
                for each in there:
                    with suppress(ProcessLookupError):
                        await each.stop(signal.SIGKILL)


@pytest.mark.faults(row=7)
async def test_whoever_was_at_a_server_that_is_killed_goes_on_at_another(tmp_path):
    async with servers(tmp_path, 2) as (there, balancer, publisher, good):
        balancer.ports = {there[0].port}
        client = Client(balancer.url, token=good, reconnect=Reconnect(first=0.05, longest=0.2))
        async with client, client.open(LANE, lane=1) as connection:
            events, heard = connection.events(), []

            async def until_heard(last):
                async with asyncio.timeout(30):
                    while not heard or heard[-1] != last:
                        event = await anext(events)
                        if isinstance(event, Tick):
                            heard.append(event.n)
                        assert not isinstance(event, Missed)

            assert isinstance(await anext(events), Connected)
            await publisher.tick("a", 1, lane=1)
            await until_heard(1)
            balancer.ports = {there[1].port}
            await there[0].stop(signal.SIGKILL)
            for n in range(2, 20):
                await publisher.tick("a", n, lane=1)
            await until_heard(19)

            assert heard == [*range(1, 20)]
            assert (await there[1].inside())["connections"] == 1


@pytest.mark.faults(row=42)
async def test_a_client_that_slept_comes_back_once_and_to_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(ticking, "PERIOD", 0.02)
    async with running(ping_interval=0.3, ping_timeout=0.3) as site:
        client = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", SLEEPER, site.url, token()),
            stdout=asyncio.subprocess.PIPE,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)},
        )
        try:
            told = []

            async def until_told(**what):
                async with asyncio.timeout(20):
                    while not told or not what.items() <= told[-1].items():
                        told.append(json.loads(await client.stdout.readline()))

            await until_told(event="Connected")
            await site.publisher.notice(Notice(text="1"), hall=1)
            await until_told(text="1")
            client.send_signal(signal.SIGSTOP)
            async with asyncio.timeout(20):
                while len(site.node):  # noqa: ASYNC110 - it tells nobody
                    await asyncio.sleep(0.02)
            for text in ("2", "3"):
                await site.publisher.notice(Notice(text=text), hall=1)
            client.send_signal(signal.SIGCONT)
            await until_told(text="3")
            await site.publisher.notice(Notice(text="4"), hall=1)
            await until_told(text="4")

            kinds = [each["event"] for each in told]
            assert kinds.count("Disconnected") == 1
            assert kinds.count("Connected") == 2
            assert "Missed" not in kinds
            assert [each["text"] for each in told if each["text"]] == ["1", "2", "3", "4"]
        finally:
            client.kill()
            await client.wait()
