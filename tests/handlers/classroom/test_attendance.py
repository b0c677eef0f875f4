"""What is written of those who are there, with a clock that the test turns."""

from datetime import timedelta

import pytest

from handlers.classroom.attendance import Attendance
from handlers.classroom.domain import Attention
from wirepact.auth import Identity

SILENCE = timedelta(seconds=90)

pytestmark = pytest.mark.usefixtures("lesson")


class Told:
    """Notices that are noted instead of told."""

    def __init__(self):
        self.said = []

    def joined(self, participant):
        self.said.append(("joined", participant.user_id))

    def left(self, participant):
        self.said.append(("left", participant.user_id))

    async def told(self):
        """There is nothing to wait for."""


class Phone:
    """A peer whose silence the test says."""

    session_code = "TEST001"

    def __init__(self, name, user="2"):
        self.connection_id = name
        self.identity = Identity(user, "Ann", frozenset({"STUDENT"}))
        self.silence = 0.0


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def clock(noon):
    return [noon]


@pytest.fixture
def attendance(store, told, clock):
    return Attendance(store, told, SILENCE, lambda: clock[0])


@pytest.fixture
async def phone(attendance):
    phone = Phone("a")
    await attendance.arrived(phone)
    await attendance.joined(phone)
    return phone


async def row(store):
    return (await store.participants("TEST001"))[0]


async def test_heartbeats_are_written_at_the_next_look_and_not_before(store, attendance, phone, clock, noon):
    clock[0] += timedelta(seconds=60)
    phone.silence = 10.0
    before = (await row(store)).last_active_at
    await attendance.look()

    assert before == noon
    assert (await row(store)).last_active_at == noon + timedelta(seconds=50)


async def test_a_look_without_news_writes_nothing(store, attendance, phone, clock, monkeypatch):
    writes = []
    monkeypatch.setattr(store, "heard", writes.append)
    clock[0] += timedelta(seconds=60)
    phone.silence = 60.0

    await attendance.look()

    assert writes == []


async def test_who_is_silent_for_too_long_counts_as_disconnected_and_is_back_when_heard_of(
    store, attendance, phone, told, clock
):
    clock[0] += timedelta(seconds=91)
    phone.silence = 91.0
    await attendance.look()
    silent = (await row(store)).status
    clock[0] += timedelta(seconds=15)
    phone.silence = 2.0
    await attendance.look()

    assert silent is Attention.DISCONNECTED
    assert (await row(store)).status is Attention.ACTIVE
    assert told.said == [("left", "2"), ("joined", "2")]


@pytest.mark.usefixtures("lesson", "phone")
async def test_those_of_a_process_that_crashed_are_missed_by_another(store, told, clock):
    other = Attendance(store, told, SILENCE, lambda: clock[0])
    clock[0] += timedelta(seconds=91)

    await other.look()

    assert (await row(store)).status is Attention.DISCONNECTED
    assert told.said == [("left", "2")]


async def test_who_came_back_over_another_process_is_not_gone_with_the_old_connection(
    store, attendance, phone, told, clock
):
    other, again = Attendance(store, told, SILENCE, lambda: clock[0]), Phone("a")
    await other.arrived(again)
    await other.joined(again)

    await attendance.left(phone)

    assert (await row(store)).status is Attention.ACTIVE
    assert told.said == []


async def test_whose_last_connection_ends_is_gone_at_once(store, attendance, phone, told, clock):
    came = clock[0]
    clock[0] += timedelta(seconds=20)
    phone.silence = 5.0
    await attendance.left(phone)

    assert (await row(store)).status is Attention.DISCONNECTED
    assert (await row(store)).last_active_at == came + timedelta(seconds=15)
    assert told.said == [("left", "2")]
