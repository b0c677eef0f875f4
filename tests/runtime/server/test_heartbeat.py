"""Heartbeats of messages (L9 of docs/wire.md) against a real server, over both ways out."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Annotated, Literal

import pytest
from pydantic import Field

from sites import closed, hear, received, running
from speaker import speaking
from wirepact.descriptors import Heartbeat, MessageSet, MessageType
from wirepact.messages import Message
from wirepact.server import ticking
from wirepact.testing import token
from works import HALL


class Ping(Message):
    type: Literal["ping"] = "ping"
    at: Annotated[int, Field(ge=0)]


class Pong(Message):
    type: Literal["pong"] = "pong"
    at: Annotated[int, Field(ge=0)]


PING, PONG = MessageType("ping", Ping, ("ping",)), MessageType("pong", Pong, ("pong",))


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(ticking, "PERIOD", 0.02)


@asynccontextmanager
async def beating(way, by, interval, timeout):  # noqa: ASYNC109 - it is the document's
    heard, said = (PONG, PING) if by == "server" else (PING, PONG)
    channel = replace(
        HALL,
        heartbeat=Heartbeat(by, Ping, Pong, interval, timeout, ("at",)),
        receives=MessageSet(HALL.receives.paths, (*HALL.receives.types, heard)),
        sends=MessageSet(HALL.sends.paths, (*HALL.sends.types, said)),
    )
    async with running(way=way, channel=channel) as site:
        yield site


async def test_who_answers_the_pings_of_the_server_stays(way):
    async with beating(way, "server", 0.2, 5) as site:
        client = await site.join()
        for _ in range(5):
            ping = await hear(client)
            assert ping["type"] == "ping"
            assert ping["at"] > 1_700_000_000
            await client.send(f'{{"type":"pong","at":{ping["at"]}}}')
        await client.send('{"type":"get_notes"}')
        while (heard := await hear(client))["type"] == "ping":
            pass
        assert heard["type"] == "notes"


@pytest.mark.faults(row=12)
async def test_who_does_not_is_given_up(way):
    async with beating(way, "server", 0.2, 0.3) as site:
        client = await site.join()

        kinds = [each async for each in received(client)]

        assert all('"ping"' in each for each in kinds)
        assert (await closed(client))[0] == 4408


async def test_the_pings_of_a_client_are_answered_before_what_waits(way):
    async with beating(way, "client", 60, 60) as site:
        site.handlers.hold = asyncio.Event()
        client = await site.join()
        await client.send('{"type":"get_notes"}')
        await client.send('{"type":"ping","at":7}')

        assert await hear(client) == {"type": "pong", "at": 7}
        site.handlers.hold.set()
        assert (await hear(client))["type"] == "notes"


async def test_they_are_answered_behind_the_greeting_and_never_before(way):
    async with beating(way, "client", 60, 60) as site:
        site.handlers.hold, site.handlers.is_greeting_held = asyncio.Event(), True
        client = await site.open()
        await client.send('{"type":"ping","at":7}')
        await site.handlers.greeting.wait()
        await client.send('{"type":"ping","at":8}')
        site.handlers.hold.set()

        assert (await hear(client))["type"] == "welcome"
        assert [await hear(client), await hear(client)] == [
            {"type": "pong", "at": 7},
            {"type": "pong", "at": 8},
        ]


async def test_a_client_that_stops_to_ping_is_given_up(way):
    async with beating(way, "client", 0.2, 0.2) as site:
        client = await site.join()
        for _ in range(3):
            await client.send('{"type":"ping","at":1}')
            await hear(client)

        assert (await closed(client))[0] == 4408


async def test_with_lines_the_lines_of_the_protocol_are_the_heartbeat(way):
    async with beating(way, "server", 0.1, 0.1) as site, speaking(f"{site.url}/ws/hall/1/") as client:
        await client.say("hello", token=token())
        await client.told("welcome")
        await client.send('#1 {"type":"get_notes"}')
        heard = [await client.line() for _ in range(4)]
        assert not [line for line in heard if '"ping"' in line]
        assert [line for line in heard if line.startswith("#1 ")]
