import asyncio
from itertools import count

import pytest
from click.testing import CliRunner

from factory import running
from handlers.demo import Server, Unfed, feeds, main, run
from handlers.spc.life import LINES
from wirepact.testing import token


@pytest.fixture
async def factory(tmp_path):
    async with running(tmp_path) as factory:
        yield factory


def fed(url, parts, seed=1):
    """Feed *parts* parts without a pause. Gives the samples that would come next."""
    server = Server(url, token("demo", roles=["SERVICE"]))
    so_far = count()
    all_feeds = feeds(server, seed)
    run(all_feeds, goes_on=lambda: next(so_far) < parts, pause=lambda: None)
    server.close()
    return [feed.sample_number for feed in all_feeds]


async def test_an_empty_server_gets_products_with_limits_and_alerts(factory):
    await asyncio.to_thread(fed, factory.url, 150)

    products = (await factory.http.get("/api/spc/products/")).json()["products"]
    alerts = (await factory.http.get("/api/spc/alerts/")).json()["alerts"]
    assert [each["code"] for each in products] == [line.code for line in LINES]
    assert all("control_limits" in each for each in products)
    assert {each["title"] for each in alerts} <= {"규격 이탈", "공정 추세 이상"}
    assert alerts


async def test_who_watches_sees_values_and_rules(factory):
    async with factory.listening() as listener:
        feeding = asyncio.create_task(asyncio.to_thread(fed, factory.url, 150))
        seen = set()
        while not {"run_rule_violation", "alert"} <= seen:
            seen.add((await listener.hear())["type"])
        await feeding


async def test_a_second_demo_goes_on_where_numbers_are_free(factory):
    first = await asyncio.to_thread(fed, factory.url, 6)

    second = await asyncio.to_thread(fed, factory.url, 6)

    assert first == [20 * line.subgroup_size + 3 for line in LINES]
    assert second == [31 * line.subgroup_size + 3 for line in LINES]


async def test_a_server_with_another_key_is_told_apart(factory):
    server = Server(factory.url, "not a token")

    with pytest.raises(Unfed, match=r"answered with 401.*WIREPACT_JWT_SECRET"):
        await asyncio.to_thread(feeds, server, 1)
    server.close()


def test_without_a_server_the_demo_says_how_to_start_one(monkeypatch, tmp_path, unused_tcp_port):
    monkeypatch.setenv("WIREPACT_STATE_DIR", str(tmp_path))

    result = CliRunner().invoke(main, ["--url", f"http://127.0.0.1:{unused_tcp_port}"])

    assert result.exit_code == 1
    assert f"no server answers at http://127.0.0.1:{unused_tcp_port}" in result.stderr
    assert "make run" in result.stderr


@pytest.mark.parametrize("option", ["--speed", "--minutes"])
def test_a_demo_has_a_speed_and_an_end(option):
    assert CliRunner().invoke(main, [option, "0"]).exit_code == 2
