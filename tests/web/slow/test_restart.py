"""The page through the death of its server: a process that is killed, and another that takes what comes meanwhile."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from web.plant import BOLT
from web.slow.servers import Server
from wirepact.testing import KEY

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

RELOADED = 50
"""So many alerts the page asks for when it comes back; it has earlier ones by recovery only."""

MISSED = RELOADED + 10

UNREACHABLE = ("WebSocket connection", "Failed to load resource")
"""What a browser says by itself of a server that is not there."""


@pytest_asyncio.fixture(loop_scope="module")
async def servers(tmp_path):
    """Two servers of the same folder, of which one runs at a time, as brokers in a file want it."""
    environment = {
        "WIREPACT_STATE_DIR": str(tmp_path),
        "WIREPACT_JWT_SECRET": KEY,
        "WIREPACT_BROKER": "sqlite://",
    }
    servers = [Server(environment), Server(environment)]
    yield servers
    for each in servers:
        await each.kill()


async def test_no_alert_is_lost_when_a_server_is_killed(window, servers, complaints):
    first, other = servers
    await first.start()
    bolt = await first.post("products", BOLT)
    await window.goto(first.url)
    await expect(window.get_by_role("status")).to_have_text("Connected")
    await expect(window.get_by_role("button", name="BOLT-M10")).to_be_visible()
    await first.alert(bolt, "#0")
    titles = window.locator("#alerts .title")
    await expect(titles).to_have_text(["#0"])

    await first.kill()
    await expect(window.get_by_role("status")).to_have_text("Reconnecting")
    await other.start()
    for number in range(1, MISSED):
        await other.alert(bolt, f"#{number}")
    await other.stop()
    await first.start()
    await first.alert(bolt, f"#{MISSED}")

    await expect(window.get_by_role("status")).to_have_text("Connected", timeout=60_000)
    await expect(titles).to_have_text([f"#{number}" for number in range(MISSED, -1, -1)])
    assert [each for each in complaints if not each.startswith(UNREACHABLE)] == []
    complaints.clear()
