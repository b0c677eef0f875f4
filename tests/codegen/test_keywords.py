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

NAMED = {
    "Small": {"type": "integer", "maximum": 10},
    "Nest": {"type": "array", "items": {"$ref": "#/components/schemas/Nest"}, "uniqueItems": True},
}

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
    "nullable": ({"type": "string", "nullable": True}, ANYTHING),
    "const: true": ({"const": True}, ANYTHING),
    "const: list": ({"const": [1, "a"]}, [[1, "a"], [True, "a"], [1], "a", None]),
    "const: object": ({"const": {"a": 1.5}}, [{"a": 1.5}, {"a": 1}, {}, 1.5]),
    "enum: mixed": ({"enum": [1, "1", 2.5, None, False]}, [*ANYTHING, "1", 2.5, 2]),
    "enum: and more": ({"type": "string", "enum": ["a", "abc"], "minLength": 2}, ["a", "abc", "b", None]),
    "allOf": (
        {
            "allOf": [
                {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}},
                {"properties": {"a": {"minimum": 1}, "b": {"type": "string"}}},
            ]
        },
        [{}, {"a": 1}, {"a": 0}, {"a": 1, "b": 2}, {"a": 1, "b": "x"}],
    ),
    "allOf: closed": (
        {
            "type": "object",
            "properties": {"a": {}},
            "allOf": [{"properties": {"b": {}}, "additionalProperties": False}],
        },
        [{}, {"a": 1}, {"b": 1}],
    ),
    "anyOf: conditions": (
        {
            "type": "object",
            "properties": {"a": {}, "b": {}},
            "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
        },
        [{}, {"a": 1}, {"b": 1}, {"c": 1}],
    ),
    "oneOf: overlapping": (
        {"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 2}]},
        [1, 2, 2.5, 1.5, "1", None],
    ),
    "not": ({"not": {"type": "string"}}, ANYTHING),
    "if": (
        {"if": {"type": "string"}, "then": {"minLength": 1}, "else": {"type": "integer"}},
        ANYTHING,
    ),
    "then": ({"if": {"const": 1}, "then": False}, [1, 2, None]),
    "else": ({"if": {"const": 1}, "else": False}, [1, 2, None]),
    "patternProperties": (
        {
            "type": "object",
            "patternProperties": {r"^x\d$": {"type": "integer"}},
            "additionalProperties": False,
        },
        [{}, {"x1": 1}, {"x1": "1"}, {"y": 1}],
    ),
    "propertyNames": ({"type": "object", "propertyNames": {"maxLength": 1}}, [{}, {"a": 1}, {"ab": 1}]),
    "minProperties": ({"type": "object", "minProperties": 1}, [{}, {"a": 1}]),
    "maxProperties": (
        {"type": "object", "properties": {"a": {}}, "maxProperties": 1},
        [{}, {"a": 1}, {"b": 1, "a": 2}],
    ),
    "additionalProperties: beside": (
        {"type": "object", "properties": {"a": {}}, "additionalProperties": {"type": "integer"}},
        [{}, {"a": "1", "b": 1}, {"b": "1"}],
    ),
    "dependentRequired": (
        {"type": "object", "dependentRequired": {"a": ["b"]}},
        [{}, {"a": 1}, {"a": 1, "b": 1}, {"b": 1}],
    ),
    "dependentSchemas": (
        {"type": "object", "properties": {"a": {}}, "dependentSchemas": {"a": {"required": ["b"]}}},
        [{}, {"a": 1}, {"a": 1, "b": 1}],
    ),
    "items: false": ({"type": "array", "items": False}, [[], [1]]),
    "prefixItems": (
        {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False},
        [[], [1], [1, "a"], ["a"], [1, "a", 2]],
    ),
    "contains": ({"type": "array", "contains": {"const": 1}}, [[], [1], [2], [2, 1]]),
    "minContains": (
        {"type": "array", "contains": {"type": "string"}, "minContains": 2},
        [[], ["a"], ["a", "b"]],
    ),
    "maxContains": ({"type": "array", "contains": {"type": "string"}, "maxContains": 1}, [["a"], ["a", "b"]]),
    "uniqueItems": (
        {"type": "array", "uniqueItems": True},
        [[], [1, 1], [1, 1.0], [1, True], [{"a": 1}, {"a": 1}], [[1], [2]]],
    ),
    "uniqueItems: inside": (
        {"type": "array", "items": {"type": "array", "items": {"type": "string"}, "uniqueItems": True}},
        [[], [["a", "b"]], [["a", "a"]]],
    ),
    "multipleOf: of a number": ({"type": "number", "multipleOf": 0.1}, [0.3, 1, 0.35, 4.4]),
    "pattern: looking ahead": ({"type": "string", "pattern": "^(?!admin)"}, ["admin", "user", 1]),
    "pattern: ASCII": ({"type": "string", "pattern": r"^[\w-]\d$"}, ["a1", "-1", "\u0661\u0661", "a\u0661"]),
    "required: of no property": ({"type": "object", "required": ["a"]}, [{}, {"a": 1}]),
    "required: a constant": (
        {"type": "object", "required": ["a"], "properties": {"a": {"const": "x"}}},
        [{}, {"a": "x"}, {"a": "y"}],
    ),
    "required: with a default": (
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "default": 1}}},
        [{}, {"a": 2}],
    ),
    "type: of an item": ({"minLength": 2}, ["a", "ab", 1, None]),
    "$ref: and more": ({"$ref": "#/components/schemas/Small", "minimum": 5}, [1, 5, 10, 11, None]),
    "$ref: to itself": (
        {"$ref": "#/components/schemas/Nest"},
        [[], [[], [[]]], [1], [[], []], [[[], []]], "a"],
    ),
    "format: time": (
        {"type": "string", "format": "time"},
        ["12:00:00Z", "12:00:00", "25:00:00Z", "12:00:00+01:00"],
    ),
    "format: duration": (
        {"type": "string", "format": "duration"},
        ["P1D", "PT1H", "P1W", "P", "1 day", "P1DT", "PT1M2S"],
    ),
    "format: email": (
        {"type": "string", "format": "email"},
        ["a@b.c", "a", "@b", "a b@c.d", "a@b..c", "a.@b.c"],
    ),
    "format: hostname": (
        {"type": "string", "format": "hostname"},
        ["a.b", "-a", "a_b", "", "a" * 64, "a-b.example"],
    ),
    "format: ipv4": ({"type": "string", "format": "ipv4"}, ["1.2.3.4", "1.2.3", "1.2.3.256", "01.2.3.4"]),
    "format: ipv6": (
        {"type": "string", "format": "ipv6"},
        ["::1", "1::2::3", "fe80::1%eth0", "1.2.3.4", "::1.2.3.4"],
    ),
    "format: uri": (
        {"type": "string", "format": "uri"},
        ["https://a.b/c?d#e", "a", "//a", "a b:c", "urn:x:y", "http://a/%zz"],
    ),
    "format: uri-reference": (
        {"type": "string", "format": "uri-reference"},
        ["/a", "a#b", "a b", "#a#b", ""],
    ),
    "format: uuid": (
        {"type": "string", "format": "uuid"},
        ["6f1e1f0c-3f0e-4c5e-9d5b-0d8d5a2c7b11", "6f1e1f0c3f0e4c5e9d5b0d8d5a2c7b11", "{}", ""],
    ),
    "minLength: of a format": ({"type": "string", "format": "date", "minLength": 3}, DATES),
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
    judge = Judge({"components": {"schemas": NAMED}, **_plain(schema)})

    verdicts = {json.dumps(value): _accepts(model, value) for value in values}

    assert verdicts == {json.dumps(value): judge.accepts(value) for value in values}
    assert len({*verdicts.values()}) == 2


