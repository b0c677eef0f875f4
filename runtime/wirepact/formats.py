"""Moments and days as RFC 3339 writes them, and nothing else.

pydantic reads more than that from JSON, even when it is strict: a number of seconds, a blank instead of the `T`,
no seconds. What a document calls a `date-time` is checked to be one before pydantic makes a `datetime` of it, and a `date` too.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import GetPydanticSchema, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_LOCAL = rf"{_DAY}[Tt][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]+)?"
_ZONE = r"([Zz]|[+-][0-9]{2}:[0-9]{2})"


def _written(pattern: str, from_text: CoreSchema, from_python: CoreSchema) -> GetPydanticSchema:
    """Text of the form *pattern* in JSON, the object itself in Python."""
    text = core_schema.str_schema(pattern=f"^{pattern}$")
    schema = core_schema.json_or_python_schema(
        json_schema=core_schema.chain_schema([text, from_text]),
        python_schema=from_python,
    )
    return GetPydanticSchema(lambda _source, _handler: schema)


def _moment(pattern: str, zone: Literal["aware", "naive"]) -> GetPydanticSchema:
    return _written(
        pattern,
        core_schema.datetime_schema(strict=False, tz_constraint=zone),
        core_schema.datetime_schema(tz_constraint=zone),
    )


DateTime = Annotated[
    datetime, _moment(_LOCAL + _ZONE, "aware"), WithJsonSchema({"type": "string", "format": "date-time"})
]
"""A moment with a zone: the format `date-time`."""

LocalDateTime = Annotated[
    datetime, _moment(_LOCAL, "naive"), WithJsonSchema({"type": "string", "format": "date-time-local"})
]
"""A moment on the clock on the wall, without a zone: the format `date-time-local`."""

Date = Annotated[
    date,
    _written(_DAY, core_schema.date_schema(strict=False), core_schema.date_schema()),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A day: the format `date`."""
