"""Playing a conversation with any of the players."""

import asyncio
import json
from asyncio.subprocess import PIPE
from collections.abc import Mapping
from typing import Any

import pytest

from contract.application import Application
from contract.conversation import Conversation, scripts
from contract.documents import SPEC
from contract.lines import LINES
from contract.player import DEADLINE, Performance
from wirepact.lines import SUBPROTOCOL

_MARKS = {"typescript": pytest.mark.typescript}
NODE_PLAYER = SPEC.parent / "clients" / "typescript" / "services" / "play.mjs"


def played_by(*players: str) -> list[Any]:
    """Every conversation with each of *players* that plays it, as parameters of a test."""
    return [
        pytest.param(player, script, id=f"{script}-{player}", marks=_MARKS.get(player, ()))
        for script in scripts()
        for player in script.conversation.players
        if player in players
    ]


async def play(
    player: str, source: dict[str, Any], application: Application, wire: str = SUBPROTOCOL
) -> None:
    """Plays what *source* says; an `AssertionError` names the step that does not come true.

    *wire* is what the player in Node speaks.
    """
    conversation = Conversation.model_validate(source)
    tokens = application.tokens(conversation.service)
    if player == "typescript":
        told = {"server": application.url, "tokens": dict(tokens), "conversation": source, "wire": wire}
        await _play_in_node(told)
    else:
        await Performance(LINES[player], application.url, tokens).play(conversation)


async def _play_in_node(told: Mapping[str, Any]) -> None:
    node = await asyncio.create_subprocess_exec("node", str(NODE_PLAYER), stdin=PIPE, stderr=PIPE)
    async with asyncio.timeout(DEADLINE * len(told["conversation"]["steps"])):
        _, said = await node.communicate(json.dumps(told).encode())
    assert node.returncode == 0, said.decode()
