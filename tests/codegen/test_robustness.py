"""A document that was damaged at random gives findings or a result, never a traceback."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wirepact_codegen.errors import Findings
from wirepact_codegen.reading import read_services
from wirepact_codegen.yaml12 import read

ROOT = Path(__file__).parents[2]
DOCUMENT, _ = read("spc.yaml", (ROOT / "spec" / "spc.yaml").read_bytes())
STRANGE = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    "#/nowhere",
    [],
    [None],
    {},
    {"$ref": "#/channels"},
    {"$ref": 1},
    {"type": "x"},
]


def _pointers(value, above=()):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield (*above, key)
        yield from _pointers(child, (*above, key))


POINTERS = list(_pointers(DOCUMENT))


def _damaged(damages):
    document = copy.deepcopy(DOCUMENT)
    for pointer, strange in damages:
        parent = document
        try:
            for step in pointer[:-1]:
                parent = parent[step]
            if strange == "gone":
                del parent[pointer[-1]]
            else:
                parent[pointer[-1]] = strange
        except (KeyError, IndexError, TypeError):
            continue
    return document


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("damaged")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    damages=st.lists(
        st.tuples(st.sampled_from(POINTERS), st.sampled_from([*STRANGE, "gone"])), min_size=1, max_size=4
    )
)
def test_a_damaged_document_is_told_about_or_read(folder, damages):
    file = folder / "spec.json"
    file.write_text(json.dumps(_damaged(damages)), "utf-8")
    findings = Findings()

    read_services([str(file)], findings)

    assert all(each.place.line >= 1 for each in findings)


@pytest.mark.slow
def test_every_single_value_can_go_missing(folder):
    """Exhaustive for the top: each key down to the third level, one at a time."""
    file = folder / "spec.json"
    for pointer in (each for each in POINTERS if len(each) <= 3):
        file.write_text(json.dumps(_damaged([(pointer, "gone")])), "utf-8")
        read_services([str(file)], Findings())


VERSION_2 = {"asyncapi": "2.6.0", "info": {"title": "T", "version": "1"}}


@pytest.mark.parametrize(
    "channels",
    [
        pytest.param({"a": {"$ref": "#/channels/a/publish"}}, id="a channel inside itself"),
        pytest.param(
            {"a": {"$ref": "#/channels/b/x"}, "b": {"$ref": "#/channels/a/y"}}, id="two inside each other"
        ),
        pytest.param(
            {"/{p}": {"parameters": {"p": {"schema": {"type": ["integer"]}}}}}, id="a list of types"
        ),
        pytest.param(
            {"/{p}": {"parameters": {"p": {"schema": {"type": {"a": 1}}}}}}, id="a mapping for a type"
        ),
    ],
)
def test_what_chance_found_once(channels, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("spec.json").write_text(json.dumps({**VERSION_2, "channels": channels}))
    findings = Findings()

    read_services(["spec.json"], findings, "server")

    assert [each for each in findings if each.place.file == "spec.json"]
