"""Whoever connects and does not say what they want."""

import asyncio
from contextlib import suppress

import pytest

from sites import hear, running
from wirepact.server.handover import HttpProtocol

UPGRADE = b"GET /ws/hall/1/ HTTP/1.1\r\nHost: works\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
MANY = 1000


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(HttpProtocol, "HEADERS_WITHIN", 0.5)


async def half_open(site, said=UPGRADE):
    host, _, port = site.url.removeprefix("ws://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(said)
    return reader, writer


async def is_cut(reader, writer):
    """Whether nothing but the end comes."""
    try:
        async with asyncio.timeout(20):
            return await reader.read(1) == b""
    except ConnectionError:
        return True
    finally:
        writer.close()


@pytest.mark.faults(row=33)
@pytest.mark.usefixtures("hurried")
async def test_a_thousand_half_sent_upgrades_are_cut_and_others_connect(way):
    async with running(way=way) as site:
        halves = [await half_open(site) for _ in range(MANY)]

        assert (await hear(await site.open()))["type"] == "welcome"
        assert all(await asyncio.gather(*(is_cut(*each) for each in halves)))


@pytest.mark.faults(row=33)
@pytest.mark.usefixtures("hurried")
async def test_headers_that_drip_are_cut_as_well(way):
    async with running(way=way) as site:
        reader, writer = await half_open(site)
        cut = asyncio.create_task(is_cut(reader, writer))

        with suppress(ConnectionError):
            while not cut.done():
                writer.write(b"X-Drip: drop\r\n")
                await writer.drain()
                await asyncio.wait([cut], timeout=0.02)

        assert await cut


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("said", [b"", b"GET", UPGRADE])
async def test_who_says_nothing_or_too_little_is_cut(way, said):
    async with running(way=way) as site:
        assert await is_cut(*await half_open(site, said))


@pytest.mark.usefixtures("hurried")
async def test_headers_after_a_first_request_are_waited_for_no_longer(way):
    async with running(way=way) as site:
        reader, writer = await half_open(site, b"GET /health/live HTTP/1.1\r\nHost: works\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        await reader.readexactly(len(b'{"status":"live"}'))

        writer.write(UPGRADE)

        assert await is_cut(reader, writer)


@pytest.mark.usefixtures("hurried")
async def test_a_connection_that_was_upgraded_stays(way):
    async with running(way=way) as site:
        client, quiet = await site.join(), await half_open(site, b"")

        assert await is_cut(*quiet)

        await client.send('{"type":"get_notes"}')
        assert (await hear(client))["type"] == "notes"
