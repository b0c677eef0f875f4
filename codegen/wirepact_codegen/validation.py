"""Values judged by JSON Schema, independent of any model that we emit; faults are told with their place."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jsonschema_rs

from wirepact_codegen.errors import Place, did_you_mean
from wirepact_codegen.model import Json, Schema, with_plain_references
from wirepact_codegen.source import Node, Pointer

_LOCAL_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?")

_ARTICLES = {
    "array": "a list",
    "object": "a mapping",
    "string": "a string",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not fit: where, in which field (empty for the whole), a sentence, and what may help."""

    place: Place
    field: str
    sentence: str
    suggestion: str = ""

    def __str__(self) -> str:
        return f"{self.field} {self.sentence}" if self.field else self.sentence


class Judge:
    """One schema, ready to judge values."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        try:
            self._validator = _validator(schema)
        except jsonschema_rs.ValidationError:
            self._validator = _validator(with_plain_references(schema))

    def accepts(self, value: Json) -> bool:
        """Whether *value* fits."""
        return self._validator.is_valid(value)

    def faults(self, node: Node) -> Iterator[Fault]:
        """What of the value at *node* does not fit."""
        for error in self._validator.iter_errors(node.value):
            yield from _told(error, node, self._schema)


def _validator(schema: Schema) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(
        schema, validate_formats=True, formats={"date-time-local": is_local_date_time}
    )


def is_local_date_time(text: str) -> bool:
    """Whether *text* is RFC 3339's date-time without the zone."""
    if _LOCAL_DATE_TIME.fullmatch(text) is None:
        return False
    try:
        datetime.fromisoformat(text[:19].upper())
    except ValueError:
        return False
    return True


def _told(error: jsonschema_rs.ValidationError, node: Node, schema: Schema) -> Iterator[Fault]:
    pointer = _pointer(node.value, error.instance_path)
    at = node.at(pointer)
    field = ".".join(map(str, pointer))
    kind: Any = error.kind
    match kind.name:
        case "additionalProperties":
            for name in kind.unexpected:
                hint = did_you_mean(name, _known(schema, error.schema_path))
                yield Fault(at.at((name,)).key_place, field, f'has an unknown "{name}"', hint)
        case "enum":
            hint = did_you_mean(str(at.value), map(str, kind.options))
            yield Fault(at.place, field, f"must be {_one_of(map(_json, kind.options))}", hint)
        case "format" if kind.format == "date-time" and is_local_date_time(str(at.value)):
            hint = 'write its offset, or "Z" for UTC'
            yield Fault(at.place, field, "must be a date-time, which has an offset", hint)
        case "anyOf" | "oneOf" if branch := _nearest(kind.context, pointer):
            for each in branch:
                yield from _told(each, node, schema)
        case _:
            yield Fault(at.place, field, _sentence(error))


def _pointer(value: Json, path: Iterable[str | int]) -> Pointer:
    """*path* into *value*. The validator gives keys that look like numbers as numbers."""
    found: list[str | int] = []
    for step in path:
        if isinstance(value, dict):
            found.append(str(step))
            value = value[str(step)]
        elif isinstance(value, list):
            found.append(int(step))
            value = value[int(step)]
    return tuple(found)


def _sentence(error: jsonschema_rs.ValidationError) -> str:
    kind: Any = error.kind
    told = _SENTENCES.get(kind.name)
    return told(kind) if told is not None else f'does not hold "{error.schema_path[-1]}"'


def _number(value: float) -> str:
    return f"{value:g}"


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _nearest(
    branches: Iterable[list[jsonschema_rs.ValidationError]], pointer: Pointer
) -> list[jsonschema_rs.ValidationError]:
    """The faults of the branch that was most likely meant: of the right type, with the right constants, the fewest.

    None, if it fits several.
    """

    def distance(branch: list[jsonschema_rs.ValidationError]) -> tuple[int, int]:
        kinds: list[Any] = [error.kind for error in branch]
        return sum(kind.name in {"const", "enum"} for kind in kinds), len(branch)

    meant = [
        branch for branch in branches if not any(_is_of_another_type(error, pointer) for error in branch)
    ]
    return min(meant, key=distance, default=[])


def _is_of_another_type(error: jsonschema_rs.ValidationError, pointer: Pointer) -> bool:
    kind: Any = error.kind
    return kind.name == "type" and len([*error.instance_path]) == len(pointer)


def _one_of(choices: Iterable[str]) -> str:
    *others, last = choices
    return f"{', '.join(others)} or {last}" if others else last


def _known(schema: Mapping[str, Any], path: Iterable[str | int]) -> list[str]:
    """The properties beside the `additionalProperties` that *path* leads to; none where it crosses a reference."""
    part: Any = schema
    for step in [*path][:-1]:
        part = part.get(step) if isinstance(part, dict) else None
    return list(part.get("properties", ())) if isinstance(part, dict) else []


_SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "required": lambda kind: f'lacks "{kind.property}"',
    "type": lambda kind: f"must be {_one_of(_ARTICLES[each] for each in kind.types)}",
    "const": lambda kind: f"must be {_json(kind.expected_value)}",
    "minimum": lambda kind: f"must be at least {kind.limit}",
    "maximum": lambda kind: f"must be at most {kind.limit}",
    "minLength": lambda kind: f"must have at least {kind.limit} characters",
    "maxLength": lambda kind: f"must have at most {kind.limit} characters",
    "format": lambda kind: f"must be a {kind.format}",
    "exclusiveMinimum": lambda kind: f"must be more than {kind.limit}",
    "exclusiveMaximum": lambda kind: f"must be less than {kind.limit}",
    "multipleOf": lambda kind: f"must be a multiple of {_number(kind.multiple_of)}",
    "minItems": lambda kind: f"must have at least {kind.limit} elements",
    "maxItems": lambda kind: f"must have at most {kind.limit} elements",
    "uniqueItems": lambda _: "must not have the same element twice",
    "anyOf": lambda _: 'fits no branch of "anyOf"',
    "oneOf": lambda kind: f'fits {"no" if all(kind.context) else "more than one"} branch of "oneOf"',
    "not": lambda _: 'is what "not" forbids',
    "falseSchema": lambda _: "must not be there",
    "pattern": lambda kind: f"must match {kind.pattern}",
}
"""The faults that people make most, in words that go with the name of a field before them."""
