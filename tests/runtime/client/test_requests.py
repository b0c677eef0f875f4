"""Requests of a client, and what is refused, against a server that follows a script."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Literal

import pytest

from room import ROOM, Left, Said, Say
from scripted import scripted
from wirepact.client import Client, Reconnect, Refused, Transport
from wirepact.descriptors import ErrorShape, MessageSet, MessageType
from wirepact.errors import (
    CannotAsk,
    ConnectionClosed,
    ConnectionLost,
    PermissionDenied,
    RateLimited,
    Refusal,
    RequestTimeout,
    WrongAnswer,
)
from wirepact.messages import BinaryMessage, Message

HI = Say(text="hi")
SOON = Reconnect(first=0.001, longest=0.001)


class Fault(Message):
    type: Literal["fault"] = "fault"
    code: str
    text: str


class Picture(BinaryMessage):
    pass


FAULTY = replace(
    ROOM,
    sends=MessageSet(ROOM.sends.paths, (*ROOM.sends.types, MessageType("fault", Fault, ("fault",)))),
    error=ErrorShape(Fault, ("code",), ("text",)),
)


def answering(*answers):
    """A script that answers the first requests with these lines, where `…` stands for the id, and goes."""

    async def script(heard):
        await heard.welcome()
        for answer in answers:
            line = await heard.line()
            assert line[0] == "#", line
            await heard.say(answer.replace("…", line[1:].partition(" ")[0]))
        await heard.stay()

    return script


@asynccontextmanager
async def opened(*scripts, channel=ROOM, **options):
    async with scripted(*scripts) as url, Client(url, **options).open(channel, room="lobby") as room:
        yield room


async def test_v18_the_answer_is_that_of_the_request():
    async with opened(answering('{"type":"left"}\n#… {"type":"said","text":"a"}')) as room:
        answer = await room.request(HI, Said)

        assert answer.text == "a"
        assert await anext(room) == Left()


async def test_v17_several_may_be_underway_and_are_answered_in_any_order():
    async def script(heard):
        await heard.welcome()
        ids = [(await heard.line())[1:].partition(" ")[0] for _ in range(3)]
        assert len(set(ids)) == 3
        for number, each in reversed(list(enumerate(ids))):
            await heard.say(f'#{each} {{"type":"said","text":"{number}"}}')
        await heard.stay()

    async with opened(script) as room:
        answers = await asyncio.gather(*(room.request(HI, Said) for _ in range(3)))

    assert [each.text for each in answers] == ["0", "1", "2"]


async def test_v18_nothing_to_say_is_none():
    async with opened(answering('!done {"id":"…"}')) as room:
        assert await room.request(HI) is None


async def test_v19_a_refusal_is_raised_by_its_class():
    first = '!error {"id":"…","code":"rate_limited","text":"slower","temporary":true,"delay":2}'
    second = '!error {"id":"…","code":"permission_denied","text":"not you"}'
    async with opened(answering(first, second)) as room:
        with pytest.raises(RateLimited, match="slower") as caught:
            await room.request(HI)
        with pytest.raises(PermissionDenied, match="not you"):
            await room.request(HI)

    assert (caught.value.is_temporary, caught.value.delay) == (True, 2)


async def test_v19_a_code_of_the_service_s_own_is_a_refusal():
    async with opened(answering('!error {"id":"…","code":"sold_out","text":"gone"}')) as room:
        with pytest.raises(Refusal, match="gone") as caught:
            await room.request(HI)

    assert caught.value.code == "sold_out"


async def test_v19_or_of_the_class_that_the_document_has_for_it():
    class SoldOut(Refusal):
        code = "sold_out"

    class Shop(Client):
        refusals = {"sold_out": SoldOut}  # noqa: RUF012  as it is emitted

    script = answering('!error {"id":"…","code":"sold_out","text":"gone"}')
    async with scripted(script) as url, Shop(url).open(ROOM, room="lobby") as room:
        with pytest.raises(SoldOut, match="gone"):
            await room.request(HI)


async def test_an_answer_of_another_kind_is_told():
    async with opened(answering('#… {"type":"left"}')) as room:
        with pytest.raises(WrongAnswer, match="room: the answer is no Said") as caught:
            await room.request(HI, Said)

    assert caught.value.answer == Left()


async def test_an_answer_that_does_not_come_in_time_is_told_and_comes_as_a_message():
    late = asyncio.Event()

    async def script(heard):
        await heard.welcome()
        line = await heard.line()
        await late.wait()
        await heard.say(f'{line.partition(" ")[0]} {{"type":"left"}}')
        await heard.stay()

    async with opened(script) as room:
        with pytest.raises(RequestTimeout, match=r"room: no answer within 0\.01 seconds"):
            await room.request(HI, timeout=0.01)
        late.set()

        assert await anext(room) == Left()


async def test_a_request_that_is_cancelled_leaves_nothing():
    async with opened(answering('!done {"id":"…"}', '!done {"id":"…"}')) as room:
        asking = asyncio.create_task(room.request(HI))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

        assert await room.request(HI) is None
        assert not room._questions
        assert room._life._asked == set()


async def test_a_connection_that_is_lost_leaves_it_open_whether_it_was_heard():
    async def script(heard):
        await heard.welcome()
        await heard.line()
        heard.cut()

    async with opened(script, reconnect=SOON) as room:
        with pytest.raises(ConnectionLost):
            await room.request(HI)


async def test_who_asks_between_two_messages_gets_the_answer_behind_many():
    async def script(heard):
        await heard.welcome()
        await heard.line()
        for number in range(50):
            await heard.say(f'{{"type":"said","text":"{number}"}}')
        await heard.say('!done {"id":"1"}')
        await heard.stay()

    few = Transport(buffered_frames=4)
    async with opened(script, transport=few) as room:
        assert await room.request(HI) is None
        assert [(await anext(room)).text for _ in range(50)] == [str(number) for number in range(50)]


async def test_p4_it_is_not_asked_again_by_itself():
    async def going(heard):
        await heard.welcome()
        await heard.line()
        heard.cut()

    async def script(heard):
        await heard.welcome()
        assert await heard.line() == '#2 {"type":"say","text":"hi"}'
        await heard.say('!done {"id":"2"}')
        await heard.stay()

    async with opened(going, script, reconnect=SOON) as room:
        with pytest.raises(ConnectionLost):
            await room.request(HI)
        assert await room.request(HI) is None


async def test_a_connection_that_is_closed_meanwhile_does_so_too():
    async with opened(answering()) as room:
        asking = asyncio.create_task(room.request(HI))
        await asyncio.sleep(0)
        await room.close()

        with pytest.raises(ConnectionLost):
            await asking
        with pytest.raises(ConnectionClosed):
            await room.request(HI)


async def test_a_request_waits_for_a_connection_that_is_away():
    async def going(heard):
        await heard.welcome()
        await heard.line()
        await heard.close(1001)

    async with opened(going, answering('!done {"id":"…"}'), reconnect=SOON) as room:
        await room.send(HI)
        while room.is_open:  # noqa: ASYNC110  a socket tells nobody that it is closing
            await asyncio.sleep(0)

        assert await room.request(HI) is None


class Ask(Message):
    type: Literal["ask"] = "ask"
    id: str


class Tell(Message):
    type: Literal["tell"] = "tell"
    about: dict[str, str]


class Problem(Message):
    type: Literal["problem"] = "problem"
    id: str = ""
    code: str
    text: str


DESK = replace(
    ROOM,
    receives=MessageSet((("type",),), (MessageType("ask", Ask, ("ask",)),)),
    sends=MessageSet(
        (("type",),),
        (
            MessageType("tell", Tell, ("tell",)),
            MessageType("problem", Problem, ("problem",)),
            MessageType("left", Left, ("left",)),
        ),
    ),
    error=ErrorShape(Problem, ("code",), ("text",)),
    correlations={Ask: ("id",), Tell: ("about", "id"), Problem: ("id",)},
)


def telling(*frames):
    """A script that says *frames* when it was asked something, and waits."""

    async def script(heard):
        await heard.line()
        for frame in frames:
            await heard.say(frame)
        await heard.stay()

    return script


@asynccontextmanager
async def at_the_desk(*scripts, **options):
    async with (
        scripted(*scripts, subprotocols=()) as url,
        Client(url, **options).open(DESK, room="lobby") as desk,
    ):
        yield desk


async def test_in_legacy_an_answer_is_known_by_what_the_document_says():
    other, mine = '{"type":"tell","about":{"id":"b"}}', '{"type":"tell","about":{"id":"a"}}'
    async with at_the_desk(telling('{"type":"left"}', other, mine)) as desk:
        answer = await desk.request(Ask(id="a"), Tell)

        assert answer.about == {"id": "a"}
        assert [await anext(desk) for _ in range(2)] == [Left(), Tell(about={"id": "b"})]


async def test_in_legacy_the_documents_error_message_is_raised():
    problem = '{"type":"problem","id":"a","code":"permission_denied","text":"not you"}'
    async with at_the_desk(telling(problem)) as desk:
        with pytest.raises(PermissionDenied, match="not you"):
            await desk.request(Ask(id="a"), Tell)


async def test_in_legacy_what_is_no_answer_of_the_class_is_a_message():
    problem = '{"type":"problem","id":"b","code":"conflict","text":""}'
    tell = '{"type":"tell","about":{"id":"a"}}'
    async with at_the_desk(telling(problem, tell)) as desk:
        assert await desk.request(Ask(id="a")) == Tell(about={"id": "a"})
        assert (await anext(desk)).id == "b"


async def test_in_legacy_a_loss_leaves_it_open_too():
    async def script(heard):
        await heard.line()
        heard.cut()

    async with at_the_desk(script) as desk:
        with pytest.raises((ConnectionLost, ConnectionClosed)):
            await desk.request(Ask(id="a"))


async def test_in_legacy_two_questions_with_one_id_could_not_be_told_apart():
    async with at_the_desk(telling()) as desk:
        asking = asyncio.create_task(desk.request(Ask(id="a")))
        await asyncio.sleep(0)

        with pytest.raises(CannotAsk, match="has no answer yet"):
            await desk.request(Ask(id="a"))
        asking.cancel()


async def test_in_legacy_there_is_nothing_to_know_an_answer_by():
    async def script(heard):
        await heard.stay()

    async with scripted(script, subprotocols=()) as url, Client(url).open(ROOM, room="lobby") as room:
        with pytest.raises(CannotAsk, match=r"wirepact\.v1"):
            await room.request(HI)


async def test_v4_a_binary_message_has_no_tag_to_be_a_request_with():
    channel = replace(ROOM, receives=MessageSet(types=(MessageType("picture", Picture),)))
    async with opened(answering(), channel=channel) as room:
        with pytest.raises(TypeError, match="binary"):
            await room.request(Picture(data=b"x"))


async def test_v6_an_error_of_no_request_is_the_documents_error_message():
    async def script(heard):
        await heard.welcome()
        await heard.say('!error {"code":"bad_request","text":"no"}')
        await heard.close(1000)

    async with opened(script, channel=FAULTY) as room:
        assert [message async for message in room] == [Fault(code="bad_request", text="no")]
    async with opened(script, channel=FAULTY) as room:
        refused = [event async for event in room.events()][1]

    assert isinstance(refused, Refused)
    assert refused.error.code == "bad_request"
    assert refused.message == Fault(code="bad_request", text="no")


async def test_where_the_document_has_none_it_is_an_event_only():
    async def script(heard):
        await heard.welcome()
        await heard.say('!error {"code":"bad_request","text":"no"}')
        await heard.close(1000)

    async with opened(script) as room:
        assert [message async for message in room] == []
    async with opened(script) as room:
        assert [event async for event in room.events()][1].message is None
