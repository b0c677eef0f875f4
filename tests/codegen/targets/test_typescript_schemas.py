"""Schemas of any kind as TypeScript: what each valid value is assignable to, and what no wrong one is.

All of them stand in one module, which Prettier has nothing to say about and both compilers accept.
"""

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from wirepact_codegen.model import Definition, Place, Service
from wirepact_codegen.targets.typescript import typescript
from wirepact_codegen.targets.typescript_text import data

ROOT = Path(__file__).parents[3]
HERE = Place("tiny.yaml", 1, 1)
COMPILERS = ("typescript", "typescript7")

LONG = [f"a_kind_of_thing_{number}" for number in range(9)]
DOG = {
    "type": "object",
    "properties": {"kind": {"const": "dog"}, "barks": {"type": "boolean"}},
    "required": ["kind"],
}
CAT = {
    "type": "object",
    "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}},
    "required": ["kind", "lives"],
}
BASE = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}


@dataclass(frozen=True)
class Case:
    """A schema, values that fit it, and values that its type must not take."""

    schema: object
    valid: list = field(default_factory=list)
    wrong: list = field(default_factory=list)


def ref(name):
    return {"$ref": f"#/$defs/{name}"}


CASES = {
    "Base": Case(BASE, [{"id": 1}, {"id": 1, "more": True}], [{}, {"id": "1"}]),
    "AllOf": Case(
        {
            "allOf": [
                ref("Base"),
                {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
            ]
        },
        [{"id": 1, "name": "a"}],
        [{"id": 1}, {"name": "a"}],
    ),
    "AllOfBeside": Case(
        {
            "type": "object",
            "properties": {"x": {"type": "number"}},
            "required": ["x"],
            "allOf": [ref("Base")],
        },
        [{"id": 1, "x": 0.5}],
        [{"id": 1}],
    ),
    "Narrowed": Case({"allOf": [{"type": "string"}, {"enum": ["a", "b", 1]}]}, ["a", "b"], [1, "c"]),
    "Nothing": Case({"allOf": [{"type": "string"}, {"type": "number"}]}, [], ["a", 1]),
    "Dog": Case(DOG, [{"kind": "dog"}], [{"kind": "cat"}]),
    "Cat": Case(CAT, [{"kind": "cat", "lives": 9}], [{"kind": "cat"}]),
    "Pet": Case(
        {"oneOf": [ref("Dog"), ref("Cat")], "discriminator": {"propertyName": "kind"}},
        [{"kind": "dog", "barks": True}, {"kind": "cat", "lives": 9}],
        [{"kind": "cow"}, {"kind": "cat"}],
    ),
    "Inline": Case(
        {"anyOf": [DOG, CAT, {"type": "null"}]},
        [{"kind": "dog"}, None],
        [{"kind": "cow"}],
    ),
    "EitherField": Case(
        {
            "type": "object",
            "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
            "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
        },
        [{"a": "1"}, {"b": "1"}, {"a": "1", "b": "2"}],
        [{}, {"a": 1}],
    ),
    "Pair": Case(
        {
            "type": "array",
            "prefixItems": [{"type": "string"}, {"type": "number"}],
            "items": False,
            "minItems": 2,
        },
        [["a", 1]],
        [["a"], ["a", "b"], ["a", 1, 2], []],
    ),
    "LoosePair": Case(
        {"prefixItems": [{"type": "string"}, {"enum": LONG}], "items": {"type": "boolean"}},
        [[], ["a"], ["a", LONG[0], True, False], "not a list", {"a": 1}, None],
        [[1], ["a", LONG[0], 1]],
    ),
    "OldPair": Case(
        {"type": "array", "items": [{"type": "string"}], "additionalItems": False, "minItems": 1},
        [["a"]],
        [[], ["a", 1]],
    ),
    "Counts": Case({"additionalProperties": {"type": "integer"}}, [{}, {"a": 1}, 5], [{"a": "1"}]),
    "UntypedItems": Case({"items": {"type": "string"}}, [["a"], 5, None, {"a": 1}], [[5]]),
    "EitherItems": Case(
        {"type": ["array", "null"], "anyOf": [{"items": {"type": "string"}}, {"maxItems": 2}]},
        [["a"], [1], None],
        [5],
    ),
    "Patterns": Case(
        {
            "type": "object",
            "properties": {"id": {"type": "string"}, "note": {"type": "null"}},
            "required": ["id"],
            "patternProperties": {"^x-": {"type": "integer"}},
            "additionalProperties": False,
        },
        [{"id": "a", "x-1": 1}, {"id": "a", "note": None}],
        [{"id": "a", "x-1": True}, {"id": 1}],
    ),
    "Closed": Case({"type": "object", "properties": {}, "additionalProperties": False}, [{}]),
    "Empty": Case({"type": "object", "additionalProperties": False}, [{}], [{"a": 1}]),
    "Open": Case({"type": "object"}, [{}, {"a": [1]}], [1, "a", None]),
    "Several": Case(
        {
            "type": ["string", "array", "object", "null"],
            "items": {"type": "integer"},
            "properties": {"a": {"type": "string"}},
        },
        ["a", [1], {"a": "b"}, None],
        [1, True, ["a"]],
    ),
    "Nullable": Case({"type": "string", "nullable": True}, ["a", None], [1]),
    "Mixed": Case(
        {"enum": ["a", 1, 1.5, True, None, {"a": [1]}, []]},
        ["a", 1, 1.5, True, None, {"a": [1]}, []],
        ["b", 2, False],
    ),
    "Constant": Case(
        {"const": {"a": [1, {"b-c": None}], "d": {}}}, [{"a": [1, {"b-c": None}], "d": {}}], [{"a": [1]}]
    ),
    "Large": Case({"enum": [1e300, 12345678901234567890, -0.5, 2.0]}, [1e300, -0.5, 2], [3]),
    "Everything": Case({"allOf": [True]}, [1, {"a": None}, [], None]),
    "Never": Case({"anyOf": [False]}, [], [1, None, {}]),
    "NotAnything": Case({"not": {}}, [], [1]),
    "Tree": Case(
        {
            "type": "object",
            "properties": {"left": ref("Tree"), "right": {"anyOf": [ref("Tree"), {"type": "null"}]}},
        },
        [{}, {"left": {"left": {}}, "right": None}],
        [{"left": 1}],
    ),
    "Nest": Case(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": ref("Nest")}]}, ["a", [["a"], []]], [1, [1]]
    ),
    "Names": Case(
        {"type": "object", "additionalProperties": ref("Names")}, [{}, {"a": {"b": {}}}], [{"a": 1}]
    ),
    "Circle": Case({"anyOf": [ref("Circle"), {"type": "null"}]}, [None]),
    "There": Case({"allOf": [ref("Back")]}, [1]),
    "Back": Case({"oneOf": [ref("There"), ref("Base")]}, [1]),
    "WireNames": Case(
        {
            "type": "object",
            "properties": {
                each: {"type": "string"}
                for each in (
                    "a-b",
                    "class",
                    "",
                    "1",
                    "01",
                    "12345678901234567890",
                    "a",
                    "A",
                    "이름",
                    "@type",
                    "<init",
                    "a.b",
                    "it's",
                    'say "hi"',
                    "new\nline",
                    "__proto__",
                    "constructor",
                    "$ref",
                )
            },
            "required": ["", "A"],
        },
        [{"": "a", "A": "b"}, {"": "a", "A": "b", "이름": "c", "12345678901234567890": "d"}],
        [{"": "a", "a": "b"}, {"": 1, "A": "b"}, {"": "a", "A": "b", "12345678901234567890": 1}],
    ),
    "Prose": Case(
        {
            "type": "object",
            "properties": {
                "end": {"description": "Ends */ here", "type": "string"},
                "orders": {"description": "@ts-expect-error", "type": "string"},
                "orders_too": {"description": "One\n@ts-ignore"},
                "lines": {
                    "description": "One\r\ntwo\u2028three\x00\n\n  four  \n/** five */",
                    "default": "*/",
                },
                "long": {"description": "word " * 60, "deprecated": True},
                "inside": {
                    "allOf": [ref("Base"), {"properties": {"x": {"description": "In\nside", "type": "null"}}}]
                },
            },
        },
        [{}, {"inside": {"id": 1, "x": None}}],
        [{"end": 1}, {"inside": {"id": 1, "x": 1}}],
    ),
    **{
        each: Case({"type": "object", "properties": {"a": ref(each)}})
        for each in (
            "Date",
            "Map",
            "Error",
            "Promise",
            "Record",
            "Object",
            "Array",
            "Symbol",
            "Function",
            "ALERT",
            "Alert",
            "설정",
            "N1",
        )
    },
    **{
        f"Union{size}": Case({"anyOf": [{"const": "x" * size}, BASE]}, ["x" * size])
        for size in range(44, 72, 3)
    },
    **{
        f"Nulled{size}": Case(
            {"anyOf": [{"type": "object", "properties": {"x" * size: {"type": "string"}}}, {"type": "null"}]},
            [None],
        )
        for size in range(44, 72, 3)
    },
    **{
        f"Both{size}": Case({"allOf": [ref("Base"), {"properties": {"x" * size: ref("Base")}}, ref("Dog")]})
        for size in range(40, 60, 2)
    },
}


HEAD = """\
import type * as types from "./tiny.ts";

declare function takes<Wanted>(): <Given extends Wanted>(given: Given) => void;

"""
"""A function for each value: a literal would be told off for fields that an open schema does not name."""


def values(name, case):
    """Each value of a case handed to its type, one a line."""
    given = [f"takes<types.{name}>()({expression(value)});" for value in case.valid]
    refused = [
        f"// @ts-expect-error no {name}\ntakes<types.{name}>()({expression(value)});" for value in case.wrong
    ]
    return "\n".join([*given, *refused, ""])


def expression(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"[{data(name)}]: {expression(each)}" for name, each in value.items()) + "}"
    return f"[{', '.join(map(expression, value))}]" if isinstance(value, list) else data(value)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The module of all cases, and a file that hands their values to it."""
    definitions = tuple(Definition(name, case.schema, HERE) for name, case in CASES.items())
    service = Service("tiny", "urn:tiny", "Tiny", "1", "tiny.yaml", HERE, definitions=definitions)
    file, _ = typescript(service)
    path = tmp_path_factory.mktemp("schemas")
    (path / "tiny.ts").write_text(file.text, encoding="utf-8")
    given = "".join(values(name, case) for name, case in CASES.items())
    (path / "values.ts").write_text(HEAD + given, encoding="utf-8")
    return path


@pytest.mark.typescript
def test_every_schema_is_laid_out_already(folder):
    tool = [
        ROOT / "node_modules/.bin/prettier",
        "--config",
        ROOT / ".prettierrc.json",
        "--ignore-path",
        "/dev/null",
    ]

    done = subprocess.run([*tool, folder / "tiny.ts"], capture_output=True, text=True, check=True, cwd=ROOT)

    assert done.stdout == (folder / "tiny.ts").read_text(encoding="utf-8")


@pytest.mark.typescript
@pytest.mark.parametrize("compiler", COMPILERS)
def test_types_take_what_is_valid_and_nothing_that_is_wrong(folder, compiler):
    config = {
        "extends": str(ROOT / "clients/typescript/tsconfig.base.json"),
        "compilerOptions": {
            "noEmit": True,
            "rootDir": "/",
            "isolatedDeclarations": False,
            "paths": {"@wirepact/client": [str(ROOT / "clients/typescript/runtime/src/index.ts")]},
        },
        "files": ["values.ts"],
    }
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "tsconfig.json").write_text(json.dumps(config))

    done = subprocess.run(
        ["node", ROOT / "node_modules" / compiler / "bin/tsc", "--pretty", "false", "--project", folder],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == ""
    assert done.returncode == 0
