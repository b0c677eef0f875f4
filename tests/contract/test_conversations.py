"""Every conversation, played by each of its players against the real application."""

import asyncio
import json

import pytest

from contract.conversation import FOLDER, scripts
from contract.documents import SPEC, documents
from contract.lines import LINES
from contract.player import DEADLINE, Performance

NODE_PLAYER = SPEC.parent / "clients" / "typescript" / "services" / "play.mjs"


def played_by(*players):
    return [
        pytest.param(player, script, id=f"{script}-{player}")
        for script in scripts()
        for player in script.conversation.players
        if player in players
    ]


@pytest.mark.parametrize("script", scripts(), ids=str)
def test_a_conversation_is_about_the_service_of_its_folder(script):
    assert script.conversation.service == script.path.parent.name
    assert script.conversation.service in {document.service for document in documents()}


def test_every_service_has_conversations():
    assert {folder.name for folder in FOLDER.iterdir()} >= {document.service for document in documents()}


@pytest.mark.usefixtures("quiet_log")
@pytest.mark.parametrize(("player", "script"), played_by(*LINES))
async def test_a_conversation_goes_as_written(player, script, application):
    conversation = script.conversation
    tokens = application.tokens(conversation.service)

    await Performance(LINES[player], application.url, tokens).play(conversation)


@pytest.mark.typescript
@pytest.mark.usefixtures("quiet_log")
@pytest.mark.parametrize(("player", "script"), played_by("typescript"))
async def test_a_conversation_goes_as_written_in_node(player, script, application):  # noqa: ARG001  names the test
    told = {"server": application.url, "tokens": dict(application.tokens(script.conversation.service))}
    told["conversation"] = script.source

    node = await asyncio.create_subprocess_exec(
        "node", str(NODE_PLAYER), stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(DEADLINE * len(script.conversation.steps)):
        _, said = await node.communicate(json.dumps(told).encode())

    assert node.returncode == 0, said.decode()
