"""Every entry loads, and a connection lives, in the releases of Node that the packages are for, imported and required, with no event class of the DOM."""

import json
import sys

import pytest

from packages.lives import LIFE, WITHOUT_EVENTS
from packages.published import PACKAGING, run


@pytest.fixture(params=["20", "22"], ids="node {}".format)
def node(request):
    found = next(PACKAGING.glob(f"node_modules/node{request.param}-*/bin/node"), None)
    if found is None and sys.platform != "linux":
        pytest.skip(f"no npm package brings Node {request.param} to {sys.platform}")
    assert found is not None, 'Node is not installed: "make packages" does it, or "npm ci" in its folder'
    return found


@pytest.fixture
def told(node, program, entries, request):
    """What the program of a format tells that loads every entry."""
    return json.loads(
        run(node, "--require", WITHOUT_EVENTS, f"program.{request.param}", *entries, cwd=program)
    )


both_formats = pytest.mark.parametrize("told", ["mjs", "cjs"], indirect=True)


@both_formats
def test_it_lives_through_a_lost_connection_without_event_classes(told, node):
    assert told["node"].split(".")[0] in node.parts[-3]
    assert told["eventClasses"] == []
    assert told["seen"] == LIFE


@both_formats
def test_every_entry_holds_something(told):
    assert "Client" in told["holds"]["@wirepact/client"]
    assert all(told["holds"].values())


def test_both_formats_hold_the_same(node, program, entries):
    told = [json.loads(run(node, f"program.{way}", *entries, cwd=program)) for way in ("mjs", "cjs")]

    assert told[0]["holds"] == told[1]["holds"]


def test_it_lives_on_what_react_native_has(node, program, entries):
    bare = ("--require", WITHOUT_EVENTS, "--require", "./react-native.cjs")

    assert json.loads(run(node, *bare, "program.cjs", *entries, cwd=program))["seen"] == LIFE
