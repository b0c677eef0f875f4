import json

import pytest

from room import ROOM, Left, Said
from wirepact.client.reading import Reader
from wirepact.messages import Unknown


def test_a_known_message_is_its_model():
    assert Reader(ROOM.sends).read('{"type": "said", "text": "안녕"}') == Said(text="안녕")
    assert Reader(ROOM.sends).read('{"type": "left"}') == Left()


def test_new_fields_are_kept():
    message = Reader(ROOM.sends).read('{"type": "said", "text": "hi", "likes": 3}')

    assert isinstance(message, Said)
    assert message.model_extra == {"likes": 3}


@pytest.mark.parametrize(
    ("frame", "name"),
    [
        ('{"type": "renamed", "to": "x"}', "renamed"),
        ('{"type": 5}', None),
        ('{"type": null}', None),
    ],
)
def test_a_message_that_is_not_in_the_document_is_unknown_and_whole(frame, name):
    assert Reader(ROOM.sends).read(frame) == Unknown(name, frame)


@pytest.mark.parametrize(
    "frame",
    [
        '{"type": "said", "text": 5}',
        '{"type": "said"}',
        '{"type": "said", "text": "hi", "mood": "a value of tomorrow"}',
    ],
)
def test_a_message_whose_content_does_not_fit_says_why(frame):
    unknown = Reader(ROOM.sends).read(frame)

    assert isinstance(unknown, Unknown)
    assert (unknown.name, unknown.raw) == ("said", frame)
    assert unknown.problem


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{}",
        '{"kind": "said"}',
        "no json",
        "[]",
        '"said"',
        "null",
        '{"type": "said"',
        "[" * 100_000,
        '{"type": NaN}',
    ],
    ids=repr,
)
def test_what_is_no_message_at_all_is_unknown_without_a_name(frame):
    unknown = Reader(ROOM.sends).read(frame)

    assert isinstance(unknown, Unknown)
    assert (unknown.name, unknown.raw) == (None, frame)
    assert unknown.problem


def test_a_binary_frame_is_unknown_as_it_came():
    assert Reader(ROOM.sends).read(b"\x00\xff") == Unknown(None, b"\x00\xff", "a binary frame")


def test_names_of_several_parts_are_joined():
    messages = type(ROOM.sends)(paths=(("topic",), ("data", "kind")), types=())

    unknown = Reader(messages).read(json.dumps({"topic": "chat", "data": {"kind": "joined"}}))

    assert isinstance(unknown, Unknown)
    assert unknown.name == "chat/joined"
