"""A day in the hospital: two processes of the server with one Redis and one database, and browsers at each of them."""

import asyncio
import json
from contextlib import AsyncExitStack, suppress

import httpx
import pytest
from playwright.async_api import async_playwright
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from brokers import valkey
from served import port_of, served
from wirepact.testing import token

RESULTS, PRESENCE = "/ws/ai-inference/", "/ws/presence/"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]

SCRIPT = """
window.heard = {}; window.sockets = {};
window.listen = (path) => new Promise((resolve, reject) => {
  const heard = (window.heard[path] = []);
  const socket = (window.sockets[path] = new WebSocket(`ws://${location.host}${path}`));
  socket.onopen = () => socket.send("?");
  socket.onclose = (event) => reject(new Error(`closed with ${event.code}`));
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    message.type === "ERROR" ? resolve() : heard.push(message);
  };
});
"""
"""What a page does: it shows no token, since the browser has the session's cookie, and hears from the first answer on."""


class Tab:
    """A page of a browser, which listens with the browser's own WebSocket."""

    def __init__(self, page):
        self._page = page

    @classmethod
    async def opened(cls, stack, browser, url, shown):
        context = await browser.new_context()
        stack.push_async_callback(context.close)
        await context.add_cookies([{"name": "session", "value": shown, "url": url}])
        page = await context.new_page()
        await page.add_init_script(SCRIPT)
        await page.goto(url)
        return cls(page)

    async def listen(self, path):
        await self._page.evaluate("(path) => window.listen(path)", path)

    async def heard(self, path, count):
        there = "([path, count]) => window.heard[path].length >= count"
        await self._page.wait_for_function(there, arg=[path, count], timeout=20_000)
        return await self._page.evaluate("(path) => window.heard[path]", path)

    async def close(self, path):
        await self._page.evaluate("(path) => window.sockets[path].close()", path)


class Program:
    """The same of a program without a browser."""

    def __init__(self, stack, url, shown):
        self._stack = stack
        self._url = url.replace("http", "ws", 1)
        self._headers = {"cookie": f"session={shown}"}
        self._sockets, self._heard = {}, {}
        self._news = asyncio.Condition()

    async def listen(self, path):
        socket = await self._stack.enter_async_context(
            connect(self._url + path, proxy=None, additional_headers=self._headers)
        )
        self._sockets[path], self._heard[path] = socket, []
        await socket.send("?")
        while (message := json.loads(await socket.recv()))["type"] != "ERROR":
            self._heard[path].append(message)
        reading = asyncio.create_task(self._read(path, socket))
        self._stack.callback(reading.cancel)

    async def heard(self, path, count):
        async with asyncio.timeout(20), self._news:
            await self._news.wait_for(lambda: len(self._heard[path]) >= count)
            return self._heard[path]

    async def close(self, path):
        await self._sockets[path].close()

    async def _read(self, path, socket):
        with suppress(ConnectionClosed):
            while True:
                message = json.loads(await socket.recv())
                async with self._news:
                    self._heard[path].append(message)
                    self._news.notify_all()


class Day:
    """The processes, and who opens what at them."""

    def __init__(self, stack, urls, browser):
        self.urls = urls
        self._stack = stack
        self._browser = browser
        headers = {"authorization": f"Bearer {token('inference', roles=['SERVICE'])}"}
        self._http = httpx.AsyncClient(headers=headers, trust_env=False)
        stack.push_async_callback(self._http.aclose)

    async def open(self, user, *, at):
        """A browser of *user*, at one of the processes."""
        shown = token(user, name=f"No. {user}")
        if self._browser is None:
            return Program(self._stack, self.urls[at], shown)
        return await Tab.opened(self._stack, self._browser, self.urls[at], shown)

    async def callback(self, at, **body):
        """What the inference service says to one of them."""
        return (await self._http.post(f"{self.urls[at]}/api/ai/callback/", json=body)).status_code


@pytest.fixture(params=["program", pytest.param("chromium", marks=pytest.mark.browser)])
async def day(request, tmp_path, monkeypatch):
    monkeypatch.setenv("SERVICE", "clinic")
    monkeypatch.setenv("CLINIC_PRESENCE_GRACE", "0.5")
    monkeypatch.setenv("CLINIC_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/clinic.db")
    async with AsyncExitStack() as stack:
        redis = stack.enter_context(valkey())
        there = [
            await stack.enter_async_context(
                served("--app", "handlers.app:create_app", broker=f"redis://127.0.0.1:{redis.port}/0")
            )
            for _ in range(2)
        ]
        urls = [f"http://127.0.0.1:{port}" for port in await asyncio.gather(*map(port_of, there))]
        browser = None
        if request.param == "chromium":
            chromium = (await stack.enter_async_context(async_playwright())).chromium
            browser = await chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            stack.push_async_callback(browser.close)
        yield Day(stack, urls, browser)


async def test_an_inference_job_reaches_two_browsers_at_two_processes_each_state_once(day):
    ann, bob = await day.open("2", at=0), await day.open("3", at=1)
    for each in (ann, bob):
        await each.listen(RESULTS)

    answers = [await day.callback(0, job_id="job-1", status="pending")]
    answers += [await day.callback(1, job_id="job-1", status="processing")]
    done = {"job_id": "job-1", "status": "completed", "result": {"finding": "정상", "score": 0.97}}
    answers += await asyncio.gather(*(day.callback(at, **done) for at in (0, 1, 0, 1)))
    answers += [await day.callback(at, **done) for at in (0, 1)]
    answers += [await day.callback(1, job_id="job-2", status="failed", error="CUDA out of memory")]

    assert answers == [200] * len(answers)
    told = [
        {"type": "AI_INFERENCE_RESULT", "job_id": "job-1", "status": "pending", "result": {}},
        {"type": "AI_INFERENCE_RESULT", "job_id": "job-1", "status": "processing", "result": {}},
        {"type": "AI_INFERENCE_RESULT", **done},
        {
            "type": "AI_INFERENCE_RESULT",
            "job_id": "job-2",
            "status": "failed",
            "result": {},
            "error": "CUDA out of memory",
        },
    ]
    assert [await each.heard(RESULTS, len(told)) for each in (ann, bob)] == [told, told]


async def test_somebody_is_online_once_in_whatever_browsers_at_whatever_process(day):
    ann = await day.open("2", at=0)
    await ann.listen(PRESENCE)
    tabs = [await day.open("3", at=0), await day.open("3", at=1)]
    for each in tabs:
        await each.listen(PRESENCE)
    late = await day.open("4", at=1)
    await late.listen(PRESENCE)

    await tabs[0].close(PRESENCE)
    other = await day.open("5", at=0)
    await other.listen(PRESENCE)
    await tabs[1].close(PRESENCE)
    heard = await ann.heard(PRESENCE, 6)
    snapshot = (await late.heard(PRESENCE, 1))[0]

    assert [(each["type"], each.get("user_id")) for each in heard] == [
        ("PRESENCE_SNAPSHOT", None),
        ("USER_ONLINE", "2"),
        ("USER_ONLINE", "3"),
        ("USER_ONLINE", "4"),
        ("USER_ONLINE", "5"),
        ("USER_OFFLINE", "3"),
    ]
    assert [each["user_id"] for each in snapshot["online"]] == ["2", "3"]
