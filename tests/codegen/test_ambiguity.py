"""Directions in which two messages overlap: the frame that shows it, and what is made of them if that is allowed."""

import json
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from jsonschema_rs import validator_for

from tests.codegen.emission import imported
from wirepact.errors import InvalidPayload, UnknownMessage
from wirepact.wire import decode
from wirepact_codegen.cli import generate, lint

REJECTED = Path(__file__).parent / "rejected"
OVERLAPPING = REJECTED / "two_messages_in_one_frame" / "spec.yaml"
TOLD = re.compile(r'WP501 messages "(.+)" and "(.+)", which .* at channel "(.+)", .* apart: (.*) is both')
FOLDERS = ["--server", "server", "--typescript-client", "typescript"]


def shown():
    """Every frame that a refusal shows, with the payloads that it is said to fit."""
    for says in sorted(REJECTED.glob("*/says.txt")):
        for one, other, channel, frame in TOLD.findall(says.read_text("utf-8")):
            document = yaml.safe_load(says.with_name("spec.yaml").read_text("utf-8"))
            messages = document["channels"][channel]["messages"]
            yield pytest.param(
                [messages[each]["payload"] for each in (one, other)], frame, id=says.parent.name
            )


@pytest.mark.parametrize(("payloads", "frame"), [*shown()])
def test_a_frame_that_is_shown_fits_both_messages(payloads, frame):
    for payload in payloads:
        assert validator_for(payload).is_valid(json.loads(frame))


def test_an_overlap_is_refused_unless_it_is_allowed(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    assert CliRunner().invoke(lint, [str(OVERLAPPING)]).exit_code == 1
    assert CliRunner().invoke(generate, [str(OVERLAPPING), *FOLDERS]).exit_code == 1
    assert [each.name for each in tmp_path.iterdir()] == [".wirepact_cache"]
    assert CliRunner().invoke(lint, [str(OVERLAPPING), "--allow-ambiguous", "--strict"]).exit_code == 0


def test_an_allowed_overlap_is_marked_in_code_and_docs(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(generate, [str(OVERLAPPING), *FOLDERS, "--allow-ambiguous"])

    assert result.exit_code == 0, result.output
    assert " WP501 warning: " in result.stderr
    assert "# It was not proven" in (tmp_path / "server/spec/channels.py").read_text("utf-8")
    assert " * It was not proven" in (tmp_path / "typescript/spec.ts").read_text("utf-8")
    assert "[`say`](#message-say), [`shout`](#message-shout)." in (
        tmp_path / "server/spec/reference.md"
    ).read_text("utf-8")


def test_an_ambiguous_frame_is_the_first_message_that_it_fits(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(generate, [str(OVERLAPPING), "--server", "ambiguous_server", "--allow-ambiguous"])
    receives = imported(tmp_path, "ambiguous_server.spec.channels").ROOM.receives

    assert type(decode(receives, '{"type":"say","text":"HEY"}')).__name__ == "Say"
    assert type(decode(receives, '{"type":"cry","text":"HEY"}')).__name__ == "Shout"
    with pytest.raises((InvalidPayload, UnknownMessage)):
        decode(receives, '{"type":"cry","text":"hey"}')
