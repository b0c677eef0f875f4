"""What a client does to stay connected, and when it gives up: pings, tokens, a reader that takes its time."""

import asyncio
import json
from dataclasses import replace
from typing import Literal

from room import ROOM, Said
from scripted import scripted
from wirepact.client import Client, Connected, Degraded, Dropped, Reconnect, Restored, Transport
from wirepact.descriptors import Heartbeat, MessageSet, MessageType
from wirepact.faults import FaultProxy
from wirepact.messages import Message

SOON = Reconnect(first=0.001, longest=0.001)
SAID = '{"type":"said","text":"hi","mood":"good"}'


class Ping(Message):
    type: Literal["ping"] = "ping"
    at: float = 0.0


class Pong(Message):
    type: Literal["pong"] = "pong"
    at: float = 0.0


async def staying(heard):
    await heard.welcome()
    await heard.stay()


async def test_v20_a_ping_is_answered_while_nobody_iterates():
    answered = asyncio.Event()

    async def script(heard):
        await heard.welcome()
        await heard.say("!ping")
        assert await heard.line() == "!pong"
        answered.set()
        await heard.stay()

    async with scripted(script) as url, Client(url).open(ROOM, room="lobby"):
        await answered.wait()


async def test_v20_who_is_silent_says_something():
    async def script(heard):
        await heard.welcome(heartbeat=0.01, timeout=10)
        for _ in range(3):
            assert await heard.line() == "!ping"
        await heard.close(1000)

    async with scripted(script) as url, Client(url).open(ROOM, room="lobby") as room:
        assert [message async for message in room] == []


async def test_v20_a_server_that_went_silent_is_left_and_come_back_to():
    async def script(heard):
        await heard.welcome(heartbeat=0.05, timeout=0.05)
        while True:
            await heard.line()
            await heard.say("!pong")

    async with (
        scripted(script) as url,
        FaultProxy(url) as proxy,
        Client(proxy.url, reconnect=SOON).open(ROOM, room="lobby") as room,
    ):
        events = room.events()
        assert isinstance(await anext(events), Connected)
        proxy.freeze()

        lost = await anext(events)
        proxy.thaw()

        assert (lost.code, lost.reason) == (1006, "the server is not heard any more")
        again = [event async for event in _first(events, Connected)]
        assert again[-1].is_again


async def _first(events, kind):
    async for event in events:
        yield event
        if isinstance(event, kind):
            return


async def test_v20_who_does_not_read_still_says_that_it_lives():
    pinged = asyncio.Event()

    async def script(heard):
        await heard.welcome(heartbeat=0.02, timeout=0.02)
        await heard.say(*[SAID] * 8)
        for _ in range(6):
            assert await heard.line() == "!ping"
        pinged.set()
        await heard.close(1000)

    few = Transport(buffered_frames=4)
    async with scripted(script) as url, Client(url, transport=few).open(ROOM, room="lobby") as room:
        await pinged.wait()

        assert len([message async for message in room]) == 8


async def test_l9_a_ping_of_the_document_is_answered():
    heartbeat = Heartbeat("server", Ping, Pong, 20, 5, ("at",))
    sends = MessageSet(ROOM.sends.paths, (*ROOM.sends.types, MessageType("ping", Ping, ("ping",))))

    async def script(heard):
        await heard.say('{"type":"ping","at":7.5}')
        assert json.loads(await heard.line()) == {"type": "pong", "at": 7.5}
        await heard.close(1000)

    channel = replace(ROOM, heartbeat=heartbeat, sends=sends)
    async with scripted(script, subprotocols=()) as url, Client(url).open(channel, room="lobby") as room:
        assert [message async for message in room] == []


async def test_l9_a_client_that_is_to_ping_does():
    heartbeat = Heartbeat("client", Ping, Pong, 0.01, 5, ("at",))

    async def script(heard):
        for _ in range(2):
            ping = json.loads(await heard.line())
            assert ping["at"] > 1e9
            await heard.say(json.dumps({"type": "pong", "at": ping["at"]}))
        await heard.close(1000)

    sends = MessageSet(ROOM.sends.paths, (*ROOM.sends.types, MessageType("pong", Pong, ("pong",))))
    channel = replace(ROOM, heartbeat=heartbeat, sends=sends)
    async with scripted(script, subprotocols=()) as url, Client(url).open(channel, room="lobby") as room:
        assert [message async for message in room] == []


async def test_v22_a_token_is_renewed_without_a_break():
    reasons = []

    async def token(reason):
        reasons.append(reason)
        return f"t{len(reasons)}"

    async def script(heard):
        await heard.welcome(expires=60)
        await heard.say('!expiring {"in":30}')
        assert await heard.control("token") == {"token": "t2"}
        await heard.say('!renewed {"expires":3600}', SAID)
        await heard.close(1000)

    async with scripted(script) as url, Client(url, token=token).open(ROOM, room="lobby") as room:
        messages = [message async for message in room]

    assert messages == [Said(text="hi", mood="good")]
    assert reasons == ["connect", "expiring"]


async def test_v22_a_token_that_takes_its_time_holds_nothing_up():
    asked, answer = asyncio.Event(), asyncio.Event()

    async def token(reason):
        if reason == "expiring":
            asked.set()
            await answer.wait()
        return "t"

    async def script(heard):
        await heard.welcome()
        await heard.say('!expiring {"in":30}')
        await asked.wait()
        await heard.say("!ping")
        assert await heard.line() == "!pong"
        answer.set()
        await heard.control("token")
        await heard.close(1000)

    async with scripted(script) as url, Client(url, token=token).open(ROOM, room="lobby") as room:
        assert [message async for message in room] == []


async def test_v22_a_token_that_can_not_be_had_ends_nothing_by_itself(caplog):
    async def token(reason):
        if reason == "expiring":
            raise LookupError("geheim")
        return "t"

    async def script(heard):
        await heard.welcome()
        await heard.say('!expiring {"in":30}')
        await heard.say(SAID)
        await heard.stay()

    async with scripted(script) as url, Client(url, token=token).open(ROOM, room="lobby") as room:
        assert await anext(room) == Said(text="hi", mood="good")
        while "LookupError" not in caplog.text:  # noqa: ASYNC110  a log tells nobody
            await asyncio.sleep(0)

        assert room.is_open
    assert "geheim" not in caplog.text


async def test_v26_v28_what_the_server_has_to_tell_is_told():
    async def script(heard):
        await heard.welcome()
        await heard.say("!degraded", '!dropped {"messages":3}', "!restored", "!not_known_yet {}")
        await heard.close(1000)

    async with scripted(script) as url, Client(url).open(ROOM, room="lobby") as room:
        events = [event async for event in room.events()]

    assert events[1:] == [Degraded(), Dropped(3), Restored()]


async def test_v10_a_server_made_from_another_document_is_logged(caplog):
    async def script(heard):
        await heard.welcome(contract="theirs")
        await heard.stay()

    channel = replace(ROOM, contract="ours")
    async with scripted(script) as url, Client(url).open(channel, room="lobby") as room:
        connected = await anext(room.events())

    assert not connected.is_same_contract
    assert "room: the server was made from another document" in caplog.text
