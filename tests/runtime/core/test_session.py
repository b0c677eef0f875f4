"""What a connection decides about frames, without a socket or a clock."""

from dataclasses import replace

import pytest

from wirepact.core.session import WARNINGS, Answer, Close, Dispatch, Session, Warn
from wirepact.descriptors import Limits
from wirepact.errors import BadRequest, InvalidPayload, RateLimited, UnknownMessage
from wirepact.wire import Decoder
from works import HALL, GetNotes

ASK = '{"type":"get_notes"}'


def session(*, limits=None, inbox=10, forgives=None):
    channel = replace(HALL, limits=limits or Limits())
    return Session(channel, Decoder(channel.receives), inbox=inbox, forgives=forgives)


def test_a_good_frame_is_dispatched():
    assert session().hear(ASK, now=0) == Dispatch(GetNotes())


@pytest.mark.parametrize(
    ("frame", "refusal"),
    [
        ("{", BadRequest),
        ("[]", BadRequest),
        ('{"type":"dance"}', UnknownMessage),
        ('{"type":"get_notes","limit":-1}', InvalidPayload),
        ('{"type":"get_notes","limit":"10"}', InvalidPayload),
        ('{"type":"get_notes","x":"\ud800"}', BadRequest),
    ],
)
def test_a_bad_frame_is_answered_in_turn(frame, refusal):
    decision = session().hear(frame, now=0)

    assert isinstance(decision, Answer)
    assert isinstance(decision.refusal, refusal)


def test_a_binary_frame_ends_the_connection():
    assert session().hear(b'{"type":"get_notes"}', now=0) == Close(1003)


def test_a_frame_over_the_limit_ends_the_connection_counted_in_bytes():
    limits = Limits(message_bytes=len(ASK.encode()))

    assert session(limits=limits).hear(ASK, now=0) == Dispatch(GetNotes())
    assert session(limits=limits).hear(ASK + " ", now=0) == Close(1009)
    assert session(limits=Limits(message_bytes=5)).hear("값값", now=0) == Close(1009)


def test_whoever_is_too_fast_is_warned_first_and_closed_when_it_goes_on():
    here = session(limits=Limits(messages_per_second=2), inbox=1000)

    heard = [here.hear(ASK, now=0) for _ in range(2 + WARNINGS + 1)]

    assert [type(each) for each in heard] == [Dispatch] * 2 + [Warn] * WARNINGS + [Close]
    assert isinstance(heard[2].refusal, RateLimited)
    assert heard[2].refusal.text == "at most 2 messages a second"
    assert heard[-1] == Close(4429)


def test_whoever_slows_down_is_heard_again():
    here = session(limits=Limits(messages_per_second=2), inbox=1000)
    for _ in range(5):
        here.hear(ASK, now=0)

    assert here.hear(ASK, now=1) == Dispatch(GetNotes())


def test_slow_rates_let_one_through_at_once():
    here = session(limits=Limits(messages_per_second=0.1))

    assert here.hear(ASK, now=0) == Dispatch(GetNotes())
    assert isinstance(here.hear(ASK, now=5), Warn)
    assert here.hear(ASK, now=11) == Dispatch(GetNotes())


def test_no_more_messages_wait_for_their_handlers_than_fit_the_inbox():
    here = session(inbox=3)
    for _ in range(3):
        here.hear(ASK, now=0)

    full = here.hear(ASK, now=0)
    here.done()

    assert isinstance(full, Warn)
    assert full.refusal.text == "3 messages are still waiting to be handled"
    assert here.hear(ASK, now=0) == Dispatch(GetNotes())


def test_broken_frames_fill_the_inbox_too():
    here = session(inbox=3)

    heard = [here.hear("{", now=0) for _ in range(3 + WARNINGS + 1)]

    assert [type(each) for each in heard] == [Answer] * 3 + [Warn] * WARNINGS + [Close]


def test_who_said_too_much_elsewhere_is_warned_here():
    channel = replace(HALL, limits=Limits(user_messages_per_second=3))
    times = []

    def may_say(now):
        times.append(now)
        return now < 2

    some = Session(channel, Decoder(channel.receives), inbox=10, may_say=may_say)

    assert some.hear(ASK, now=1) == Dispatch(GetNotes())
    decision = some.hear(ASK, now=2)
    assert isinstance(decision, Warn)
    assert str(decision.refusal) == "at most 3 messages a second of all your connections"
    assert times == [1, 2]


@pytest.mark.parametrize("forgives", [None, 5])
def test_errors_are_forgiven_as_often_as_the_document_says(forgives):
    some = session(limits=Limits(errors_per_minute=2), forgives=forgives)

    assert [some.may_err(now) for now in (0, 0, 0, 31, 31)] == [True, True, False, True, False]
    assert all(session().may_err(0) for _ in range(1000))


def test_a_session_knows_when_something_was_said():
    some = session()

    some.hear("{", now=7)

    assert some.heard == 7


def test_where_the_document_does_not_say_it_so_many_errors_are_forgiven():
    some = session(forgives=10)

    assert [some.may_err(0) for _ in range(11)] == [True] * 10 + [False]
    assert some.may_err(6)
