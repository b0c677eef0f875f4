"""The proof held against an independent validator, on pairs of schemas made at random."""

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema_rs import validator_for

from wirepact import descriptors
from wirepact.signs import shows
from wirepact_codegen.branches import Branches
from wirepact_codegen.errors import Place
from wirepact_codegen.model import Message, MessageSet
from wirepact_codegen.outlines import Outliner
from wirepact_codegen.sampling import Sampler
from wirepact_codegen.telling import Overlap, in_order, tell_apart

PLACE = Place("a.yaml", 1, 1)
NAMES = st.sampled_from(["a", "b", "c"])
SCALARS = st.sampled_from([None, True, False, 0, 1, 1.0, 1.5, 2, -1, "a", "b", "", "ab", "abc", "2026-01-11"])
TYPES = st.sampled_from(["null", "boolean", "integer", "number", "string", "object", "array"])
DEFINITIONS = {
    "Loop": {"type": "object", "properties": {"a": {"$ref": "#/$defs/Loop"}}, "required": ["a"]},
    "Text": {"type": "string"},
    "Count": {"type": "integer", "minimum": 1},
    "Choice": {"oneOf": [{"const": "a"}, {"type": "object", "additionalProperties": False}]},
}


BOUNDS = st.sampled_from([-1, 0, 0.5, 1, 1.0, 1.5, 2])
COUNTS = st.integers(0, 3)
FORMATS = st.sampled_from(["date", "date-time", "duration", "email", "ipv4", "ipv6", "time", "uuid", "uri"])
PATTERNS = st.sampled_from(
    ["^a", "^ab", "^ab?", "^b", "^a|b", "^2026-", "b", r"^\.", "^(a|b)", "^ab*", "^a{0}b"]
)


def limited():
    """Schemas that say how large, how long and in what form a value may be."""
    numbers = st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["integer", "number", ["integer", "string"], ["integer", "number"]]),
            "minimum": BOUNDS,
            "maximum": BOUNDS,
            "exclusiveMinimum": BOUNDS,
            "exclusiveMaximum": BOUNDS,
        },
    )
    texts = st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["string", ["string", "null"]]),
            "minLength": COUNTS,
            "maxLength": COUNTS,
            "format": FORMATS,
            "pattern": PATTERNS,
        },
    )
    sizes = st.fixed_dictionaries(
        {"type": st.sampled_from(["object", "array"])},
        optional={
            "minProperties": COUNTS,
            "maxProperties": COUNTS,
            "minItems": COUNTS,
            "maxItems": COUNTS,
        },
    )
    return st.one_of(numbers, texts, sizes, st.builds(lambda one, other: {**one, **other}, numbers, texts))


def schemas():
    leaves = st.one_of(
        st.just({}),
        st.booleans(),
        st.builds(lambda kind: {"type": kind}, TYPES | st.lists(TYPES, min_size=1, max_size=2, unique=True)),
        st.builds(lambda value: {"const": value}, SCALARS),
        st.builds(lambda values: {"enum": values}, st.lists(SCALARS, min_size=1, max_size=3)),
        st.builds(lambda name: {"$ref": f"#/$defs/{name}"}, st.sampled_from([*DEFINITIONS])),
        limited(),
    )
    return st.recursive(leaves, _larger, max_leaves=6)


def _larger(inside):
    objects = st.fixed_dictionaries(
        {"properties": st.dictionaries(NAMES, inside, max_size=3)},
        optional={
            "type": st.sampled_from(["object", ["object", "null"]]),
            "required": st.lists(NAMES, max_size=2, unique=True),
            "additionalProperties": inside,
            "patternProperties": st.just({"^a": {"type": "string"}}),
        },
    )
    arrays = st.fixed_dictionaries(
        {"type": st.just("array")},
        optional={
            "prefixItems": st.lists(inside, min_size=1, max_size=2),
            "items": inside,
            "minItems": st.integers(0, 3),
            "maxItems": st.integers(0, 3),
        },
    )
    several = st.dictionaries(
        st.sampled_from(["allOf", "anyOf", "oneOf"]),
        st.lists(inside, min_size=1, max_size=2),
        min_size=1,
        max_size=2,
    )
    return st.one_of(
        objects, arrays, several, st.builds(lambda one, other: {**one, **other}, objects, several)
    )


VALUES = st.recursive(
    SCALARS,
    lambda inside: st.dictionaries(NAMES, inside, max_size=3) | st.lists(inside, max_size=3),
    max_leaves=6,
)


def judge(schema):
    return validator_for({"$defs": DEFINITIONS, "allOf": [schema]}, validate_formats=True)


def message(name, schema):
    return Message(name, name.title(), schema if isinstance(schema, dict) else {"allOf": [schema]}, PLACE)


def told(one, other):
    return tell_apart([message("one", one), message("other", other)], _definitions())


def _definitions():
    from wirepact_codegen.model import Definition

    return [Definition(name, schema, PLACE) for name, schema in DEFINITIONS.items()]


def are_apart(one, other):
    return not Branches(DEFINITIONS).overlaps([one, other])


def candidates(one, other):
    """Values that come near to both schemas: made of each, and of both together."""
    found = []
    sampler = Sampler(DEFINITIONS)
    for schema in (one, other):
        sampler.common(schema, {}, lambda value: found.append(value) or False)
    sampler.common(one, other, lambda value: found.append(value) or False)
    return found


