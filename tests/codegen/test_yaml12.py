"""Bytes to values: YAML 1.2's core schema, JSON, and what is refused because it would do harm."""

import json

import pytest

from wirepact_codegen.errors import Refused
from wirepact_codegen.yaml12 import read


def value(text: str, file: str = "a.yaml"):
    return read(file, text.encode())[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("NO", "NO"),
        ("1:30", "1:30"),
        ("2026-01-11", "2026-01-11"),
        ("0b1", "0b1"),
        ("1_000", "1_000"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("012", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("-3", -3),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("'1'", "1"),
        ("!!str 1", "1"),
        ("!!int '7'", 7),
    ],
)
def test_a_scalar_is_what_yaml_1_2_says(text, expected):
    found = value(f"key: {text}")["key"]

    assert found == expected
    assert type(found) is type(expected)


def test_keys_are_strings():
    assert value("1: a\non: b\n~: c\n<<: d\n") == {"1": "a", "on": "b", "~": "c", "<<": "d"}


def test_an_alias_is_what_it_stands_for():
    assert value("a: &x {b: [1]}\nc: *x\n") == {"a": {"b": [1]}, "c": {"b": [1]}}


def test_json_is_read_as_it_is():
    text = '{\n\t"a": "\\ud83d\\ude00\\/\\u00e9",\n\t"b": [1, 2.5, true, null, "on"]\n}'

    assert value(text, "a.json") == json.loads(text)


def test_escapes_of_json_are_read_in_yaml_too_where_it_would_refuse_them():
    value, _ = read("a.yaml", b'a: "\\ud83d\\ude00"\n')

    assert value == {"a": "\U0001f600"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{a: &a {x: 1, y: 2}, b: {<<: *a, y: 3}}", {"x": 1, "y": 3}),
        ("{a: &a {x: 1, y: 2}, b: {y: 3, <<: *a}}", {"y": 3, "x": 1}),
        ("{b: {<<: [{x: 1}, {x: 2, y: 2}]}}", {"x": 1, "y": 2}),
        ("{a: &a {x: 1}, c: &c {<<: *a, y: 2}, b: {<<: *c}}", {"x": 1, "y": 2}),
        ('{b: {"<<": {x: 1}}}', {"<<": {"x": 1}}),
        ("{b: {<<: 3}}", {"<<": 3}),
    ],
)
def test_a_merge_key_takes_in_what_a_mapping_does_not_say_itself(text, expected):
    assert value(text)["b"] == expected


def test_what_a_merge_key_takes_in_stands_where_it_was_written():
    _, tree = read("a.yaml", b"a: &a\n  x: 1\nb:\n  <<: *a\n")

    (_, merged) = tree.value[1]
    (key, _) = merged.value[0]
    assert (key.value, key.start_mark.line) == ("x", 1)


def test_a_merge_key_takes_in_nothing_of_its_own_mapping():
    assert value("a: &a {<<: *a, x: 1}") == {"a": {"x": 1}}


def test_what_would_contain_itself_by_a_merge_key_is_refused():
    with pytest.raises(Refused, match="contains itself"):
        value("a: &a {x: {<<: *a}}")


def test_a_byte_order_mark_is_no_part_of_the_document():
    assert value("\ufeffa: 1") == {"a": 1}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\nb: 2\na: 3\n", 'a.yaml:3:1 WP003 key "a" stands here twice'),
        ("a: [1", "a.yaml:2:1 WP002 while parsing a flow sequence"),
        ("a: &x [*x]", "a.yaml:1:4 WP002 contains itself"),
        ("a: .inf", 'a.yaml:1:4 WP002 ".inf" is no number that JSON has'),
        ("a: 1e999", 'a.yaml:1:4 WP002 "1e999" is no number that JSON has'),
        ("a: !thing 1", "a.yaml:1:4 WP002 tag !thing means nothing here"),
        ("a: !!set {b}", "a.yaml:1:4 WP002 tag tag:yaml.org,2002:set means nothing here"),
        ("a: 1\n---\nb: 1\n", "a.yaml:2:1 WP002 expected a single document in the stream"),
        ("[a]: 1", "a.yaml:1:1 WP002 a key must be a string"),
        ("# nothing", "a.yaml:1:1 WP002 is empty"),
        ("a: '\x07'", "a.yaml:1:1 WP002"),
    ],
)
def test_a_fault_is_told_with_its_place(text, told):
    with pytest.raises(Refused) as refused:
        value(text)

    assert str(refused.value).startswith(told)


@pytest.mark.parametrize(
    "text",
    ["[" * 200_000, "{a: " * 200_000, "- " * 200_000, "\n".join(f"{' ' * depth}a:" for depth in range(500))],
)
def test_a_document_can_not_exhaust_the_stack(text):
    with pytest.raises(Refused, match="is nested more than 100 deep"):
        value(text)


def test_aliases_can_not_exhaust_the_memory():
    lines = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]

    with pytest.raises(Refused, match="unfolds to more than 1,000,000 values"):
        value("\n".join(["a0: &a0 [x]", *lines]))


def test_aliases_can_not_dig_deeper_than_what_is_written():
    lines = [f"a{n}: &a{n} {'[' * 50}*a{n - 1}{']' * 50}" for n in range(1, 9)]

    with pytest.raises(Refused, match="100 deep"):
        value("\n".join(["a0: &a0 x", *lines]))
