"""The proof that a frame is at most one message, and what is said where there is none."""

import pytest

from wirepact_codegen.errors import Place
from wirepact_codegen.model import Definition, Message, MessageSet, Sign
from wirepact_codegen.telling import Overlap, in_order, tell_apart

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
        (message("a", [], t={"const": "a"}), message("b", [], t={"const": "b"})),
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


def signs(told: MessageSet) -> dict[str, list[tuple[Sign, ...]]]:
    found: dict[str, list[tuple[Sign, ...]]] = {}
    for each in told.types:
        found.setdefault(each.message.name, []).append(each.signs)
    return found


def payload(name, **schema):
    return Message(name, name.title(), schema, PLACE)


def test_messages_that_differ_pairwise_only_have_signs_where_they_differ():
    told = tell_apart(
        [
            message("a", ["p", "q"], p={"const": 1}, q={"const": 1}),
            message("b", ["q", "r"], q={"const": 2}, r={"const": 1}),
            message("c", ["p", "r"], p={"const": 2}, r={"const": 2}),
        ],
        [],
    )

    assert signs(told)["a"] == [(Sign(("q",), values=(1,)), Sign(("p",), values=(1,)))]
    assert signs(told)["c"] == [(Sign(("p",), values=(2,)), Sign(("r",), values=(2,)))]


def test_a_required_field_is_a_sign_where_the_other_is_closed():
    closed = Message("b", "B", {"type": "object", "additionalProperties": False}, PLACE)

    told = tell_apart([message("a", ["x"], x={"type": "string"}), closed], [])

    assert signs(told) == {
        "a": [(Sign(("x",), ("string",)),)],
        "b": [(Sign(("x",), ("absent",)),)],
    }


def test_the_kind_of_a_required_field_is_a_sign():
    told = tell_apart(
        [message("a", ["x"], x={"type": "string"}), message("b", [], x={"type": ["integer", "null"]})], []
    )

    assert signs(told)["b"] == [(Sign(("x",), ("absent", "null", "number")),)]


def test_arrays_objects_and_texts_are_told_by_their_kind():
    told = tell_apart(
        [payload("a", type="array"), payload("b", type="object"), payload("c", type=["string", "null"])], []
    )

    assert signs(told) == {
        "a": [(Sign((), ("array",)),)],
        "b": [(Sign((), ("object",)),)],
        "c": [(Sign((), ("null", "string")),)],
    }


def test_a_constant_in_an_array_is_a_sign():
    def listed(name):
        parts = [{"type": "integer"}, {"type": "object"}, {"const": name}]
        return payload(name, type="array", prefixItems=parts, minItems=3)

    told = tell_apart([listed("book"), listed("trade")], [])

    assert signs(told)["trade"] == [(Sign((2,), values=("trade",)),)]


def test_each_branch_of_a_payload_is_looked_at():
    one = message("a", ["k"], k={"const": "one"}).schema
    two = message("a", ["j"], j={"const": "two"}).schema

    told = tell_apart(
        [payload("a", oneOf=[one, two]), message("b", ["k", "j"], k={"const": 1}, j={"const": 1})], []
    )

    assert signs(told)["a"] == [(Sign(("k",), values=("one",)),), (Sign(("j",), values=("two",)),)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (message("a", ["x"], x={"type": "integer"}), message("b", ["x"], x={"type": "number"})),
        (message("a", ["x"], x={"type": "string"}), message("b", ["y"], y={"type": "string"})),
        (
            payload("a", type="array", prefixItems=[{"const": 1}]),
            payload("b", type="array", prefixItems=[{"const": 2}]),
        ),
        (message("a", ["t"], t={"const": 2**53}), message("b", ["t"], t={"const": 2**53 + 1})),
    ],
    ids=["integers are numbers", "open objects", "elements that may be missing", "one double"],
)
def test_what_is_no_proof_is_none(one, other):
    assert tell_apart([one, other], []) == Overlap(one, other)


def test_messages_without_a_proof_stand_in_order_with_all_that_is_known_of_them():
    told = in_order([message("a", ["x"], x={"type": "string"}), message("b")], [])

    assert told.ambiguous
    assert signs(told) == {
        "a": [(Sign((), ("object",)), Sign(("x",), ("string",)))],
        "b": [(Sign((), ("object",)),)],
    }