NEAR_LIMITS = (
    *(-2, -1, -0.5, 0, 0.5, 0.75, 1, 1.0, 1.25, 1.5, 2, 3),
    *("", "a", "b", "ab", "ac", "abb", "abbb", ".", "2026-01-11", "2026-01-11T12:00:00Z", "12:00:00Z"),
    *("P1D", "a@b.com", "1.1.1.1", "::1", "6f1e1f0c-3f0e-4c5e-9d5b-0d8d5a2c7b11", "a:b"),
    *([], [0], [0, 1], [0, 1, 2], {}, {"a": 0}, {"a": 0, "b": "b"}, {"a": 0, "b": 1, "c": 2}),
)


def as_emitted(member):
    return [descriptors.Sign(each.path, each.kinds, each.values) for each in member.signs]


@settings(deadline=None, max_examples=150)
@given(schemas(), schemas(), st.lists(VALUES, max_size=8))
def test_no_value_is_both_where_a_proof_is_claimed(one, other, values):
    assume(are_apart(one, other))
    first, second = judge(one), judge(other)

    for value in (*values, *candidates(one, other)):
        assert not (first.is_valid(value) and second.is_valid(value)), value


@settings(deadline=None, max_examples=150)
@given(limited() | schemas(), limited() | schemas())
def test_no_value_is_both_where_limits_say_so(one, other):
    assume(are_apart(one, other))
    first, second = judge(one), judge(other)

    for value in (*NEAR_LIMITS, *candidates(one, other)):
        assert not (first.is_valid(value) and second.is_valid(value)), value


@settings(deadline=None, max_examples=100)
@given(schemas(), schemas())
def test_what_can_be_told_apart_is_apart(one, other):
    assume(isinstance(told(one, other), MessageSet))

    assert are_apart(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"type": "integer", "maximum": 1.5}, {"type": "number", "exclusiveMinimum": 1}),
        ({"maximum": 1, "type": "number"}, {"exclusiveMinimum": 1, "type": "integer"}),
        ({"type": "integer"}, {"const": 1.5}),
        ({"type": "string", "maxLength": 2}, {"type": "string", "minLength": 3}),
        ({"type": "string", "maxLength": 2}, {"enum": ["abc", 1]}),
        ({"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}),
        ({"type": "string", "pattern": "^ab"}, {"type": "string", "pattern": "^ac.*$"}),
        ({"type": "string", "pattern": r"^a\.b"}, {"const": "axb"}),
        ({"type": "array", "minItems": 2}, {"type": "array", "maxItems": 1}),
        (
            {"type": "array", "items": {"minimum": 3, "type": "number"}, "minItems": 1},
            {"prefixItems": [{"maximum": 2, "type": "number"}], "type": "array", "minItems": 1},
        ),
    ],
)
def test_limits_set_branches_apart(one, other):
    assert are_apart(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"type": "integer", "maximum": 1.5}, {"type": "number", "minimum": 1}),
        ({"type": "string", "maxLength": 2}, {"type": "string", "minLength": 2}),
        (
            {"type": "string", "maxLength": 2},
            {"anyOf": [{"const": "abc"}, {"type": "string", "minLength": 1}]},
        ),
        ({"type": "string", "format": "email"}, {"type": "string", "format": "uri"}),
        ({"type": "string", "pattern": "^abc?"}, {"type": "string", "pattern": "^ab$"}),
        ({"type": "string", "pattern": "^a|^b"}, {"type": "string", "pattern": "^b"}),
        ({"type": ["array", "object"], "minItems": 2}, {"type": ["array", "object"], "maxItems": 1}),
    ],
)
def test_limits_that_touch_are_no_proof(one, other):
    assert not are_apart(one, other)


@settings(deadline=None, max_examples=150)
@given(schemas(), schemas(), st.lists(VALUES, max_size=8))
def test_every_value_shows_the_signs_of_its_message_and_of_no_other(one, other, values):
    outcome = told(one, other)
    assume(isinstance(outcome, MessageSet) and any(each.signs for each in outcome.types))

    for name, schema in (("one", one), ("other", other)):
        for value in filter(judge(schema).is_valid, (*values, *candidates(one, other))):
            read = json.loads(json.dumps(value))
            assert {each.message.name for each in outcome.types if shows(read, as_emitted(each))} == {name}


@settings(deadline=None, max_examples=150)
@given(schemas(), st.lists(VALUES, max_size=8))
def test_every_value_shows_all_that_is_known_of_its_message(schema, values):
    members = in_order([message("one", schema)], _definitions()).types

    for value in filter(judge(schema).is_valid, (*values, *candidates(schema, {}))):
        assert any(shows(value, as_emitted(each)) for each in members), value


@settings(deadline=None, max_examples=150)
@given(schemas(), schemas())
def test_a_frame_that_is_shown_is_both(one, other):
    assume(isinstance(told(one, other), Overlap))
    first, second = judge(one), judge(other)

    found = Sampler(DEFINITIONS).common(
        one, other, lambda value: first.is_valid(value) and second.is_valid(value)
    )

    assert all(first.is_valid(each) and second.is_valid(each) for each in found)


def test_recursion_ends():
    assert Outliner(DEFINITIONS).alternatives({"$ref": "#/$defs/Loop"})
