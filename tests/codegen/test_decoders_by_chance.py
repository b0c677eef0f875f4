"""The decoders of both languages take a frame for the same message, for pairs of messages made at random.

Only which message it is told to be is compared: Python then holds the frame against the whole schema, and TypeScript doesn't.
Frames are written as JavaScript writes numbers: `1.0` is `1` there, in a document's constants, too.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeGuard

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from tests.codegen.test_telling_by_chance import (
    NAMES,
    SCALARS,
    VALUES,
    as_emitted,
    candidates,
    message,
    schemas,
    told,
)
from tests.codegen.test_telling_by_chance import _definitions as definitions
from wirepact import descriptors
from wirepact.errors import Refusal
from wirepact.messages import ValueMessage
from wirepact.wire import Decoder
from wirepact_codegen.model import MessageSet
from wirepact_codegen.targets.typescript_channels import members
from wirepact_codegen.telling import in_order

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "clients" / "typescript" / "runtime" / "dist" / "decoder.js"
MOST_FRAMES = 200


class One(ValueMessage[Any]):
    """Whatever is told to be the first message."""


class Other(ValueMessage[Any]):
    """Whatever is told to be the second."""


MODELS = {"one": One, "other": Other}


@pytest.fixture(scope="module")
def node():
    """The decoder of TypeScript, in a process that answers line by line."""
    if not BUILT.exists():
        pytest.fail('the TypeScript runtime is not built: "make test" does it, or "npm run build"')
    command = [str(shutil.which("node")), str(Path(__file__).with_name("decoder.mjs"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.stdin.close()


def tagged():
    """Objects that say what they are in a field or two, perhaps inside another."""
    values = st.builds(lambda each: {"const": each}, SCALARS) | st.builds(
        lambda some: {"enum": some}, st.lists(SCALARS, min_size=1, max_size=3)
    )
    flat = st.dictionaries(NAMES, values, min_size=1, max_size=2).map(_all_required)
    return st.dictionaries(NAMES, values | flat, min_size=1, max_size=2).map(_all_required)


def _all_required(properties):
    return {"type": "object", "properties": properties, "required": [*properties]}


@pytest.mark.typescript
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.filter_too_much])
@given(schemas() | tagged(), schemas() | tagged(), st.lists(VALUES, max_size=8))
def test_both_take_a_frame_for_the_same_message_where_a_proof_is_claimed(node, one, other, values):
    messages = told(one, other)
    assume(isinstance(messages, MessageSet))
    event("told by " + ("constants" if messages.paths else "signs"))

    assert_alike(node, messages, (*values, *candidates(one, other)))


@pytest.mark.typescript
@settings(deadline=None, max_examples=200)
@given(schemas(), schemas(), st.lists(VALUES, max_size=8))
def test_both_take_a_frame_for_the_same_message_where_there_is_an_order(node, one, other, values):
    messages = in_order([message("one", one), message("other", other)], definitions())

    assert_alike(node, messages, (*values, *candidates(one, other)))


def assert_alike(node, messages, values):
    frames = sorted({as_javascript_writes(each) for value in values for each in nearly(value)})[:MOST_FRAMES]
    assert dict(zip(frames, in_typescript(node, messages, frames), strict=True)) == {
        each: in_python(messages, each) for each in frames
    }


def in_typescript(node, messages, frames) -> list[str]:
    emitted = {
        "paths": messages.paths,
        "types": members(messages),
        "ambiguous": messages.ambiguous,
    }
    node.stdin.write(json.dumps({"messages": emitted, "frames": frames}) + "\n")
    node.stdin.flush()
    return json.loads(node.stdout.readline())


def in_python(messages, frame) -> str:
    types = tuple(
        descriptors.MessageType(
            each.message.name, MODELS[each.message.name], each.constants, tuple(as_emitted(each))
        )
        for each in messages.types
    )
    try:
        found = Decoder(descriptors.MessageSet(messages.paths, types, messages.ambiguous)).decode(frame)
    except Refusal:
        return "$unknown"
    return next(name for name, model in MODELS.items() if type(found) is model)


def nearly(value: object) -> Iterator[object]:
    """*value*, and what differs from it in one place."""
    yield value
    if isinstance(value, dict):
        for key, inside in value.items():
            yield {name: each for name, each in value.items() if name != key}
            for each in (*nearly(inside), None, "a", 1, True, [], {}):
                yield {**value, key: each}
    if isinstance(value, list):
        yield [*value, None]
        for index, inside in enumerate(value):
            yield value[:index]
            yield from ([*value[:index], each, *value[index + 1 :]] for each in nearly(inside))


def as_javascript_writes(value: object) -> str:
    return json.dumps(_whole(value))


def _whole(value: object) -> object:
    if _is_whole(value):
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(each) for key, each in value.items()}
    return [_whole(each) for each in value] if isinstance(value, list) else value


def _is_whole(value: object) -> TypeGuard[float]:
    return isinstance(value, float) and value.is_integer()
