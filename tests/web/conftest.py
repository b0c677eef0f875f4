"""The page in headless Chromium, before the application as it is."""

import shutil

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright, expect

from handlers.app import SERVICES
from handlers.page import BUILT
from handlers.schema import upgrade
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


@pytest.fixture(scope="session")
def upgraded(tmp_path_factory):
    """A database with the tables of all services, and nothing in them."""
    file = tmp_path_factory.mktemp("upgraded") / "wirepact.db"
    for each in SERVICES.values():
        upgrade(each.schema, f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture
def environment(monkeypatch, tmp_path, upgraded):
    """The application keeps what it keeps in a folder of its own."""
    shutil.copy(upgraded, tmp_path)
    monkeypatch.setenv("WIREPACT_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("WIREPACT_JWT_SECRET", KEY)
    monkeypatch.setenv("CLINIC_PRESENCE_GRACE", "0.1")
    return monkeypatch


@pytest_asyncio.fixture(loop_scope="module")
async def factory(environment):  # noqa: ARG001  it must be set before the start
    factory = Factory()
    await factory.start()
    yield factory
    await factory.stop()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser():
    if not (BUILT / "index.html").is_file():
        pytest.fail("the page is not built: run `make web`")
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
async def window(browser, complaints):
    """A page that has not gone anywhere yet."""
    context = await browser.new_context(viewport={"width": 1440, "height": 960}, locale="en-US")
    window = await context.new_page()
    window.on(
        "console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None
    )
    window.on("pageerror", lambda error: complaints.append(str(error)))
    yield window
    await context.close()


@pytest.fixture
def page(factory, window):  # noqa: ARG001  the page leaves before the factory shuts
    return window
