"""What the runtime says by itself: pings and their answers, joins and leaves."""

from typing import Literal

import pytest
from pydantic import MISSING, BaseModel

from wirepact.announcements import join_of, leave_of, ping_of, pong_to, spoken
from wirepact.descriptors import Heartbeat, Presence
from wirepact.messages import Message
from wirepact.wire import encode


class Bare(Message):
    type: Literal["ping"] = "ping"


class Answer(Message):
    type: Literal["pong"] = "pong"


class Clock(BaseModel):
    timestamp: float


class Timed(Message):
    type: Literal["ping"] = "ping"
    data: Clock


class TimedAnswer(Message):
    type: Literal["pong"] = "pong"
    data: Clock


class WholeSeconds(Message):
    timestamp: int


class Person(BaseModel):
    id: str
    name: str = "somebody"


class Joined(Message):
    type: Literal["joined"] = "joined"
    user: Person


class Left(Message):
    who: str


def heartbeat(ping, pong=None, time=()):
    return Heartbeat("server", ping, pong, interval=20, timeout=5, time=time)


def test_a_ping_without_a_clock_is_its_constants():
    assert encode(ping_of(heartbeat(Bare), 12.5)) == '{"type":"ping"}'


def test_a_ping_has_the_clock_where_the_document_wants_it():
    said = ping_of(heartbeat(Timed, time=("data", "timestamp")), 12.5)

    assert encode(said) == '{"type":"ping","data":{"timestamp":12.5}}'


def test_a_clock_of_whole_seconds_gets_no_fraction():
    assert encode(ping_of(heartbeat(WholeSeconds, time=("timestamp",)), 12.9)) == '{"timestamp":12}'


def test_a_pong_gives_the_clock_back():
    timed = heartbeat(Timed, TimedAnswer, time=("data", "timestamp"))

    answer = pong_to(timed, ping_of(timed, 7.25))

    assert answer is not None
    assert encode(answer) == '{"type":"pong","data":{"timestamp":7.25}}'


def test_a_pong_without_a_clock_is_its_constants():
    answer = pong_to(heartbeat(Bare, Answer), Bare())

    assert answer is not None
    assert encode(answer) == '{"type":"pong"}'


def test_where_the_document_has_no_pong_there_is_none():
    assert pong_to(heartbeat(Bare), Bare()) is None


@pytest.mark.parametrize(
    ("beat", "messages"),
    [(None, set()), (heartbeat(Bare), {Bare}), (heartbeat(Bare, Answer), {Bare, Answer})],
)
def test_the_messages_of_a_heartbeat_are_known(beat, messages):
    assert spoken(beat) == messages


def test_a_join_says_who_has_come():
    said = join_of(Presence(Joined, None, 0, user=("user", "id"), name=("user", "name")), "7", "Ada")

    assert said is not None
    assert encode(said) == '{"type":"joined","user":{"id":"7","name":"Ada"}}'


def test_a_leave_says_who_has_gone_and_no_name_where_there_is_no_field_for_it():
    said = leave_of(Presence(None, Left, 0, user=("who",)), "ada", "Ada")

    assert said is not None
    assert encode(said) == '{"who":"ada"}'


def test_who_has_no_name_gets_an_empty_one_only_where_the_document_requires_it():
    class Named(Message):
        who: str
        name: str

    class Nameable(Message):
        who: str
        name: str | MISSING = MISSING

    said = [
        join_of(Presence(each, None, 0, user=("who",), name=("name",)), "ada") for each in (Named, Nameable)
    ]

    assert [encode(each) for each in said if each] == ['{"who":"ada","name":""}', '{"who":"ada"}']


def test_what_the_document_does_not_have_is_not_said():
    assert join_of(Presence(None, Left, 0, user=("who",)), "ada") is None
    assert leave_of(Presence(Joined, None, 0, user=("user", "id")), "ada") is None
