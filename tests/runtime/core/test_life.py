"""What a client's connection decides, without a socket or a clock: docs/wire.md, the clauses that concern a client."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room import Say
from wirepact.broker import Position
from wirepact.close_codes import CloseCode
from wirepact.core.attempts import Reconnect
from wirepact.core.backlog import Keeping
from wirepact.core.events import (
    Closed,
    Connected,
    Connecting,
    Degraded,
    Disconnected,
    Draining,
    Dropped,
    Missed,
    NotSent,
    Open,
    Reconnecting,
    Recovered,
    Restored,
)
from wirepact.core.life import Dial, End, Flush, HangUp, Life, Rules
from wirepact.core.pulse import Beat, Ping
from wirepact.core.visit import LATE, Answer, Deliver, Manners, Reached, Renew, Send, Tell
from wirepact.errors import (
    ConnectionClosed,
    ConnectionLost,
    ConnectionRefused,
    NotConnected,
    RateLimited,
    Refusal,
)

V1 = "wirepact.v1"
HI = Say(text="hi")
WELCOME = '!welcome {"connection":"c-1","heartbeat":25,"timeout":10}'
LOST = ConnectionClosed(1006, "lost")


RECONNECT = Reconnect()


def life(*, reconnect=RECONNECT, random=0.5, **rules):
    rules = {"has_fresh_tokens": True, "welcome_within": 10, **rules}
    return Life(Rules(Manners("s-1", "py/1", "c0"), reconnect, **rules), lambda: random)


def welcomed(made=None, now=0.0, line=WELCOME):
    """A life whose connection has just been welcomed."""
    made = made or life()
    if not isinstance(made.state, Closed):
        made.start() if made.due is None else made.elapsed(made.due)
    made.opened(V1, None, now)
    made.heard(line, now)
    assert made.state == Open()
    return made


def hello_of(steps):
    [hello] = steps
    name, _, fields = hello.frame.partition(" ")
    assert name == "!hello"
    return json.loads(fields)


def again(made, now=0.0):
    """What the next hello says, after the connection was lost at *now*."""
    made.lost(LOST, now)
    assert isinstance(made.elapsed(made.due)[-1], Dial)
    return hello_of(made.opened(V1, None, now))


def without_places(steps):
    """*steps*, but for where they lead."""
    return [step for step in steps if not isinstance(step, Reached)]


def sent(steps):
    return [step.frame for step in steps if isinstance(step, Send)]


class TestLegacy:
    def test_every_frame_is_a_message(self):
        made = life()

        assert made.start() == [Dial("connect", (V1,))]
        assert made.opened(None, None, 0) == [Tell(Connected())]
        assert made.heard("!ping", 1) == [Deliver("!ping")]
        assert made.heard("a\nb", 1) == [Deliver("a\nb")]
        assert made.due is None

    def test_c3_v1_is_offered_and_legacy_spoken_where_it_is_not_taken(self):
        made = life()
        made.start()

        assert made.opened(None, None, 0) == [Tell(Connected(protocol=""))]

    def test_c3_a_server_with_other_versions_only_is_asked_for_none(self):
        made = life()
        made.start()

        assert made.lost(ConnectionRefused("HTTP 426", 426), 0) == [Dial("connect", ())]
        [end] = made.lost(ConnectionRefused("HTTP 426", 426), 0)
        assert isinstance(end, End)

    def test_c4_a_channel_without_lines_is_offered_nothing(self):
        assert life(has_lines=False).start() == [Dial("connect", ())]

    def test_without_reconnecting_a_loss_is_the_end(self):
        made = life(reconnect=None)
        made.start()
        made.opened(None, None, 0)

        assert made.lost(LOST, 9) == [End(LOST)]
        assert made.state == Closed(1006, "lost", is_final=True)


class TestFrames:
    def test_v1_several_lines_are_several_messages(self):
        assert welcomed().heard('{"a":1}\n{"b":2}', 1) == [Deliver('{"a":1}'), Deliver('{"b":2}')]

    def test_v3_a_tag_is_taken_off(self):
        assert without_places(welcomed().heard('@7:product=1 {"a":1}', 1)) == [Deliver('{"a":1}')]

    def test_v4_a_binary_frame_is_one_message(self):
        assert welcomed().heard(b"\n!#@", 1) == [Deliver(b"\n!#@")]

    @pytest.mark.parametrize("line", ["!weather", '!weather {"is":"fine"}', '!degraded {"since":1}'])
    def test_v5_what_is_not_known_is_ignored(self, line):
        steps = welcomed().heard(line, 1)

        assert steps in ([], [Tell(Degraded())])

    @pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 400])
    def test_v5_numbers_that_nobody_can_mean_change_nothing(self, number):
        made = life()
        made.start()
        made.opened(V1, None, 0)
        made.heard(f'!welcome {{"heartbeat":{number},"timeout":{number},"message_bytes":{number}}}', 0)

        steps = made.heard(
            f'!dropped {{"messages":{number}}}\n!position {{"audience":"","epoch":"e","offset":{number}}}\n'
            f'!draining {{"delay":{number}}}\n!error {{"delay":{number}}}\n{{}}',
            1,
        )

        assert steps[-1] == Deliver("{}")
        assert made.due is None
        assert made.message_bytes is None

    @pytest.mark.parametrize("line", ["", "!", "!Ping", "#", "#1", "@0 {}", "@x {}", "![]"])
    def test_a_line_that_is_none_is_handed_on_as_it_is(self, line):
        assert welcomed().heard(line, 1) == [Deliver(line)]


class TestHello:
    def test_v7_it_is_the_first_line_and_says_who_we_are(self):
        made = life()
        made.start()

        steps = made.opened(V1, "t", 0)

        assert hello_of(steps) == {"token": "t", "session": "s-1", "client": "py/1", "contract": "c0"}

    def test_v7_nothing_that_there_is_not_is_said(self):
        made = Life(Rules(Manners("s-1")), lambda: 0.0)
        made.start()

        assert hello_of(made.opened(V1, None, 0)) == {"session": "s-1"}

    def test_v9_a_token_is_spoken_once_the_server_is_known_to_hear_it(self):
        made = life()
        assert made.start() == [Dial("connect", (V1,), is_spoken=False)]
        welcomed(made)
        made.lost(LOST, 0)

        assert made.elapsed(made.due) == [Dial("reconnect", (V1,), is_spoken=True)]

    def test_v9_and_goes_into_the_handshake_again_when_it_was_refused(self):
        made = welcomed()
        made.lost(ConnectionClosed(4401, ""), 0)

        assert made.elapsed(made.due) == [Dial("refresh", (V1,), is_spoken=False)]

    def test_v10_the_connection_is_open_with_the_welcome(self):
        made = life()
        made.start()
        made.opened(V1, None, 0)
        assert made.state != Open()

        steps = made.heard(WELCOME, 1)

        assert steps == [Tell(Connected(protocol=V1, connection="c-1"))]
        assert made.state == Open()

    @pytest.mark.parametrize(("contract", "is_same"), [("c0", True), ("c1", False), (None, True)])
    def test_v10_another_document_is_told_and_changes_nothing(self, contract, is_same):
        made = life()
        made.start()
        made.opened(V1, None, 0)

        [told] = made.heard(f"!welcome {json.dumps({'contract': contract})}", 1)

        assert told.event.is_same_contract is is_same

    def test_v10_a_welcome_that_does_not_come_is_a_loss(self):
        made = life()
        made.start()
        made.opened(V1, None, 5)
        assert made.due == 15

        assert made.elapsed(14.9) == []
        hang_up, lost = made.elapsed(15)
        assert hang_up == HangUp()
        assert isinstance(lost.event, Disconnected)


class TestPositions:
    def test_v12_v14_a_position_is_where_the_next_hello_goes_on(self):
        made = welcomed()
        made.heard('!position {"audience":"","epoch":"e","offset":41}', 1)
        made.heard("@42 {}\n{}\n@43 {}", 1)

        assert again(made)["positions"] == {"": "e.43"}

    def test_v11_each_audience_has_its_own(self):
        made = welcomed()
        made.heard('!position {"audience":"product=a%20b","epoch":"e","offset":4}', 1)
        made.heard('!position {"audience":"~user","epoch":"f","offset":0}', 1)
        made.heard("@5:product=a%20b {}\n@1:~user {}", 1)

        assert again(made)["positions"] == {"product=a%20b": "e.5", "~user": "f.1"}

    def test_v13_what_comes_twice_is_handed_on_once(self):
        made = welcomed()
        made.heard('!position {"audience":"","epoch":"e","offset":4}', 1)

        steps = made.heard('@5 "a"\n@5 "a"\n@4 "b"\n@6 "c"', 1)

        assert without_places(steps) == [Deliver('"a"'), Deliver('"c"')]

    def test_v13_v29_offsets_may_leave_some_out(self):
        made = welcomed()
        made.heard('!position {"audience":"","epoch":"e","offset":4,"recovered":true}', 1)

        assert without_places(made.heard('@6 "a"\n@9 "b"', 1)) == [Deliver('"a"'), Deliver('"b"')]
        assert again(made)["positions"] == {"": "e.9"}

    def test_v14_what_is_recovered_is_told(self):
        steps = welcomed().heard('!position {"audience":"","epoch":"e","offset":4,"recovered":true}', 1)

        assert without_places(steps) == [Tell(Recovered(""))]

    def test_v15_what_is_not_recovered_is_told_and_forgotten(self):
        made = welcomed()
        made.heard('!position {"audience":"","epoch":"e","offset":4}', 1)
        assert again(made)["positions"] == {"": "e.4"}
        made.heard(WELCOME, 0)

        steps = made.heard('!position {"audience":"","epoch":"f","offset":2,"recovered":false}', 1)

        assert without_places(steps) == [Tell(Missed(""))]
        assert without_places(made.heard('@3 "a"', 1)) == [Deliver('"a"')]
        assert again(made)["positions"] == {"": "f.3"}

    @pytest.mark.parametrize("protocol", [V1, None])
    def test_v15_who_has_no_position_to_tell_has_missed_something(self, protocol):
        made = welcomed()
        made.lost(LOST, 1)
        made.elapsed(made.due)

        steps = [*made.opened(protocol, None, 2), *made.heard(WELCOME, 2)]

        assert [each.event for each in steps if isinstance(each, Tell)][1:] == [Missed("")]

    def test_v16_a_lost_place_in_mid_connection_is_told(self):
        made = welcomed()
        made.heard('!position {"audience":"","epoch":"e","offset":900}', 1)

        steps = made.heard('!position {"audience":"","epoch":"f","offset":0,"recovered":false}\n@1 "a"', 1)

        assert without_places(steps) == [Tell(Missed("")), Deliver('"a"')]
        assert made.state == Open()

    def test_a_place_is_reached_behind_what_leads_there(self):
        made = welcomed()

        steps = made.heard(
            '!position {"audience":"","epoch":"f","offset":0,"recovered":false}\n@1 "a"\n"b"', 1
        )

        assert steps == [
            Tell(Missed("")),
            Reached("", Position("f", 0)),
            Deliver('"a"'),
            Reached("", Position("f", 1)),
            Deliver('"b"'),
        ]

    def test_a_place_that_is_not_known_any_more_is_told(self):
        made = welcomed()
        made.heard('!position {"audience":"","epoch":"f","offset":0}', 1)

        assert made.heard('!position {"audience":"","epoch":7}', 1) == [Reached("", None)]

    def test_v7_who_was_there_in_another_life_says_where(self):
        made = life()
        made.begin_at({"": Position("e", 4)})
        made.start()

        assert hello_of(made.opened(V1, None, 0))["positions"] == {"": "e.4"}

    def test_a_server_that_recovers_nothing_has_it_told_once(self):
        made = life()
        made.begin_at({"": Position("e", 4)})
        made.start()

        steps = made.opened(None, None, 0)

        assert [step.event for step in steps] == [Connected(), Missed("")]

    @pytest.mark.parametrize(
        "fields", ['{"epoch":7}', '{"epoch":"a.b","offset":1}', '{"offset":1e300}', "{}"]
    )
    def test_a_position_that_can_not_be_read_is_ignored(self, fields):
        made = welcomed()

        assert without_places(made.heard(f"!position {fields}", 1)) == []
        assert "positions" not in again(made)

    def test_a_hello_has_no_more_positions_than_a_server_reads(self):
        made = welcomed()
        for number in range(300):
            made.heard(f'!position {{"audience":"g={number}","epoch":"e","offset":1}}', 1)

        positions = again(made)["positions"]

        assert list(positions) == [f"g={number}" for number in range(44, 300)]

    def test_nor_longer_ones_than_fit_a_frame(self):
        made = welcomed()
        for number in range(200):
            made.heard(f'!position {{"audience":"{number}={"x" * 500}","epoch":"e","offset":1}}', 1)

        positions = again(made)["positions"]

        assert 30_000 < len(json.dumps(positions)) < 34_000
        assert list(positions)[-1].startswith("199=")


class TestRequests:
    def test_v17_each_has_an_id_of_its_own(self):
        made = welcomed()

        assert made.ask("{}") == ("1", "#1 {}")
        assert made.ask("{}") == ("2", "#2 {}")

    def test_v18_a_message_with_its_id_answers_it(self):
        made = welcomed()
        made.ask("{}")

        assert made.heard('#1 {"a":1}', 1) == [Answer("1", '{"a":1}')]

    def test_v18_done_says_that_there_is_nothing_to_say(self):
        made = welcomed()
        made.ask("{}")

        assert made.heard('!done {"id":"1"}', 1) == [Answer("1")]

    @pytest.mark.faults(row=26)
    def test_v18_an_answer_that_nobody_waits_for_is_a_message(self):
        made = welcomed()
        made.ask("{}")
        made.forget("1")

        assert made.heard('#1 {"a":1}\n#9 {"b":1}\n!done {"id":"1"}', 1) == [
            Deliver('{"a":1}'),
            Deliver('{"b":1}'),
        ]

    def test_v19_an_error_answers_it_with_all_that_it_says(self):
        made = welcomed()
        made.ask("{}")

        [answer] = made.heard(
            '!error {"id":"1","code":"rate_limited","text":"slower","temporary":true,"delay":1.5}', 1
        )

        error = answer.error
        assert isinstance(error, RateLimited)
        assert (error.text, error.is_temporary, error.delay) == ("slower", True, 1.5)

    def test_v19_a_code_that_we_do_not_know_is_a_refusal_all_the_same(self):
        made = welcomed()
        made.ask("{}")

        [answer] = made.heard('!error {"id":"1","code":"sold_out","text":"gone"}', 1)

        error = answer.error
        assert type(error).__mro__[1] is Refusal
        assert (error.code, error.text) == ("sold_out", "gone")

    def test_v19_an_error_of_no_request_is_told(self):
        [told] = welcomed().heard('!error {"code":"bad_request","text":"no"}', 1)

        assert (told.event.error.code, told.event.error.text) == ("bad_request", "no")

    def test_a_request_whose_connection_is_lost_may_have_been_heard(self):
        made = welcomed()
        made.ask("{}")

        [answer, _] = made.lost(LOST, 1)

        assert isinstance(answer.error, ConnectionLost)


class TestLiveness:
    def test_v20_a_ping_is_answered_at_once(self):
        assert welcomed().heard("!ping", 7) == [Send("!pong")]

    def test_v20_who_was_silent_for_a_heartbeat_says_something(self):
        made = welcomed()
        assert made.due == 25
        made.heard("{}", 20)

        assert made.elapsed(25) == [Send("!ping")]
        assert made.due == 50

    def test_v20_what_the_program_says_is_a_sign_of_life(self):
        made = welcomed()
        made.heard("{}", 20)
        made.spoke(20)

        assert made.due == 45

    def test_v20_a_server_that_is_not_heard_is_given_up_without_a_code(self):
        made = welcomed()
        made.elapsed(25)
        assert made.due == 35

        hang_up, lost = made.elapsed(35)

        assert hang_up == HangUp(None)
        assert (lost.event.code, lost.event.attempt) == (1006, 1)
        assert isinstance(made.state, Reconnecting)

    def test_v20_any_frame_is_a_sign_of_life(self):
        made = welcomed()
        for now in (20, 40, 60, 80):
            made.spoke(now)
            made.heard(b"", now)

        assert made.due == 105

    @pytest.mark.faults(row=42)
    def test_v20_who_slept_through_the_deadline_asks_once_more(self):
        made = welcomed()

        assert made.elapsed(500) == [Send("!ping")]
        assert made.due == 510
        assert HangUp() in made.elapsed(510 + 2 * LATE)

    def test_v20_nobody_is_given_up_while_nothing_is_read(self):
        made = welcomed()
        made.pause()

        assert [sent(made.elapsed(now)) for now in (25, 50, 75)] == [["!ping"]] * 3
        made.resume(80)
        made.spoke(80)
        assert made.due == 105

    def test_a_server_that_names_no_heartbeat_is_waited_for(self):
        assert welcomed(line="!welcome").due is None


class TestHeartbeatOfMessages:
    def lively(self, by):
        made = life(beat=Beat(by, 20, 5))
        made.start()
        made.opened(None, None, 100)
        return made

    def test_l9_a_client_that_pings_does_so_every_interval(self):
        made = self.lively("client")
        assert made.due == 120
        assert made.elapsed(120) == [Ping()]
        made.heard("pong", 121)

        assert made.due == 140
        assert made.elapsed(140) == [Ping()]

    @pytest.mark.parametrize("by", ["server", "client"])
    def test_l9_a_server_that_says_nothing_is_given_up(self, by):
        made = self.lively(by)
        made.heard("{}", 101)
        if by == "client":
            made.elapsed(120)
        assert made.due == 126

        hang_up, lost = made.elapsed(126)

        assert hang_up == HangUp(None)
        assert lost.event.code == 1006

    @pytest.mark.parametrize(("by", "said"), [("server", []), ("client", [Ping()])])
    def test_l9_who_slept_waits_once_more(self, by, said):
        made = self.lively(by)

        assert made.elapsed(900) == said
        assert HangUp(None) in made.elapsed(905)

    def test_l9_who_does_not_read_gives_nobody_up(self):
        made = self.lively("server")
        made.pause()
        assert made.due is None

        made.resume(300)

        assert made.due == 325

    def test_v6_wirepact_v1_has_a_heartbeat_of_its_own(self):
        made = welcomed(life(beat=Beat("client", 1, 1)))

        assert made.elapsed(made.due) == [Send("!ping")]


class TestToken:
    def test_v22_an_end_that_is_near_asks_for_a_new_token(self):
        made = welcomed()

        assert made.heard('!expiring {"in":30}', 1) == [Renew()]
        assert made.renewed("t2") == [Send('!token {"token":"t2"}')]
        assert made.heard('!renewed {"expires":3600}', 2) == []

    def test_v23_a_token_of_somebody_else_is_the_end(self):
        made = welcomed()

        assert isinstance(made.lost(ConnectionClosed(4403, ""), 1)[-1], End)

    def test_v24_a_refused_token_is_replaced_once(self):
        made = life()
        made.start()
        made.opened(V1, None, 0)
        made.lost(ConnectionClosed(4401, ""), 1)
        assert made.elapsed(made.due)[0].reason == "refresh"
        made.opened(V1, None, 2)

        assert made.lost(ConnectionClosed(4401, ""), 3) == [End(made._end)]

    def test_v24_and_once_more_after_a_connection_that_was_welcomed(self):
        made = welcomed()
        for now in range(3):
            made.lost(ConnectionClosed(4401, ""), now)
            assert made.elapsed(made.due)[0].reason == "refresh"
            made.opened(V1, None, now)
            made.heard(WELCOME, now)

    def test_v24_what_lies_between_does_not_count_as_a_welcome(self):
        made = life()
        made.start()
        made.lost(ConnectionRefused("", 401), 0)
        made.elapsed(made.due)
        made.lost(ConnectionRefused("nobody there"), 1)
        assert made.elapsed(made.due)[0].reason == "refresh"

        assert isinstance(made.lost(ConnectionRefused("", 401), 2)[-1], End)

    def test_v24_a_token_that_can_not_be_replaced_is_not_tried_again(self):
        made = life(has_fresh_tokens=False)
        made.start()

        assert isinstance(made.lost(ConnectionRefused("", 401), 0)[-1], End)

    def test_v24_in_legacy_a_greeting_is_no_welcome(self):
        made = life()
        made.start()
        made.opened(None, None, 0)
        made.heard("{}", 0)
        made.lost(ConnectionClosed(4401, ""), 1)
        assert made.elapsed(made.due)[0].reason == "refresh"
        made.opened(None, None, 2)
        made.heard("{}", 2)

        assert made.lost(ConnectionClosed(4401, ""), 3) == [End(made._end)]

    def test_v24_in_legacy_a_connection_that_lasted_is_the_welcome(self):
        made = life()
        made.start()
        for now in (0, 100, 200):
            made.opened(None, None, now)
            made.lost(ConnectionClosed(4401, ""), now + 10)
            assert made.elapsed(made.due)[0].reason == "refresh"


class TestGoingAway:
    def test_v25_the_server_says_when_to_come_back(self):
        made = welcomed()
        assert made.heard('!draining {"delay":3.5}', 1) == [Tell(Draining(3.5))]

        [lost] = made.lost(ConnectionClosed(1001, ""), 2)

        assert lost.event == Disconnected(1001, "", 1, 3.5)
        assert made.due == 5.5

    def test_v25_what_is_sent_until_then_is_sent(self):
        made = welcomed()
        made.heard('!draining {"delay":3.5}', 1)

        assert made.say(HI, "{}", 1)

    def test_v25_the_delay_holds_once(self):
        made = welcomed()
        made.heard('!draining {"delay":3.5}', 1)
        made.lost(ConnectionClosed(1001, ""), 2)
        made.elapsed(5.5)

        made.lost(ConnectionRefused("nobody there"), 6)

        assert made.due == 6 + 0.5 * 1.0

    def test_v26_a_broker_out_of_reach_is_told(self):
        assert welcomed().heard("!degraded\n!restored", 1) == [Tell(Degraded()), Tell(Restored())]

    def test_v28_what_was_left_out_is_told(self):
        assert welcomed().heard('!dropped {"messages":7}', 1) == [Tell(Dropped(7))]

    def test_v27_the_wait_doubles_up_to_twenty_seconds(self):
        made = life(random=1.0)
        made.start()
        waits = []
        for _ in range(8):
            made.lost(LOST, 0)
            waits.append(made.due)
            made.elapsed(made.due)

        assert waits == [0.5, 1, 2, 4, 8, 16, 20, 20]

    @pytest.mark.faults(row=31)
    def test_v27_it_is_anything_from_nothing(self):
        made = life(random=0.0)
        made.start()
        made.lost(LOST, 7)

        assert made.due == 7

    @pytest.mark.parametrize(("lasted", "attempt"), [(9.9, 2), (10, 1)])
    def test_v27_attempts_count_anew_after_ten_good_seconds(self, lasted, attempt):
        made = welcomed()
        made.lost(LOST, 0)
        welcomed(made, now=100)

        made.lost(LOST, 100 + lasted)

        assert made.state.attempt == attempt

    def test_v27_a_connection_that_was_not_welcomed_is_no_success(self):
        made = welcomed()
        made.lost(LOST, 0)
        made.elapsed(made.due)
        made.opened(V1, None, 100)

        made.lost(LOST, 200)

        assert made.state.attempt == 2

    @pytest.mark.faults(row=31)
    def test_c1_a_server_that_is_full_says_when_to_come_back(self):
        made = life(random=0.5)
        made.start()
        made.lost(ConnectionRefused("HTTP 503", 503, 12), 1)

        assert made.due == 13 + 0.5 * 0.5

    @pytest.mark.parametrize(
        ("status", "ends"), [(403, True), (404, True), (200, True), (429, False), (None, False)]
    )
    def test_c1_a_status_says_whether_to_come_back(self, status, ends):
        made = life()
        made.start()

        assert isinstance(made.lost(ConnectionRefused("", status), 0)[-1], End) is ends

    @pytest.mark.parametrize(
        ("code", "ends"), [(1000, True), (1001, False), (4403, True), (4480, False), (4999, True)]
    )
    def test_c6_a_close_code_says_whether_to_come_back(self, code, ends):
        assert isinstance(welcomed().lost(ConnectionClosed(code, ""), 1)[-1], End) is ends

    def test_c6_the_document_goes_before_the_standard(self):
        made = welcomed(life(close_codes={1001: CloseCode(1001, "Closed for good", "no")}))

        assert made.lost(ConnectionClosed(1001, ""), 1) == [End(made._end)]

    def test_a_number_of_attempts_is_enough_if_it_is_said_so(self):
        made = life(reconnect=Reconnect(attempts=2))
        made.start()
        for _ in range(2):
            made.lost(LOST, 0)
            made.elapsed(made.due)

        assert made.lost(LOST, 0) == [End(LOST)]


class TestBacklog:
    def test_without_one_nothing_is_kept(self):
        made = welcomed()
        made.lost(LOST, 0)

        with pytest.raises(NotConnected):
            made.say(HI, "{}", 1)

    def test_what_is_said_while_away_waits_and_goes_first(self):
        made = welcomed(life(keeping=Keeping()))
        made.lost(LOST, 0)
        assert not made.say(HI, "a", 1)
        made.elapsed(made.due)
        made.opened(V1, None, 2)
        assert not made.say(HI, "b", 2)

        assert made.heard(WELCOME, 3)[-1] == Flush()
        assert not made.say(HI, "c", 3)
        assert [made.backlog.first for _ in range(3) if made.backlog.sent() or True] == ["b", "c", None]
        assert made.say(HI, "d", 3)

    def test_what_waited_too_long_is_told(self):
        made = welcomed(life(keeping=Keeping(age=5)))
        made.lost(LOST, 0)
        made.say(HI, "a", 1)
        made.say(Say(text="later"), "b", 3)

        assert made.elapsed(6.1)[0] == Tell(NotSent((HI,)))

    def test_after_the_end_nothing_is_taken(self):
        made = welcomed(life(keeping=Keeping()))
        made.lost(ConnectionClosed(4403, "no"), 0)

        with pytest.raises(ConnectionClosed, match="4403: no"):
            made.say(HI, "a", 1)
        assert not made.keep(HI, "a", 1)


class TestEnd:
    def test_closing_ends_everything_at_once(self):
        made = welcomed()
        made.ask("{}")

        answer, hang_up, end = made.close(4000, "enough")

        assert isinstance(answer.error, ConnectionLost)
        assert hang_up == HangUp(4000, "enough")
        assert isinstance(end, End)
        assert made.state == Closed(4000, "enough", is_final=False)
        assert made.close() == []
        assert made.lost(LOST, 1) == []
        assert made.heard("{}", 1) == []
        assert made.elapsed(1e9) == []


LINES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            WELCOME,
            "!ping",
            "!degraded",
            '!draining {"delay":1}',
            '!done {"id":"1"}',
            "#1 {}",
            "@3 {}",
            "@4:~user {}",
        ]
    ),
    st.builds(
        lambda name, fields: f"!{name} {json.dumps(fields)}",
        st.sampled_from(["welcome", "position", "error", "done", "draining", "expiring", "token"]),
        st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "code",
                    "text",
                    "epoch",
                    "offset",
                    "audience",
                    "recovered",
                    "delay",
                    "heartbeat",
                    "timeout",
                ]
            ),
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.text(max_size=5)
            | st.lists(st.integers(), max_size=1),
        ),
    ),
)
DOINGS = {
    "opened": lambda made, _frame, _code, now: made.opened(V1, None, now),
    "legacy": lambda made, _frame, _code, now: made.opened(None, None, now),
    "heard": lambda made, frame, _code, now: made.heard(frame, now),
    "lost": lambda made, _frame, code, now: made.lost(ConnectionClosed(code, ""), now),
    "refused": lambda made, _frame, _code, now: made.lost(ConnectionRefused("", 401), now),
    "due": lambda made, _frame, _code, now: made.elapsed(now),
    "close": lambda made, _frame, code, _now: made.close() if code == 1000 else [],
}

HAPPENINGS = st.lists(
    st.tuples(
        st.sampled_from(sorted(DOINGS)),
        st.lists(LINES, max_size=3).map("\n".join),
        st.sampled_from([1000, 1001, 1006, 4401, 4403]),
        st.floats(0, 40),
    ),
    max_size=30,
)


def ask_and_say(made, now):
    """The id of a request, if there may be one."""
    with suppress(NotConnected, ConnectionClosed):
        made.say(HI, "{}", now)
    with suppress(ConnectionClosed):
        return [made.ask("{}")[0]]
    return []


@given(HAPPENINGS)
def test_whatever_happens_it_never_fails_and_ends_once(happenings):
    made, now, asked = life(keeping=Keeping(messages=3)), 0.0, []
    steps = made.start()
    for what, frame, code, passed in happenings:
        now = max(now + passed, made.due or 0) if what == "due" else now + passed
        steps += DOINGS[what](made, frame, code, now)
        asked += ask_and_say(made, now)
        assert isinstance(made.state, Open | Connecting | Reconnecting | Closed)
    steps += made.close()

    assert len([step for step in steps if isinstance(step, End)]) == 1
    assert sorted(step.id for step in steps if isinstance(step, Answer)) == sorted(asked)
    assert isinstance(made.state, Closed)
    assert made.due is None


@given(st.lists(st.integers(0, 12), max_size=60), st.lists(st.sampled_from([1, 5, 10]), max_size=5))
def test_p2_no_message_is_handed_on_twice_whatever_is_replayed(offsets, breaks):
    made = welcomed()
    made.heard('!position {"audience":"","epoch":"e","offset":0}', 0)
    handed = []
    for number, offset in enumerate(offsets):
        if number in breaks:
            position = again(made)["positions"][""]
            made.heard(WELCOME, 0)
            made.heard(f'!position {{"audience":"","epoch":"e","offset":{position[2:]},"recovered":true}}', 0)
        handed += [step.frame for step in without_places(made.heard(f"@{offset} {offset}", 0)) if offset]

    assert handed == sorted(set(handed), key=int)
