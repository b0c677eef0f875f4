"""Waivers leave out the warnings that they are about, where they are about them, until their day is over."""

from datetime import date

import pytest

from wirepact_codegen.errors import Findings
from wirepact_codegen.source import Sources
from wirepact_codegen.waivers import waived

DOCUMENT = """\
x-waivers:
  - rule: WP307
    at: {at}
    reason: Known.
    until: 2026-06-30
channels:
  room:
    messages:
      a/b: {{}}
  lobby: {{}}
"""
LAST_DAY = date(2026, 6, 30)


@pytest.fixture
def told(tmp_path):
    """What is left of one warning at the message, and one at the lobby."""

    def left(at, *, today=LAST_DAY, severity="warn"):
        file = tmp_path / "spec.yaml"
        file.write_text(DOCUMENT.format(at=at), "utf-8")
        document = Sources(Findings()).load(str(file))
        found = Findings()
        getattr(found, severity)(
            "WP307", document.key_place(("channels", "room", "messages", "a/b")), "message"
        )
        getattr(found, severity)("WP307", document.key_place(("channels", "lobby")), "lobby")
        return [f"{each.rule} {each.sentence}" for each in waived(document, found, today)]

    return left


def test_a_waiver_is_about_everything_below_its_place(told):
    assert told("'#/channels/room'") == ["WP307 lobby"]
    assert told("'#/channels/room/messages/a~1b'") == ["WP307 lobby"]


def test_a_waiver_of_a_place_that_is_not_there_is_unused(told):
    assert told("'#/channels/attic'") == [
        "WP221 nothing of WP307 is found at #/channels/attic",
        "WP307 message",
        "WP307 lobby",
    ]


def test_the_day_after_its_last_a_waiver_is_a_finding_itself(told):
    assert told("'#/channels'", today=LAST_DAY) == []
    assert told("'#/channels'", today=date(2026, 7, 1)) == [
        "WP220 the waiver of WP307 ended on 2026-06-30",
        "WP307 message",
        "WP307 lobby",
    ]


def test_an_error_is_not_waived(told):
    assert told("'#/channels/lobby'", severity="add") == [
        "WP222 a finding of WP307 can't be waived",
        "WP307 message",
        "WP307 lobby",
    ]
