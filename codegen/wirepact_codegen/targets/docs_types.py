"""Schemas in words: "integer, 1 to 100", "list of `QualityAlert`", with links to what has a name."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from wirepact_codegen.keywords import SHOWN_PATTERN
from wirepact_codegen.model import Json, Schema
from wirepact_codegen.rendering import code


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a table of fields."""

    name: str
    type: str
    required: bool
    nullable: bool
    about: str


def fields(schema: Schema) -> Iterator[Field]:
    """The fields of an object, in the order of the document."""
    properties, required = schema.get("properties"), schema.get("required")
    for name, part in properties.items() if isinstance(properties, dict) else ():
        yield Field(
            name=name,
            type=type_text(part),
            required=isinstance(required, list) and name in required,
            nullable=_is_nullable(part),
            about=_about(part),
        )


def type_text(schema: Json) -> str:
    """What values a schema allows, in a few words."""
    if not isinstance(schema, dict):
        return "anything"
    if isinstance(reference := schema.get("$ref"), str):
        name = reference.removeprefix("#/$defs/")
        return f"[{name}](#type-{name})"
    if "const" in schema:
        return code(_json(schema["const"]))
    if isinstance(choices := schema.get("enum"), list):
        return " or ".join(code(_json(each)) for each in choices if each is not None)
    for key in ("anyOf", "oneOf"):
        if isinstance(branches := schema.get(key), list):
            return " or ".join(type_text(each) for each in branches if each != {"type": "null"})
    return ", ".join((_kinds(schema), *_bounds(schema)))


def _kinds(schema: Schema) -> str:
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    return " or ".join(_kind(str(each), schema) for each in kinds if each not in (None, "null")) or "anything"


def _kind(kind: str, schema: Schema) -> str:
    if kind == "array" and isinstance(first := schema.get("prefixItems"), list):
        return f"list of {', then '.join(map(type_text, first))}"
    if kind == "array":
        return f"list of {type_text(schema.get('items'))}"
    if kind == "object" and isinstance(rest := schema.get("additionalProperties"), dict):
        return f"object with values of {type_text(rest)}"
    return str(schema.get("format", kind)) if kind == "string" else kind


def _bounds(schema: Schema) -> Iterator[str]:
    yield from _between(schema, "minimum", "maximum", "")
    yield from _between(schema, "minLength", "maxLength", " characters")
    yield from _between(schema, "minItems", "maxItems", " items")
    if (above := schema.get("exclusiveMinimum")) is not None:
        yield f"above {above}"
    if (below := schema.get("exclusiveMaximum")) is not None:
        yield f"below {below}"
    if (step := schema.get("multipleOf")) is not None:
        yield f"a multiple of {step}"
    if isinstance(pattern := schema.get("pattern", schema.get(SHOWN_PATTERN)), str):
        yield f"matching {code(pattern)}"


def _between(schema: Schema, low: str, high: str, what: str) -> Iterator[str]:
    least, most = schema.get(low), schema.get(high)
    if least is not None and most is not None:
        yield f"{least} to {most}{what}"
    elif least is not None:
        yield f"at least {least}{what}"
    elif most is not None:
        yield f"at most {most}{what}"


def _is_nullable(schema: Json) -> bool:
    if not isinstance(schema, dict):
        return True
    kind, choices = schema.get("type"), schema.get("enum")
    branches = [
        each for key in ("anyOf", "oneOf") if isinstance(found := schema.get(key), list) for each in found
    ]
    return (
        kind == "null"
        or (isinstance(kind, list) and "null" in kind)
        or (isinstance(choices, list) and None in choices)
        or ("const" in schema and schema["const"] is None)
        or any(_is_nullable(each) for each in branches)
    )


def _about(schema: Json) -> str:
    if not isinstance(schema, dict):
        return ""
    said = schema.get("description") or schema.get("title") or ""
    default = f"{code(_json(schema['default']))} if absent." if "default" in schema else ""
    return " ".join(filter(None, (str(said), default)))


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
