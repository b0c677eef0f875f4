"""Each keyword of JSON Schema: values that fit, and values that don't."""

import pytest

from wirepact.constraints import faults, fits, matches

KEYWORDS = [
    pytest.param(schema, good, bad, id=next(iter(schema)) if len(schema) == 1 else " ".join(schema))
    for schema, good, bad in [
        ({"type": "integer"}, [1, -1, 1.0], [1.5, "1", True, None, []]),
        ({"type": "number"}, [1, 1.5], ["1", False]),
        ({"type": "boolean"}, [True, False], [1, 0, "true"]),
        ({"type": "null"}, [None], [0, "", False]),
        ({"type": "string"}, ["", "1"], [1, None]),
        ({"type": "array"}, [[], [1]], [{}, "[]"]),
        ({"type": "object"}, [{}], [[], None]),
        ({"type": ["integer", "null"]}, [1, None], ["1", False]),
        ({"const": 1}, [1, 1.0], [True, "1", 2]),
        ({"const": True}, [True], [1, "true"]),
        (
            {"const": {"a": [1, None]}},
            [{"a": [1, None]}, {"a": [1.0, None]}],
            [{"a": [1]}, {"a": [True, None]}],
        ),
        ({"enum": ["a", None, 0]}, ["a", None, 0, 0.0], ["b", False, ""]),
        ({"minLength": 2}, ["ab", "볼트", 1], ["a", "\U0001f600"]),
        ({"maxLength": 2}, ["ab", "\U0001f600\U0001f600", [1, 2, 3]], ["abc"]),
        ({"pattern": "^a"}, ["ab", 1], ["ba"]),
        ({"format": "ipv4"}, ["127.0.0.1", 1], ["127.0.0.256"]),
        ({"format": "unheard-of"}, ["anything"], []),
        ({"minimum": 1}, [1, 1.0, "0"], [0, 0.99]),
        ({"maximum": 1}, [1, True, 0], [2, 1.01]),
        ({"exclusiveMinimum": 1}, [1.01, 2], [1, 1.0]),
        ({"exclusiveMaximum": 1}, [0.99], [1, 2]),
        ({"multipleOf": 0.1}, [0.3, 1, 4.35e1, "x"], [0.35, 0.15]),
        ({"multipleOf": 0.01}, [4.35, 1.13, -19.99], [4.355]),
        ({"multipleOf": 3}, [0, 9, -3, 3.0, True], [1, 2.5]),
        ({"minItems": 1}, [[0], {}], [[]]),
        ({"maxItems": 1}, [[], [0], "ab"], [[0, 0]]),
        (
            {"uniqueItems": True},
            [[1, 2], [1, True], [0, False, None, ""], [[1], [2]]],
            [[1, 1.0], [[1], [1.0]]],
        ),
        ({"uniqueItems": True}, [[{"a": 1}, {"a": 2}]], [[{"a": 1, "b": 2}, {"b": 2, "a": 1.0}]]),
        ({"uniqueItems": False}, [[1, 1]], []),
        ({"items": {"type": "string"}}, [[], ["a"], {"a": 1}], [["a", 1]]),
        ({"items": False}, [[]], [[1]]),
        ({"prefixItems": [{"type": "string"}]}, [[], ["a", 1]], [[1]]),
        ({"prefixItems": [True], "items": {"type": "null"}}, [[1, None], [1]], [[1, 1]]),
        ({"contains": {"const": 1}}, [[0, 1], "no array"], [[], [0]]),
        ({"contains": {"const": 1}, "minContains": 2}, [[1, 0, 1]], [[1, 0]]),
        ({"contains": {"const": 1}, "minContains": 0, "maxContains": 1}, [[], [1]], [[1, 1]]),
        ({"properties": {"a": {"type": "string"}}}, [{}, {"a": "x", "b": 1}, 3], [{"a": 1}]),
        ({"patternProperties": {"^x": {"type": "string"}}}, [{"x": "y", "a": 1}], [{"xa": 1}]),
        ({"additionalProperties": False}, [{}, []], [{"a": 1}]),
        (
            {"properties": {"a": True}, "patternProperties": {"^x": True}, "additionalProperties": False},
            [{"a": 1, "xy": 2}],
            [{"b": 1}],
        ),
        ({"propertyNames": {"maxLength": 1}}, [{"a": 1}, "long"], [{"ab": 1}]),
        ({"required": ["a"]}, [{"a": None}, []], [{}, {"b": 1}]),
        ({"dependentRequired": {"a": ["b"]}}, [{}, {"b": 1}, {"a": 1, "b": 1}], [{"a": 1}]),
        ({"dependentSchemas": {"a": {"required": ["b"]}}}, [{}, {"a": 1, "b": 1}], [{"a": 1}]),
        ({"minProperties": 1}, [{"a": 1}, []], [{}]),
        ({"maxProperties": 1}, [{}, {"a": 1}], [{"a": 1, "b": 1}]),
        ({"allOf": [{"minimum": 1}, {"maximum": 3}]}, [1, 3], [0, 4]),
        ({"anyOf": [{"type": "string"}, {"minimum": 3}]}, ["a", 3, None], [1]),
        ({"oneOf": [{"type": "integer"}, {"minimum": 3}]}, [1, 3.5], [4, 1.5]),
        ({"not": {"type": "string"}}, [1], ["a"]),
        ({"if": {"minimum": 3}, "then": {"multipleOf": 2}, "else": {"const": 1}}, [4, 1], [5, 2]),
        ({"if": {"type": "string"}, "then": {"minLength": 1}}, [1, "a"], [""]),
    ]
]


