"""Every conversation, played by each of its players against the real application."""

from copy import deepcopy

import pytest

from contract.conversation import FOLDER, Script, scripts
from contract.documents import documents
from contract.lines import LINES
from contract.playing import play, played_by
from wirepact.lines import SUBPROTOCOL

DEVIATIONS = [
    pytest.param(lambda step: step.update(status=200), 1, id="status"),
    pytest.param(lambda step: step.update(reply={"id": "$string"}), 1, id="reply"),
    pytest.param(lambda step: step["message"].update(type="connected"), 3, id="value"),
    pytest.param(lambda step: step["message"].update(timestamp="$integer"), 3, id="kind"),
    pytest.param(lambda step: step["message"].pop("timestamp"), 3, id="field-too-many"),
    pytest.param(lambda step: step["message"].update(more="$anything"), 3, id="field-too-few"),
    pytest.param(lambda step: step.update(code=1001), 7, id="close-code"),
]
"""What could be otherwise in the conversation of the greeting, and the step at which it shows."""


@pytest.mark.parametrize("script", scripts(), ids=str)
def test_a_conversation_is_about_the_service_of_its_folder(script):
    assert script.conversation.service == script.path.parent.name
    assert script.conversation.service in {document.service for document in documents()}


def test_every_service_has_conversations():
    assert {folder.name for folder in FOLDER.iterdir()} >= {document.service for document in documents()}


@pytest.mark.usefixtures("quiet_log")
@pytest.mark.parametrize(("player", "script"), played_by(*LINES))
async def test_a_conversation_goes_as_written(player, script, application):
    await play(player, script.source, application)


@pytest.mark.typescript
@pytest.mark.usefixtures("quiet_log")
@pytest.mark.parametrize("wire", [SUBPROTOCOL, "legacy"])
@pytest.mark.parametrize(("player", "script"), played_by("typescript"))
async def test_a_conversation_goes_as_written_in_node(player, script, wire, application):
    await play(player, script.source, application, wire)


@pytest.mark.parametrize("player", [*LINES, pytest.param("typescript", marks=pytest.mark.typescript)])
@pytest.mark.parametrize(("change", "step"), DEVIATIONS)
async def test_a_player_stops_where_something_else_happens(player, change, step, application):
    greeting = deepcopy(Script(FOLDER / "spc" / "greeting.yaml").source)
    change(greeting["steps"][step - 1])

    with pytest.raises(AssertionError, match=f"step {step}: "):
        await play(player, greeting, application)
