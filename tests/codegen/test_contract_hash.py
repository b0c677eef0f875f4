"""The hash of what a document says of the wire, by which a client and a server see whether they were made of the same."""

from pathlib import Path

import pytest

from wirepact_codegen.contract import contract_of
from wirepact_codegen.errors import Findings
from wirepact_codegen.reading import read_services

DOCUMENT = Path(__file__).parent / "cases" / "groups_greetings_and_errors" / "spec.yaml"


@pytest.fixture
def hash_of(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def hashed(old="", new=""):
        text = DOCUMENT.read_text("utf-8")
        assert old in text
        Path("spec.yaml").write_text(text.replace(old, new) if old else text, "utf-8")
        findings = Findings()
        (service,) = read_services(["spec.yaml"], findings)
        assert not findings.errors
        return contract_of(service)

    return hashed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Desk", "title: A desk for everyone"),
        ("address: /desks", "description: Where questions are asked.\n    address: /desks"),
        ("open: {type: boolean}", "open: {type: boolean, description: Whether somebody is there.}"),
        ("payload: {type: state, open: true}", "payload: {type: state, open: false}"),
        ("host: localhost", "host: example.org"),
    ],
)
def test_what_is_there_for_people_or_for_one_place_changes_nothing(hash_of, old, new):
    assert hash_of(old, new) == hash_of()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("topic: {type: string}", "topic: {type: string, maxLength: 20}"),
        ("required: [type, topic]", "required: [type]"),
        ("/desks/{desk-id}", "/tables/{desk-id}"),
        ("x-type: integer", "x-type: string"),
        ("enum: [gold, silver]", "enum: [gold]"),
        ("reason: The desk is closed", "reason: It is closed"),
        ("messagesPerSecond: 2.5", "messagesPerSecond: 5"),
    ],
)
def test_what_goes_over_the_wire_changes_it(hash_of, old, new):
    assert hash_of(old, new) != hash_of()
