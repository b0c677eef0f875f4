"""`wirepact spc`."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from click.testing import CliRunner

from factory import ALERT, BOLT, running
from handlers.spc.commands import spc
from wirepact.broker_sqlite import SqliteBroker
from wirepact.client import Reconnect
from wirepact_clients.spc import messages
from wirepact_clients.spc.client import SpcClient


@pytest.fixture
def run(tmp_path):
    """Says something in a shell."""

    def invoke(*arguments, **environment):
        env = {"WIREPACT_STATE_DIR": str(tmp_path), **environment}
        return asyncio.to_thread(CliRunner().invoke, spc, arguments, env=env)

    return invoke


async def test_an_alert_from_the_shell_is_stored_and_pushed(run, tmp_path):
    async with running(tmp_path) as factory, factory.listening() as listener:
        await factory.post("products", **BOLT)

        result = await run(
            "create-alert", "BOLT-M10", "--priority", "5", "--type", "TREND", "--title", "규격"
        )
        heard = await listener.hear()

    assert result.output == "alert 1 about BOLT-M10 is stored\n"
    told = heard["alert"]
    assert (told["alert_type"], told["priority"], told["title"]) == ("TREND", 5, "규격")
    assert told["status"] == "OPEN"


async def test_an_alert_that_is_raised_while_no_server_runs_reaches_who_comes_back(run, tmp_path):
    def opened(port=0):
        return running(tmp_path, broker=SqliteBroker(tmp_path / "broker.sqlite"), port=port)

    async with AsyncExitStack() as stack:
        async with opened() as factory:
            await factory.post("products", **BOLT)
            port = int(factory.url.rpartition(":")[2])
            client = SpcClient(f"ws://127.0.0.1:{port}", reconnect=Reconnect(first=0.01, longest=0.1))
            await stack.enter_async_context(client)
            listener = await stack.enter_async_context(client.notifications())
            await factory.post("alerts", product=1, **ALERT)
            while not isinstance(await listener.receive(), messages.Alert):
                pass

        await run("create-alert", "BOLT-M10", "--title", "규격")
        async with opened(port), asyncio.timeout(20):
            while not isinstance(heard := await listener.receive(), messages.Alert):
                pass

    assert (heard.alert.id, heard.alert.title) == (2, "규격")


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["NUT"], 1, "there is no product NUT"),
        (["BOLT-M10", "--type", "trend"], 2, "alert_type: "),
        (["BOLT-M10", "--title", ""], 2, "title: "),
        (["BOLT-M10", "--priority", "6"], 2, "6 is not in the range 1<=x<=5"),
    ],
)
async def test_what_can_not_be_stored_is_told(run, tmp_path, arguments, code, complaint):
    async with running(tmp_path) as factory:
        await factory.post("products", **BOLT)

    result = await run("create-alert", *arguments)

    assert result.exit_code == code
    assert complaint in result.output


async def test_a_database_that_is_no_longer_ours_is_left_alone(run):
    result = await run("create-alert", "BOLT-M10", WIREPACT_ENV="production", WIREPACT_JWT_SECRET="x" * 32)

    assert result.exit_code == 2
    assert "wirepact db upgrade" in result.output
