"""`wirepact chat`."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from handlers.chat.commands import chat
from sendbird_server import TOKEN

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

PODS = [f"pod_{each}_chat" for each in range(1, 6)]


@pytest.fixture
def run(database_url, platform, tmp_path):
    """Runs the command in a thread, since Sendbird answers in this one."""
    env = {
        "WIREPACT_STATE_DIR": str(tmp_path),
        "CHAT_DATABASE_URL": database_url,
        "CHAT_CONFIGURATION": str(tmp_path / "chat.toml"),
        "SENDBIRD_APP_ID": "app",
        "SENDBIRD_API_TOKEN": TOKEN,
        "SENDBIRD_URL": platform.url,
    }

    async def run(*arguments, **more):
        return await asyncio.to_thread(CliRunner().invoke, chat, arguments, env=env | more)

    return run


@pytest.fixture
def configure(tmp_path):
    def configure(text):
        (tmp_path / "chat.toml").write_text(f"[chat]\nuse_websocket = false\n{text}")

    return configure


@pytest.fixture
async def there(hosted):
    """Channels at Sendbird, in which nothing was said yet."""
    for place, pod in enumerate(PODS):
        await hosted.create_group_channel(pod, pod, ["1", "2"] if place % 2 else ["1", "3"])


@pytest.fixture
def later(clock):
    """Much later than the command, which has a clock of its own."""
    return lambda: setattr(clock, "now", datetime.now(UTC) + timedelta(hours=1))


@pytest.mark.usefixtures("there")
async def test_all_channels_that_belong_here_are_noted_though_nobody_asks(run, configure, mover):
    configure(f'websocket_users = ["1", "2"]\nwebsocket_channels = ["{PODS[0]}"]')
    await mover.bring(PODS[0])

    result = await run("move")

    assert (result.exit_code, result.output.splitlines()) == (
        0,
        ["1 on WebSocket", "2 on their way there", "2 stay at Sendbird"],
    )
    assert (await run("moves")).output == "1 have moved, 2 are on their way\n"


@pytest.mark.usefixtures("there")
async def test_what_was_noted_is_brought_by_servers(run, configure, mover, websocket, later):
    configure(f'websocket_users = ["1", "2"]\nwebsocket_channels = ["{PODS[0]}"]')
    await run("move")

    later()
    await mover.look()

    assert [await websocket.has(pod) for pod in PODS] == [True, True, False, True, False]
    shown = await run("moves")
    assert (shown.exit_code, shown.output) == (0, "3 have moved, 0 are on their way\n")


@pytest.mark.usefixtures("there")
async def test_to_ask_twice_changes_nothing(run, configure):
    configure("websocket_percentage = 100")
    await run("move")

    again = await run("move")
    shown = await run("moves")

    assert again.output.splitlines()[1] == "5 on their way there"
    assert (shown.exit_code, shown.output) == (1, "0 have moved, 5 are on their way\n")


@pytest.mark.parametrize(
    ("more", "code", "told"),
    [
        ({"SENDBIRD_APP_ID": ""}, 2, "SENDBIRD_APP_ID: must be set"),
        ({"SENDBIRD_API_TOKEN": "another"}, 1, "Invalid API token. (400401)"),
        ({"CHAT_CONFIGURATION": "nowhere.toml"}, 2, "CHAT_CONFIGURATION: nowhere.toml"),
    ],
)
async def test_what_keeps_channels_from_moving_is_told(run, configure, more, code, told):
    configure("websocket_percentage = 100")

    result = await run("move", **more)

    assert (result.exit_code, told in result.output) == (code, True), result.output
