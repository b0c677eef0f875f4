import asyncio
import json

import pytest

from room import ROOM, Left, Said, Say
from wirepact.client import Client, Transport
from wirepact.errors import ConnectionClosed, TooLarge, WirepactError
from wirepact.messages import Unknown

SAID = '{"type": "said", "text": "hi", "mood": "good"}'


async def until_closed(socket):
    await socket.wait_closed()


def saying(*frames, code=1000, reason=""):
    """A server that says *frames*, then closes."""

    async def behaviour(socket):
        for frame in frames:
            await socket.send(frame)
        await socket.close(code, reason)

    return behaviour


async def test_iteration_gives_each_message_and_ends_with_a_normal_close(served):
    all_kinds = saying(SAID, '{"type": "new"}', b"\x00", '{"type": "left"}')

    async with served(all_kinds) as url, Client(url).open(ROOM, room="lobby") as room:
        messages = [message async for message in room]

    assert messages == [
        Said(text="hi", mood="good"),
        Unknown("new", '{"type": "new"}'),
        Unknown(None, b"\x00", "a binary frame"),
        Left(),
    ]


@pytest.mark.parametrize(
    ("code", "reason"), [(1001, "Server is shutting down"), (4401, "토큰"), (4480, ""), (1011, "")]
)
async def test_any_other_close_is_raised_after_what_came_before_it(served, code, reason):
    behaviour = saying(SAID, code=code, reason=reason)

    async with served(behaviour) as url, Client(url).open(ROOM, room="lobby") as room:
        assert await anext(room) == Said(text="hi", mood="good")
        with pytest.raises(ConnectionClosed) as caught:
            await anext(room)

    assert (caught.value.code, caught.value.reason) == (code, reason)
    assert isinstance(caught.value, WirepactError)


async def test_a_connection_that_is_cut_is_1006(served):
    async def behaviour(socket):
        socket.transport.abort()

    async with served(behaviour) as url, Client(url).open(ROOM, room="lobby") as room:
        with pytest.raises(ConnectionClosed, match="closed with 1006: connection lost"):
            await anext(room)


async def test_sending_writes_the_json_of_the_model(served):
    heard = asyncio.Queue()

    async def behaviour(socket):
        await heard.put(await socket.recv())

    async with served(behaviour) as url, Client(url).open(ROOM, room="lobby") as room:
        await room.send(Say(text="안녕"))

        assert json.loads(await heard.get()) == {"type": "say", "text": "안녕"}


async def test_sending_on_a_closed_connection_says_how_it_was_closed(served):
    behaviour = saying(code=4404, reason="No such room")

    async with served(behaviour) as url, Client(url).open(ROOM, room="lobby") as room:
        with pytest.raises(ConnectionClosed, match="4404: No such room"):
            await anext(room)
        with pytest.raises(ConnectionClosed, match="4404: No such room"):
            await room.send(Say(text="anyone?"))


async def test_what_the_document_does_not_let_a_client_say_is_not_sent(served):
    async with served(until_closed) as url, Client(url).open(ROOM, room="lobby") as room:
        with pytest.raises(TypeError, match="room: Said is not for a client to send"):
            await room.send(Said(text="hi"))
        with pytest.raises(TooLarge, match="room: 1027 bytes, the document allows 1000"):
            await room.send(Say(text="x" * 1003))

        assert room.is_open


async def test_closing_from_here_ends_the_iteration_of_another_task(served):
    async with served(until_closed) as url, Client(url).open(ROOM, room="lobby") as room:
        reading = asyncio.create_task(_all(room))
        await asyncio.sleep(0)
        await room.close(4000, "enough")

        assert await reading == []
        assert not room.is_open


async def _all(room):
    return [message async for message in room]


