"""All lives before one server, as `make demo` has them; and a server that is restarted meanwhile."""

import asyncio
import logging
from contextlib import asynccontextmanager
from functools import partial

import httpx
import pytest

from handlers.app import create_app
from handlers.demo.command import LIVES
from handlers.demo.lives import live
from outside import outside
from wirepact.testing import KEY, serving


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    monkeypatch.setenv("WIREPACT_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("WIREPACT_JWT_SECRET", KEY)


@asynccontextmanager
async def served(caplog, port=0):
    """The application. Gives its URL, and the port where robots report."""
    caplog.clear()
    async with serving(create_app(), port=port) as url:
        told = [each.getMessage() for each in caplog.records]
        yield url, next(int(each.rpartition(":")[2]) for each in told if each.startswith("robots report"))


class Words:
    """What lives have said, and how often somebody waits."""

    def __init__(self):
        self.said = []
        self._news = asyncio.Event()

    def say(self, words):
        self.said.append(words)
        self._news.set()

    def of(self, life):
        return [each.removeprefix(f"{life:9} ") for each in self.said if each.startswith(life)]

    async def until(self, condition):
        async with asyncio.timeout(90):
            while not condition():
                self._news.clear()
                await self._news.wait()


async def pause():
    await asyncio.sleep(0.005)


async def patience():
    await asyncio.sleep(0.05)


async def test_all_lives_are_lived_and_go_on_after_a_restart_of_the_server(caplog, monkeypatch):
    words = Words()
    async with served(caplog) as (url, robots):
        monkeypatch.setenv("ROBODINE_TCP_PORT", str(robots))
        here = outside(url, robots=("127.0.0.1", robots))
        lives = {name: partial(life, here) for name, life in LIVES.items()}
        living = asyncio.create_task(live(lives, pause=pause, patience=patience, say=words.say))
        await words.until(lambda: all(words.of(name) for name in LIVES))
    await words.until(lambda: all(is_waiting(words, name) for name in LIVES))

    async with served(caplog, httpx.URL(url).port):
        await words.until(lambda: not any(is_waiting(words, name) for name in LIVES))
        living.cancel()
        await asyncio.wait([living])

    assert set(LIVES) == {each.split()[0] for each in words.said}


def is_waiting(words, life):
    return words.of(life)[-1].endswith("; waiting")