def test_every_keyword_and_format_that_is_enforced_is_tried():
    tried = {name.partition(":")[0] for name in SCHEMAS} | {"dependencies", "additionalItems"}
    formats = {name.removeprefix("format: ") for name in SCHEMAS if name.startswith("format: ")}

    assert tried == set(ENFORCED)
    assert formats == set(FORMATS)


def test_no_keyword_is_both_enforced_and_refused():
    assert not REFUSED & set(ENFORCED)


HARD_NAMES = [
    *(
        "",
        "class",
        "def",
        "int",
        "copy",
        "json",
        "schema",
        "model_config",
        "model_dump",
        "model_fields",
        "self",
    ),
    *(
        "<init",
        "@type",
        "1st",
        "_private",
        "kebab-case",
        "dotted.name",
        "camelCase",
        "볼트",
        "Field",
        "Message",
        "Any",
    ),
]


def test_names_on_the_wire_survive_whatever_they_are_called_in_python(models):
    model = getattr(models, f"Message{len(SCHEMAS)}")
    payload = {"kind": model.__name__, "value": dict.fromkeys(HARD_NAMES, 1)}

    message = model.model_validate_json(json.dumps(payload))

    assert json.loads(message.model_dump_json()) == payload
    assert not message.value.model_extra


def _accepts(model, value) -> bool:
    try:
        model.model_validate_json(json.dumps({"kind": model.__name__, "value": value}))
    except ValidationError:
        return False
    return True


def _plain(schema):
    """*schema* in JSON Schema's own words."""
    return {"type": [schema["type"], "null"]} if "nullable" in schema else schema


HARD_NAMED = {
    "type": "object",
    "required": HARD_NAMES,
    "properties": {name: {"type": "integer"} for name in HARD_NAMES},
}


def _document():
    messages = {
        f"message{index}": {
            "payload": {
                "type": "object",
                "required": ["kind", "value"],
                "properties": {"kind": {"const": f"Message{index}"}, "value": schema},
            }
        }
        for index, schema in enumerate([*(each for each, _ in SCHEMAS.values()), HARD_NAMED])
    }
    return {
        "asyncapi": "3.1.0",
        "info": {"title": "Keywords", "version": "1"},
        "x-perspective": "server",
        "servers": {"live": {"host": "localhost", "protocol": "ws"}},
        "channels": {"all": {"address": "/", "messages": messages}},
        "operations": {"all": {"action": "receive", "channel": {"$ref": "#/channels/all"}}},
        "components": {"schemas": NAMED},
    }
