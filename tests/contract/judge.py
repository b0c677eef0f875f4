"""Verdicts on single frames, by jsonschema-rs on the documents themselves. Knows no model and no emitted schema."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

import jsonschema_rs

from contract.documents import SCHEME, Message, Place, contents

_WALL_CLOCK_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?")


def fitting(value: Any, messages: Iterable[Message]) -> list[str]:
    """The names of those *messages* that *value* is, after their schemas."""
    return [message.name for message in messages if validator(message.payload).is_valid(value)]


def faults(value: Any, message: Message) -> list[str]:
    """What keeps *value* from being *message*."""
    return [
        f"{'.'.join(map(str, each.instance_path))}: {each.message}"
        for each in validator(message.payload).iter_errors(value)
    ]


@cache
def validator(schema: Place) -> jsonschema_rs.Validator:
    """AsyncAPI's schema objects are of JSON Schema draft 7 where they say nothing else."""
    return jsonschema_rs.Draft7Validator(
        {"$ref": schema.uri},
        validate_formats=True,
        ignore_unknown_formats=False,
        formats={"date-time-local": _is_wall_clock_time, "binary": _is_bytes},
        retriever=lambda uri: contents(uri.removeprefix(SCHEME)),
    )


def _is_bytes(_value: object) -> bool:
    """What is JSON is no file."""
    return False


def _is_wall_clock_time(text: str) -> bool:
    if not _WALL_CLOCK_TIME.fullmatch(text):
        return False
    try:
        return datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False
