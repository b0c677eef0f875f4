"""Moments and days are read from JSON as RFC 3339 writes them, and written the same."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError
from typing_extensions import TypeAliasType

from wirepact.formats import Date, DateTime, LocalDateTime
from wirepact.messages import Message


class Entry(Message):
    zoned: DateTime
    local: LocalDateTime


def entry(zoned="2026-01-11T12:00:00Z", local="2026-01-11T12:00:00"):
    return f'{{"zoned":"{zoned}","local":"{local}"}}'


def test_a_moment_comes_back_as_it_was():
    assert Entry.model_validate_json(entry()).model_dump_json() == entry()


@pytest.mark.parametrize(
    "clock",
    [
        *("12:00:00.250", "12:00:00.5", "12:00:00.000000", "12:00:00.123456", "12:00:00.120000"),
        *("12:00:00.123456789", "12:00:00.1234567890123456"),
    ],
)
@pytest.mark.parametrize("zone", ["Z", "z", "+00:00", "-00:00", "+09:00", "-09:30", "+00:30"])
@pytest.mark.parametrize("day", ["2026-01-11T", "2026-01-11t", "0001-01-01T"])
def test_every_form_of_a_moment_comes_back_as_it_was(day, clock, zone):
    text = entry(f"{day}{clock}{zone}", f"{day}{clock}")

    assert Entry.model_validate_json(text).model_dump_json() == text
    assert json.dumps(Entry.model_validate_json(text).model_dump(mode="json"), separators=(",", ":")) == text


def test_a_moment_that_is_computed_from_another_has_a_form_of_its_own():
    read = Entry.model_validate_json(entry("2026-01-11T12:00:00.50+00:00", "2026-01-11T12:00:00.0"))

    later = Entry(zoned=read.zoned + timedelta(hours=1), local=read.local.replace(hour=13))

    assert later.model_dump_json() == entry("2026-01-11T13:00:00.500000Z", "2026-01-11T13:00:00")
    assert read.model_dump() == {"zoned": read.zoned, "local": read.local}
    assert Entry(zoned=read.zoned, local=read.local) == read


def test_a_copy_of_a_moment_is_written_as_that_is():
    text = entry("2026-01-11T12:00:00.50+00:00", "2026-01-11T12:00:00.0")

    assert Entry.model_validate_json(text).model_copy(deep=True).model_dump_json() == text


def test_a_moment_is_a_datetime():
    read = Entry.model_validate_json(entry("2026-01-11T12:00:00+00:00", "2026-01-11t12:00:00.5"))

    assert read.zoned == datetime(2026, 1, 11, 12, tzinfo=UTC)
    assert read.local == datetime(2026, 1, 11, 12, 0, 0, 500_000)  # noqa: DTZ001 - the clock on the wall


@pytest.mark.parametrize(
    "text",
    ["0", "1736596800", "2026-01-11", "2026-01-11 12:00:00", "2026-01-11T12:00", "2026-02-30T12:00:00", ""],
)
def test_nothing_else_is_a_moment(text):
    with pytest.raises(ValidationError):
        Entry.model_validate_json(entry(zoned=f"{text}Z"))
    with pytest.raises(ValidationError):
        Entry.model_validate_json(entry(local=text))


def test_a_zone_is_there_or_it_is_not():
    with pytest.raises(ValidationError):
        Entry.model_validate_json(entry(zoned="2026-01-11T12:00:00"))
    with pytest.raises(ValidationError):
        Entry.model_validate_json(entry(local="2026-01-11T12:00:00Z"))
    with pytest.raises(ValidationError):
        Entry(zoned=datetime(2026, 1, 11), local=datetime(2026, 1, 11))  # noqa: DTZ001 - that is the mistake


class Day(Message):
    day: Date


def test_a_day_comes_back_as_it_was():
    assert Day.model_validate_json('{"day":"2026-01-11"}').day == date(2026, 1, 11)
    assert Day(day=date(2026, 1, 11)).model_dump_json() == '{"day":"2026-01-11"}'


@pytest.mark.parametrize("text", ["0", "20260111", "2026-1-1", "2026-02-30", "2026-01-11T00:00:00"])
def test_nothing_else_is_a_day(text):
    with pytest.raises(ValidationError):
        Day.model_validate_json(f'{{"day":"{text}"}}')


def test_a_form_with_a_name_can_stand_in_a_message_and_inside_it():
    Moment = TypeAliasType("Moment", LocalDateTime)  # noqa: N806 - a type

    class Alert(Message):
        created: Moment

    class Notice(Message):
        alert: Alert
        sent: Moment

    text = '{"alert":{"created":"2026-01-11T12:00:00"},"sent":"2026-01-11T12:00:01"}'

    assert Notice.model_validate_json(text).model_dump_json() == text
