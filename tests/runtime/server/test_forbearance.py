"""What a connection may not go on with: saying nothing, saying nonsense, and saying too much on all connections of a user."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest
from websockets.exceptions import ConnectionClosed

from sites import closed, hear, received, running
from wirepact.testing import token
from works import HALL

ASK = '{"type":"get_notes"}'
IDLE = (4408, "Nothing heard in time")


def limited(**limits):
    return replace(HALL, limits=replace(HALL.limits, **limits))


async def lined(site, **options):
    """A client that speaks `wirepact.v1` and was welcomed and greeted."""
    client = await site.open(subprotocols=["wirepact.v1"], **options)
    await client.send("!hello {}")
    async with asyncio.timeout(5):
        while '"type":"welcome"' not in await client.recv():
            pass
    return client


async def enter(site, user="ann"):
    client = await site.open(f"/ws/hall/1/?token={token(user)}", query=False)
    await hear(client)
    return client


async def test_who_says_nothing_for_too_long_is_sent_away(way):
    async with running(way=way, channel=limited(idle=0.2)) as site:
        client = await site.join()

        assert await closed(client) == IDLE


async def test_to_answer_pings_is_to_say_nothing(way):
    async with running(way=way, channel=limited(idle=2), ping_interval=0.3, ping_timeout=5) as site:
        client = await lined(site)
        pings = 0

        async for frame in received(client):
            if "!ping" in frame.splitlines():
                pings += 1
                with suppress(ConnectionClosed):
                    await client.send("!pong")

        assert await closed(client) == IDLE
        assert pings


async def test_who_waits_for_an_answer_is_not_idle(way):
    async with running(way=way, channel=limited(idle=0.1)) as site:
        site.handlers.hold = asyncio.Event()
        client = await site.join()
        await client.send(ASK)
        await (await client.ping())
        (connection,) = site.node.connections

        for _ in range(3):
            connection.tick(asyncio.get_running_loop().time() + 10)
        site.handlers.hold.set()

        assert (await hear(client))["type"] == "notes"
        assert await closed(client) == IDLE


@pytest.mark.faults(row=22)
@pytest.mark.parametrize("junk", ["{", '{"type":"watch"', "[]", '{"type":NaN}', '{"type":"\\ud800"}', "7"])
async def test_who_goes_on_sending_nonsense_is_sent_away(way, junk):
    async with running(way=way, channel=limited(errors_per_minute=3)) as site:
        client = await site.join()

        for _ in range(4):
            await client.send(junk)

        codes = [frame.partition('"code":"')[2].partition('"')[0] async for frame in received(client)]
        assert codes[:3] == [codes[0]] * 3
        assert codes[0] in {"bad_request", "unknown_message"}
        assert await closed(client) == (4400, "Bad request")


async def test_errors_that_a_handler_finds_are_no_nonsense(way):
    async with running(way=way, channel=limited(errors_per_minute=2)) as site:
        client = await site.join()

        for _ in range(5):
            await client.send('{"type":"watch","machine":404}')

        assert [(await hear(client))["code"] for _ in range(5)] == ["not_found"] * 5


@pytest.mark.parametrize(("limits", "errors"), [({}, 10), ({"errors_per_minute": 2}, 2)])
async def test_with_lines_ten_errors_a_minute_are_forgiven_unless_the_document_says_otherwise(
    way, limits, errors
):
    async with running(way=way, channel=limited(**limits)) as site:
        client = await lined(site)

        for _ in range(errors + 1):
            await client.send("{")

        heard = [line async for line in received(client) if line.startswith("!error")]
        assert len(heard) >= errors
        assert await closed(client) == (4400, "Bad request")


async def test_a_user_says_only_so_much_on_all_connections(way):
    async with running(way=way, channel=limited(user_messages_per_second=2)) as site:
        first, second, other = await enter(site), await enter(site), await enter(site, "bob")

        for client in (first, second, first):
            await client.send(ASK)
            await (await client.ping())
        await other.send(ASK)

        assert (await hear(first))["type"] == (await hear(second))["type"] == "notes"
        assert await hear(first) == {
            "type": "error",
            "code": "rate_limited",
            "message": "at most 2 messages a second of all your connections",
        }
        assert (await hear(other))["type"] == "notes"


async def test_who_comes_back_has_not_more_to_say(way):
    async with running(way=way, channel=limited(user_messages_per_second=0.01)) as site:
        client = await enter(site)
        await client.send(ASK)
        await hear(client)
        await client.close()

        again = await enter(site)
        await again.send(ASK)

        assert (await hear(again))["code"] == "rate_limited"
        await site.node.paces.settle()
        assert len(site.node.paces) == 1
