"""What models do beyond pydantic: nothing is written that nobody said, and nothing is taken for what it merely resembles."""

import json
from datetime import UTC, datetime
from typing import Annotated, Literal

import pytest
from pydantic import MISSING, Field, ValidationError

from wirepact.errors import InvalidPayload
from wirepact.formats import DateTime, NotBoolean
from wirepact.messages import Constrained, ConstrainedValue, Message, ValueMessage, filled_with
from wirepact.wire import encode, validate


class Style(Message):
    size: int = 12
    tags: list[str] = Field(default_factory=filled_with([]))
    under: "Style | MISSING" = MISSING


class Text(Constrained, rest={"required": ["type"]}):
    type: Literal["text"] = "text"
    style: Style
    from_: Annotated[str, Field(alias="from")] = "nobody"


class Loose(Message):
    kind: Literal["loose"] = "loose"


class Levels(ConstrainedValue[list[int]], rest={"uniqueItems": True}):
    """A list without repetitions."""


class Weights(ConstrainedValue[dict[str, int]], rest={"required": ["a"]}):
    """An object that must have a field which no class names."""


class Level(ValueMessage[Annotated[int, Field(ge=1)]]):
    """A number from 1."""


@pytest.mark.parametrize(
    "frame",
    [
        '{"type":"text","style":{}}',
        '{"type":"text","style":{"under":{"under":{}}}}',
        '{"type":"text","style":{"size":12,"tags":[]},"from":"nobody"}',
        '{"type":"text","style":{"tags":["a"],"new":null},"size":3}',
    ],
)
def test_what_was_absent_stays_absent_and_what_was_there_is_written(frame):
    assert json.loads(encode(validate(Text, frame))) == json.loads(frame)


def test_a_default_is_there_for_who_reads_the_field():
    text = validate(Text, '{"type":"text","style":{}}')

    assert (text.from_, text.style.size, text.style.tags) == ("nobody", 12, [])


def test_constants_are_written_for_who_makes_a_message_and_defaults_are_not():
    assert encode(Text(style=Style())) == '{"type":"text","style":{}}'
    assert encode(Loose()) == '{"kind":"loose"}'


def test_what_is_set_is_written_even_if_it_is_the_default():
    style = Style(size=12)
    style.tags = []

    assert encode(style) == '{"size":12,"tags":[]}'


def test_a_default_that_was_added_to_is_written():
    style = Style()
    style.tags.append("new")

    assert encode(style) == '{"tags":["new"]}'
    assert Style().tags == []


def test_a_default_with_a_moment_in_it_is_filled_in_wherever_a_message_comes_from():
    class Span(Message):
        since: DateTime

    class Chart(Message):
        span: Annotated[Span, Field(validate_default=True)] = Field(
            default_factory=filled_with({"since": "2026-01-01T00:00:00Z"})
        )

    made, came = Chart(), validate(Chart, "{}")

    assert made == came
    assert made.span.since == datetime(2026, 1, 1, tzinfo=UTC)
    assert encode(made) == encode(came) == "{}"
    with pytest.raises(ValidationError, match="valid datetime"):
        Chart.model_validate({"span": {"since": "2026-01-01T00:00:00Z"}})


def test_a_constant_that_need_not_be_there_is_not_made_up():
    assert encode(validate(Loose, "{}")) == "{}"


def test_a_frame_has_the_names_of_the_wire_only():
    text = validate(Text, '{"type":"text","style":{},"from_":"me"}')

    assert text.from_ == "nobody"
    assert text.model_extra == {"from_": "me"}
    assert Text(style=Style(), from_="me").from_ == "me"


def test_what_has_the_name_of_a_field_in_python_does_not_stand_for_it():
    class Class(Constrained, rest={"required": ["class"]}):
        class_: Annotated[Literal["x"], Field(alias="class")] = "x"

    assert validate(Class, '{"class":"x"}').class_ == "x"
    with pytest.raises(InvalidPayload, match="class: is required"):
        validate(Class, '{"class_":"x"}')


def test_json_has_the_names_of_the_wire_whoever_reads_it():
    class Span(Message):
        from_: Annotated[int, Field(alias="from")]

    class Spans(Message):
        first: Span
        others: list[Span] = Field(default_factory=list)

    assert Spans.model_validate_json('{"first":{"from":1}}').first == Span(from_=1)
    for frame in ('{"first":{"from_":1}}', '{"first":{"from":1},"others":[{"from_":1}]}'):
        with pytest.raises(ValidationError, match="Field required"):
            Spans.model_validate_json(frame)
    assert Span(from_=1).model_extra == Span.model_validate({"from": 1}).model_extra == {}


@pytest.mark.parametrize(("value", "fits"), [("1", True), ("null", True), ("true", False), ("2", False)])
def test_a_number_is_no_boolean(value, fits):
    class Version(Message):
        version: Annotated[Literal[1], NotBoolean] | None

    frame = f'{{"version":{value}}}'

    if fits:
        assert encode(validate(Version, frame)) == frame
    else:
        with pytest.raises(InvalidPayload, match="version: must be 1"):
            validate(Version, frame)


def test_a_value_is_what_goes_over_the_wire():
    assert encode(Level(3)) == "3"
    assert validate(Level, "3") == Level(3)
    assert validate(Levels, "[1,2]").root == [1, 2]
    assert validate(Weights, '{"a":1,"b":2}').root == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("model", "frame"), [(Level, "0"), (Level, "true"), (Levels, "[1,1]"), (Weights, '{"b":1}')]
)
def test_a_value_fits_the_whole_of_its_schema(model, frame):
    with pytest.raises(InvalidPayload):
        validate(model, frame)
    with pytest.raises(ValidationError):
        model(json.loads(frame))
