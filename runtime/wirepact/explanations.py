"""What is wrong with a payload, in our own words: `limit: must be an integer`.

A peer is told where a fault is and what would be right. It never sees the library's text, the text of a
validator, or what it sent.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from pydantic import ValidationError
from pydantic_core import ErrorDetails

MOST = 3
"""How many faults are told; the others show when these are mended."""

_LONGEST_NAME = 40

_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "missing": "is required",
        "extra_forbidden": "is not expected",
        "none_required": "must be null",
        "literal_error": "must be {expected}",
        "enum": "must be {expected}",
        "missing_sentinel_error": "must be absent",
        "union_tag_invalid": "is of no known kind",
        "union_tag_not_found": "is of no known kind",
        # numbers
        "int_type": "must be an integer",
        "int_parsing": "must be an integer",
        "int_parsing_size": "must be an integer of a sensible size",
        "int_from_float": "must be an integer",
        "float_type": "must be a number",
        "float_parsing": "must be a number",
        "finite_number": "must be a finite number",
        "decimal_type": "must be a number",
        "decimal_parsing": "must be a number",
        "greater_than": "must be greater than {gt}",
        "greater_than_equal": "must be at least {ge}",
        "less_than": "must be less than {lt}",
        "less_than_equal": "must be at most {le}",
        "multiple_of": "must be a multiple of {multiple_of}",
        # booleans and text
        "bool_type": "must be true or false",
        "bool_parsing": "must be true or false",
        "string_type": "must be a string",
        "string_unicode": "must be valid Unicode",
        "string_too_short": "must have a length of at least {min_length}",
        "string_too_long": "must have a length of at most {max_length}",
        "string_pattern_mismatch": "must match {pattern}",
        "uuid_type": "must be a UUID",
        "uuid_parsing": "must be a UUID",
        "uuid_version": "must be a UUID of version {expected_version}",
        # collections
        "list_type": "must be an array",
        "tuple_type": "must be an array",
        "set_type": "must be an array",
        "frozen_set_type": "must be an array",
        "dict_type": "must be an object",
        "mapping_type": "must be an object",
        "model_type": "must be an object",
        "model_attributes_type": "must be an object",
        "too_short": "must have a length of at least {min_length}",
        "too_long": "must have a length of at most {max_length}",
        # time
        "date_type": "must be a date",
        "date_parsing": "must be a date",
        "date_from_datetime_parsing": "must be a date",
        "date_from_datetime_inexact": "must be a date without a time",
        "time_type": "must be a time",
        "time_parsing": "must be a time",
        "datetime_type": "must be a date and time",
        "datetime_parsing": "must be a date and time",
        "datetime_from_date_parsing": "must be a date and time",
        "timezone_naive": "must have no time zone",
        "timezone_aware": "must have a time zone",
        "time_delta_type": "must be a duration",
        "time_delta_parsing": "must be a duration",
    }
)


def explain(error: ValidationError, document: object) -> str:
    """The first faults in *error*, each with its path in *document*, the JSON that was validated.

    What every form of a union objects to is told in one breath: `amount: must be an integer or a string`.
    """
    faults: dict[str, list[str]] = {}
    for detail in error.errors(include_url=False, include_input=False):
        path = _path(detail["loc"], document, is_missing=detail["type"] == "missing")
        sentences = faults.setdefault(path, [])
        if (sentence := _sentence(detail)) not in sentences:
            sentences.append(sentence)
    told = [_told(path, sentences) for path, sentences in list(faults.items())[:MOST]]
    return "; ".join(told)


def _told(path: str, sentences: Sequence[str]) -> str:
    first, *others = sentences
    sentence = " or ".join([first, *(other.removeprefix("must be ") for other in others)])
    return f"{path}: {sentence}" if path else sentence


def _sentence(detail: ErrorDetails) -> str:
    template = _SENTENCES.get(detail["type"], "is not valid")
    context = {name: _plain(value) for name, value in detail.get("ctx", {}).items()}
    return template.format_map(context)


def _plain(value: object) -> object:
    """*value*, but `10` where the library made `10.0` of it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _path(location: Sequence[str | int], document: object, *, is_missing: bool) -> str:
    """*location* as the peer wrote it: without the steps that the library adds for unions and aliases."""
    steps: list[str] = []
    here = document
    for index, step in enumerate(location):
        if isinstance(here, dict) and step in here:
            here = here[step]
            steps.append(_shortened(str(step)))
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
            steps.append(str(step))
        elif is_missing and index == len(location) - 1:
            steps.append(_shortened(str(step)))
    return ".".join(steps)


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
