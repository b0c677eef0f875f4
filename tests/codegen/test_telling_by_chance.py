"""The proof held against an independent validator, on pairs of schemas made at random."""

import json

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema_rs import validator_for

from wirepact import descriptors
from wirepact.signs import shows
from wirepact_codegen.errors import Place
from wirepact_codegen.model import Message, MessageSet
from wirepact_codegen.outlines import Outliner
from wirepact_codegen.sampling import Sampler
from wirepact_codegen.telling import Overlap, exclude_each_other, in_order, tell_apart

PLACE = Place("a.yaml", 1, 1)
NAMES = st.sampled_from(["a", "b", "c"])
SCALARS = st.sampled_from([None, True, False, 0, 1, 1.0, "a", "b", ""])
TYPES = st.sampled_from(["null", "boolean", "integer", "number", "string", "object", "array"])
DEFINITIONS = {
    "Loop": {"type": "object", "properties": {"a": {"$ref": "#/$defs/Loop"}}, "required": ["a"]},
    "Text": {"type": "string"},
    "Choice": {"oneOf": [{"const": "a"}, {"type": "object", "additionalProperties": False}]},
}


def schemas():
    leaves = st.one_of(
        st.just({}),
        st.booleans(),
        st.builds(lambda kind: {"type": kind}, TYPES | st.lists(TYPES, min_size=1, max_size=2, unique=True)),
        st.builds(lambda value: {"const": value}, SCALARS),
        st.builds(lambda values: {"enum": values}, st.lists(SCALARS, min_size=1, max_size=3)),
        st.builds(lambda name: {"$ref": f"#/$defs/{name}"}, st.sampled_from([*DEFINITIONS])),
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
    return validator_for({"$defs": DEFINITIONS, "allOf": [schema]})


def message(name, schema):
    return Message(name, name.title(), schema if isinstance(schema, dict) else {"allOf": [schema]}, PLACE)


def told(one, other):
    return tell_apart([message("one", one), message("other", other)], _definitions())


def _definitions():
    from wirepact_codegen.model import Definition

    return [Definition(name, schema, PLACE) for name, schema in DEFINITIONS.items()]


def candidates(one, other):
    """Values that come near to both schemas: made of each, and of both together."""
    found = []
    sampler = Sampler(DEFINITIONS)
    for schema in (one, other):
        sampler.common(schema, {}, lambda value: found.append(value) or False)
    sampler.common(one, other, lambda value: found.append(value) or False)
    return found


def as_emitted(member):
    return [descriptors.Sign(each.path, each.kinds, each.values) for each in member.signs]


@settings(deadline=None, max_examples=200)
@given(schemas(), schemas(), st.lists(VALUES, max_size=8))
def test_no_value_is_both_where_a_proof_is_claimed(one, other, values):
    assume(isinstance(told(one, other), MessageSet))
    first, second = judge(one), judge(other)

    assert exclude_each_other(one, other, DEFINITIONS)
    for value in (*values, *candidates(one, other)):
        assert not (first.is_valid(value) and second.is_valid(value)), value


@settings(deadline=None, max_examples=200)
@given(schemas(), schemas(), st.lists(VALUES, max_size=8))
def test_every_value_shows_the_signs_of_its_message_and_of_no_other(one, other, values):
    outcome = told(one, other)
    assume(isinstance(outcome, MessageSet) and any(each.signs for each in outcome.types))

    for name, schema in (("one", one), ("other", other)):
        for value in filter(judge(schema).is_valid, (*values, *candidates(one, other))):
            read = json.loads(json.dumps(value))
            assert {each.message.name for each in outcome.types if shows(read, as_emitted(each))} == {name}


@settings(deadline=None, max_examples=200)
@given(schemas(), st.lists(VALUES, max_size=8))
def test_every_value_shows_all_that_is_known_of_its_message(schema, values):
    members = in_order([message("one", schema)], _definitions()).types

    for value in filter(judge(schema).is_valid, (*values, *candidates(schema, {}))):
        assert any(shows(value, as_emitted(each)) for each in members), value


@settings(deadline=None, max_examples=200)
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
