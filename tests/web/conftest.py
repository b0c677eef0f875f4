"""The page in headless Chromium, before the application as it is."""

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright, expect

from handlers.page import BUILT
from web.plant import Factory
from wirepact.testing import KEY

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=10_000)


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """The application keeps what it keeps in a folder of its own."""
    if not (BUILT / "index.html").is_file():
        pytest.fail("the page is not built: run `make web`")
    monkeypatch.setenv("WIREPACT_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("WIREPACT_JWT_SECRET", KEY)
    return monkeypatch


@pytest_asyncio.fixture(loop_scope="module")
async def factory(environment):  # noqa: ARG001  it must be set before the start
    factory = Factory()
    await factory.start()
    yield factory
    await factory.stop()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def complaints():
    """What the browser's console complains of; a test that expects a complaint takes it out."""
    found = []
    yield found
    assert found == []


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser, factory, complaints):  # noqa: ARG001  the page leaves before the factory shuts
    context = await browser.new_context(viewport={"width": 1440, "height": 960}, locale="en-US")
    page = await context.new_page()
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await context.close()
