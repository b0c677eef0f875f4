"""The three programs: Python and Node in processes of their own, and the page in Chromium. Each is told commands, and tells what it sees.

| command | does |
|---|---|
| `connect` | makes a client of `service`, and connects to its `channel` at `url` |
| `send`, `ask`, `cancel` | a `message`; as a request with a `name`, which `cancel` names |
| `status` | tells where the connection is |
| `close` | closes it |
| `end` | closes it if it is not, forgets it, and says `end` |
"""

import asyncio
import json
import os
import sys
from abc import ABC, abstractmethod
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from playwright.async_api import Browser, Page, async_playwright

from lifecycle.scenario import Client
from web.conftest import FLAGS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMMANDS: dict[Client, tuple[str, str]] = {
    "python": (sys.executable, str(HERE / "python_driver.py")),
    "node": ("node", str(HERE / "node_driver.mjs")),
}


class Driver(ABC):
    """A program, of which one connection is driven at a time."""

    def __init__(self) -> None:
        self.seen: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        """What it saw and nobody has looked at."""

    @abstractmethod
    async def tell(self, do: str, **fields: object) -> None:
        """Have it do something."""


class ProcessDriver(Driver):
    """One in a process of its own."""

    def __init__(self, process: Process) -> None:
        super().__init__()
        self._process = process
        self._reading = asyncio.create_task(self._read())

    async def tell(self, do: str, **fields: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **fields}).encode() + b"\n")
        await self._process.stdin.drain()

    async def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._reading
        await self._process.wait()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.seen.put_nowait(json.loads(line))
        self.seen.put_nowait({"saw": "its end"})


class PageDriver(Driver):
    """One in a page."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    @classmethod
    async def loaded(cls, page: Page, url: str) -> "PageDriver":
        driver = cls(page)
        await page.expose_function("see", lambda said: driver.seen.put_nowait(json.loads(said)))
        await page.goto(url)
        return driver

    async def tell(self, do: str, **fields: object) -> None:
        await self._page.evaluate("(command) => void act(command)", {"do": do, **fields})


class Drivers:
    """All of them, each started when it is first asked for. A page is a new one each time, in a browser that stays."""

    origin = ""
    """Where the page comes from."""

    def __init__(self) -> None:
        self._running = AsyncExitStack()
        self._processes: dict[Client, ProcessDriver] = {}
        self._browser: Browser | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._running.aclose()

    @asynccontextmanager
    async def driver(self, client: Client) -> AsyncIterator[Driver]:
        if client == "chromium":
            async with self._page() as driver:
                yield driver
            return
        if client not in self._processes:
            self._processes[client] = await self._running.enter_async_context(_process(client))
        yield self._processes[client]

    @asynccontextmanager
    async def _page(self) -> AsyncIterator[Driver]:
        if self._browser is None:
            self.origin = await self._running.enter_async_context(_serving_page())
            playwright = await self._running.enter_async_context(async_playwright())
            self._browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            self._running.push_async_callback(self._browser.close)
        context = await self._browser.new_context()
        try:
            yield await PageDriver.loaded(await context.new_page(), self.origin)
        finally:
            await context.close()


@asynccontextmanager
async def _serving_page() -> AsyncIterator[str]:
    """Where the page is, with all that it runs."""
    bundling = await asyncio.create_subprocess_exec("node", str(HERE / "bundle.mjs"), stdout=PIPE)
    bundle, _ = await bundling.communicate()
    assert bundling.returncode == 0
    body = b"<!doctype html><meta charset=utf-8><link rel=icon href=data:,><script>" + bundle + b"</script>"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def _process(client: Client) -> AsyncIterator[ProcessDriver]:
    paths = [str(ROOT), str(ROOT / "clients/python/gen"), os.environ.get("PYTHONPATH", "")]
    process = await asyncio.create_subprocess_exec(
        *COMMANDS[client],
        stdin=PIPE,
        stdout=PIPE,
        limit=2**24,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
    driver = ProcessDriver(process)
    try:
        yield driver
    finally:
        await driver.stop()
