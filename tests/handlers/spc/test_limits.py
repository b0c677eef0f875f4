"""How many may come, and how long they may say nothing; and that what belongs together comes together."""

import asyncio
import json

import pytest
from websockets.asyncio.client import connect

from factory import BOLT, running
from sites import closed
from speaker import speaking
from wirepact.server import ticking
from wirepact.testing import token


@pytest.fixture
def quick(monkeypatch):
    """What is due is looked at often."""
    monkeypatch.setattr(ticking, "PERIOD", 0.02)


async def sent_away(factory, path="notifications", sub="ann"):
    """Why somebody who comes is sent away."""
    url = f"{factory.url.replace('http', 'ws', 1)}/ws/spc/{path}/?token={token(sub)}"
    async with connect(url, proxy=None) as socket:
        return await closed(socket)


async def test_a_user_has_so_many_connections_and_no_more(tmp_path):
    async with (
        running(tmp_path, connections_per_user=2) as factory,
        factory.listening(token=token("ann")),
        factory.listening(token=token("ann")) as second,
    ):
        assert await sent_away(factory) == (1008, "Too many connections")

        async with factory.listening(token=token("bob")):
            await second.socket.close()
            async with factory.listening(token=token("ann")):
                pass


async def test_a_channel_has_so_many_connections_and_no_more(tmp_path):
    async with running(tmp_path, connections=1) as factory, factory.listening():
        bolt = await factory.post("products", **BOLT)

        assert await sent_away(factory, sub="bob") == (1008, "Too many connections")
        async with factory.listening(f"product/{bolt}"):
            pass


@pytest.mark.usefixtures("quick")
async def test_who_says_nothing_for_too_long_is_closed_and_may_come_back(tmp_path):
    async with running(tmp_path, idle=0.2) as factory:
        assert await sent_away(factory) == (4408, "Nothing heard for too long")

        async with factory.listening(token=token("ann")):
            pass


async def test_what_a_measurement_sets_off_is_one_frame_for_who_reads_lines(tmp_path):
    async with running(tmp_path) as factory:
        bolt = await factory.post("products", **BOLT)
        await factory.establish(bolt)
        url = f"{factory.url.replace('http', 'ws', 1)}/ws/spc/product/{bolt}/"

        async with speaking(url) as lined, factory.listening(f"product/{bolt}") as legacy:
            await lined.say("hello")
            await lined.told("welcome")
            await lined.told("position")
            await lined.message()
            await factory.measure(bolt, 11.0, first=41)

            frame = await asyncio.wait_for(lined.socket.recv(), 20)
            frames = [await legacy.hear(), await legacy.hear()]

    assert [json.loads(line)["type"] for line in frame.split("\n")] == ["measurement", "run_rule_violation"]
    assert [each["type"] for each in frames] == ["measurement", "run_rule_violation"]
