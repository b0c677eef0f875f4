"""A client that comes back, and what it says and tells then; against a server that follows a script."""

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

import pytest

from room import ROOM, Said, Say
from scripted import scripted
from wirepact.client import (
    Client,
    Closed,
    Connected,
    Disconnected,
    Draining,
    Keeping,
    Missed,
    Open,
    Reconnect,
    Recovered,
    Transport,
)
from wirepact.descriptors import Credential
from wirepact.errors import ConnectionClosed, ConnectionRefused, NotConnected, TooLarge, Unauthorized

SOON = Reconnect(first=0.001, longest=0.001)
SAID = '{"type":"said","text":"hi","mood":"good"}'


def said(text):
    return f'{{"type":"said","text":"{text}"}}'


async def staying(heard):
    await heard.welcome()
    await heard.stay()


def going(code=1001, *lines):
    """A script that welcomes, says *lines*, and closes."""

    async def script(heard):
        await heard.welcome()
        if lines:
            await heard.say(*lines)
        await heard.close(code)

    return script


def refusing(*statuses):
    """What answers the first handshakes with *statuses*."""
    left = list(statuses)

    async def process(connection, _request):
        return connection.respond(left.pop(0), "") if left else None

    return process


@asynccontextmanager
async def opened(*scripts, client=None, channel=ROOM, **options):
    """A connection to a server that follows *scripts*, of a client that comes back soon unless *client* says otherwise."""
    async with scripted(*scripts, **options) as url:
        parameters = {"room": "lobby"} if channel is ROOM else {}
        async with Client(url, **{"reconnect": SOON, **(client or {})}).open(channel, **parameters) as room:
            yield room


async def until(events, kind):
    """The events up to the first one of *kind*."""
    seen = []
    async for event in events:
        seen.append(event)
        if isinstance(event, kind):
            return seen
    raise AssertionError(seen)


async def test_messages_go_on_across_connections():
    async with opened(going(1001, said("a"), said("b")), going(1000, said("c"))) as room:
        texts = [message.text async for message in room]

    assert texts == ["a", "b", "c"]


async def test_events_tell_of_it_in_order_with_the_messages():
    async with opened(going(1001, said("a")), going(1000, said("b"))) as room:
        events = [event async for event in room.events()]

    assert [type(event) for event in events] == [Connected, Said, Disconnected, Connected, Missed, Said]
    assert [event.is_again for event in events if isinstance(event, Connected)] == [False, True]
    assert events[0].protocol == "wirepact.v1"
    assert events[2].code == 1001


async def test_it_comes_back_from_a_server_that_speaks_legacy_too():
    async def script(heard):
        await heard.say(SAID)
        heard.cut()

    async def last(heard):
        await heard.say(SAID)
        await heard.close(4403, "go away")

    async with opened(script, last, subprotocols=()) as room:
        assert await anext(room) == await anext(room)
        with pytest.raises(ConnectionClosed, match="4403: go away"):
            await anext(room)


async def test_without_being_asked_it_does_not_come_back():
    async with scripted(going(1001)) as url, Client(url).open(ROOM, room="lobby") as room:
        with pytest.raises(ConnectionClosed, match="1001"):
            await anext(room)


async def test_v14_it_says_where_it_was_and_what_it_missed_comes():
    async def first(heard):
        await heard.welcome()
        await heard.say('!position {"audience":"","epoch":"e","offset":7}', f"@8 {said('a')}")
        heard.cut()

    async def second(heard):
        await heard.welcome()
        assert heard.hello["positions"] == {"": "e.8"}
        await heard.say('!position {"audience":"","epoch":"e","offset":8,"recovered":true}')
        await heard.say(f"@8 {said('a')}", f"@9 {said('b')}")
        await heard.close(1000)

    async with opened(first, second) as room:
        events = [event async for event in room.events()]

    assert [event.text for event in events if isinstance(event, Said)] == ["a", "b"]
    assert Recovered("") in events


