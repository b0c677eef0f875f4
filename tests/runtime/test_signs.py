"""Signs as the decoder reads them, in Python as in TypeScript."""

import json
from pathlib import Path

import pytest

from wirepact.descriptors import MessageSet, MessageType, Sign
from wirepact.errors import BadRequest, InvalidPayload, UnknownMessage
from wirepact.messages import Message
from wirepact.signs import shows
from wirepact.wire import decode, parse

SHOWN = json.loads((Path(__file__).parents[1] / "contract" / "signs.json").read_text("utf-8"))
"""What the TypeScript client is held to as well."""


class Text(Message):
    text: str


class Count(Message):
    text: int


class Loose(Message):
    pass


SIGNED = MessageSet(
    types=(
        MessageType("text", Text, signs=(Sign(("text",), ("string",)),)),
        MessageType("count", Count, signs=(Sign(("text",), ("number",)),)),
    )
)
AMBIGUOUS = MessageSet(
    types=(
        MessageType("count", Count, signs=(Sign((), ("object",)),)),
        MessageType("text", Text, signs=(Sign((), ("object",)),)),
    ),
    ambiguous=True,
)


@pytest.mark.parametrize("shown", SHOWN, ids=lambda each: each["frame"][:20])
def test_a_sign_is_shown_or_not(shown):
    sign = Sign(*(tuple(shown["sign"].get(each, ())) for each in ("path", "kinds", "values")))

    assert shows(parse(shown["frame"]), (sign,)) is shown["isShown"]


def test_a_frame_is_the_message_whose_signs_it_shows():
    assert decode(SIGNED, '{"text":"a"}') == Text(text="a")
    assert decode(SIGNED, b'{"text":1}') == Count(text=1)


def test_what_shows_no_signs_is_unknown_and_what_does_not_fit_is_told():
    with pytest.raises(UnknownMessage):
        decode(SIGNED, '{"text":null}')
    with pytest.raises(UnknownMessage):
        decode(SIGNED, "[]")
    with pytest.raises(InvalidPayload):
        decode(SIGNED, '{"text":1.5}')
    with pytest.raises(BadRequest):
        decode(SIGNED, '{"text":')


def test_without_a_proof_a_frame_is_the_first_message_that_it_fits():
    loose = MessageSet(
        (), (*AMBIGUOUS.types, MessageType("any", Loose, signs=(Sign((), ("object",)),))), ambiguous=True
    )

    assert decode(AMBIGUOUS, '{"text":"a"}') == Text(text="a")
    assert type(decode(loose, '{"text":1}')) is Count
    assert type(decode(loose, "{}")) is Loose
    with pytest.raises(InvalidPayload):
        decode(AMBIGUOUS, '{"text":null}')
