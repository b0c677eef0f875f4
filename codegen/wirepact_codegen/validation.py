"""Values judged by JSON Schema, independent of any model that we emit; faults are told with their place."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import jsonschema_rs

from wirepact_codegen.errors import did_you_mean
from wirepact_codegen.model import Json, Schema
from wirepact_codegen.source import Node

_LOCAL_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?")

_ARTICLES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
}


class Judge:
    """One schema, ready to judge values."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._validator = jsonschema_rs.validator_for(
            schema, validate_formats=True, formats={"date-time-local": is_local_date_time}
        )

    def accepts(self, value: Json) -> bool:
        """Whether *value* fits."""
        return self._validator.is_valid(value)

    def faults(self, node: Node) -> Iterator[tuple[Node, str, str]]:
        """What does not fit: where, a sentence, and what may help."""
        for error in self._validator.iter_errors(node.value):
            yield from _told(error, node, self._schema)


@cache
def schema_judge() -> Judge:
    """Judges schemas themselves."""
    return Judge({"$ref": "https://json-schema.org/draft/2020-12/schema"})


def is_local_date_time(text: str) -> bool:
    """Whether *text* is RFC 3339's date-time without the zone."""
    if _LOCAL_DATE_TIME.fullmatch(text) is None:
        return False
    try:
        datetime.fromisoformat(text[:19].upper())
    except ValueError:
        return False
    return True


def _told(
    error: jsonschema_rs.ValidationError, node: Node, schema: Schema
) -> Iterator[tuple[Node, str, str]]:
    at = node.at(tuple(error.instance_path))
    kind: Any = error.kind
    match kind.name:
        case "required":
            yield at, f'"{kind.property}" is missing', ""
        case "additionalProperties":
            known = _known(schema, error.schema_path)
            for name in kind.unexpected:
                yield at.at((name,)), f'"{name}" is not known here', did_you_mean(name, known)
        case "type":
            yield at, f"must be {_one_of(_ARTICLES.get(each, f'a {each}') for each in kind.types)}", ""
        case "enum":
            choices = (json.dumps(each, ensure_ascii=False) for each in kind.options)
            yield at, f"must be {_one_of(choices)}", did_you_mean(str(at.value), map(str, kind.options))
        case "const":
            yield at, f"must be {json.dumps(kind.expected_value, ensure_ascii=False)}", ""
        case _:
            yield at, str(error.message), ""


def _one_of(choices: Iterable[str]) -> str:
    *others, last = choices
    return f"{', '.join(others)} or {last}" if others else last


def _known(schema: Mapping[str, Any], path: Iterable[str | int]) -> list[str]:
    """The properties beside the `additionalProperties` that *path* leads to; none where it crosses a reference."""
    part: Any = schema
    for step in [*path][:-1]:
        part = part.get(step) if isinstance(part, dict) else None
    return list(part.get("properties", ())) if isinstance(part, dict) else []