async def test_v15_what_can_not_be_recovered_is_told():
    async def second(heard):
        await heard.welcome()
        await heard.say('!position {"audience":"","epoch":"f","offset":0,"recovered":false}')
        await heard.close(1000)

    position = '!position {"audience":"","epoch":"e","offset":7}'
    async with opened(going(1001, position), second) as room:
        events = [event async for event in room.events()]

    assert [type(event) for event in events] == [Connected, Disconnected, Connected, Missed]


async def test_v7_the_session_stays_the_same():
    sessions = []

    async def script(heard):
        await heard.welcome()
        sessions.append(heard.hello["session"])
        await heard.close(1001 if len(sessions) == 1 else 1000)

    async with opened(script) as room:
        assert [message async for message in room] == []

    assert sessions[0] == sessions[1]


async def test_v24_a_refused_token_is_replaced_once():
    reasons = []

    async def token(reason):
        reasons.append(reason)
        return f"t{len(reasons)}"

    async with opened(
        going(4401), staying, process_request=refusing(HTTPStatus.UNAUTHORIZED), client={"token": token}
    ) as room:
        kinds = [type(await anext(room.events())) for _ in range(4)]

    assert kinds == [Disconnected, Connected, Disconnected, Connected]
    assert reasons == ["connect", "refresh", "refresh"]


async def test_v24_a_second_refusal_is_the_end():
    reasons = []

    async def token(reason):
        reasons.append(reason)
        return "t"

    never = refusing(*[HTTPStatus.UNAUTHORIZED] * 9)
    async with scripted(staying, process_request=never) as url:
        with pytest.raises(ConnectionRefused, match="401"):
            await Client(url, token=token, reconnect=SOON).open(ROOM, room="lobby").__aenter__()

    assert reasons == ["connect", "refresh"]


async def test_v24_a_legacy_server_that_greets_before_it_refuses_is_the_end_too():
    reasons = []

    async def token(reason):
        reasons.append(reason)
        return "t"

    async def greeting(heard):
        await heard.say(SAID)
        await heard.close(4401, "no")

    async with opened(greeting, subprotocols=(), client={"token": token}) as room:
        with pytest.raises(ConnectionClosed, match="4401: no"):
            _ = [message async for message in room]

    assert reasons == ["connect", "refresh"]


async def test_v9_a_token_leaves_the_query_once_the_server_is_known():
    places = []
    channel = type(ROOM)("chat", "room", "/ws/room/", credentials=ROOM.credentials[:1], sends=ROOM.sends)

    async def script(heard):
        await heard.welcome()
        places.append(("t1" in heard.request.path, heard.hello.get("token")))
        await heard.close(1001 if len(places) == 1 else 1000)

    async with opened(script, channel=channel, client={"token": "t1"}) as room:
        assert [message async for message in room] == []

    assert places == [(True, None), (False, "t1")]


async def test_c5_a_token_may_be_an_offer_that_is_never_selected():
    offered = []
    credentials = (Credential("header", "Sec-WebSocket-Protocol"),)
    channel = type(ROOM)("chat", "room", "/ws/room/", credentials=credentials, sends=ROOM.sends)

    async def script(heard):
        offered.append(heard.request.headers["Sec-WebSocket-Protocol"])
        await going(1000)(heard)

    async with opened(script, channel=channel, client={"token": "t1"}) as room:
        assert [message async for message in room] == []

    assert offered == ["wirepact.v1, bearer.t1"]


async def test_a_token_function_that_fails_is_asked_again_later():
    asked = 0

    async def token():
        nonlocal asked
        asked += 1
        if asked == 2:
            raise OSError
        return "t"

    async with opened(going(1001), going(1000), client={"token": token}) as room:
        assert [message async for message in room] == []

    assert asked == 3


async def test_a_user_who_is_signed_out_is_the_end():
    tokens = iter(["t"])

    async def token(reason):
        if reason != "connect":
            raise Unauthorized("signed out")
        return next(tokens)

    async with opened(going(1001), client={"token": token}) as room:
        with pytest.raises(ConnectionClosed, match="4401: signed out"):
            await until(room.events(), Exception)
        assert room.state == Closed(4401, "signed out", is_final=True)


