import pytest

from wirepact_codegen.targets.typescript_layout import alias, flat_text, member, width
from wirepact_codegen.targets.typescript_types import Field, key, quoted, type_of, untangled


def text_of(schema):
    return flat_text(type_of(schema))


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "format": "date-time"}, "string"),
        ({"type": "integer", "minimum": 1}, "number"),
        ({"type": "number"}, "number"),
        ({"type": "boolean"}, "boolean"),
        ({"type": "null"}, "null"),
        ({"type": ["string", "null"]}, "string | null"),
        ({"type": ["integer", "number"]}, "number"),
        ({"const": "alert"}, '"alert"'),
        ({"const": None}, "null"),
        ({"const": True}, "true"),
        ({"const": -3}, "-3"),
        ({"type": "string", "enum": ["a", "b"]}, '"a" | "b"'),
        ({"enum": [1, None, "1", False]}, '1 | null | "1" | false'),
        ({"$ref": "#/$defs/QualityAlert", "description": "The newest."}, "QualityAlert"),
        ({"type": "array", "items": {"type": "string"}}, "string[]"),
        ({"type": "array"}, "unknown[]"),
        ({"type": "array", "items": {"type": ["string", "null"]}}, "(string | null)[]"),
        ({"type": "array", "items": {"type": "array", "items": {"enum": [1, 2]}}}, "(1 | 2)[][]"),
        ({"type": ["array", "null"], "items": {"type": "integer"}}, "number[] | null"),
        ({"type": "object"}, "{ [key: string]: unknown }"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "{ [key: string]: number }"),
        ({"type": "object", "additionalProperties": False}, "{ [key: string]: never }"),
        ({"oneOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}, {"type": "null"}]}, "A | B | null"),
        ({"anyOf": [{"type": "string"}, {"anyOf": [{"type": "null"}, {"const": 1}]}]}, "string | null | 1"),
        ({"anyOf": [{"type": "string"}, {"type": "string", "maxLength": 3}]}, "string"),
        ({"anyOf": [{"type": "string"}, {}]}, "unknown"),
        ({"anyOf": [{"type": "string"}, False]}, "string"),
        ({"allOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}]}, "A & B"),
        ({"$ref": "#/$defs/A", "allOf": [{}, {"$ref": "#/$defs/A"}]}, "A"),
        ({"type": "object", "allOf": [{"$ref": "#/$defs/A"}]}, "A"),
        ({"allOf": [{"type": ["string", "null"]}, {"enum": ["a", 1, None]}]}, '"a" | null'),
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, "never"),
        ({"anyOf": [{"allOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}]}, {"const": 1}]}, "(A & B) | 1"),
        ({"type": "string", "enum": ["a", 1]}, '"a"'),
        ({"type": "string", "nullable": True}, "string | null"),
        ({"not": {}}, "never"),
        ({"const": {"a": [1], "b": {}}}, "{ a: [1]; b: { [key: string]: never } }"),
        ({"enum": [1e22, 2.0, -0.5]}, "1e22 | 2 | -0.5"),
        ({"type": "array", "prefixItems": [{"type": "string"}], "minItems": 1}, "[string, ...unknown[]]"),
        (
            {"type": "array", "prefixItems": [{"type": "string"}, {"enum": [1, 2]}], "items": False},
            "[string?, (1 | 2)?]",
        ),
        ({"type": "array", "prefixItems": [{}, {}, {}], "minItems": 2, "maxItems": 2}, "[unknown, unknown]"),
        (
            {"properties": {"a": {"type": "string"}}, "required": ["a", "b"]},
            "{ a: string; b: unknown }",
        ),
        (
            {"properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "integer"}},
            "{ a?: string; [key: string]: number | string | undefined }",
        ),
        (
            {"items": {"type": "string"}},
            "string[] | string | number | boolean | { [key: string]: unknown } | null",
        ),
        ({"type": "object", "patternProperties": {"^a": {"type": "integer"}}}, "{ [key: string]: unknown }"),
        (
            {
                "type": "object",
                "patternProperties": {"^a": {"type": "integer"}},
                "additionalProperties": False,
            },
            "{ [key: string]: number }",
        ),
        ({"properties": {"toString": {"type": "null"}}}, '{ toString?: null | {}["toString"] }'),
        ({}, "unknown"),
        (True, "unknown"),
    ],
)
def test_a_schema_becomes_the_type_of_its_values(schema, text):
    assert text_of(schema) == text


def test_an_alias_that_leads_to_itself_and_nowhere_else_is_unknown():
    circle = {
        "A": {"anyOf": [{"$ref": "#/$defs/B"}, {"type": "null"}]},
        "B": {"allOf": [{"$ref": "#/$defs/A"}]},
    }
    nest = {"C": {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/C"}}, {"$ref": "#/$defs/A"}]}}

    types = untangled({name: type_of(schema) for name, schema in (circle | nest).items()})

    assert [flat_text(each) for each in types.values()] == ["unknown", "unknown", "C[] | A"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", '"plain"'),
        ("it's", '"it\'s"'),
        ('say "hi"', "'say \"hi\"'"),
        ("\"a\" 'b' 'c'", "\"\\\"a\\\" 'b' 'c'\""),
        ('"a" "b" \'c', '\'"a" "b" \\\'c\''),
        ("back\\slash\n", '"back\\\\slash\\n"'),
        ("볼트", '"볼트"'),
        ("line\u2028separator", '"line\\u2028separator"'),
        ("${not} `a template`", '"${not} `a template`"'),
    ],
)
def test_a_string_is_quoted_as_prettier_would(text, written):
    assert quoted(text) == written


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("type", "type"),
        ("$id", "$id"),
        ("12", "12"),
        ("012", '"012"'),
        ("a-b", '"a-b"'),
        ("이름", "이름"),
        ("", '""'),
    ],
)
def test_a_wire_name_is_a_key_to_the_letter(name, written):
    assert key(name) == written


def test_wide_characters_take_two_columns():
    assert width("M10 볼트") == 8


def test_what_does_not_fit_stands_one_member_a_line():
    kinds = {"enum": [f"kind_number_{number}" for number in range(8)]}

    assert alias("Kind", type_of(kinds)).splitlines()[:2] == [
        "export type Kind =",
        '  | "kind_number_0"',
    ]
    field = Field("kinds", type_of({"type": "array", "items": kinds}))
    assert member(field, indent=2).splitlines() == [
        "kinds: (",
        *(f'    | "kind_number_{number}"' for number in range(8)),
        "  )[];",
    ]
