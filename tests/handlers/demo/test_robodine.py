import asyncio
import json
import logging

import pytest

from handlers.demo.errors import Away, Unwelcome
from handlers.demo.robodine import robodine
from outside import outside, some
from restaurant import running


@pytest.fixture
async def restaurant(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    async with running(tmp_path, caplog) as restaurant:
        yield restaurant


def robots_of(restaurant):
    return outside(restaurant.url, robots=("127.0.0.1", restaurant.port))


async def test_who_watches_the_kitchen_sees_an_order_from_new_to_served(restaurant):
    async with await restaurant.open("orders") as display:
        assert json.loads(await display.recv())["data"] == []
        living = asyncio.create_task(some(robodine(robots_of(restaurant)), 120))
        seen = []
        while "served" not in seen:
            seen += [each.get("state") for each in json.loads(await display.recv())["data"]]
        await living

    assert seen[0] == "new"
    assert {"new", "cooking", "done", "served"} <= set(seen)


async def test_an_evening_begins_anew_where_another_was_cut_off(restaurant):
    await some(robodine(robots_of(restaurant)), 60)

    await some(robodine(robots_of(restaurant)), 1)

    async with await restaurant.open("orders") as display:
        assert json.loads(await display.recv())["data"] == []
    async with await restaurant.open("tables") as display:
        assert {each["state"] for each in json.loads(await display.recv())["data"]} == {"free"}


async def test_a_port_where_nobody_hears_robots_is_named():
    with pytest.raises(Away, match=r"no robots are heard at 127\.0\.0\.1:1 .*ROBODINE_TCP_PORT"):
        await some(robodine(outside()), 1)


async def scripted(*answers):
    """Somebody who answers reports with *answers*, and then hangs up."""

    async def serve(reader, writer):
        for each in answers:
            await reader.readline()
            writer.write(each + b"\n")
        writer.close()

    return await asyncio.start_server(serve, "127.0.0.1", 0)


async def test_a_server_that_goes_away_may_come_back():
    async with await scripted(b'{"ok": true}') as server:
        robots = server.sockets[0].getsockname()

        with pytest.raises(Away, match="robots are not heard any more"):
            await some(robodine(outside(robots=robots)), 1)


async def test_a_report_that_is_refused_is_told():
    async with await scripted(b'{"ok": false, "error": "data: no"}') as server:
        robots = server.sockets[0].getsockname()

        with pytest.raises(Unwelcome, match="status system: data: no"):
            await some(robodine(outside(robots=robots)), 1)