@pytest.mark.parametrize(("schema", "good", "bad"), KEYWORDS)
def test_a_keyword_takes_what_it_should_and_nothing_else(schema, good, bad):
    assert [value for value in good if not fits(value, schema)] == []
    assert [value for value in bad if fits(value, schema)] == []


@pytest.mark.parametrize(("schema", "good", "bad"), KEYWORDS)
def test_a_fault_is_told_exactly_where_there_is_one(schema, good, bad):
    assert [list(faults(value, schema)) for value in good if list(faults(value, schema))] == []
    assert all(list(faults(value, schema)) for value in bad)


def test_schemas_may_be_true_or_false():
    assert fits({"anything": 1}, True)
    assert not fits(None, False)


LIST = {
    "$ref": "#/$defs/Node",
    "$defs": {
        "Node": {"properties": {"value": {"$ref": "#/$defs/Even"}, "next": {"$ref": "#/$defs/Node"}}},
        "Even": {"multipleOf": 2},
    },
}


def test_references_lead_to_definitions_however_deep():
    assert fits({"value": 2, "next": {"value": 4, "next": {"value": 6}}}, LIST)
    assert not fits({"value": 2, "next": {"value": 4, "next": {"value": 7}}}, LIST)


def test_a_fault_names_the_innermost_place_and_the_keyword():
    schema = {**LIST, "properties": {"tags": {"items": {"maxLength": 1}}}, "required": ["id"]}

    assert list(faults({"next": {"next": {"value": 7}}, "tags": ["a", "bc"]}, schema)) == [
        "next.next.value does not fit 'multipleOf'",
        "tags[1] does not fit 'maxLength'",
        "it does not fit 'required'",
    ]


@pytest.mark.parametrize(
    ("pattern", "found", "missed"),
    [
        (r"^\d+$", ["12"], ["١٢", "12\n", "a1"]),
        (r"^\w$", ["a", "_"], ["é", "볼"]),
        (r"^[\d-]$", ["-", "1"], ["\u0661"]),
        (r"[$]", ["$"], ["a"]),
        (r"a\$$", ["a$"], ["a$\n", "a"]),
        ("b", ["abc"], ["ac"]),
        (r"^\p{Lu}+$", ["ÄB"], ["äB", ""]),
    ],
)
def test_patterns_are_those_of_ecmascript(pattern, found, missed):
    assert [text for text in found if not matches(pattern, text)] == []
    assert [text for text in missed if matches(pattern, text)] == []
