"""A new message in the document needs one edit by hand: the method that handles it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.codegen.emission import imported, round_trip
from wirepact_codegen.generating import generation
from wirepact_codegen.project import Project
from wirepact_codegen.writing import write

ROOT = Path(__file__).parents[2]

MESSAGE = """\
    acknowledge:
      summary: Say that an alert was seen.
      payload:
        type: object
        required: [type, alert_id]
        properties:
          type:
            const: acknowledge
          alert_id:
            $ref: '#/components/schemas/Id'
      examples:
        - payload: {type: acknowledge, alert_id: 1}
"""

OPERATION = """\
  acknowledge:
    action: receive
    summary: Say that an alert was seen.
    channel:
      $ref: '#/channels/notifications'
    messages:
      - $ref: '#/channels/notifications/messages/acknowledge'
"""

ENTRY = """\
      acknowledge:
        $ref: '#/components/messages/acknowledge'
"""


def edited(document: str) -> str:
    """SPC's document with one message more: the message, its place in the channel, its operation."""
    for before, text in (
        ("\n  messages:\n", MESSAGE),
        ("\noperations:\n", OPERATION),
        ("\n    messages:\n", ENTRY),
    ):
        assert before in document
        document = document.replace(before, f"{before}{text}", 1)
    return document


@pytest.fixture
def application(tmp_path, monkeypatch):
    """This application, generated from a document with a message more, and its handlers as they are."""
    shutil.copytree(ROOT / "spec", tmp_path / "spec")
    spec = tmp_path / "spec" / "spc.yaml"
    spec.write_text(edited(spec.read_text("utf-8")), "utf-8")
    (tmp_path / "handlers").symlink_to(ROOT / "handlers")
    monkeypatch.chdir(tmp_path)
    folders = {"server": Path("generated"), "python-client": Path("clients")}
    documents = sorted(f"spec/{each.name}" for each in (tmp_path / "spec").glob("*.yaml"))
    write(generation(documents, folders, Project()).changes)
    return tmp_path


def test_the_type_checker_names_the_one_method_that_is_missing(application, monkeypatch):
    monkeypatch.setenv(
        "MYPYPATH",
        os.pathsep.join(map(str, (application, ROOT / "runtime", ROOT / "clients" / "python" / "gen"))),
    )
    settings = application / "mypy.ini"
    settings.write_text(
        "[mypy]\nstrict = true\nplugins = pydantic.mypy\nexplicit_package_bases = true\nnamespace_packages = true\n",
        "utf-8",
    )

    command = [sys.executable, "-m", "mypy", "--config-file", str(settings), "generated", "handlers"]
    result = subprocess.run(command, cwd=application, capture_output=True, text=True, check=False)

    errors = [line for line in result.stdout.splitlines() if ": error: " in line]
    assert len(errors) == 1, result.stdout
    assert 'Cannot instantiate abstract class "Spc" with abstract attribute "acknowledge"' in errors[0]


def test_everything_else_knows_the_message_already(application):
    (application / "generated").rename(application / "grown")

    channels = imported(application, "grown.spc.channels")
    messages = imported(application, "grown.spc.messages")

    assert messages.Acknowledge in {each.model for each in channels.NOTIFICATIONS.receives.types}
    assert round_trip(messages.Acknowledge, {"type": "acknowledge", "alert_id": 1})["alert_id"] == 1
    assert "`acknowledge`" in (application / "grown" / "spc" / "reference.md").read_text("utf-8")
    assert (application / "grown" / "spc" / "schemas" / "acknowledge.json").is_file()
    assert "messages.Acknowledge" in (application / "clients" / "spc" / "client.py").read_text("utf-8")