async def test_cancelling_a_reader_loses_nothing(served):
    go = asyncio.Event()

    async def behaviour(socket):
        await go.wait()
        await socket.send(SAID)
        await socket.wait_closed()

    async with served(behaviour) as url, Client(url).open(ROOM, room="lobby") as room:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await anext(room)
        go.set()

        assert await anext(room) == Said(text="hi", mood="good")


async def test_cancelling_the_block_closes_the_connection(served):
    closed = asyncio.Event()
    inside = asyncio.Event()

    async def behaviour(socket):
        await socket.wait_closed()
        closed.set()

    async def use(url):
        async with Client(url).open(ROOM, room="lobby") as room:
            inside.set()
            await anext(room)

    async with served(behaviour) as url:
        using = asyncio.create_task(use(url))
        await inside.wait()
        using.cancel()
        with pytest.raises(asyncio.CancelledError):
            await using

        await closed.wait()


async def test_what_is_not_read_is_bounded_and_the_server_is_held_back(served):
    async def behaviour(socket):
        for _ in range(100):
            await socket.send(SAID)
        await socket.wait_closed()

    few = Transport(buffered_frames=4)
    async with served(behaviour) as url, Client(url, transport=few).open(ROOM, room="lobby") as room:
        async with asyncio.timeout(10):
            while room._opened.socket.transport.is_reading():  # noqa: ASYNC110  a transport tells nobody that it stopped
                await asyncio.sleep(0)

        assert [await anext(room) for _ in range(100)] == [Said(text="hi", mood="good")] * 100


async def test_closing_does_not_wait_for_what_is_unread(served):
    async def behaviour(socket):
        for _ in range(1000):
            await socket.send(SAID)
        await socket.wait_closed()

    few = Transport(buffered_frames=4, close_timeout=30)
    async with asyncio.timeout(10), served(behaviour) as url, Client(url, transport=few) as client:
        async with client.open(ROOM, room="lobby") as room:
            await anext(room)

        assert not room.is_open


async def test_closing_ends_the_iteration_of_a_task_that_is_busy_with_a_message(served):
    busy, go_on = asyncio.Event(), asyncio.Event()

    async def behaviour(socket):
        for _ in range(1000):
            await socket.send(SAID)
        await socket.wait_closed()

    async def read_slowly(room):
        seen = 0
        async for _ in room:
            seen += 1
            busy.set()
            await go_on.wait()
        return seen

    few = Transport(buffered_frames=4, close_timeout=30)
    async with served(behaviour) as url, Client(url, transport=few).open(ROOM, room="lobby") as room:
        reading = asyncio.create_task(read_slowly(room))
        await busy.wait()
        closing = asyncio.create_task(room.close())
        await asyncio.sleep(0)
        go_on.set()

        async with asyncio.timeout(10):
            await closing
            assert await reading == 1


async def test_a_server_that_does_not_answer_the_goodbye_is_left(served):
    async def behaviour(socket):
        socket.transport.pause_reading()
        await socket.wait_closed()

    quick = Transport(close_timeout=0.05)
    async with served(behaviour, close_timeout=0.05) as url:
        async with Client(url, transport=quick).open(ROOM, room="lobby") as room:
            pass

        assert not room.is_open


async def test_a_message_over_our_bound_ends_the_connection(served):
    behaviour = saying(json.dumps({"type": "said", "text": "x" * 2000}))
    small = Transport(message_bytes=1000)

    async with served(behaviour) as url, Client(url, transport=small).open(ROOM, room="lobby") as room:
        with pytest.raises(ConnectionClosed, match="closed with 1006: frame with 2028 bytes"):
            await anext(room)


async def test_a_connection_is_used_inside_async_with_and_once(served):
    async with served(until_closed) as url:
        room = Client(url).open(ROOM, room="lobby")
        with pytest.raises(RuntimeError, match="async with"):
            await room.send(Say(text="too early"))
        await room.close()
        async with room:
            pass
        with pytest.raises(RuntimeError, match="open another one"):
            await room.__aenter__()
