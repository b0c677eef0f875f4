"""Heartbeats of messages, without a clock: L9 of docs/wire.md."""

from wirepact.core.server_pulse import Due, ServerPulse
from wirepact.descriptors import Heartbeat
from works import GetNotes, Stop, Watch


def pulse(by="server", *, pong=Stop):
    return ServerPulse(Heartbeat(by, GetNotes, pong, interval=10, timeout=3), now=100, first=4)


def test_the_server_pings_and_waits_for_the_answer():
    here = pulse()

    assert here.due == 104
    assert here.tick(103) is None
    assert here.tick(104) is Due.PING
    here.hear(105, is_pong=True)
    assert here.tick(113) is None
    assert here.tick(114) is Due.PING
    assert here.due == 117
    assert here.tick(117) is Due.GONE


def test_only_the_pong_is_an_answer_where_there_is_one():
    here = pulse()
    here.tick(104)
    here.hear(105, is_pong=False)
    assert here.tick(107) is Due.GONE


def test_anything_is_an_answer_where_there_is_no_pong():
    here = pulse(pong=None)
    here.tick(104)
    here.hear(105, is_pong=False)
    assert here.tick(107) is None


def test_a_ping_that_is_not_answered_is_not_forgiven_by_the_next():
    here = ServerPulse(Heartbeat("server", GetNotes, Stop, interval=1, timeout=3), now=0, first=1)
    assert [here.tick(now) for now in (1, 2, 3)] == [Due.PING] * 3
    assert here.tick(4) is Due.GONE


def test_a_client_that_pings_is_given_up_when_it_stops():
    here = pulse("client", pong=Watch)

    assert here.due == 113
    here.hear(110, is_pong=False)
    assert here.due == 123
    assert here.tick(122) is None
    assert here.tick(123) is Due.GONE
