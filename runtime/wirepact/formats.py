"""Moments and days as RFC 3339 writes them, and nothing else.

pydantic reads more than that from JSON, even when it is strict: a number of seconds, a blank instead of the `T`,
no seconds. What a document calls a `date-time` is checked to be one before pydantic makes a `datetime` of it, and a `date` too.
A moment is written as it came, since RFC 3339 has many forms for one: `2026-01-11T12:00:00.50+00:00`. Made in Python, it has pydantic's form.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, SupportsIndex

from pydantic import (
    AfterValidator,
    GetCoreSchemaHandler,
    GetPydanticSchema,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, SchemaSerializer, core_schema

from wirepact.texts import FORMATS

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}"
_LOCAL = rf"{_DAY}[Tt]{_CLOCK}(\.[0-9]+)?"
_ZONE = r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
_PLAIN_LOCAL = rf"{_DAY}T{_CLOCK}(\.[0-9]{{5}}[1-9])?"
_PLAIN_ZONE = r"(Z|[+-](0[1-9]|1[0-9]|2[0-3]):[0-9]{2})"
"""What pydantic would write in the same way, as far as a pattern can say it shortly."""


class _AsWritten(datetime):
    """A moment that came in another form than pydantic's, with its text. A moment computed from it has none."""

    text: str | None = None

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        """A copy is written as what it is a copy of."""
        del protocol
        return _AsWritten.combine, (self.date(), self.timetz()), {"text": self.text}

    __pydantic_serializer__ = SchemaSerializer(
        core_schema.datetime_schema(
            serialization=core_schema.wrap_serializer_function_ser_schema(
                lambda moment, write: moment.text or write(moment),
                schema=core_schema.datetime_schema(),
                when_used="json",
            )
        )
    )


def _with_text(text: str, handler: ValidatorFunctionWrapHandler) -> datetime:
    read = handler(text)
    written = _AsWritten.combine(read.date(), read.timetz())
    written.text = text
    return written


def _written(plain: str, pattern: str, form: Callable[[bool | None], CoreSchema]) -> GetPydanticSchema:
    """Text of the form *pattern* in JSON, which is kept unless it is *plain*; in Python a `datetime`, the same as *form* has it.

    A peer is told what is wanted, and not a pattern.

    Each field has a schema of its own: pydantic writes into those that it is given, and a shared one that it names
    twice leads back to itself.
    """

    def schema(_source: object, _handler: object) -> CoreSchema:
        kept = core_schema.no_info_wrap_validator_function(_with_text, form(False))
        texts: list[CoreSchema] = [
            core_schema.chain_schema([core_schema.str_schema(pattern=f"^{each}$"), read])
            for each, read in ((plain, form(False)), (pattern, kept))
        ]
        return core_schema.json_or_python_schema(
            json_schema=core_schema.custom_error_schema(
                core_schema.union_schema([*texts], mode="left_to_right"), "datetime_type"
            ),
            python_schema=form(None),
            serialization=core_schema.simple_ser_schema("any"),
        )

    return GetPydanticSchema(schema)


def _day(_source: object, _handler: object) -> CoreSchema:
    text = core_schema.custom_error_schema(core_schema.str_schema(pattern=f"^{_DAY}$"), "date_type")
    return core_schema.json_or_python_schema(
        json_schema=core_schema.chain_schema([text, core_schema.date_schema(strict=False)]),
        python_schema=core_schema.date_schema(),
    )


def _text(form: str) -> AfterValidator:
    """Text in the format *form*, kept as it was written."""
    fits = FORMATS[form]

    def check(value: str) -> str:
        if not fits(value):
            raise PydanticCustomError("format", "Value should be a {format}", {"format": form})
        return value

    return AfterValidator(check)


def _moment(strict: bool | None) -> CoreSchema:
    return core_schema.datetime_schema(strict=strict, tz_constraint="aware")


def _local_moment(strict: bool | None) -> CoreSchema:
    return core_schema.datetime_schema(strict=strict, tz_constraint="naive")


DateTime = Annotated[
    datetime,
    _written(_PLAIN_LOCAL + _PLAIN_ZONE, _LOCAL + _ZONE, _moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A moment with a zone: the format `date-time`."""

LocalDateTime = Annotated[
    datetime,
    _written(_PLAIN_LOCAL, _LOCAL, _local_moment),
    WithJsonSchema({"type": "string", "format": "date-time-local"}),
]
"""A moment on the clock on the wall, without a zone: the format `date-time-local`."""

Date = Annotated[
    date,
    GetPydanticSchema(_day),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A day: the format `date`."""


def _no_boolean(_source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
    literal: Any = handler(_source)
    expected = " or ".join(map(repr, literal["expected"]))

    def check(value: object) -> object:
        if isinstance(value, bool):
            raise PydanticKnownError("literal_error", {"expected": expected})
        return value

    return core_schema.no_info_before_validator_function(check, literal)


NotBoolean = GetPydanticSchema(_no_boolean)
"""Beside a `Literal` with numbers: `true` is not 1, and `false` not 0, as they are to Python."""

Time = Annotated[str, _text("time"), WithJsonSchema({"type": "string", "format": "time"})]
"""A time of day, with a zone: the format `time`."""

Duration = Annotated[str, _text("duration"), WithJsonSchema({"type": "string", "format": "duration"})]
"""A span of time: the format `duration`."""

Email = Annotated[str, _text("email"), WithJsonSchema({"type": "string", "format": "email"})]
"""A mailbox: the format `email`."""

Hostname = Annotated[str, _text("hostname"), WithJsonSchema({"type": "string", "format": "hostname"})]
"""The name of a host: the format `hostname`."""

IPv4 = Annotated[str, _text("ipv4"), WithJsonSchema({"type": "string", "format": "ipv4"})]
"""An address of IPv4: the format `ipv4`."""

IPv6 = Annotated[str, _text("ipv6"), WithJsonSchema({"type": "string", "format": "ipv6"})]
"""An address of IPv6: the format `ipv6`."""

Uri = Annotated[str, _text("uri"), WithJsonSchema({"type": "string", "format": "uri"})]
"""A URI: the format `uri`."""

UriReference = Annotated[
    str, _text("uri-reference"), WithJsonSchema({"type": "string", "format": "uri-reference"})
]
"""A URI, or what is one beside another: the format `uri-reference`."""

Uuid = Annotated[str, _text("uuid"), WithJsonSchema({"type": "string", "format": "uuid"})]
"""A UUID: the format `uuid`."""
