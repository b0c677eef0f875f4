"""Chats that move from Sendbird to WebSocket by percentage while people write in them.

Two servers with one database and one broker. Some people have an app that knows both places, some one that knows Sendbird
only, and an old part of the back end speaks to Sendbird directly.
"""

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from random import Random

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from brokers import eventually, until, valkey
from handlers.chat.flag import share
from handlers.chat.provider import NewMessage
from handlers.chat.provider_settings import ProviderSettings
from handlers.chat.sendbird import SendbirdProvider
from handlers.chat.sendbird_api import PlatformApi, client
from handlers.chat.service import chat
from handlers.chat.settings import ChatSettings
from party import bearer
from sendbird_server import TOKEN, sendbird
from wirepact.broker_redis import RedisBroker
from wirepact.server import Node, build_app
from wirepact.settings import Settings
from wirepact.testing import authenticator, serving, token

PODS = [f"pod_{each}_chat" for each in range(1, 11)]
OLD_APP, NEW_APP, BACK_END, LISTENER = USERS = ["1", "2", "3", "4"]
SPEAKERS = ["old app", "new app", "old code"]
EACH = 5
"""How many messages every speaker says in a channel, a phase."""

EVERYTHING = 3 * len(SPEAKERS) * EACH
"""How many messages are said in a channel, in all phases."""


class Meetups:
    """Two servers, the Sendbird beside them, and all who speak."""

    def __init__(self, platform, urls, http, old_code):
        self.platform = platform
        self.urls = urls
        self.http = http
        self.old_code = old_code

    async def create(self, pod):
        """The back end makes a channel, and does not know where."""
        body = {"channel_url": pod, "name": pod, "user_ids": USERS}
        answer = await self.http.post("/api/v1/chat/channels/", json=body, headers=bearer("back", "SERVICE"))
        assert answer.status_code == 201, answer.text

    @asynccontextmanager
    async def room(self, pod, user, server):
        """What somebody hears in a channel, as it comes; None if it is not on WebSocket."""
        url = self.urls[server].replace("http", "ws")
        async with connect(f"{url}/api/v1/chat/ws/{pod}?token={token(user)}", proxy=None) as here:
            try:
                await here.send(json.dumps({"type": "TYPING", "is_typing": True}))
                while json.loads(await asyncio.wait_for(here.recv(), 30))["type"] != "TYPING":
                    pass
            except ConnectionClosed:
                assert here.close_code == 4404
                yield None
            else:
                yield here

    async def everyone_speaks(self, phase):
        """All speakers, in all channels, at the same time."""
        speakers = [self._old_app, self._new_app, self._old_code]
        await asyncio.gather(*(speak(pod, phase) for pod in PODS for speak in speakers))

    async def _old_app(self, pod, phase):
        for each in range(EACH):
            self.platform.say(pod, OLD_APP, f"{phase}: old app {each}")
            await asyncio.sleep(0)

    async def _new_app(self, pod, phase):
        async with self.room(pod, NEW_APP, server=0) as here:
            for each in range(EACH):
                text = f"{phase}: new app {each}"
                if here is None:
                    self.platform.say(pod, NEW_APP, text)
                else:
                    await here.send(json.dumps({"type": "MESG", "message": text}))
                    while json.loads(await here.recv()).get("message") != text:
                        pass

    async def _old_code(self, pod, phase):
        for each in range(EACH):
            await self.old_code.send_message(pod, BACK_END, NewMessage(f"{phase}: old code {each}"))

    async def history(self, pod):
        """All that was said in a channel, oldest first, as whoever pages back sees it."""
        texts, query = [], {"limit": 20}
        while True:
            path = f"/api/v1/chat/channels/{pod}/messages/"
            page = (await self.http.get(path, params=query, headers=bearer(LISTENER))).json()
            texts += [each["message"] for each in page["messages"]]
            if "next" not in page:
                return texts[::-1]
            query["before"] = page["next"]

    async def histories_have(self, count):
        """Wait until as many messages are in each channel."""

        async def have():
            return all([len(await self.history(pod)) >= count for pod in PODS])

        await eventually(have, 60)

    async def are_on_websocket(self):
        """Which channels can be listened to."""
        found = []
        for pod in PODS:
            async with self.room(pod, LISTENER, server=1) as here:
                found += [] if here is None else [pod]
        return found


