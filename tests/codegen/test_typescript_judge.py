"""The validator of TypeScript gives the verdicts of Python's, of its tables, and of an independent validator by chance.

Values are written as JavaScript writes numbers: `1.0` is `1` there.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.codegen.emission import CASES
from tests.codegen.test_decoders_by_chance import as_javascript_writes, nearly
from tests.codegen.test_telling_by_chance import DEFINITIONS, NEAR_LIMITS, VALUES, judge, schemas
from tests.runtime.test_constraint_keywords import KEYWORDS, LIST
from tests.runtime.test_texts import TEXTS
from wirepact.constraints import fits
from wirepact_codegen.errors import Findings
from wirepact_codegen.reading import read_services
from wirepact_codegen.targets.projection import bare

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "clients" / "typescript" / "runtime" / "dist" / "validate.js"
MOST_VALUES = 300

pytestmark = pytest.mark.typescript


@pytest.fixture(scope="module")
def node():
    """The validator of TypeScript, in a process that answers line by line."""
    if not BUILT.exists():
        pytest.fail('the TypeScript runtime is not built: "make test" does it, or "npm run build"')
    command = [str(shutil.which("node")), str(Path(__file__).with_name("judge.mjs"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.stdin.close()


def verdicts(node, schema, values, definitions=None):
    """Whether each of *values* fits *schema*, to TypeScript."""
    question = {
        "definitions": {**(definitions or {}), "it": schema},
        "name": "it",
        "values": [as_javascript_writes(each) for each in values],
    }
    node.stdin.write(json.dumps(question) + "\n")
    node.stdin.flush()
    return json.loads(node.stdout.readline())


@pytest.mark.parametrize(("schema", "good", "bad"), KEYWORDS)
def test_a_keyword_takes_what_it_should_and_nothing_else(node, schema, good, bad):
    assert verdicts(node, schema, good) == [True] * len(good)
    assert verdicts(node, schema, bad) == [False] * len(bad)


@pytest.mark.parametrize("form", TEXTS)
def test_a_format_takes_what_it_should_and_nothing_else(node, form):
    good, bad = TEXTS[form]

    assert verdicts(node, {"format": form}, good) == [True] * len(good)
    assert verdicts(node, {"format": form}, bad) == [False] * len(bad)


def test_texts_of_one_format_are_judged_alike_by_another(node):
    texts = [text for good, bad in TEXTS.values() for text in (*good, *bad)]

    for form in TEXTS:
        assert verdicts(node, {"format": form}, texts) == [fits(each, {"format": form}) for each in texts]


def test_references_lead_to_definitions_however_deep(node):
    good = {"value": 2, "next": {"value": 4, "next": {"value": 6}}}
    bad = {"value": 2, "next": {"value": 4, "next": {"value": 7}}}

    assert verdicts(node, LIST, [good, bad], LIST["$defs"]) == [True, False]


def test_a_field_may_have_a_name_that_all_objects_answer_to(node):
    schema = {"required": ["toString"], "properties": {"constructor": False}, "additionalProperties": True}

    assert verdicts(node, schema, [{}, {"toString": 1}, {"toString": 1, "constructor": 1}]) == [
        False,
        True,
        False,
    ]


@settings(deadline=None, max_examples=200)
@given(schemas(), st.lists(VALUES, max_size=8))
def test_any_schema_is_read_as_an_independent_validator_reads_it(node, schema, values):
    near = [each for value in values for each in nearly(value)][:MOST_VALUES]
    every = [json.loads(as_javascript_writes(each)) for each in (*near, *NEAR_LIMITS)]

    assert verdicts(node, schema, every, DEFINITIONS) == [judge(schema).is_valid(each) for each in every]


@pytest.mark.parametrize("feature", sorted(folder.name for folder in CASES.iterdir()))
def test_messages_and_what_is_nearly_one_are_judged_as_in_python(node, feature, monkeypatch):
    monkeypatch.chdir(CASES / feature)
    (service,) = read_services(["spec.yaml"], Findings(), "server")
    definitions = {each.name: bare(each.schema) for each in service.definitions}

    tried = 0
    for message in (each for each in service.messages if each.encoding == "json"):
        schema = bare(message.schema)
        whole = {"$defs": definitions, "allOf": [schema]}
        values = [near for each in message.examples for near in nearly(each.payload)][:MOST_VALUES]
        assert verdicts(node, schema, values, definitions) == [fits(each, whole) for each in values]
        tried += len(values)

    assert tried
