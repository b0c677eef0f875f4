"""Our sentences for what a validator found."""

from datetime import datetime, time, timedelta
from typing import Annotated, Literal, get_args
from uuid import UUID

import pytest
from pydantic import MISSING, AfterValidator, AwareDatetime, Field, NaiveDatetime, ValidationError
from pydantic_core import PydanticCustomError, from_json
from pydantic_core.core_schema import ErrorType

from wirepact.explanations import _SENTENCES, explain
from wirepact.formats import Date, DateTime, LocalDateTime
from wirepact.messages import Message


def secretive(_):
    raise ValueError("the validator's secret")


def custom(_):
    raise PydanticCustomError("custom", "the library's {what}", {"what": "secret"})


class Inner(Message):
    level: Annotated[int, Field(gt=0, lt=10)]


class Wide(Message):
    integer: int = 0
    number: float = 0
    text: Annotated[str, Field(min_length=2, max_length=3, pattern="^a")] = "aa"
    flag: bool = False
    one_of: Literal["red", "blue"] = "red"
    items: Annotated[list[int], Field(min_length=1, max_length=2)] = Field(default=[1])
    inner: Inner = Field(default=Inner(level=1))
    inners: list[Inner] = Field(default=[])
    table: dict[str, int] = Field(default={})
    either: int | str = 0
    nothing: None = None
    uuid: UUID = UUID(int=0)
    at: datetime = datetime(2026, 1, 1)  # noqa: DTZ001
    naive: NaiveDatetime = datetime(2026, 1, 1)  # noqa: DTZ001
    aware: AwareDatetime | None = None
    clock: time = time(0)
    span: timedelta = timedelta(0)
    step: Annotated[int, Field(multiple_of=5)] = 0
    guarded: Annotated[int, AfterValidator(secretive)] | None = None
    customized: Annotated[int, AfterValidator(custom)] | None = None
    moment: DateTime | MISSING = MISSING
    wall_clock: LocalDateTime | MISSING = MISSING
    day: Date | MISSING = MISSING
    renamed: Annotated[int, Field(alias="@renamed")] = 0


def told(text):
    with pytest.raises(ValidationError) as caught:
        Wide.model_validate_json(text)
    return explain(caught.value, from_json(text))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"integer":"1"}', "integer: must be an integer"),
        ('{"number":"1"}', "number: must be a number"),
        ('{"number":1e999}', "number: must be a finite number"),
        ('{"text":1}', "text: must be a string"),
        ('{"text":"a"}', "text: must have a length of at least 2"),
        ('{"text":"aaaa"}', "text: must have a length of at most 3"),
        ('{"text":"bb"}', "text: must match ^a"),
        ('{"flag":1}', "flag: must be true or false"),
        ('{"one_of":"green"}', "one_of: must be 'red' or 'blue'"),
        ('{"items":[]}', "items: must have a length of at least 1"),
        ('{"items":[1,2,3]}', "items: must have a length of at most 2"),
        ('{"items":{}}', "items: must be an array"),
        ('{"items":[1,"x"]}', "items.1: must be an integer"),
        ('{"inner":5}', "inner: must be an object"),
        ('{"inner":{}}', "inner.level: is required"),
        ('{"inner":{"level":0}}', "inner.level: must be greater than 0"),
        ('{"inner":{"level":10}}', "inner.level: must be less than 10"),
        ('{"inners":[{"level":1},{"level":"a"}]}', "inners.1.level: must be an integer"),
        ('{"table":[]}', "table: must be an object"),
        ('{"table":{"a":"b"}}', "table.a: must be an integer"),
        ('{"either":[]}', "either: must be an integer or a string"),
        ('{"nothing":1}', "nothing: must be null"),
        ('{"uuid":"x"}', "uuid: must be a UUID"),
        ('{"at":"yesterday"}', "at: must be a date and time"),
        ('{"naive":"2026-01-01T00:00:00Z"}', "naive: must have no time zone"),
        ('{"aware":"2026-01-01T00:00:00"}', "aware: must have a time zone"),
        ('{"clock":"25:00"}', "clock: must be a time"),
        ('{"span":"long"}', "span: must be a duration"),
        ('{"step":3}', "step: must be a multiple of 5"),
        ('{"@renamed":"x"}', "@renamed: must be an integer"),
        ('{"moment":"2026-01-01 00:00:00Z"}', "moment: must be a date and time"),
        ('{"wall_clock":"2026-01-01T00:00:00Z"}', "wall_clock: must be a date and time"),
        ('{"day":"1.1.2026"}', "day: must be a date"),
        ('{"day":5}', "day: must be a date"),
        ("[]", "must be an object"),
    ],
)
def test_a_fault_is_told_with_its_path(text, sentence):
    assert told(text) == sentence


@pytest.mark.parametrize("field", ["guarded", "customized"])
def test_the_text_of_a_validator_is_not_told(field):
    sentence = told(f'{{"{field}":1}}')

    assert sentence.startswith(f"{field}: is not valid")
    assert "secret" not in sentence


def test_only_the_first_faults_are_told():
    sentence = told('{"integer":"1","number":"1","flag":1,"text":1,"items":1}')

    assert sentence == "integer: must be an integer; number: must be a number; text: must be a string"


def test_what_was_sent_is_not_echoed():
    assert "hunter2" not in told('{"integer":"hunter2","either":["hunter2"]}')


def test_a_long_key_is_shortened():
    assert len(told('{"table":{"' + "k" * 10_000 + '":"b"}}')) < 100


def test_every_sentence_is_for_an_error_that_exists():
    assert _SENTENCES.keys() <= set(get_args(ErrorType))
