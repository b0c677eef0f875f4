"""Frames into messages and refusals, and back."""

import json
import time
from typing import Literal

import pytest
from pydantic import MISSING

from wirepact.descriptors import ErrorShape, MessageSet, MessageType
from wirepact.errors import BadRequest, Conflict, Internal, InvalidPayload, TooMany, UnknownMessage
from wirepact.messages import Message
from wirepact.wire import Decoder, ErrorWriter, decode, encode, parse_object, validate
from works import HALL, Error, GetNotes, Notes, Watch


class Kick(Message):
    topic: Literal["room"] = "room"
    data: dict[str, object]


class Move(Message):
    x: int
    y: int


NESTED = MessageSet(
    paths=(("topic",), ("data", "kind")),
    types=(MessageType("kick", Kick, ("room", "kick")), MessageType("ban", Kick, ("room", "ban"))),
)
ONLY = MessageSet(types=(MessageType("move", Move),))


def refusal(messages, frame):
    with pytest.raises((BadRequest, UnknownMessage, InvalidPayload)) as caught:
        decode(messages, frame)
    return type(caught.value), caught.value.text


def test_a_frame_becomes_the_message_that_its_constant_names():
    assert decode(HALL.receives, '{"type":"watch","machine":7}') == Watch(machine=7)


def test_bytes_are_as_good_as_text():
    assert decode(HALL.receives, b'{"type":"get_notes","limit":3}') == GetNotes(limit=3)


def test_several_constants_may_tell_messages_apart_also_nested_ones():
    decoder = Decoder(NESTED)

    assert decoder.decode('{"topic":"room","data":{"kind":"ban"}}').data == {"kind": "ban"}


def test_without_constants_there_is_one_message():
    assert decode(ONLY, '{"x":1,"y":2}') == Move(x=1, y=2)


@pytest.mark.parametrize(
    ("frame", "error", "text"),
    [
        ("{", BadRequest, "is not valid JSON"),
        ("", BadRequest, "is not valid JSON"),
        ('{"type":"watch","machine":NaN}', BadRequest, "is not valid JSON"),
        ('{"type":"watch","machine":-Infinity}', BadRequest, "is not valid JSON"),
        ('{"type":"watch","machine":"\\ud800"}', BadRequest, "is not valid JSON"),
        (b'{"type":"\xff"}', BadRequest, "is not valid JSON"),
        ('{"type":"watch","machine":' + "9" * 10_000 + "}", BadRequest, "is not valid JSON"),
        ('{"type":"watch","machine":1} {}', BadRequest, "is not valid JSON"),
        ('["watch"]', BadRequest, "must be a JSON object"),
        ("1", BadRequest, "must be a JSON object"),
        ("null", BadRequest, "must be a JSON object"),
        ("{}", BadRequest, 'the field "type" is missing'),
        ('{"machine":1}', BadRequest, 'the field "type" is missing'),
        ('{"type":"dance"}', UnknownMessage, 'there is no message with type "dance"'),
        ('{"type":5}', UnknownMessage, "there is no message with type 5"),
        ('{"type":null}', UnknownMessage, "there is no message with type null"),
        ('{"type":true}', UnknownMessage, "there is no message with type true"),
        ('{"type":["watch"]}', UnknownMessage, "there is no message with type of this kind"),
        ('{"type":{"watch":1}}', UnknownMessage, "there is no message with type of this kind"),
        ('{"type":"watch"}', InvalidPayload, "machine: is required"),
        ('{"type":"get_notes","limit":"10"}', InvalidPayload, "limit: must be an integer"),
        ('{"type":"get_notes","limit":10.0}', InvalidPayload, "limit: must be an integer"),
        ('{"type":"get_notes","limit":true}', InvalidPayload, "limit: must be an integer"),
        ('{"type":"get_notes","limit":null}', InvalidPayload, "limit: must be an integer"),
        ('{"type":"get_notes","limit":-1}', InvalidPayload, "limit: must be at least 1"),
        ('{"type":"get_notes","limit":101}', InvalidPayload, "limit: must be at most 100"),
    ],
)
def test_a_frame_that_does_not_fit_is_refused_in_our_words(frame, error, text):
    assert refusal(HALL.receives, frame) == (error, text)


def test_what_is_missing_of_several_constants_is_named():
    assert refusal(NESTED, '{"topic":"room"}') == (BadRequest, 'the field "data.kind" is missing')
    assert refusal(NESTED, '{"topic":"room","data":{"kind":"hug"}}') == (
        UnknownMessage,
        'there is no message with topic "room" and data.kind "hug"',
    )


def test_where_nothing_is_received_nothing_is_known():
    assert refusal(MessageSet(), '{"type":"watch"}') == (UnknownMessage, "nothing may be sent here")


