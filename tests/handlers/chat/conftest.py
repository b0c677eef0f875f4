from datetime import UTC, datetime, timedelta

import pytest

from handlers.chat.chat_service import ChatService, Migration
from handlers.chat.conversation import Conversation
from handlers.chat.domain import NewChannel
from handlers.chat.mover import Mover
from handlers.chat.moves import Moves
from handlers.chat.sendbird import SendbirdProvider
from handlers.chat.sendbird_api import PlatformApi, client
from handlers.chat.service import SCHEMA
from handlers.chat.storage import Store
from handlers.chat.websocket import WebSocketProvider
from handlers.database import Database
from sendbird_server import TOKEN, Losing, sendbird

POD = "pod_123_chat"


@pytest.fixture
def noon():
    return datetime(2026, 1, 11, 12, 0, tzinfo=UTC)


@pytest.fixture
def database_url(databases):
    return databases.of(SCHEMA)


@pytest.fixture
async def database(database_url):
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def store(database):
    return Store(database)


@pytest.fixture
async def pod(store, noon):
    return await store.add_channel(NewChannel(POD, "파티 채팅방", [1, 2, 3], {"pod_id": 123}), noon)


class Ears:
    """Hears what everyone in a channel would be told."""

    def __init__(self):
        self.heard = []

    async def said(self, message, _key):
        self.heard.append(message.text)

    async def read(self, reading):
        self.heard.append(f"{reading.user_id} has read")


class Clock:
    """A time that passes when a test says so."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now

    def passes(self, **time):
        self.now += timedelta(**time)


@pytest.fixture
def clock(noon):
    return Clock(noon)


@pytest.fixture
def ears():
    return Ears()


@pytest.fixture
def conversation(store, ears, clock):
    return Conversation(store, ears, clock)


@pytest.fixture
def websocket(store, conversation, clock):
    return WebSocketProvider(store, conversation, clock)


@pytest.fixture
async def platform(clock):
    async with sendbird(users=[str(each) for each in range(1, 301)]) as here:
        here.clock = lambda: clock().timestamp()
        yield here


@pytest.fixture
def waits():
    return []


@pytest.fixture
async def http(platform):
    async with client(platform.url, TOKEN, timeout=30) as here:
        here._transport = Losing(here._transport)
        yield here


@pytest.fixture
def hosted(http, waits, clock):
    """Sendbird, as a provider that does not really wait."""

    async def wait(seconds):
        waits.append(seconds)

    return SendbirdProvider(PlatformApi(http, wait=wait), clock, TOKEN)


@pytest.fixture
def moves(database):
    return Moves(database)


@pytest.fixture
def mover(hosted, moves, conversation, clock):
    return Mover(hosted, moves, conversation, clock, timedelta(seconds=5))


@pytest.fixture
def chats(websocket, hosted, mover):
    """Makes the chat service for a flag."""

    def make(flag, **options):
        return ChatService(websocket, Migration(hosted, mover, flag), **options)

    return make
