"""Who comes and goes at a channel with presence, told to all who are there."""

import pytest

from attended import enter, joined, left, room
from sites import closed, hear, running, until
from wirepact.broker_memory import MemoryBroker
from wirepact.errors import Unavailable
from wirepact.presence import Member
from wirepact.presence_memory import MemoryPresence
from wirepact.server import UserWatch
from works import Alarm


async def test_who_comes_and_goes_is_told_to_all_at_the_address(way):
    async with running(way=way, channel=room()) as site:
        ann = await enter(site, "ann")
        assert await hear(ann) == joined("ann")
        bob = await enter(site, "bob")
        elsewhere = await enter(site, "cid", "/ws/hall/2/")

        assert await hear(ann) == await hear(bob) == joined("bob")
        assert await hear(elsewhere) == joined("cid")

        await bob.close()
        assert await hear(ann) == left("bob")


async def test_a_user_with_two_tabs_is_there_once():
    async with running(channel=room()) as site:
        ann = await enter(site, "ann")
        await hear(ann)
        tabs = [await enter(site, "bob"), await enter(site, "bob")]
        assert await hear(ann) == joined("bob")

        await tabs[0].close()
        await until(lambda: len(site.node) == 2)
        await site.publisher.alarm(Alarm(text="between"), hall=1)
        await tabs[1].close()

        assert (await hear(ann))["type"] == "alarm"
        assert await hear(ann) == left("bob")


async def test_who_is_back_within_the_grace_was_never_gone():
    async with running(channel=room(grace=60)) as site:
        ann = await enter(site, "ann")
        await hear(ann)
        await (await enter(site, "bob")).close()
        assert await hear(ann) == joined("bob")
        await until(lambda: len(site.node) == 1)

        again = await enter(site, "bob")
        await site.node.presence.reap()
        await site.publisher.alarm(Alarm(text="quiet"), hall=1)

        assert (await hear(ann))["type"] == (await hear(again))["type"] == "alarm"


async def test_who_stays_away_longer_has_left():
    async with running(channel=room(grace=0.05)) as site:
        ann = await enter(site, "ann")
        await hear(ann)
        await (await enter(site, "bob")).close()
        assert await hear(ann) == joined("bob")

        assert await hear(ann) == left("bob")


async def test_handlers_can_ask_who_is_there_and_how_many():
    channel = room()
    async with running(channel=channel) as site:
        for sub in ("bob", "ann", "ann"):
            await enter(site, sub)
        presence = site.node.presence

        await until(lambda: len(presence._here) == 3)
        assert await presence.count(channel, {"hall": 1}) == 2
        assert await presence.members(channel, {"hall": 1}) == [Member("ann", "Ann"), Member("bob", "Bob")]
        assert await presence.members(channel, {"hall": 1}, after="ann") == [Member("bob", "Bob")]
        assert await presence.count(channel, {"hall": 2}) == 0


async def test_only_what_the_document_names_is_said():
    async with running(channel=room(join=None)) as site:
        ann = await enter(site, "ann")
        await (await enter(site, "bob")).close()

        assert await hear(ann) == left("bob")


class Register:
    """Writes down who came and went."""

    def __init__(self):
        self.told = []
        self.fails = False

    async def came(self, parameters, user):
        self.told.append(("came", dict(parameters), user))
        if self.fails:
            raise ZeroDivisionError

    async def gone(self, parameters, user):
        self.told.append(("gone", dict(parameters), user))


async def test_a_watch_is_told_of_users_and_not_of_connections():
    channel, register = room(join=None, leave=None), Register()
    async with running(channel=channel) as site:
        site.node.watch_users(channel, UserWatch(register.came, register.gone))
        tabs = [await enter(site, "bob"), await enter(site, "bob")]
        await enter(site, "cid", "/ws/hall/2/")
        await until(lambda: len(register.told) == 2)
        was_there = await site.node.presence.has(channel, "bob", {"hall": 1})
        for each in tabs:
            await each.close()
        await until(lambda: len(register.told) == 3)

        assert was_there
        assert not await site.node.presence.has(channel, "bob", {"hall": 1})
        assert not await site.node.presence.has(channel, "cid", {"hall": 1})
    bob, cid = Member("bob", "Bob"), Member("cid", "Cid")
    assert register.told[:3] == [
        ("came", {"hall": 1}, bob),
        ("came", {"hall": 2}, cid),
        ("gone", {"hall": 1}, bob),
    ]


async def test_a_watch_that_fails_is_logged_and_lets_nobody_fall(faults):
    channel, register = room(), Register()
    register.fails = True
    async with running(channel=channel) as site:
        site.node.watch_users(channel, UserWatch(register.came, register.gone))
        ann = await enter(site, "ann")

        assert await hear(ann) == joined("ann")
        await site.publisher.alarm(Alarm(text="still here"), hall=1)
        assert (await hear(ann))["type"] == "alarm"
        await until(lambda: faults() == ["who watches the users of a channel failed"])


async def test_whoever_is_not_known_is_not_listed():
    channel = room()
    async with running(channel=channel, anonymous=True) as site:
        await site.join(query=False)

        assert await site.node.presence.count(channel, {"hall": 1}) == 0


async def test_a_channel_without_presence_asks_nobody():
    class Untouched(MemoryPresence):
        async def enter(self, attendance):
            raise AssertionError

        reap = enter

    broker = MemoryBroker()
    broker.presence = Untouched()
    async with running(broker=broker) as site:
        client = await site.join()
        await site.node.presence.reap()
        await client.close()
        await until(lambda: len(site.node) == 0)


class Away(MemoryPresence):
    is_away = True

    async def enter(self, attendance):
        if self.is_away:
            raise Unavailable("redis", "not connected")
        return await super().enter(attendance)

    async def leave(self, topic, connection, grace):
        if self.is_away:
            raise Unavailable("redis", "not connected")
        return await super().leave(topic, connection, grace)


async def test_who_comes_while_the_broker_is_away_is_told_when_it_is_back():
    broker = MemoryBroker()
    broker.presence = Away()
    async with running(broker=broker, channel=room()) as site:
        ann = await enter(site, "ann")
        bob = await enter(site, "bob")
        await bob.close()
        await until(lambda: len(site.node) == 1)

        broker.presence.is_away = False
        await site.node.presence.refresh()

        assert await hear(ann) == joined("ann")
        said = site.node.metrics.text().decode()
        assert "wirepact_presence_refresh_seconds_count 1.0" in said


async def test_who_is_closed_by_the_server_leaves_too():
    async with running(channel=room()) as site:
        ann = await enter(site, "ann")
        await hear(ann)
        bob = await enter(site, "bob")
        await hear(ann)

        await site.node.kick("bob")

        assert (await closed(bob))[0] == 4403
        assert await hear(ann) == left("bob")


async def test_presence_that_fails_is_logged_and_asked_again(faults, monkeypatch):
    monkeypatch.setattr("wirepact.server.attendance.REAP", 0.01)
    asked = []

    class Broken(MemoryPresence):
        async def reap(self):
            asked.append(1)
            raise RuntimeError("broken")

    broker = MemoryBroker()
    broker.presence = Broken()
    async with running(broker=broker, channel=room()):
        await until(lambda: len(asked) > 1)

    assert faults()[0] == "presence could not be kept"


@pytest.mark.parametrize("sub", ["a/b", "ä ö", "x" * 200])
async def test_any_subject_can_be_there(sub):
    async with running(channel=room()) as site:
        client = await enter(site, sub)

        assert (await hear(client))["user"] == sub
