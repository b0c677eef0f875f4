"""Who is online is told as it is, whatever order processes act in, and made good where it was not told."""

import asyncio
from datetime import timedelta

import pytest

from handlers.clinic.presence import Presence
from wirepact.errors import Unavailable
from wirepact.presence import PAGE, Member

ANN, BOB = Member("2", "Ann"), Member("3", "Bob")
GRACE = timedelta(seconds=5)


class Ward:
    """Who is there, as a node would say it."""

    page = PAGE

    def __init__(self):
        self.users = {}

    async def has(self, _channel, user):
        return user in self.users

    async def members(self, _channel, *, after=""):
        return [self.users[each] for each in sorted(self.users) if each > after][: self.page]


class Told:
    """Notices that are noted instead of told."""

    def __init__(self):
        self.said = []
        self.is_away = False

    async def person_settled(self, person):
        if self.is_away:
            raise Unavailable("redis", "not connected")
        self.said.append((person.user_id, person.is_online))


@pytest.fixture
def ward():
    return Ward()


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def clock(noon):
    return [noon]


@pytest.fixture
def presence(store, told, ward, clock):
    return Presence(store, told, ward, GRACE, lambda: clock[0])


@pytest.fixture
async def ann(presence, ward):
    ward.users["2"] = ANN
    await presence.came({}, ANN)


@pytest.mark.usefixtures("ann")
async def test_who_leaves_was_seen_when_the_last_connection_was_closed(presence, ward, told, clock, noon):
    clock[0] += timedelta(minutes=10)
    del ward.users["2"]
    await presence.gone({}, ANN)

    assert told.said == [("2", True), ("2", False)]
    assert [each.last_seen for each in (await presence.snapshot()).offline] == [
        noon + timedelta(minutes=10) - GRACE
    ]


@pytest.mark.usefixtures("ann")
async def test_a_leave_that_is_told_after_the_user_is_back_is_no_news(presence, told):
    await presence.gone({}, ANN)
    await presence.came({}, ANN)

    assert told.said == [("2", True)]


@pytest.mark.usefixtures("ann")
async def test_processes_that_are_told_of_one_change_tell_it_once(presence, store, ward, told, clock):
    other = Presence(store, told, ward, GRACE, lambda: clock[0])
    del ward.users["2"]
    await asyncio.gather(*(each.gone({}, ANN) for each in (presence, other)))

    assert told.said == [("2", True), ("2", False)]


@pytest.mark.usefixtures("ann")
async def test_whom_a_crash_left_behind_is_found_gone_since_they_were_written_last(
    presence, ward, told, clock, noon
):
    clock[0] += timedelta(seconds=30)
    await presence.look()
    del ward.users["2"]
    clock[0] += timedelta(hours=1)
    await presence.look()

    assert told.said == [("2", True), ("2", False)]
    assert [each.last_seen for each in (await presence.snapshot()).offline] == [noon + timedelta(seconds=30)]


async def test_whom_nobody_told_of_is_found_online(presence, ward, told):
    ward.users.update({each.user: each for each in (ANN, BOB)})
    await presence.look()
    await presence.look()

    assert told.said == [("2", True), ("3", True)]


@pytest.mark.parametrize("count", [2, 3, 6, 7])
async def test_there_may_be_more_than_a_page_of_them(presence, ward, told, count, monkeypatch):
    monkeypatch.setattr("handlers.clinic.presence.PAGE", 3)
    ward.page = 3
    ward.users.update({str(number): Member(str(number)) for number in range(count)})
    await presence.look()

    assert len(told.said) == count
    assert len((await presence.snapshot()).online) == count


async def test_who_came_while_nobody_could_be_told_is_told_later(presence, ward, told):
    told.is_away = True
    ward.users["2"] = ANN
    with pytest.raises(Unavailable):
        await presence.came({}, ANN)
    told.is_away = False
    await presence.look()
    await presence.look()

    assert told.said == [("2", True)]
