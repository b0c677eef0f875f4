"""What a server does not take, though it is JSON, and how little looking for it costs."""

import json
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirepact.descriptors import Limits
from wirepact.errors import BadRequest, InvalidPayload, UnknownMessage
from wirepact.messages import Message
from wirepact.strictness import check
from wirepact.wire import Decoder, parse, validate
from works import HALL

SERVER = Decoder(HALL.receives, HALL.limits)


def refusal(frame, decoder=SERVER):
    with pytest.raises((BadRequest, InvalidPayload, UnknownMessage)) as caught:
        decoder.decode(frame)
    return type(caught.value), caught.value.text


def nested(depth):
    return "[" * depth + "]" * depth


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_what_is_nested_as_deeply_as_allowed_is_taken_and_one_deeper_is_not(opening):
    closing = "]" if opening == "[" else "1}"
    text = opening * 8 + closing * 8 if opening == "[" else opening * 8 + "1" + "}" * 8

    assert parse(text, Limits(nesting=8))
    with pytest.raises(BadRequest, match="is nested too deeply"):
        parse(text, Limits(nesting=7))


def test_a_key_that_stands_twice_is_refused():
    assert refusal('{"type":"watch","machine":1,"machine":2}') == (
        BadRequest,
        'has the key "machine" twice',
    )


@pytest.mark.parametrize(
    "frame",
    [
        '{"type":"watch","type":"watch","machine":1}',
        '{"type" : "watch" , "machine" : 1, "machine" : 1}',
        '{"type":"watch","machine":1,"more":{"a":1,"a":1}}',
        '{"type":"watch","machine":1,"more":[{"b":"x"},{"a":1,"a":{}}]}',
        '{"type":"watch","machine":1,"\\u006dachine":1}',
        '{"type":"watch","more":{"x":1},"machine":1,"more":{"y":1}}',
        b'{"type":"watch","machine"\n:1,"machine":1}',
    ],
)
def test_it_is_found_wherever_and_however_it_is_written(frame):
    assert refusal(frame)[0] is BadRequest
    assert refusal(frame)[1].endswith("twice")


@pytest.mark.parametrize(
    "frame",
    [
        '{"type":"watch","machine":1,"text":"a \\":b\\": c :"}',
        '{ "type" : "watch" , "machine" :1, "list" : [{"a" :1},{"a" :1}]}',
        b'{"type":"watch","machine":1,"a":{"type":1},"":{"":2}}',
    ],
)
def test_what_only_looks_like_it_is_taken(frame):
    assert SERVER.decode(frame).machine == 1


KEYS = st.text(st.sampled_from(["a", "b", '"', ":", " ", "\\"]), max_size=2)
VALUES = st.recursive(
    st.one_of(st.integers(), KEYS),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(KEYS, inner)),
    max_leaves=6,
)
SPACES = st.text(st.sampled_from(" \n\t\r"), max_size=1)


@given(st.lists(st.tuples(KEYS, VALUES), min_size=1), SPACES, SPACES)
def test_exactly_what_has_a_key_twice_is_refused(pairs, before, after):
    members = ",".join(f"{json.dumps(key)}{before}:{after}{json.dumps(value)}" for key, value in pairs)
    text = "{" + members + "}"
    is_twice = len({key for key, _ in pairs}) < len(pairs)

    try:
        check(text, json.loads(text), Limits())
    except BadRequest:
        assert is_twice
    else:
        assert not is_twice


def test_the_body_of_a_request_is_held_to_the_same():
    class Body(Message):
        a: int

    with pytest.raises(BadRequest, match="twice"):
        validate(Body, b'{"a":1,"a":2}', Limits())
    with pytest.raises(BadRequest, match="nested"):
        validate(Body, b'{"a":1,"b":[[[]]]}', Limits(nesting=3))


HOSTILE = {
    "brackets": nested(100_000),
    "open brackets": "[" * 100_000,
    "ten thousand digits": '{"type":"watch","machine":' + "9" * 10_000 + "}",
    "many digits beside a key that stands twice": '{"type":"watch","a" :'
    + "9" * 4_000
    + ',"machine":1,"a":1}',
    "a key of a megabyte": json.dumps({"type": "watch", "machine": "x", "k" * 1_000_000: 1}),
    "a key of a megabyte twice": f'{{"type":"watch","{"k" * 1_000_000}":1,"{"k" * 1_000_000}":1}}',
    "a constant of a megabyte": json.dumps({"type": "k" * 1_000_000}),
    "a key that stands a hundred thousand times": '{"type":"watch",' + ",".join(['"a":1'] * 100_000) + "}",
}


@pytest.mark.faults(row=23)
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_json_is_refused_in_few_words(what):
    kind, text = refusal(HOSTILE[what])

    assert kind in {BadRequest, InvalidPayload, UnknownMessage}
    assert len(text) < 200
    assert set(text) <= set(string.printable + "…")


@pytest.mark.faults(row=23)
@pytest.mark.parametrize("what", HOSTILE)
def test_refusing_it_costs_no_more_than_taking_what_is_as_long(what):
    harmless = json.dumps({"type": "watch", "machine": 1, "more": [{"a": 1}] * 100_000})

    assert effort(lambda: refusal(HOSTILE[what])) < effort(lambda: SERVER.decode(harmless))


def effort(act):
    """Seconds of this thread's own work, the least of three, whatever else the machine does."""
    found = []
    for _ in range(3):
        start = time.thread_time()
        act()
        found.append(time.thread_time() - start)
    return min(found)
