"""A schema in two parts: what a model says by its fields, and the rest that it carries."""

import pytest

from wirepact_codegen.targets.projection import Projection, bare, is_class

NAMED = {
    "Point": {"type": "object", "required": ["x"], "properties": {"x": {"type": "number"}}},
    "Small": {"type": "integer", "maximum": 10},
    "Set": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
    "Nest": {"type": "array", "items": {"$ref": "#/$defs/Nest"}},
}


def parted(schema):
    """What the fields say of *schema*, and the rest."""
    projection = Projection(NAMED)
    return projection.model("It", schema), projection.rest(schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "minLength": 1, "maxLength": 3},
        {"type": "string", "pattern": "^a"},
        {"type": "string", "format": "uuid"},
        {"type": "integer", "minimum": 1, "exclusiveMaximum": 9, "multipleOf": 2},
        {"type": "number", "maximum": 1.5},
        {"type": "boolean"},
        {"type": "null"},
        {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 1},
        {"type": "array", "prefixItems": [{"const": "a"}, {}], "items": False, "minItems": 2, "maxItems": 2},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"type": ["string", "null"], "maxLength": 3},
        {"const": "a"},
        {"const": 1},
        {"enum": ["a", 2, None]},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        {"$ref": "#/$defs/Small"},
        {"$ref": "#/$defs/Point"},
    ],
)
def test_what_a_type_can_say_is_said_by_it_alone(schema):
    assert parted(schema) == (schema, {})


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "array", "uniqueItems": True}, {"type": "array"}),
        ({"type": "number", "multipleOf": 0.1}, {"type": "number"}),
        ({"type": "string", "pattern": r"^\S$"}, {"type": "string"}),
        ({"type": "string", "format": "date", "minLength": 1}, {"type": "string", "minLength": 1}),
        ({"type": "string", "not": {"const": "a"}}, {"type": "string"}),
        ({"type": "array", "prefixItems": [{"type": "string"}]}, {"type": "array"}),
        ({"type": "object", "minProperties": 1}, {"type": "object"}),
        ({"enum": [True, "a"]}, {"anyOf": [{"type": "boolean"}, {"type": "string"}]}),
        ({"const": [1]}, {"type": "array"}),
        ({"not": {"type": "null"}}, {}),
        ({"minimum": 3}, {}),
    ],
)
def test_what_it_can_not_say_is_carried(schema, said):
    assert parted(schema) == (said, schema)


@pytest.mark.parametrize("closed", [{"items": False}, {"maxItems": 2}, {"maxItems": 2, "items": {}}])
def test_an_array_of_which_each_element_is_said_is_a_tuple(closed):
    schema = {"type": "array", "prefixItems": [{"type": "string"}, {"$ref": "#/$defs/Point"}], "minItems": 2}

    fields, rest = parted({**schema, **closed})

    assert fields == {**schema, "items": False, "maxItems": 2}
    assert rest == {}
    assert {**schema, "uniqueItems": True, **closed}.items() <= parted(
        {**schema, "uniqueItems": True, **closed}
    )[1].items()


@pytest.mark.parametrize("more", [{}, {"maxItems": 3}, {"minItems": 1, "maxItems": 2}])
def test_an_array_with_room_for_more_or_less_is_a_list(more):
    schema = {"type": "array", "prefixItems": [{"type": "string"}, True], "minItems": 2, **more}

    assert "prefixItems" not in parted(schema)[0]
    assert parted(schema)[1] == schema


def test_what_is_for_people_is_shown_and_not_carried():
    schema = {"type": "array", "uniqueItems": True, "description": "All different.", "x-mine": 1}

    assert parted(schema) == (
        {"type": "array", "description": "All different."},
        {"type": "array", "uniqueItems": True},
    )


def test_a_class_carries_what_its_fields_leave_over():
    schema = {
        "type": "object",
        "required": ["kind", "size", "extra"],
        "properties": {
            "kind": {"const": "a"},
            "size": {"type": "integer", "default": 3},
            "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        },
        "additionalProperties": {"type": "string"},
        "minProperties": 2,
    }

    fields, rest = parted(schema)

    assert fields == {
        "type": "object",
        "required": ["kind", "size"],
        "properties": {
            "kind": {"const": "a"},
            "size": {"type": "integer", "default": 3},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
    }
    assert rest == {
        "minProperties": 2,
        "required": ["kind", "size", "extra"],
        "additionalProperties": {"type": "string"},
        "properties": {
            "kind": {},
            "size": {},
            "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        },
    }


def test_a_closed_class_says_so_itself_unless_patterns_let_more_in():
    closed = {"type": "object", "properties": {"a": {}}, "additionalProperties": False}
    patterned = {**closed, "patternProperties": {"^x": {}}}

    assert parted(closed) == ({**closed}, {})
    assert "additionalProperties" not in parted(patterned)[0]
    assert parted(patterned)[1] == {
        "patternProperties": {"^x": {}},
        "additionalProperties": False,
        "properties": {"a": {}},
    }


def test_a_class_inside_holds_its_own_rest_and_an_alias_does_not():
    inside = {"type": "object", "properties": {"a": {"$ref": "#/$defs/Point"}, "b": {"$ref": "#/$defs/Set"}}}

    fields, rest = parted(inside)

    assert fields == inside
    assert rest == {"properties": {"b": {"$ref": "#/$defs/Set"}}, "$defs": {"Set": NAMED["Set"]}}


def test_an_alias_that_contains_itself_is_anything_and_carried():
    fields, rest = parted({"type": "object", "properties": {"nest": {"$ref": "#/$defs/Nest"}}})

    assert fields == {"type": "object", "properties": {"nest": {}}}
    assert rest["properties"] == {"nest": {"$ref": "#/$defs/Nest"}}
    assert rest["$defs"] == {"Nest": NAMED["Nest"]}


@pytest.mark.parametrize(
    ("schema", "rest"),
    [
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, {}),
        ({"oneOf": [{"type": "number"}, {"type": "integer"}]}, None),
        ({"anyOf": [{"type": "string"}, {"type": "array", "uniqueItems": True}]}, None),
    ],
)
def test_branches_are_carried_unless_they_exclude_each_other_and_say_all(schema, rest):
    assert parted(schema)[1] == (schema if rest is None else rest)


@pytest.mark.parametrize(
    ("schema", "is_one"),
    [
        ({"type": "object", "properties": {}}, True),
        ({"type": "object"}, False),
        ({"properties": {}}, False),
        ({"type": "object", "properties": {}, "const": {}}, False),
    ],
)
def test_a_class_is_an_object_with_fields(schema, is_one):
    assert is_class(schema) is is_one


def test_bare_takes_names_for_names_whatever_they_are():
    schema = {
        "title": "T",
        "properties": {"title": {"description": "d", "type": "string"}},
        "enum": [{"title": "kept"}],
        "not": {"x-mine": 1, "type": "null"},
    }

    assert bare(schema) == {
        "properties": {"title": {"type": "string"}},
        "enum": [{"title": "kept"}],
        "not": {"type": "null"},
    }
