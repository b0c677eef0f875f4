"""A client that is cancelled wherever that can happen: after no step of the event loop, after one, after two, until it is done.

Afterwards there is no task, no socket and no question that nobody has, and nothing is lost.
"""

import asyncio
from contextlib import asynccontextmanager

import pytest

import works as words
from wirepact.client import Reconnect
from wirepact.errors import ConnectionClosed, ConnectionLost
from wirepact.testing import connected, token
from works import HALL, works

STEPS = 400
"""More than anything here takes."""


async def cancelled_after(steps, doing, times=1):
    """Whether *doing* was cancelled after so many turns of the loop, and again in the next ones."""
    task = asyncio.create_task(doing)
    for _ in range(steps):
        await asyncio.sleep(0)
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
    try:
        await task
    except asyncio.CancelledError:
        return True
    return False


async def at_every_step(begin, times=1):
    """Cancel what *begin* gives after 0, 1, 2 … turns, until it is done before. Gives how many there are."""
    for steps in range(STEPS):
        if not await cancelled_after(steps, begin(), times):
            return steps
    raise AssertionError("it is never done")


async def eventually(condition):
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)


def ours():
    """The tasks of the client's."""
    return [each for each in asyncio.all_tasks() if each.get_name().startswith("wirepact ")]


@asynccontextmanager
async def visited(**options):
    """An application, and a client of it, of whom nothing is left in the end."""
    here = works()
    async with connected(here.app, **{"token": token("kim")} | options) as client:
        here.client = client
        yield here
        await eventually(lambda: not len(here.node))
        assert not ours()


@pytest.fixture
async def lined():
    async with visited() as here:
        yield here


@pytest.fixture(params=["wirepact.v1", "legacy"])
async def there(request):
    async with visited(legacy=request.param == "legacy") as here:
        yield here


@asynccontextmanager
async def hall(there):
    async with there.client.open(HALL, hall=1) as hall:
        assert await hall.receive() == words.Welcome(hall=1)
        yield hall


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_while_it_connects(there, times):
    async def connect():
        async with there.client.open(HALL, hall=1):
            pass

    assert await at_every_step(connect, times) > 10


async def test_while_it_asks_for_a_token():
    async def slowly():
        for _ in range(5):
            await asyncio.sleep(0)
        return token("kim")

    async with visited(token=slowly) as here:

        async def connect():
            async with here.client.open(HALL, hall=1):
                pass

        assert await at_every_step(connect) > 10


async def test_while_it_reads_nothing_is_lost_and_nothing_comes_twice(there):
    async with hall(there) as live:
        read = []

        async def listen():
            async for message in live:
                read.append(message.text)
                await asyncio.sleep(0)

        for number in range(60):
            await there.publisher.alarm(words.Alarm(text=f"{number}"), hall=1)
            assert await cancelled_after(number % 7, listen())
        while len(read) < 60:
            read.append((await live.receive()).text)

    assert read == [f"{number}" for number in range(60)]


async def test_while_a_request_waits_the_connection_goes_on(lined):
    async with hall(lined) as live:
        lined.handlers.notes.append("n")

        assert await at_every_step(lambda: live.request(words.GetNotes(), words.Notes)) > 2

        assert not live._questions
        assert not live._life._asked
        assert (await live.request(words.GetNotes(), words.Notes)).notes == ["n"]


async def test_the_answer_to_a_request_that_was_given_up_is_a_message(lined):
    lined.handlers.hold = asyncio.Event()
    async with hall(lined) as live:
        assert await cancelled_after(5, live.request(words.GetNotes(), words.Notes))

        lined.handlers.hold.set()

        assert await live.receive() == words.Notes(notes=[])


async def test_while_it_sends_each_message_goes_whole_or_not_at_all(there):
    async with hall(there) as live:
        for steps in range(10):
            await cancelled_after(steps, live.send(words.GetNotes()))
        await live.send(words.Watch(machine=404))

        while isinstance(said := await live.receive(), words.Notes):
            pass

    assert said.code == "not_found"


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_while_it_closes(there, times):
    async def meet():
        connection = there.client.open(HALL, hall=1)
        await connection.__aenter__()
        return connection

    for steps in range(1, STEPS):
        connection = await meet()
        if not await cancelled_after(steps, connection.close(), times):
            break
        assert not connection.is_open
    else:
        raise AssertionError("it is never closed")
    assert steps > 1


async def test_whoever_waits_learns_of_a_close_that_was_cancelled(there):
    for steps in range(1, 5):
        async with hall(there) as live:
            reader = asyncio.create_task(live.receive())
            await asyncio.sleep(0)

            await cancelled_after(steps, live.close())

            async with asyncio.timeout(5):
                with pytest.raises(ConnectionClosed):
                    await reader


async def test_whoever_asked_learns_of_a_close_that_was_cancelled(lined):
    lined.handlers.hold = asyncio.Event()
    for steps in range(1, 5):
        async with hall(lined) as live:
            asked = asyncio.create_task(live.request(words.GetNotes(), words.Notes))
            await eventually(lambda live=live: live._questions)

            await cancelled_after(steps, live.close())

            async with asyncio.timeout(5):
                with pytest.raises(ConnectionLost):
                    await asked
    lined.handlers.hold.set()


@pytest.mark.parametrize("legacy", [False, True])
async def test_while_it_comes_back(legacy):
    async def come_back():
        async with here.client.open(HALL, hall=1) as live:
            await live.receive()
            await here.node.kick("kim", 1012)
            await live.receive()

    async with visited(legacy=legacy, reconnect=Reconnect(first=0.001, longest=0.001)) as here:
        assert await at_every_step(come_back) > 20


async def test_leaving_the_client_closes_everything_however_often_it_is_interrupted(there):
    async def visit():
        async with there.client.open(HALL, hall=1), there.client.open(HALL, hall=2):
            await there.client.close()

    assert await at_every_step(visit, times=2) > 10