@asynccontextmanager
async def listening(meetups, pods):
    """Notes what is heard in these channels, at the other server, while the block lasts."""
    heard = {pod: [] for pod in pods}

    async def note(pod, here):
        async for frame in here:
            message = json.loads(frame)
            heard[pod] += [message["message"]] if message["type"] == "MESG" else []

    async with AsyncExitStack() as stack:
        rooms = [await stack.enter_async_context(meetups.room(pod, LISTENER, server=1)) for pod in pods]
        notes = [asyncio.create_task(note(pod, here)) for pod, here in zip(pods, rooms, strict=True)]
        yield heard
        for each in notes:
            each.cancel()


def said(*phases):
    """What each speaker said in a channel, in order."""
    return {who: [f"{phase}: {who} {each}" for phase in phases for each in range(EACH)] for who in SPEAKERS}


def by_speaker(texts):
    return {who: [each for each in texts if f": {who} " in each] for who in SPEAKERS}


@pytest.fixture
async def platform():
    random = Random(7)
    async with sendbird(USERS) as here:
        here.delay = 0.01
        here.misbehave(*random.choices([None, 429], [9, 1], k=500))
        yield here


@pytest.fixture
def at(platform, tmp_path):
    """Serves with so many of a hundred channels on WebSocket."""

    @asynccontextmanager
    async def at(percentage, redis):
        configuration = tmp_path / "chat.toml"
        configuration.write_text(f"[chat]\nuse_websocket = false\nwebsocket_percentage = {percentage}\n")
        providers = ProviderSettings(
            chat_configuration=configuration,
            chat_look_interval=0.1,
            sendbird_app_id="app",
            sendbird_api_token=TOKEN,
            sendbird_url=platform.url,
        )
        async with AsyncExitStack() as stack:
            urls = []
            for _ in range(2):
                broker = RedisBroker(f"redis://127.0.0.1:{redis.port}/0")
                node = Node(broker, authenticator(), Settings(state_dir=tmp_path))
                service = chat(node, ChatSettings(), providers)
                app = build_app(node, service.routes, lifespan=[service.lifespan])
                urls.append(await stack.enter_async_context(serving(app)))
            direct = await stack.enter_async_context(client(platform.url, TOKEN, timeout=30))
            http = await stack.enter_async_context(httpx.AsyncClient(base_url=urls[1], trust_env=False))
            old_code = SendbirdProvider(PlatformApi(direct), lambda: datetime.now(UTC), TOKEN)
            yield Meetups(platform, urls, http, old_code)

    return at


async def test_no_message_is_lost_and_none_comes_twice(at, platform):
    half = [pod for pod in PODS if share(pod) < 50]
    assert 0 < len(half) < len(PODS)

    with valkey() as redis:
        async with at(0, redis) as meetups:
            for pod in PODS:
                await meetups.create(pod)
            there = platform.channels.values()
            await meetups.everyone_speaks("first")
            assert await meetups.are_on_websocket() == []

        async with at(50, redis) as meetups:
            await meetups.everyone_speaks("second")
            await meetups.histories_have(2 * len(SPEAKERS) * EACH)
            assert await meetups.are_on_websocket() == half

        async with at(100, redis) as meetups:
            async with listening(meetups, half) as heard:
                await meetups.everyone_speaks("third")
                await meetups.histories_have(EVERYTHING)
                await eventually(lambda: _all_heard(heard))
                await until(lambda: all(len(each.messages) >= EVERYTHING for each in there), 60)
            assert await meetups.are_on_websocket() == PODS
            histories = {pod: await meetups.history(pod) for pod in PODS}

    assert sorted(platform.channels) == sorted(PODS)
    shown = {pod: by_speaker(channel.texts) for pod, channel in platform.channels.items()}
    everything = said("first", "second", "third")
    assert {pod: by_speaker(texts) for pod, texts in histories.items()} == dict.fromkeys(PODS, everything)
    assert {len(each) for each in histories.values()} == {EVERYTHING}
    assert shown == dict.fromkeys(PODS, everything)
    assert {pod: by_speaker(texts) for pod, texts in heard.items()} == dict.fromkeys(half, said("third"))


async def _all_heard(heard):
    return all(len(each) >= len(SPEAKERS) * EACH for each in heard.values())
