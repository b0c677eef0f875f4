"""Signs as the decoder reads them, in Python as in TypeScript."""

import json

import pytest

from wirepact.descriptors import MessageSet, MessageType, Sign
from wirepact.errors import BadRequest, InvalidPayload, UnknownMessage
from wirepact.messages import Message
from wirepact.signs import shows
from wirepact.wire import decode


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


@pytest.mark.parametrize(
    ("frame", "sign", "is_shown"),
    [
        ("{}", Sign((), ("object",)), True),
        ("[]", Sign((), ("object",)), False),
        ("1.5", Sign((), ("number",)), True),
        ("true", Sign((), ("number",)), False),
        ("null", Sign((), ("null",)), True),
        ("null", Sign((), ("absent",)), False),
        ('{"a":1.0}', Sign(("a",), values=(1,)), True),
        ('{"a":true}', Sign(("a",), values=(1,)), False),
        ('{"a":1}', Sign(("a",), values=(True,)), False),
        ('{"a":[]}', Sign(("a",), values=(None,)), False),
        ("{}", Sign(("a",), values=(None,)), False),
        ("{}", Sign(("a",), ("absent",), (None,)), True),
        ('{"a":null}', Sign(("a",), ("absent",), (None,)), True),
        ('{"a":[{"b":"x"}]}', Sign(("a", 0, "b"), values=("x",)), True),
        ('{"a":{"0":{"b":"x"}}}', Sign(("a", 0, "b"), ("absent",)), True),
        ('["x"]', Sign(("0",), ("absent",)), True),
        ('["x"]', Sign((1,), ("absent",)), True),
        (f'{{"a":{2**53 + 1}}}', Sign(("a",), values=(2**53,)), True),
        (f'{{"a":1{"0" * 400}}}', Sign(("a",), values=(1,)), False),
    ],
)
def test_a_sign_is_shown_or_not(frame, sign, is_shown):
    assert shows(json.loads(frame), (sign,)) is is_shown


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