async def test_a_token_that_takes_for_ever_is_an_attempt_that_failed():
    reasons = []

    async def token(reason):
        reasons.append(reason)
        if len(reasons) == 1:
            await asyncio.Event().wait()
        return "t"

    in_a_moment = {"token": token, "transport": Transport(open_timeout=0.3)}
    async with opened(going(1000), client=in_a_moment) as room:
        assert [message async for message in room] == []

    assert reasons == ["connect", "reconnect"]


async def test_a_token_function_that_fails_at_first_is_told_at_once():
    async def token():
        raise LookupError("no such file")

    async with scripted(staying) as url:
        with pytest.raises(LookupError, match="no such file"):
            await Client(url, token=token, reconnect=SOON).open(ROOM, room="lobby").__aenter__()


async def test_v25_it_comes_back_when_the_server_said():
    async with opened(
        going(1001, '!draining {"delay":0.02}'), going(1000), client={"reconnect": Reconnect(first=999)}
    ) as room:
        events = [event async for event in room.events()]

    assert events[1:3] == [Draining(0.02), Disconnected(1001, "", 1, 0.02)]
    assert isinstance(events[3], Connected)


async def test_it_waits_for_a_server_that_is_not_there_yet():
    statuses = [HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.BAD_GATEWAY]
    async with opened(staying, process_request=refusing(*statuses)) as room:
        assert room.is_open


async def test_v10_a_message_may_be_as_long_as_the_server_says_and_not_longer():
    async def strict(heard):
        await heard.welcome(message_bytes=40)
        await heard.line()
        await heard.stay()

    async with opened(strict) as room:
        with pytest.raises(TooLarge, match="room: 41 bytes, the server allows 40"):
            await room.send(Say(text="x" * 17))

        await room.send(Say(text="x" * 16))


async def test_v10_a_newer_server_may_take_more_than_the_document_says():
    heard_of = []

    async def generous(heard):
        await heard.welcome(message_bytes=ROOM.limits.message_bytes + 1000)
        heard_of.append(len(await heard.line()))
        await heard.close(1000)

    async with opened(generous) as room:
        await room.send(Say(text="x" * ROOM.limits.message_bytes))
        assert [message async for message in room] == []

    assert heard_of[0] > ROOM.limits.message_bytes


async def test_c1_a_refusal_for_good_is_told():
    async with scripted(staying, process_request=refusing(HTTPStatus.FORBIDDEN)) as url:
        with pytest.raises(ConnectionRefused, match="403"):
            await Client(url, reconnect=SOON).open(ROOM, room="lobby").__aenter__()


async def test_c3_a_server_with_other_versions_is_spoken_to_in_legacy():
    async with opened(staying, subprotocols=(), process_request=refusing(426)) as room:
        connected = await anext(room.events())

    assert connected == Connected()


async def test_while_it_is_away_nothing_is_sent_unless_it_is_kept():
    async with scripted(going(1001), staying) as url:
        slowly = Reconnect(first=999, longest=999)
        async with Client(url, reconnect=slowly).open(ROOM, room="lobby") as room:
            await until(room.events(), Disconnected)

            with pytest.raises(NotConnected, match="nothing was sent"):
                await room.send(Say(text="anyone?"))


async def test_what_is_kept_is_sent_in_order_before_anything_newer():
    heard_texts = []
    go_on = asyncio.Event()

    async def second(heard):
        await go_on.wait()
        await heard.welcome()
        while len(heard_texts) < 4:
            heard_texts.append(json.loads(await heard.line())["text"])
        await heard.close(1000)

    async with opened(going(1001), second, client={"keep": Keeping()}) as room:
        events = room.events()
        await until(events, Disconnected)
        for text in "abc":
            await room.send(Say(text=text))
        go_on.set()
        await until(events, Connected)
        await room.send(Say(text="d"))
        with suppress(StopAsyncIteration):
            await anext(events)

    assert heard_texts == ["a", "b", "c", "d"]


