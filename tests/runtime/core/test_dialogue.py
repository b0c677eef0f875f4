"""What a connection that speaks `wirepact.v1` decides, without a socket or a clock: docs/wire.md V1 to V9, V17, V19, V22."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirepact.broker import Position
from wirepact.core.dialogue import HELLO_WITHIN, NOWHERE, Dialogue, Hello, Pong, Renew
from wirepact.core.session import Answer, Close, Dispatch, Session, Warn
from wirepact.descriptors import Limits
from wirepact.errors import BadRequest, DuplicateId, RateLimited, UnknownMessage
from wirepact.lines import FRAME_BYTES, MOST_LINES
from wirepact.wire import Decoder
from works import HALL, GetNotes

ASK = '{"type":"get_notes"}'


def dialogue(*, limits=None, inbox=10, greeted=True):
    channel = replace(HALL, limits=limits or Limits())
    session = Session(channel, Decoder(channel.receives), inbox=inbox)
    made = Dialogue(session, message_bytes=channel.limits.message_bytes, now=0)
    if greeted:
        assert said(made, "!hello") == [Hello()]
    return made


def said(made, frame, now=0.0):
    return list(made.hear(frame, now))


class TestHello:
    def test_it_says_who_and_where(self):
        line = '!hello {"token":"t","session":"tab-1","positions":{"":"e.4","product=7":"e.41"},"client":"ts/1","contract":"c0","later":1}'

        positions = {"": Position("e", 4), "product=7": Position("e", 41)}
        assert said(dialogue(greeted=False), line) == [Hello("t", "tab-1", positions, "ts/1", "c0")]

    def test_a_position_that_can_not_be_read_is_nowhere(self):
        line = '!hello {"positions":{"":7,"a":"x","b":"e.-1"}}'

        [hello] = said(dialogue(greeted=False), line)

        assert set(hello.positions.values()) == {NOWHERE}

    @pytest.mark.parametrize("line", [ASK, "#1 " + ASK, "!ping", '!token {"token":"t"}', "!!", "", "!hello{"])
    def test_nothing_may_come_before_it(self, line):
        assert said(dialogue(greeted=False), f"{line}\n!hello") == [Close(4401)]

    def test_nor_may_a_binary_frame(self):
        assert said(dialogue(greeted=False), b"x") == [Close(4401)]

    def test_it_comes_once(self):
        assert said(dialogue(), f"!hello\n{ASK}") == [Close(4400)]

    @pytest.mark.parametrize(
        "fields",
        [
            '{"token":1}',
            '{"session":""}',
            '{"session":"a b"}',
            '{"positions":[]}',
            '{"client":{}}',
            '{"contract":null}',
        ],
    )
    def test_a_field_of_another_kind_ends_it(self, fields):
        assert said(dialogue(greeted=False), f"!hello {fields}") == [Close(4400)]

    def test_it_has_its_time(self):
        made = dialogue(greeted=False)

        assert not made.is_late(HELLO_WITHIN - 0.1)
        assert made.is_late(HELLO_WITHIN)
        said(made, "!hello", HELLO_WITHIN)
        assert not made.is_late(HELLO_WITHIN * 9)


class TestLines:
    def test_each_is_heard_in_order(self):
        steps = said(dialogue(), f"{ASK}\n!ping\n#r1 {ASK}\n{{")

        assert steps[:3] == [Dispatch(GetNotes()), Pong(), Dispatch(GetNotes(), "r1")]
        assert isinstance(steps[3], Answer)
        assert isinstance(steps[3].refusal, BadRequest)

    def test_the_answer_to_a_bad_request_has_its_id(self):
        [answer] = said(dialogue(), '#r1 {"type":"dance"}')

        assert isinstance(answer.refusal, UnknownMessage)
        assert answer.id == "r1"

    def test_there_are_not_too_many(self):
        assert said(dialogue(inbox=99), "\n".join([ASK] * (MOST_LINES + 1))) == [Close(4400)]
        assert len(said(dialogue(inbox=99), "\n".join([ASK] * MOST_LINES))) == MOST_LINES

    def test_a_frame_has_a_size_and_so_has_a_line(self):
        limits = Limits(message_bytes=100)

        assert said(dialogue(limits=limits), " " * (FRAME_BYTES + 1)) == [Close(1009)]
        assert said(dialogue(limits=limits), "ä" * (FRAME_BYTES // 2 + 1)) == [Close(1009)]
        assert said(dialogue(limits=limits), f"{ASK}\n" + " " * 101 + f"\n{ASK}") == [
            Dispatch(GetNotes()),
            Close(1009),
        ]

    def test_a_pong_is_only_a_sign_of_life(self):
        made = dialogue()

        assert said(made, "!pong", now=7.5) == []
        assert made.heard == 7.5

    @pytest.mark.parametrize("line", ["!dance", "!token", '!token {"token":1}', f"@7 {ASK}", "#", "@x"])
    def test_what_means_nothing_is_answered(self, line):
        [warning] = said(dialogue(), line)

        assert isinstance(warning, Warn)
        assert isinstance(warning.refusal, BadRequest)

    def test_a_new_token_is_handed_on(self):
        assert said(dialogue(), '!token {"token":"t2"}') == [Renew("t2")]

    @given(st.text(alphabet='!#@{}[]":, \nabc01ä\ud800', max_size=60))
    def test_no_frame_raises(self, frame):
        made = dialogue()

        for step in said(made, frame):
            assert isinstance(step, Dispatch | Answer | Warn | Close | Hello | Renew | Pong)


class TestRequests:
    def test_an_id_is_free_again_when_it_was_answered(self):
        made = dialogue()
        said(made, f"#r1 {ASK}")

        [again] = said(made, f"#r1 {ASK}")
        made.done("r1")

        assert again == Warn(again.refusal, "r1")
        assert isinstance(again.refusal, DuplicateId)
        assert said(made, f"#r1 {ASK}") == [Dispatch(GetNotes(), "r1")]

    def test_a_request_that_came_too_fast_leaves_its_id_free(self):
        made = dialogue(inbox=1)
        said(made, ASK)

        [warning] = said(made, f"#r1 {ASK}")
        made.done()

        assert isinstance(warning.refusal, RateLimited)
        assert warning.id == "r1"
        assert said(made, f"#r1 {ASK}") == [Dispatch(GetNotes(), "r1")]
