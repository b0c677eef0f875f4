"""A program that is started again goes on where it was; one that is behind may choose what it misses."""

import asyncio
import json

import pytest

import works as words
from wirepact.broker_sqlite import SqliteBroker
from wirepact.client import Client, Connected, Dropped, Missed, Recovered, Transport
from wirepact.testing import connected, token
from works import HALL, works


@pytest.fixture
async def there():
    here = works()
    async with connected(here.app, token=token("kim")) as client:
        here.client = client
        yield here


async def notice(here, *texts):
    for text in texts:
        await here.publisher.notice(words.Notice(text=text), hall=1)


async def texts(live, number):
    """The next *number* notices."""
    found = []
    while len(found) < number:
        if isinstance(message := await live.receive(), words.Notice):
            found.append(message.text)
    return found


async def test_it_goes_on_with_what_it_has_not_taken(there):
    async with there.client.open(HALL, hall=1) as live:
        await notice(there, "a", "b", "c")
        assert await texts(live, 2) == ["a", "b"]
        saved = json.dumps(live.positions)
    await notice(there, "d")

    async with there.client.open(HALL, hall=1).resume(json.loads(saved)) as live:
        await notice(there, "e")

        assert await texts(live, 3) == ["c", "d", "e"]


async def test_what_is_recovered_and_what_is_not_is_told(there):
    async with there.client.open(HALL, hall=1) as live:
        await live.receive()
        saved = live.positions
    assert set(saved) == {"", "~user"}

    async with there.client.open(HALL, hall=1).resume({**saved, "": "another.7"}) as live:
        events = live.events()
        told = {type(event): event for event in [await anext(events) for _ in range(3)]}

    assert told[Missed] == Missed("")
    assert told[Recovered] == Recovered("~user")
    assert not told[Connected].is_again


async def test_a_server_that_was_started_again_knows_where_it_was(tmp_path):
    async def life_of(saved, *published):
        here = works(broker=SqliteBroker(tmp_path / "history"))
        async with (
            connected(here.app, token=token("kim")) as client,
            client.open(HALL, hall=1).resume(saved) as live,
        ):
            await notice(here, *published)
            return await texts(live, 2), live.positions

    first, saved = await life_of({}, "a", "b", "c")
    second, _ = await life_of(saved, "d")

    assert (first, second) == (["a", "b"], ["c", "d"])


async def test_positions_are_those_of_what_was_taken_until_there_are_newer_ones(there):
    saved = {"": "e.4"}

    live = there.client.open(HALL, hall=1).resume(saved)

    assert live.positions == saved


async def test_what_is_no_position_is_told_at_once():
    with pytest.raises(ValueError, match="'e' is no position"):
        Client("ws://localhost").open(HALL, hall=1).resume({"": "e"})


async def test_it_is_too_late_once_it_is_open(there):
    async with there.client.open(HALL, hall=1) as live:
        with pytest.raises(RuntimeError, match="resume before it is opened"):
            live.resume({})


async def test_in_legacy_there_are_none():
    here = works()
    async with connected(here.app, token=token(), legacy=True) as client, client.open(HALL, hall=1) as live:
        await notice(here, "a")
        await texts(live, 1)

        assert live.positions == {}


async def test_in_legacy_who_goes_on_is_told_that_it_has_missed_something():
    async with (
        connected(works().app, token=token(), legacy=True) as client,
        client.open(HALL, hall=1).resume({"": "e.4"}) as live,
    ):
        events = live.events()

        assert [await anext(events) for _ in range(2)] == [Connected(), Missed("")]


async def test_who_discards_is_read_on_and_told_how_many_it_missed(caplog):
    here = works()
    transport = Transport(buffered_frames=8, discard=True)
    async with (
        connected(here.app, token=token("kim"), transport=transport) as client,
        client.open(HALL, hall=1) as live,
    ):
        events = live.events()
        assert isinstance(await anext(events), Connected)
        assert await anext(events) == words.Welcome(hall=1)
        for number in range(1000):
            await here.publisher.alarm(words.Alarm(text=f"{number}"), hall=1)
        await live.send(words.GetNotes())
        async with asyncio.timeout(10):
            while not any(isinstance(each.item, words.Notes) for each in live._inbox._items):  # noqa: ASYNC110
                await asyncio.sleep(0)  # all is read, though nobody takes it

        dropped = await anext(events)
        kept = [await anext(events) for _ in range(8)]

    assert dropped == Dropped(993)
    assert kept == [*(words.Alarm(text=f"{number}") for number in range(993, 1000)), words.Notes(notes=[])]
    assert len([each for each in caplog.messages if "the program is behind" in each]) == 1
