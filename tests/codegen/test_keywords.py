"""Each keyword that we say is enforced: the emitted model and an independent validator give the same verdict."""

import json

import pytest
from pydantic import ValidationError

from tests.codegen.emission import imported, package
from wirepact_codegen.keywords import ENFORCED, FORMATS, REFUSED
from wirepact_codegen.validation import Judge

DATES = ["2026-01-11", "2026-02-30", "2026-1-1", "20260111", "2026-01-11T00:00:00", "0", "", 0]
MOMENTS = [
    "2026-01-11T12:00:00Z",
    "2026-01-11T12:00:00.25+09:00",
    "2026-01-11T12:00:00",
    "2026-01-11T12:00:00.25",
    "2026-01-11T25:00:00Z",
    "2026-01-11",
    "2026-01-11 12:00:00Z",
    "2026-01-11T12:00",
    "2026-01-11T12:00Z",
    "now",
    0,
    "0",
]
ANYTHING = [None, True, False, 0, 1, -1, 1.5, "", "a", [], ["a"], {}, {"a": 1}]

SCHEMAS = {
    "type: string": ({"type": "string"}, ANYTHING),
    "type: integer": ({"type": "integer"}, [*ANYTHING, "1"]),
    "type: number": ({"type": "number"}, [*ANYTHING, "1", "1.5"]),
    "type: boolean": ({"type": "boolean"}, [*ANYTHING, "true"]),
    "type: array": ({"type": "array"}, ANYTHING),
    "type: object": ({"type": "object"}, ANYTHING),
    "type: several": ({"type": ["string", "null"]}, ANYTHING),
    "const": ({"const": "a"}, [*ANYTHING, "b"]),
    "const: integer": ({"const": 5}, [5, 6, "5", None]),
    "enum": ({"enum": ["a", "b", None]}, [*ANYTHING, "b"]),
    "anyOf": ({"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 0}]}, ANYTHING),
    "oneOf": ({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}, ANYTHING),
    "properties": (
        {"type": "object", "properties": {"a": {"type": "integer"}}},
        [{}, {"a": 1}, {"a": "1"}, {"a": None}, {"b": 1}],
    ),
    "required": (
        {"type": "object", "required": ["a"], "properties": {"a": {}, "b": {}}},
        [{}, {"a": None}, {"b": 1}],
    ),
    "additionalProperties": (
        {"type": "object", "properties": {"a": {}}, "additionalProperties": False},
        [{}, {"a": 1}, {"b": 1}],
    ),
    "additionalProperties: values": (
        {"type": "object", "additionalProperties": {"type": "integer"}},
        [{}, {"a": 1}, {"a": "1"}],
    ),
    "items": (
        {"type": "array", "items": {"type": "integer", "maximum": 3}},
        [[], [1], [4], ["1"], [1, None]],
    ),
    "minItems": ({"type": "array", "minItems": 1}, [[], [1]]),
    "maxItems": ({"type": "array", "maxItems": 1}, [[1], [1, 2]]),
    "minLength": ({"type": "string", "minLength": 2}, ["", "a", "ab", "볼트", "😀"]),
    "maxLength": ({"type": "string", "maxLength": 2}, ["", "ab", "abc", "볼트", "😀😀", "😀😀😀"]),
    "pattern": ({"type": "string", "pattern": "[A-Z]+-[0-9]{2}"}, ["A-11", "xA-11y", "a-11", "A-1", ""]),
    "minimum": ({"type": "integer", "minimum": 2}, [1, 2, 3, 2.5]),
    "maximum": ({"type": "number", "maximum": 2.5}, [2, 2.5, 2.6, 3]),
    "exclusiveMinimum": ({"type": "number", "exclusiveMinimum": 2}, [2, 2.1, 1]),
    "exclusiveMaximum": ({"type": "integer", "exclusiveMaximum": 2}, [1, 2, 3]),
    "multipleOf": ({"type": "integer", "multipleOf": 3}, [0, 3, 4, -6]),
    "$ref": ({"$ref": "#/components/schemas/Small"}, [1, 10, 11, "1", None]),
    "format: date": ({"type": "string", "format": "date"}, DATES),
    "format: date-time": ({"type": "string", "format": "date-time"}, MOMENTS),
    "format: date-time-local": ({"type": "string", "format": "date-time-local"}, MOMENTS),
}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """One message a schema, which stands under `value`; the models of all of them."""
    folder = tmp_path_factory.mktemp("keywords")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        (folder / "spec.json").write_text(json.dumps(_document()), "utf-8")
        package("spec.json", folder, "keywords_generated")
    return imported(folder, "keywords_generated.spec.messages")


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_model_and_the_validator_agree(name, models):
    schema, values = SCHEMAS[name]
    model = getattr(models, f"Message{list(SCHEMAS).index(name)}")
    judge = Judge({"$defs": {"Small": {"type": "integer", "maximum": 10}}, **_local(schema)})

    verdicts = {json.dumps(value): _accepts(model, value) for value in values}

    assert verdicts == {json.dumps(value): judge.accepts(value) for value in values}
    assert len({*verdicts.values()}) == 2


def test_every_keyword_and_format_that_is_enforced_is_tried():
    tried = {name.partition(":")[0] for name in SCHEMAS}
    formats = {name.removeprefix("format: ") for name in SCHEMAS if name.startswith("format: ")}

    assert tried == set(ENFORCED)
    assert formats == set(FORMATS)


def test_no_keyword_is_both_enforced_and_refused():
    assert not REFUSED & set(ENFORCED)


def _accepts(model, value) -> bool:
    try:
        model.model_validate_json(json.dumps({"kind": model.__name__, "value": value}))
    except ValidationError:
        return False
    return True


def _local(schema):
    return {"$ref": "#/$defs/Small"} if "$ref" in schema else schema


def _document():
    messages = {
        f"message{index}": {
            "payload": {
                "type": "object",
                "required": ["kind", "value"],
                "properties": {"kind": {"const": f"Message{index}"}, "value": schema},
            }
        }
        for index, (schema, _) in enumerate(SCHEMAS.values())
    }
    return {
        "asyncapi": "3.1.0",
        "info": {"title": "Keywords", "version": "1"},
        "x-perspective": "server",
        "servers": {"live": {"host": "localhost", "protocol": "ws"}},
        "channels": {"all": {"address": "/", "messages": messages}},
        "operations": {"all": {"action": "receive", "channel": {"$ref": "#/channels/all"}}},
        "components": {"schemas": {"Small": {"type": "integer", "maximum": 10}}},
    }
