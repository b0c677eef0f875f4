"""The proof that a frame is at most one message, and what is said where there is none."""

import pytest

from wirepact_codegen.errors import Place
from wirepact_codegen.model import Definition, Message, MessageSet
from wirepact_codegen.telling import NoCommonField, Overlap, tell_apart

PLACE = Place("a.yaml", 1, 1)


def message(name, required=(), **properties):
    schema = {"type": "object", "required": [*required], "properties": properties}
    return Message(name, name.title(), schema, PLACE)


def constants(told: MessageSet) -> dict[str, list[tuple]]:
    found: dict[str, list[tuple]] = {}
    for each in told.types:
        found.setdefault(each.message.name, []).append(each.constants)
    return found


def test_one_field_is_enough():
    told = tell_apart(
        [
            message("a", ["v", "type"], v={"const": 1}, type={"const": "a"}),
            message("b", ["type"], type={"const": "b"}),
        ],
        [],
    )

    assert told.paths == (("type",),)
    assert constants(told) == {"a": [("a",)], "b": [("b",)]}


def test_two_fields_are_taken_where_one_is_not_enough():
    def pair(name, topic, kind):
        return message(name, ["topic", "type"], topic={"const": topic}, type={"const": kind})

    told = tell_apart([pair("a", "x", "1"), pair("b", "x", "2"), pair("c", "y", "1")], [])

    assert told.paths == (("topic",), ("type",))
    assert constants(told)["c"] == [("y", "1")]


def test_a_field_inside_another_can_tell():
    def nested(name):
        inside = {"type": "object", "required": ["kind"], "properties": {"kind": {"$ref": f"#/$defs/{name}"}}}
        return message(name, ["data"], data=inside)

    kinds = [Definition(name, {"const": name}, PLACE) for name in ("a", "b")]

    assert tell_apart([nested("a"), nested("b")], kinds).paths == (("data", "kind"),)


def test_a_shallow_field_is_preferred():
    deep = {"type": "object", "required": ["k"], "properties": {"k": {"const": "a"}}}
    deeper = {"type": "object", "required": ["k"], "properties": {"k": {"const": "b"}}}

    told = tell_apart(
        [
            message("a", ["data", "t"], data=deep, t={"const": "a"}),
            message("b", ["data", "t"], data=deeper, t={"const": "b"}),
        ],
        [],
    )

    assert told.paths == (("t",),)


def test_a_message_with_several_constants_is_listed_with_each():
    told = tell_apart(
        [message("a", ["t"], t={"enum": ["x", "y"]}), message("b", ["t"], t={"const": "z"})],
        [],
    )

    assert constants(told) == {"a": [("x",), ("y",)], "b": [("z",)]}


def test_a_single_message_needs_no_proof():
    assert tell_apart([message("a")], []).paths == ()
    assert tell_apart([message("a", ["t"], t={"const": "a"})], []).paths == (("t",),)
    assert tell_apart([], []) == MessageSet()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (message("a", [], t={"const": "a"}), message("b", ["t"], t={"const": "b"})),
        (message("a", ["t"], t={"const": "a"}), message("b", ["t"], t={"type": "string"})),
        (message("a", ["t"], t={"enum": ["x", "y"]}), message("b", ["t"], t={"enum": ["y", "z"]})),
        (message("a", ["t"], t={"const": 1}), message("b", ["t"], t={"const": 1.0})),
    ],
    ids=["optional", "any string", "shared value", "equal numbers"],
)
def test_messages_that_may_overlap_are_named(one, other):
    assert tell_apart([one, other], []) == Overlap(one, other)


def test_true_is_not_one():
    told = tell_apart([message("a", ["t"], t={"const": 1}), message("b", ["t"], t={"const": True})], [])

    assert isinstance(told, MessageSet)


def test_messages_that_differ_pairwise_only_are_told_together():
    several = [
        message("a", ["p", "q"], p={"const": 1}, q={"const": 1}),
        message("b", ["q", "r"], q={"const": 2}, r={"const": 1}),
        message("c", ["p", "r"], p={"const": 2}, r={"const": 2}),
    ]

    assert tell_apart(several, []) == NoCommonField(tuple(several))
