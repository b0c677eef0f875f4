"""Messages that are no JSON on the wire: bytes in binary frames, and plain text."""

from dataclasses import replace
from typing import Annotated, Literal

import pytest
from pydantic import Field

from wirepact.client.reading import Reader
from wirepact.core.session import Close, Dispatch, Session
from wirepact.descriptors import Limits, MessageSet, MessageType
from wirepact.errors import InvalidPayload, UnknownMessage
from wirepact.messages import BinaryMessage, ConstrainedValue, Message, Unknown, ValueMessage
from wirepact.wire import Decoder, decode, encode
from works import HALL


class Start(Message):
    type: Literal["start"] = "start"


class Audio(BinaryMessage):
    """Sound."""


class Line(ValueMessage[Annotated[str, Field(max_length=9)]], encoding="text"):
    """What was typed."""


class Word(ConstrainedValue[str], encoding="text", rest={"not": {"pattern": " "}}):
    """What was typed without a space."""


SPEECH = MessageSet((("type",),), (MessageType("start", Start, ("start",)), MessageType("audio", Audio)))
SOUND = MessageSet(types=(MessageType("audio", Audio),))
CONSOLE = MessageSet(types=(MessageType("line", Line),))
AMBIGUOUS = MessageSet(
    (("type",),), (MessageType("start", Start, ("start",)), MessageType("line", Line)), ambiguous=True
)


def test_bytes_are_the_one_binary_message_and_text_is_told_apart():
    assert decode(SPEECH, b'{"type":"start"}') == Audio(data=b'{"type":"start"}')
    assert decode(SPEECH, '{"type":"start"}') == Start()
    assert decode(SOUND, b"") == Audio(data=b"")


def test_text_where_only_bytes_may_come_is_refused():
    with pytest.raises(UnknownMessage, match="only binary frames"):
        decode(SOUND, "{}")


@pytest.mark.parametrize("text", ["ls -l", "{}", '"quoted"', "", "\u0000\\n", "볼트\U0001f600"])
def test_plain_text_goes_both_ways_as_it_is(text):
    line = decode(CONSOLE, text)

    assert line == Line(text)
    assert encode(line) == text


def test_plain_text_fits_its_schema():
    words = MessageSet(types=(MessageType("word", Word),))

    assert decode(words, "word") == Word("word")
    with pytest.raises(InvalidPayload, match="must have a length of at most 9"):
        decode(CONSOLE, "0123456789")
    with pytest.raises(InvalidPayload):
        decode(words, "two words")


def test_where_text_was_not_told_apart_json_comes_first():
    assert decode(AMBIGUOUS, '{"type":"start"}') == Start()
    assert decode(AMBIGUOUS, '{"a":1}') == Line('{"a":1}')


def test_bytes_are_written_as_they_are():
    assert encode(Audio(data=b"\x00\xff")) == b"\x00\xff"


def test_a_connection_takes_bytes_where_they_are_a_message_within_the_limit():
    channel = replace(HALL, limits=Limits(message_bytes=3))
    session = Session(channel, Decoder(SPEECH), inbox=9)

    assert session.hear(b"\x00\xff\x00", now=0) == Dispatch(Audio(data=b"\x00\xff\x00"))
    assert session.hear(b"\x00\xff\x00\x00", now=0) == Close(1009)


def test_a_client_reads_bytes_where_they_are_a_message():
    assert Reader(SPEECH).read(b"\x00") == Audio(data=b"\x00")
    assert Reader(CONSOLE).read(b"\x00") == Unknown(None, b"\x00", "a binary frame")
