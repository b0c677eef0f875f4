"""How many may connect, and how fast: for each kind of limit."""

import asyncio
from dataclasses import replace

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from sites import closed, hear, running, until
from wirepact.errors import Unavailable
from wirepact.testing import token
from works import HALL

FULL = (1008, "Too many connections")
ALL_HALLS = [f"/ws/hall/{number}/" for number in range(1, 4)]


def limited(**limits):
    return replace(HALL, limits=replace(HALL.limits, **limits))


async def enter(site, path="/ws/hall/1/", *, user="ann", **options):
    return await site.open(f"{path}?token={token(user)}", query=False, **options)


async def welcomed(site, *args, **options):
    client = await enter(site, *args, **options)
    assert (await hear(client))["type"] == "welcome"
    return client


async def turned_away(site, *args, **options):
    return await closed(await enter(site, *args, **options))


async def test_a_user_has_only_so_many_connections(way):
    async with running(way=way, channel=limited(connections_per_user=2)) as site:
        first = await welcomed(site)
        await welcomed(site, "/ws/hall/2/")

        assert await turned_away(site, "/ws/hall/3/") == FULL
        await welcomed(site, user="bob")
        await first.close()
        await until(lambda: len(site.node) == 2)
        await welcomed(site)


async def test_unknown_visitors_are_nobody_and_not_all_one_user(way):
    async with running(way=way, channel=limited(connections_per_user=1), anonymous=True) as site:
        for _ in range(3):
            assert (await hear(await site.open(query=False)))["type"] == "welcome"


async def test_an_address_of_the_channel_has_only_so_many_connections(way):
    async with running(way=way, channel=limited(connections_per_address=2)) as site:
        await welcomed(site, user="ann")
        await welcomed(site, user="bob")

        assert await turned_away(site, user="cid") == FULL
        await welcomed(site, "/ws/hall/2/", user="cid")


async def test_an_ip_address_has_only_so_many_connections_whatever_it_claims(way):
    async with running(way=way, channel=limited(connections_per_ip=2)) as site:
        for number in range(2):
            await welcomed(site, additional_headers={"X-Forwarded-For": f"203.0.113.{number}"})

        assert await turned_away(site, additional_headers={"X-Forwarded-For": "203.0.113.9"}) == FULL


async def test_behind_a_trusted_proxy_clients_are_counted_and_not_the_proxy(way):
    limits = limited(connections_per_ip=1)
    async with running(way=way, channel=limits, trusted_proxies="127.0.0.0/8,10.1.1.1") as site:
        await welcomed(site, additional_headers={"X-Forwarded-For": "203.0.113.1"})
        await welcomed(site, additional_headers={"X-Forwarded-For": "203.0.113.1, 203.0.113.2"})
        await welcomed(site, additional_headers={"X-Forwarded-For": "2001:db8::1"})

        for forwarded in ("203.0.113.1", "8.8.8.8, 203.0.113.2, 10.1.1.1", "2001:db8::2"):
            assert await turned_away(site, additional_headers={"X-Forwarded-For": forwarded}) == FULL
        hosts = {each.visitor.host for each in site.node.connections}
        assert hosts == {"203.0.113.1", "203.0.113.2", "2001:db8::1"}


async def test_who_is_refused_leaves_every_place_free(way):
    limits = limited(connections=1, connections_per_user=1, connections_per_address=1, connections_per_ip=1)
    async with running(way=way, channel=limits) as site:
        assert (await closed(await site.open(query=False)))[0] == 4401
        assert (await turned_away(site, "/ws/hall/501/"))[0] == 4404
        await welcomed(site)

        assert await turned_away(site, "/ws/hall/2/", user="bob") == FULL
        assert len(site.node.places) == 4


async def test_nothing_is_counted_that_has_no_limit(way):
    channel = replace(HALL, limits=replace(HALL.limits, connections=None))
    async with running(way=way, channel=channel) as site:
        await welcomed(site)

        assert len(site.node.places) == 0


async def refused(site, **options):
    with pytest.raises(InvalidStatus) as caught:
        await enter(site, **options)
    return caught.value.response


async def test_a_process_that_is_full_says_so_before_the_upgrade(way):
    async with running(way=way, connections=2) as site:
        first, _ = await welcomed(site), await welcomed(site)

        answer = await refused(site)

        assert answer.status_code == 503
        assert 15 <= int(answer.headers["Retry-After"]) <= 60
        await first.close()
        await until(lambda: len(site.node) == 1)
        await welcomed(site)


async def test_an_address_that_tries_again_and_again_is_told_to_wait(way):
    settings = {"connects_per_minute_and_ip": 3, "trusted_proxies": "127.0.0.1"}
    async with running(way=way, **settings) as site:
        headers = {"X-Forwarded-For": "203.0.113.1"}
        for _ in range(3):
            assert (await closed(await site.open(query=False, additional_headers=headers)))[0] == 4401

        answer = await refused(site, additional_headers=headers)

        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= 20
        await welcomed(site, additional_headers={"X-Forwarded-For": "203.0.113.2"})


async def test_while_redis_is_away_a_limit_holds_for_each_node(way, caplog):
    class Away:
        async def claim(self, *_):
            raise Unavailable("redis", "not connected")

        async def tell(self, _):
            raise Unavailable("redis", "not connected")

    async with running(way=way, channel=limited(connections_per_user=1)) as site:
        site.node.places._tallies = Away()
        first = await welcomed(site)

        assert await turned_away(site) == FULL
        assert "a limit holds for this node alone" in [each.getMessage() for each in caplog.records]
        await first.close()
        await until(lambda: len(site.node) == 0)
        await welcomed(site)


@pytest.mark.faults(row=31)
async def test_a_herd_is_let_in_at_a_rate_and_the_others_told_different_times(way):
    async with running(way=way, connects_per_second=2) as site:
        url = f"{site.url}/ws/hall/1/"

        async def arrive():
            try:
                async with connect(
                    f"{url}?token={token('ann')}", compression=None, open_timeout=10
                ) as client:
                    await hear(client)
                    return None
            except InvalidStatus as refused:
                return refused.response

        asked = []
        authenticate = site.node.doorkeeper._authenticator.authenticate

        async def counted(bearer):
            asked.append(bearer)
            return await authenticate(bearer)

        site.node.doorkeeper._authenticator.authenticate = counted
        found = await asyncio.gather(*(arrive() for _ in range(300)))

        answers = [each for each in found if each is not None]
        delays = sorted(int(each.headers["Retry-After"]) for each in answers)
        assert {each.status_code for each in answers} == {503}
        assert 2 <= len(found) - len(answers) == len(asked) <= 150
        assert delays[-1] > delays[0] >= 1