async def test_what_was_not_sent_is_handed_back_at_the_end():
    never = Reconnect(first=999, longest=999)
    async with scripted(going(1001)) as url:
        room = Client(url, reconnect=never, keep=Keeping(messages=1)).open(ROOM, room="lobby")
        async with room:
            await until(room.events(), Disconnected)
            await room.send(Say(text="kept"))
            with pytest.raises(NotConnected):
                await room.send(Say(text="too many"))

            assert await room.close() == (Say(text="kept"),)

    assert room.unsent == (Say(text="kept"),)


async def test_what_was_not_sent_is_there_too_when_the_server_ends_it():
    is_away = False

    async def process(connection, _request):
        return connection.respond(HTTPStatus.FORBIDDEN, "") if is_away else None

    options = {"keep": Keeping(), "reconnect": Reconnect(first=0.01)}
    async with opened(going(1001), process_request=process, client=options) as room:
        is_away = True
        await until(room.events(), Disconnected)
        await room.send(Say(text="kept"))
        with pytest.raises(ConnectionRefused, match="403"):
            await anext(room)

        assert room.unsent == (Say(text="kept"),)


async def test_of_many_attempts_that_nobody_reads_of_the_last_is_told():
    tried = asyncio.Event()
    answers = [None, *[HTTPStatus.BAD_GATEWAY] * 5]

    async def process(connection, _request):
        if answers:
            answer = answers.pop(0)
            return None if answer is None else connection.respond(answer, "")
        tried.set()
        return None

    async with opened(going(1001), staying, process_request=process) as room:
        await tried.wait()
        kinds = [await anext(room.events()) for _ in range(3)]

    assert [type(each) for each in kinds] == [Connected, Disconnected, Connected]
    assert kinds[1].attempt == 6


async def test_keeping_without_coming_back_makes_no_sense():
    with pytest.raises(TypeError, match="say how to reconnect"):
        Client("ws://localhost", keep=Keeping())


@pytest.mark.parametrize("when", ["away", "dialling", "welcoming"])
async def test_it_can_be_closed_and_cancelled_at_any_time(when):
    came = asyncio.Event()

    async def silent(heard):
        came.set()
        await heard.stay()

    async def hanging(_connection, _request):
        if is_second:
            came.set()
            await is_over.wait()

    is_second, is_over = False, asyncio.Event()
    options = {"process_request": hanging} if when == "dialling" else {}
    first = going(1001)
    async with scripted(first, staying if when == "away" else silent, **options) as url:
        soon = Reconnect(first=999, longest=999) if when == "away" else SOON
        async with Client(url, reconnect=soon).open(ROOM, room="lobby") as room:
            is_second = True
            await until(room.events(), Disconnected)
            if when != "away":
                await came.wait()

            await room.close()
            is_over.set()

            assert [message async for message in room] == []
            assert not [each for each in asyncio.all_tasks() if each.get_name().startswith("wirepact")]


async def test_being_cancelled_while_it_opens_leaves_nothing():
    came = asyncio.Event()

    async def silent(heard):
        came.set()
        await heard.stay()

    async with scripted(silent) as url:
        opening = asyncio.create_task(Client(url, reconnect=SOON).open(ROOM, room="lobby").__aenter__())
        await came.wait()
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening

        assert not [each for each in asyncio.all_tasks() if each.get_name().startswith("wirepact")]


async def test_v10_a_welcome_that_does_not_come_is_no_connection():
    async def silent(heard):
        await heard.stay()

    quick = Transport(open_timeout=0.05)
    async with scripted(silent) as url:
        with pytest.raises(ConnectionClosed, match="not heard"):
            await Client(url, transport=quick).open(ROOM, room="lobby").__aenter__()


async def test_the_state_says_where_it_is():
    async with scripted(staying) as url:
        room = Client(url, reconnect=SOON).open(ROOM, room="lobby")
        assert type(room.state).__name__ == "Idle"
        async with room:
            assert room.state == Open()
        assert type(room.state).__name__ == "Closed"
