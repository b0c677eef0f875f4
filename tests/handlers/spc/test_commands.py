"""`wirepact spc`."""

import asyncio

import pytest
from click.testing import CliRunner

from factory import BOLT, running
from handlers.spc.commands import spc


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
