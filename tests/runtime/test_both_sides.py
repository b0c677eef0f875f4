"""The Python client and the server, over a network that fails: what docs/wire.md promises is kept by the two of them."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random

import pytest

from sites import WAYS, running, until
from wirepact.client import (
    Client,
    Connected,
    Degraded,
    Disconnected,
    Draining,
    Keeping,
    Missed,
    Reconnect,
    Recovered,
    Refused,
    Restored,
)
from wirepact.errors import (
    ConnectionClosed,
    InvalidPayload,
    NotFound,
    WrongAnswer,
)
from wirepact.faults import DROP, FaultProxy, after
from wirepact.server import connection, lined, ticking
from wirepact.testing import token
from works import HALL, Alarm, Error, GetNotes, Level, Notes, Notice, Watch, Welcome, Word

SOON = Reconnect(first=0.01, longest=0.01)


@pytest.fixture(params=WAYS)
def way(request):
    return request.param


@pytest.fixture
async def site(way):
    async with running(way=way) as site:
        yield site


@asynccontextmanager
async def linked(site, *, sub="ada", roles=("FOREMAN",), reconnect=SOON, hall=1, **options):
    """A connection of a client to hall 1 through a network that does as it is told."""
    options = {"token": token(sub, roles=roles), **options}
    async with (
        FaultProxy(site.url) as proxy,
        Client(proxy.url, reconnect=reconnect, **options).open(HALL, hall=hall) as here,
    ):
        here.proxy = proxy
        yield here


async def until_told(events, kind):
    """All that came up to the first of *kind*."""
    seen = []
    async with asyncio.timeout(10):
        async for event in events:
            seen.append(event)
            if isinstance(event, kind):
                return seen
    raise AssertionError(seen)


async def come_back(events):
    """All that came up to the next time that it is connected."""
    lost = await until_told(events, Disconnected)
    return lost + await until_told(events, Connected)


async def texts_of(events, last):
    """What notices say, up to the one that says *last*, and where something was missed."""
    seen = []
    async with asyncio.timeout(20):
        async for event in events:
            if isinstance(event, Missed):
                seen.append(event)
            elif isinstance(event, Notice):
                seen.append(event.text)
                if event.text == last:
                    return seen
    raise AssertionError(seen)


async def test_they_speak_wirepact_v1(site):
    async with linked(site) as here:
        connected, welcome = [event async for event in _some(here.events(), 2)]

    assert connected == Connected(protocol="wirepact.v1", connection=connected.connection)
    assert connected.connection
    assert welcome == Welcome(hall=1)


async def _some(events, count):
    for _ in range(count):
        yield await anext(events)


async def test_requests_are_answered(site):
    site.handlers.notes.append("first")
    async with linked(site) as here:
        assert await here.request(GetNotes(), Notes) == Notes(notes=["first"])
        assert await here.request(Watch(machine=1)) is None
        with pytest.raises(NotFound, match="there is no machine 404"):
            await here.request(Watch(machine=404))
        with pytest.raises(WrongAnswer):
            await here.request(GetNotes(), Alarm)
        answers = await asyncio.gather(*(here.request(GetNotes(), Notes) for _ in range(5)))

    assert answers == [Notes(notes=["first"])] * 5


async def test_what_the_server_does_not_take_is_refused_by_its_class(site):
    async with linked(site) as here:
        message = GetNotes.model_construct(type="get_notes", limit=1000)
        with pytest.raises(InvalidPayload):
            await here.request(message)
        await here.send(message)
        events = await until_told(here.events(), Refused)

    assert events[-1].error.code == "invalid_payload"
    assert isinstance(events[-1].message, Error)


async def test_p2_what_was_missed_comes_and_nothing_twice(site):
    async with linked(site) as here:
        events = here.events()
        await site.publisher.notice(Notice(text="1"), hall=1)
        assert await texts_of(events, "1") == ["1"]
        here.proxy.refuse()
        here.proxy.cut()
        await until_told(events, Disconnected)
        for text in "234":
            await site.publisher.notice(Notice(text=text), hall=1)
        here.proxy.refuse(is_refusing=False)
        back = await until_told(events, Recovered)
        await site.publisher.notice(Notice(text="5"), hall=1)

        assert await texts_of(events, "5") == ["2", "3", "4", "5"]
        assert not [each for each in back if isinstance(each, Missed)]


@pytest.mark.faults(row=29)
async def test_p2_what_is_beyond_the_window_is_told(site):
    async with linked(site) as here:
        events = here.events()
        await site.publisher.notice(Notice(text="1"), hall=1)
        await texts_of(events, "1")
        here.proxy.refuse()
        here.proxy.cut()
        await until_told(events, Disconnected)
        for number in range(2, 80):
            await site.publisher.notice(Notice(text=str(number)), hall=1)
        here.proxy.refuse(is_refusing=False)
        missed = await until_told(events, Missed)
        await site.publisher.notice(Notice(text="80"), hall=1)

        assert missed[-1] == Missed("")
        assert await texts_of(events, "80") == ["80"]


async def test_a_group_is_recovered_when_it_is_joined_again(site):
    async with linked(site) as here:
        events = here.events()
        await here.request(Watch(machine=7))
        await site.publisher.level(Level(tank="a", value=1), hall=1, machine=7)
        await until_told(events, Level)
        here.proxy.refuse()
        here.proxy.cut()
        await until_told(events, Disconnected)
        for value in (2, 3):
            await site.publisher.level(Level(tank="a", value=value), hall=1, machine=7)
        here.proxy.refuse(is_refusing=False)
        await until_told(events, Connected)
        await here.request(Watch(machine=7))

        *_, recovered = [
            each for each in await until_told(events, Level) if isinstance(each, Recovered | Level)
        ]
        assert recovered == Level(tank="a", value=3)


async def test_what_is_for_the_user_alone_is_recovered_too(site):
    async with linked(site, sub="ada") as here:
        events = here.events()
        await until_told(events, Welcome)
        here.proxy.refuse()
        here.proxy.cut()
        await until_told(events, Disconnected)
        await site.publisher.whisper(Word(text="psst"), hall=1, user="ada")
        here.proxy.refuse(is_refusing=False)

        assert (await until_told(events, Word))[-1] == Word(text="psst")


async def disturb(proxy, random):
    """Break the network a dozen times, each time in another way."""
    for _ in range(12):
        await asyncio.sleep(random.random() * 0.02)
        await random.choice([cut, swallow, stall])(proxy, random)


async def cut(proxy, _random):
    proxy.cut()


async def swallow(proxy, random):
    """Let some frames of the next connection get lost, hello or welcome among them."""
    proxy.rule = after(random.randrange(3), DROP)
    proxy.cut()
    await asyncio.sleep(0.01)
    proxy.rule = lambda _: None
    proxy.cut()


async def stall(proxy, random):
    proxy.freeze()
    await asyncio.sleep(random.random() * 0.01)
    proxy.thaw()


async def publish(site, total):
    for number in range(1, total + 1):
        await site.publisher.notice(Notice(text=str(number)), hall=1)
        if number % 7 == 0:
            await asyncio.sleep(0.002)


async def end(site, reading):
    """Say until it is heard that this was all."""
    while not reading.done():
        await site.publisher.notice(Notice(text="end"), hall=1)
        await asyncio.wait([reading], timeout=0.05)


@pytest.mark.faults(row=30)
@pytest.mark.faults(row=13)
@pytest.mark.parametrize("seed", range(3))
async def test_p1_p2_through_any_failures_all_comes_in_order_once(site, seed):
    random = Random(seed)
    async with linked(site) as here:
        events = here.events()
        await until_told(events, Welcome)
        reading = asyncio.create_task(texts_of(events, "end"))
        await asyncio.gather(disturb(here.proxy, random), publish(site, 300))
        await end(site, reading)

    expected = 1
    for each in reading.result()[:-1]:
        if isinstance(each, Missed):
            expected = None
        else:
            assert expected in (None, int(each)), reading.result()
            expected = int(each) + 1
    assert expected in (None, 301)


@pytest.mark.faults(row=8)
async def test_v25_a_server_that_drains_is_come_back_to_after_its_delay(site):
    async with linked(site, reconnect=Reconnect(first=999, longest=999)) as here:
        events = here.events()
        await until_told(events, Welcome)
        (connection,) = site.node.connections
        connection.drain(0.02)
        back = await come_back(events)

    assert back[0] == Draining(0.02)
    assert (back[1].code, back[1].delay) == (1001, 0.02)


@pytest.mark.faults(row=3)
async def test_v26_an_outage_of_the_broker_is_told(site):
    async with linked(site) as here:
        events = here.events()
        await until_told(events, Welcome)
        site.node._linked(False)
        site.node._linked(True)

        assert [type(each) for each in await until_told(events, Restored)] == [Degraded, Restored]


@pytest.mark.faults(row=14)
async def test_v22_a_token_is_renewed_in_the_connection(site, monkeypatch):
    monkeypatch.setattr(ticking, "PERIOD", 0.02)
    monkeypatch.setattr(lined, "NOTICE", 10_000.0)
    reasons = []

    async def fetch(reason):
        reasons.append(reason)
        return token("ada", roles=["FOREMAN"] if reason == "expiring" else [])

    async with linked(site, token=fetch) as here:
        (connection,) = site.node.connections
        connection._notice = connection.due = 0.0
        await until(lambda: "expiring" in reasons and "FOREMAN" in connection.visitor.identity.roles)

        assert here.is_open
    assert reasons == ["connect", "expiring"]


@pytest.mark.faults(row=14)
async def test_v24_an_identity_that_ended_is_replaced(site, monkeypatch):
    monkeypatch.setattr(ticking, "PERIOD", 0.02)
    reasons = []

    async def fetch(reason):
        reasons.append(reason)
        return token("ada")

    async with linked(site, token=fetch) as here:
        events = here.events()
        await until_told(events, Welcome)
        monkeypatch.setattr(connection, "GRACE", -4000.0)
        (conn,) = site.node.connections
        conn.due = 0.0
        lost = (await until_told(events, Disconnected))[-1]
        monkeypatch.undo()
        await until_told(events, Connected)

    assert lost.code == 4401
    assert reasons[:2] == ["connect", "refresh"]


async def test_v24_a_token_that_no_one_trusts_is_the_end(site):
    asked = []

    async def fetch(reason):
        asked.append(reason)
        return "nonsense"

    with pytest.raises(ConnectionClosed) as caught:
        async with linked(site, token=fetch):
            pass

    assert asked == ["connect", "refresh"]
    assert caught.value.code == 4401


async def test_what_is_no_place_is_the_end(site):
    with pytest.raises(ConnectionClosed) as caught:
        async with linked(site, hall=501):
            pass

    assert caught.value.code == 4404


async def test_what_was_said_while_away_is_heard_in_order(site):
    site.handlers.notes.append("first")
    async with linked(site, keep=Keeping()) as here:
        events = here.events()
        await until_told(events, Welcome)
        here.proxy.refuse()
        here.proxy.cut()
        await until_told(events, Disconnected)
        await here.send(Watch(machine=9))
        await here.send(GetNotes())
        here.proxy.refuse(is_refusing=False)
        await until_told(events, Notes)
        await site.publisher.level(Level(tank="b", value=4), hall=1, machine=9)

        assert (await until_told(events, Level))[-1].value == 4


@pytest.mark.faults(row=11)
async def test_l8_who_was_too_slow_comes_back_and_has_missed_nothing():
    channel = replace(HALL, limits=replace(HALL.limits, queue_bytes=1000))
    async with running(channel=channel) as site, linked(site) as here:
        events = here.events()
        await until_told(events, Welcome)
        (conn,) = site.node.connections
        conn._outlet.pause()
        await site.publisher.notice(Notice(text="1"), hall=1)
        for _ in range(40):
            await site.publisher.alarm(Alarm(text="not kept for who is away"), hall=1)
            site.node.fanout.flush(conn._topics)
        lost = (await until_told(events, Disconnected))[-1]

        assert lost.code == 4480
        assert await texts_of(events, "1") == ["1"]


@pytest.mark.faults(row=12)
async def test_v20_a_frozen_network_is_noticed_and_nothing_is_lost(way, monkeypatch):
    monkeypatch.setattr(ticking, "PERIOD", 0.02)
    async with (
        running(way=way, ping_interval=0.1, ping_timeout=0.1) as site,
        linked(site) as here,
    ):
        events = here.events()
        await until_told(events, Welcome)
        here.proxy.freeze()
        await site.publisher.notice(Notice(text="1"), hall=1)
        lost = (await until_told(events, Disconnected))[-1]
        await site.publisher.notice(Notice(text="2"), hall=1)
        here.proxy.thaw()

        assert lost.code == 1006
        assert await texts_of(events, "2") == ["1", "2"]


async def test_c4_where_there_are_no_lines_they_speak_legacy(way):
    channel = replace(HALL, has_lines=False)
    async with running(way=way, channel=channel) as site:
        client = Client(site.url, token=token(), reconnect=SOON)
        async with client.open(channel, hall=1) as here:
            connected = await anext(here.events())

    assert connected == Connected()
