"""Who gets in, and what those who don't are told."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from sites import closed, hear, running, until
from wirepact.auth import mint_token
from wirepact.descriptors import Credential, Parameter
from wirepact.testing import KEY, token
from works import HALL

UNAUTHORIZED = (4401, "Token missing, invalid or expired")
EXPIRED = mint_token(KEY, "7", now=datetime.now(UTC) - timedelta(hours=3))
FORGED = mint_token("another key, and a long one it is", "7")


async def welcome(site, **options):
    client = await site.open(query=False, **options)
    return (await hear(client))["type"] == "welcome"


async def refused(site, *args, **options):
    """The status that an upgrade was refused with."""
    return (await answered(site, *args, **options)).status_code


async def answered(site, *args, **options):
    """The answer to an upgrade that was refused."""
    with pytest.raises(InvalidStatus) as caught:
        await site.open(*args, **options)
    return caught.value.response


async def test_a_token_may_stand_wherever_the_document_says(site):
    assert await welcome(site, path=f"/ws/hall/1/?token={token()}")
    assert await welcome(site, additional_headers={"Authorization": f"Bearer {token()}"})
    assert await welcome(site, additional_headers={"Cookie": f"a=b; session={token()}; c=d"})


async def test_a_token_may_stand_in_a_header_of_its_own(way):
    channel = replace(HALL, credentials=(Credential("header", "X-Token"),))
    async with running(way=way, channel=channel) as site:
        assert await welcome(site, additional_headers={"x-token": token()})
        assert await refused(site, query=False, additional_headers={"X-Token": "t"}) == 401
        assert await closed(await site.open()) == UNAUTHORIZED


async def test_a_token_stands_nowhere_else(way):
    channel = replace(HALL, credentials=HALL.credentials[:1])
    async with running(way=way, channel=channel) as site:
        client = await site.open(query=False, additional_headers={"Authorization": f"Bearer {token()}"})

        assert await closed(client) == UNAUTHORIZED


@pytest.mark.faults(row=16)
@pytest.mark.parametrize("bad", ["", "nonsense", EXPIRED, FORGED])
async def test_without_a_good_token_the_connection_is_closed_with_the_reason(site, bad):
    assert await closed(await site.open(query=False)) == UNAUTHORIZED
    assert await closed(await site.open(f"/ws/hall/1/?token={bad}", query=False)) == UNAUTHORIZED


async def test_unknown_visitors_may_be_let_in_but_bad_tokens_never(way):
    async with running(way=way, anonymous=True) as site:
        assert await welcome(site)
        assert await closed(await site.open(f"/ws/hall/1/?token={FORGED}", query=False)) == UNAUTHORIZED


async def test_roles_are_needed_where_unknown_visitors_are_let_in_too(way):
    async with running(way=way, anonymous=True) as site:
        client = await site.join(query=False)

        await client.send('{"type":"stop"}')

        assert (await hear(client))["code"] == "permission_denied"


@pytest.mark.faults(row=18)
@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [
        (None, True),
        ("http://{host}", True),
        ("https://{host}", True),
        ("https://friend.example", True),
        ("https://FRIEND.example", True),
        ("https://evil.example", False),
        ("https://friend.example.evil.example", False),
        ("http://friend.example", False),
        ("{host}", False),
        ("null", False),
        ("", False),
    ],
)
async def test_a_cookie_counts_only_for_pages_of_this_site_and_its_friends(way, origin, is_let_in):
    async with running(way=way, origins="https://friend.example") as site:
        headers = {"Cookie": f"session={token()}"}
        if origin is not None:
            headers["Origin"] = origin.format(host=site.url.removeprefix("ws://"))

        if is_let_in:
            assert await welcome(site, additional_headers=headers)
        else:
            assert await refused(site, query=False, additional_headers=headers) == 403


@pytest.mark.faults(row=18)
async def test_where_a_cookie_can_identify_a_strange_page_is_refused_whatever_it_knows(site):
    headers = {"Origin": "https://evil.example"}

    assert await refused(site, additional_headers=headers) == 403
    assert await refused(site, query=False, additional_headers=headers) == 403


async def test_where_no_cookie_can_identify_a_page_may_be_of_any_site(way):
    channel = replace(HALL, credentials=(Credential("query", "token"),))
    async with running(way=way, channel=channel) as site:
        headers = {"Origin": "https://else.example", "Cookie": f"session={token()}"}

        assert await welcome(site, path=f"/ws/hall/1/?token={token()}", additional_headers=headers)
        assert await closed(await site.open(query=False, additional_headers=headers)) == UNAUTHORIZED


@pytest.mark.parametrize("bad", ["nonsense", EXPIRED, FORGED])
async def test_who_can_write_headers_is_told_by_a_status_that_the_token_is_no_good(site, bad):
    headers = {"Authorization": f"Bearer {bad}"}

    answer = await answered(site, query=False, additional_headers=headers)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert answer.body == b"the token is missing, invalid or expired"


OFFERED = (Credential("header", "Sec-WebSocket-Protocol"),)


async def test_a_token_may_be_offered_as_a_subprotocol_that_is_never_selected(way):
    async with running(way=way, channel=replace(HALL, credentials=OFFERED)) as site:
        client = await site.join(query=False, subprotocols=[f"bearer.{token()}", "works"])

        assert client.subprotocol == "works"
        bare = await site.join(query=False, subprotocols=[f"bearer.{token()}"])
        assert bare.subprotocol is None


async def test_a_bad_token_among_subprotocols_is_told_by_a_code_that_a_browser_can_read(way):
    async with running(way=way, channel=replace(HALL, credentials=OFFERED)) as site:
        for offered in (["works"], [f"bearer.{FORGED}", "works"], ["works", token()]):
            client = await site.open(query=False, subprotocols=offered)
            assert await closed(client) == UNAUTHORIZED
            assert client.subprotocol == ("works" if len(offered) > 1 and "bearer." in offered[0] else None)


async def test_who_offers_only_versions_that_nobody_speaks_is_told_which_are_spoken(site):
    answer = await answered(site, subprotocols=["wirepact.v9", "wirepact.v8"])

    assert answer.status_code == 426
    assert answer.headers["Sec-WebSocket-Protocol"] == "wirepact.v1"
    assert answer.headers["Upgrade"] == "websocket"


async def test_a_channel_that_has_no_lines_has_no_versions_either(way):
    async with running(way=way, channel=replace(HALL, has_lines=False)) as site:
        client = await site.join(subprotocols=["wirepact.v9"])

        assert client.subprotocol is None


async def test_the_handlers_may_refuse_with_the_words_of_the_document(site):
    assert await closed(await site.open("/ws/hall/501/")) == (4404, "No such hall")


@pytest.mark.parametrize("hall", ["x", "1_0", "+1", "01", "%EF%BC%91", "1.0", "9" * 30, "%20"])
async def test_a_parameter_that_can_not_be_one_is_no_such_thing(site, hall):
    assert await closed(await site.open(f"/ws/hall/{hall}/")) == (4404, "No such hall")


async def test_a_broken_admission_is_our_fault(site, faults):
    assert await closed(await site.open("/ws/hall/500/")) == (1011, "Internal error")
    assert faults() == ["admission failed"]


async def test_a_greeting_that_takes_too_long_ends_the_connection(way, faults):
    async with running(way=way, handler_deadline=0.05) as site:
        site.handlers.hold, site.handlers.is_greeting_held = asyncio.Event(), True

        assert await closed(await site.open()) == (1011, "Internal error")
        assert faults() == ["greeting failed"]


async def test_a_segment_may_hold_several_parameters(way):
    parameters = (Parameter("hall", "integer"), Parameter("door", enum=("north", "south")))
    channel = replace(HALL, address="/ws/{hall}-{door}.live", parameters=parameters)
    async with running(way=way, channel=channel) as site:
        client = await site.open("/ws/7-north.live")

        assert (await hear(client))["hall"] == 7
        assert await closed(await site.open("/ws/7-west.live")) == (4404, "No such hall")


@pytest.mark.parametrize(
    "path", ["/ws/nowhere/", "/ws/hall/", "/ws/hall/1/2/", "/api/notes/", "/health/live"]
)
async def test_where_there_is_no_channel_the_upgrade_is_refused_with_404(site, path):
    with pytest.raises(InvalidStatus) as caught:
        await connect(f"{site.url}{path}")

    assert caught.value.response.status_code == 404


async def test_no_more_connect_than_the_document_allows(way):
    channel = replace(HALL, limits=replace(HALL.limits, connections=2))
    async with running(way=way, channel=channel) as site:
        first, _ = await site.join(), await site.join()

        assert await closed(await site.open()) == (1008, "Too many connections")
        await first.close()
        await until(lambda: len(site.node) == 1)
        assert (await hear(await site.open()))["type"] == "welcome"


async def test_no_token_and_no_query_reach_the_log(site, caplog):
    caplog.set_level(logging.DEBUG)
    await site.join()
    await closed(await site.open(f"/ws/hall/1/?token={FORGED}", query=False))
    await refused(
        site, f"/ws/hall/1/?token={FORGED}", query=False, subprotocols=["wirepact.v9", f"bearer.{FORGED}"]
    )
    with pytest.raises(InvalidStatus):
        await connect(f"{site.url}/ws/nowhere/?token={FORGED}")

    lines = [each.getMessage() for each in caplog.records if each.name != "websockets.client"]
    assert any("/ws/hall/1" in line for line in lines)
    assert not [line for line in lines if "eyJ" in line or "token=" in line]


async def test_a_parameter_may_have_a_close_code_of_its_own(way):
    parameters = (Parameter("hall", enum=("7",), close_code=1003),)
    channel = replace(HALL, parameters=parameters)
    async with running(way=way, channel=channel) as site:
        assert await closed(await site.open("/ws/hall/8/")) == (1003, "Text frames only")
