import asyncio

import pytest

from factory import running
from handlers.demo.errors import Unwelcome
from handlers.demo.spc import feeds, spc
from handlers.spc.life import LINES
from outside import outside, some


@pytest.fixture
async def factory(tmp_path):
    async with running(tmp_path) as factory:
        yield factory


async def fed(url, parts):
    """Feed *parts* parts of each line. Gives the samples that would come next."""
    here = outside(url)
    async with here.back_end() as back_end:
        all_feeds = await feeds(back_end, here)
        for _ in range(parts):
            for each in all_feeds:
                await each.next_part()
    return [feed.sample_number for feed in all_feeds]


async def test_an_empty_server_gets_products_with_limits_and_alerts(factory):
    told = await some(spc(outside(factory.url)), 150)

    products = (await factory.http.get("/api/spc/products/")).json()["products"]
    alerts = (await factory.http.get("/api/spc/alerts/")).json()["alerts"]
    assert [each["code"] for each in products] == [line.code for line in LINES]
    assert all("control_limits" in each for each in products)
    assert {each["title"] for each in alerts} <= {"규격 이탈", "공정 추세 이상"}
    assert alerts
    assert len([each for each in told if "규격 이탈" in each or "공정 추세 이상" in each]) == len(alerts)


async def test_who_watches_sees_values_and_rules(factory):
    async with factory.listening() as listener:
        feeding = asyncio.create_task(some(spc(outside(factory.url)), 150))
        seen = set()
        while not {"run_rule_violation", "alert"} <= seen:
            seen.add((await listener.hear())["type"])
        await feeding


async def test_a_second_life_goes_on_where_numbers_are_free(factory):
    first = await fed(factory.url, 2)

    second = await fed(factory.url, 2)

    assert first == [20 * line.subgroup_size + 3 for line in LINES]
    assert second == [31 * line.subgroup_size + 3 for line in LINES]


async def test_a_server_with_another_key_is_told_apart(factory):
    stranger = outside(factory.url, key="a key that this server does not trust at all")

    with pytest.raises(Unwelcome, match=r"answered with 401.*WIREPACT_JWT_SECRET"):
        await some(spc(stranger), 1)