@pytest.mark.parametrize("opening", ["[", '{"type":', '{"type":"watch","machine":['])
def test_deep_nesting_is_refused_as_cheaply_as_a_flat_text_is_read(opening):
    nested, flat = opening * 100_000, json.dumps({"type": ["x"] * 20_000})

    assert refusal(HALL.receives, nested) == (BadRequest, "is nested too deeply")
    assert effort(nested) < effort(flat)


def effort(text):
    """Seconds of this thread's own work, the least of three, whatever else the machine does."""
    found = []
    for _ in range(3):
        start = time.thread_time()
        refusal(HALL.receives, text)
        found.append(time.thread_time() - start)
    return min(found)


def test_a_long_name_is_not_echoed_in_full():
    _, text = refusal(HALL.receives, json.dumps({"type": "x" * 10_000}))

    assert len(text) < 100
    assert text.startswith('there is no message with type "xxx')


def test_an_echo_can_not_break_a_line():
    _, text = refusal(HALL.receives, json.dumps({"type": 'a\nb"\u2028'}))

    assert "\n" not in text


def test_a_key_that_stands_twice_counts_for_clients_as_it_stands_last_for_both_readings():
    assert decode(HALL.receives, '{"type":"dance","type":"watch","machine":"a","machine":1}') == Watch(
        machine=1
    )
    assert refusal(HALL.receives, '{"type":"watch","machine":1,"type":"dance"}')[0] is UnknownMessage


def test_one_and_true_and_one_point_zero_are_three_constants():
    numbers = MessageSet((("v",),), (MessageType("a", Move, (1,)), MessageType("b", Notes, (True,))))

    assert refusal(numbers, '{"v":1.0}')[0] is UnknownMessage
    assert refusal(numbers, '{"v":true}') == (InvalidPayload, "notes: is required")
    assert refusal(numbers, '{"v":1}') == (InvalidPayload, "x: is required; y: is required")


class Said(Message):
    header: dict[Literal["type"], Literal["said"]]
    text: str
    big: int = 0


AGED = MessageSet((("header", "type"),), (MessageType("said", Said, ("said",), aliases=(("told",), (5,))),))


@pytest.mark.parametrize("name", ["told", 5])
def test_a_message_under_an_older_name_is_read_under_the_name_of_today(name):
    big = 12345678901234567890123
    frame = json.dumps({"text": "값", "header": {"type": name}, "big": big, "later": 1.5})

    message = decode(AGED, frame)

    assert encode(message) == f'{{"header":{{"type":"said"}},"text":"값","big":{big},"later":1.5}}'


def test_an_older_name_excuses_nothing_else():
    assert refusal(AGED, '{"header":{"type":"told"}}') == (InvalidPayload, "text: is required")
    assert refusal(AGED, '{"header":{"type":"5"}}')[0] is UnknownMessage


def test_fields_that_nobody_knows_are_kept():
    message = decode(HALL.receives, '{"type":"watch","machine":1,"shade":"blue"}')

    assert encode(message) == '{"type":"watch","machine":1,"shade":"blue"}'


def test_a_message_is_written_in_the_order_of_its_fields_and_without_the_absent():
    class Ordered(Message):
        type: Literal["ordered"] = "ordered"
        b: str
        a: int | MISSING = MISSING

    assert encode(Ordered(b="값")) == '{"type":"ordered","b":"값"}'


def test_a_body_is_validated_without_constants():
    assert validate(Move, b'{"x":1,"y":2}') == Move(x=1, y=2)
    with pytest.raises(BadRequest):
        parse_object(b"[]")


def test_a_refusal_is_written_as_the_documents_error_message():
    writer = ErrorWriter(ErrorShape(Error, code=("code",), text=("message",)))

    written = writer.write(Conflict("there already"))

    assert json.loads(written) == {"type": "error", "code": "conflict", "message": "there already"}


def test_the_document_has_the_words_for_a_code():
    shape = ErrorShape(Error, code=("code",), text=("message",), texts={"conflict": "No."})
    writer = ErrorWriter(shape)

    said = [
        json.loads(writer.write(each))["message"] for each in (Conflict("there already"), Internal("sorry"))
    ]

    assert said == ["No.", "sorry"]


def test_a_code_that_the_document_does_not_list_becomes_the_nearest():
    writer = ErrorWriter(ErrorShape(Error, code=("code",), text=("message",)))

    assert json.loads(writer.write(TooMany("full")))["code"] == "internal"


def test_an_error_message_may_be_nested():
    class Nested(Message):
        kind: Literal["problem"] = "problem"
        error: dict[str, str]

    writer = ErrorWriter(ErrorShape(Nested, code=("error", "code"), text=("error", "text")))

    assert json.loads(writer.write(Internal("sorry"))) == {
        "kind": "problem",
        "error": {"code": "internal", "text": "sorry"},
    }
