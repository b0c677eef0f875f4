"""The lines of `wirepact.v1`: docs/wire.md V1 to V5, V13, V17."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirepact.errors import BadRequest
from wirepact.lines import (
    Control,
    Said,
    answering,
    control_line,
    is_identifier,
    joined,
    positioned,
    read_line,
)

IDS = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
AUDIENCES = st.sampled_from(["", "product=7", "room=a%20b", "~user", "~role=NURSE"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(VALUES)
def test_any_json_text_is_a_message_as_it_stands(value):
    text = json.dumps(value, separators=(",", ":"))

    assert read_line(text) == Said(text)


@given(VALUES, IDS)
def test_a_request_is_read_as_it_was_written(value, request):
    text = json.dumps(value)

    assert read_line(answering(text, request)) == Said(text, id=request)


@given(VALUES, st.integers(1, 2**50), AUDIENCES)
def test_a_position_is_read_as_it_was_written(value, offset, audience):
    payload = json.dumps(value).encode()

    line = positioned(payload, offset, audience).decode()

    assert read_line(line) == Said(payload.decode(), offset=offset, audience=audience)


@given(
    st.from_regex(r"[a-z_]{1,32}", fullmatch=True),
    st.dictionaries(st.text(), VALUES.filter(lambda each: each is not None)),
)
def test_a_control_line_is_read_as_it_was_written(name, fields):
    line = control_line(name, **fields)

    assert "\n" not in line
    assert read_line(line) == Control(name, fields)


def test_fields_that_are_absent_are_not_written():
    assert control_line("ping") == "!ping"
    assert control_line("welcome", expires=None, heartbeat=25) == '!welcome {"heartbeat":25}'


def test_lines_are_joined_without_one_at_the_end():
    assert joined([b"1", b"!ping", b"2"]) == b"1\n!ping\n2"


@pytest.mark.parametrize(
    "line",
    [
        "!",
        "!Ping",
        "!ping ",
        "!ping {",
        "!ping []",
        "!ping 1",
        '!ping {"a":NaN}',
        '!ping {"a":"\ud800"}',
        "! ping",
        "#",
        "# {}",
        "#a{}",
        "#" + "a" * 65 + " {}",
        "#ä {}",
        "@",
        "@0 {}",
        "@-1 {}",
        "@01 {}",
        "@1{}",
        "@1: {}",
        "@1:ä {}",
        "@99999999999999999 {}",
    ][:22],
)
def test_what_only_looks_like_a_tag_is_refused(line):
    with pytest.raises(BadRequest):
        read_line(line)


@given(st.text())
def test_no_text_does_anything_but_be_read_or_refused(text):
    with suppress(BadRequest):
        assert isinstance(read_line(text), Control | Said)


def test_an_identifier_is_short_and_plain():
    assert is_identifier("a-Z_9")
    assert not any(map(is_identifier, ["", "a b", "a" * 65, "é", "a\n"]))
