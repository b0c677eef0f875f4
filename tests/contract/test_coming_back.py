"""The emitted TypeScript client and the real server, where the connection is lost: `coming_back.mjs` tells what is so."""

import asyncio
import json
from asyncio.subprocess import PIPE
from datetime import timedelta
from pathlib import Path

import pytest

from contract.application import KEY
from contract.conversation import identities
from contract.player import DEADLINE
from wirepact.auth import mint_token

SCRIPT = Path(__file__).with_name("coming_back.mjs")


@pytest.mark.typescript
@pytest.mark.usefixtures("quiet_log")
async def test_what_was_missed_is_heard_once_and_in_order(application):
    tokens = application.tokens("spc")
    ending = mint_token(KEY, **identities("spc")["user"], ttl=timedelta(seconds=12))
    told = {"server": application.url, "service": tokens["service"], "user": tokens["user"], "ending": ending}

    node = await asyncio.create_subprocess_exec("node", str(SCRIPT), stdin=PIPE, stderr=PIPE)
    async with asyncio.timeout(3 * DEADLINE):
        _, said = await node.communicate(json.dumps(told).encode())

    assert node.returncode == 0, said.decode()
