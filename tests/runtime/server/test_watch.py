"""Whoever watches a channel is shown who comes and goes, and since when they are silent."""

import asyncio

import pytest

from sites import hear, running, until
from wirepact.server import Watch
from works import HALL, NotFound


class Guests:
    """Who was shown to it, in order."""

    def __init__(self):
        self.seen = []
        self.peers = {}
        self.refuses = False

    async def arrived(self, peer):
        if self.refuses:
            raise NotFound("nobody is here")
        self.seen.append(("arrived", peer.connection_id))
        self.peers[peer.connection_id] = peer

    async def left(self, peer):
        self.seen.append(("left", peer.connection_id))


@pytest.fixture
async def site():
    async with running() as site:
        yield site


@pytest.fixture
def guests(site):
    guests = Guests()
    site.node.watch(HALL, Watch(guests.arrived, guests.left))
    return guests


async def test_who_comes_and_goes_is_shown_once_each(site, guests):
    client = await site.join()
    await client.close()
    await until(lambda: len(guests.seen) == 2)

    (first, came), (second, went) = guests.seen
    assert (first, second) == ("arrived", "left")
    assert came == went


async def test_who_is_not_welcome_to_the_watch_is_closed_and_leaves_nothing_behind(site, guests):
    guests.refuses = True

    client = await site.open()
    await hear(client)
    await asyncio.wait_for(client.wait_closed(), 20)

    assert client.close_code == 4404
    await until(lambda: len(site.node) == 0)


async def test_a_leave_that_fails_is_logged_and_nobody_else_is_disturbed(site, guests, caplog):
    async def fail(peer):
        raise ZeroDivisionError(peer)

    site.node.watch(HALL, Watch(guests.arrived, fail))
    client = await site.join()
    await client.close()
    await until(lambda: len(site.node) == 0)

    assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"] == ["leave failed"]


async def test_silence_ends_with_each_message(site, guests):
    client = await site.join()
    (peer,) = guests.peers.values()
    await until(lambda: peer.silence > 0.05)
    before = peer.silence

    await client.send('{"type":"get_notes"}')
    await hear(client)

    assert peer.silence < before
