"""Others read the documents as these tests do: the official parser, and asyncapi-python."""

import json
import subprocess
from functools import cache
from pathlib import Path

import pytest
from asyncapi_python_codegen.parser import extract_all_operations

from contract.documents import documents

ORACLE = Path(__file__).parent / "oracle"


@cache
def official_opinion():
    if not (ORACLE / "node_modules").exists():
        pytest.fail(
            'the official parser is not installed: "make test" does it, or "npm ci" in tests/contract/oracle'
        )
    paths = [str(document.path) for document in documents()]
    asked = subprocess.run(
        ["node", ORACLE / "parse.mjs", *paths], check=True, capture_output=True, timeout=60
    )
    return json.loads(asked.stdout)


def operations_of(document):
    return [operation for channel in document.channels for operation in channel.operations]


@pytest.mark.typescript
@pytest.mark.parametrize("document", documents(), ids=str)
def test_the_official_parser_has_no_objection(document):
    opinion = official_opinion()[str(document.path)]

    assert opinion["errors"] == []
    assert opinion["warnings"] == []


@pytest.mark.typescript
@pytest.mark.parametrize("document", documents(), ids=str)
def test_the_official_parser_sees_the_same_operations_and_messages(document):
    assert official_opinion()[str(document.path)]["operations"] == {
        each.name: {
            "action": each.action,
            "address": each.channel.address,
            "messages": sorted(message.name for message in each.messages),
            "replies": sorted(message.name for message in each.replies),
        }
        for each in operations_of(document)
    }


@pytest.mark.parametrize("document", documents(), ids=str)
def test_asyncapi_python_sees_the_same_operations(document):
    theirs = extract_all_operations(document.path, validate=False)

    assert {(name, each.action, each.channel.address) for name, each in theirs.items()} == {
        (each.name, each.action, each.channel.address) for each in operations_of(document)
    }
