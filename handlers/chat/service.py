"""Chat put together: its store, its handlers, their routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from litestar import Litestar

from generated.chat import channels
from generated.chat.publisher import ChatPublisher
from generated.chat.server import routes
from handlers.chat.attendance import Attendance
from handlers.chat.conversation import Conversation
from handlers.chat.files import FolderFiles
from handlers.chat.handlers import Chat
from handlers.chat.notices import Notices
from handlers.chat.places import Here, places
from handlers.chat.provider_settings import ProviderSettings
from handlers.chat.settings import ChatSettings
from handlers.chat.sharing import Sharing
from handlers.chat.storage import Store
from handlers.chat.tables import ChatTable
from handlers.database import opened
from handlers.schema import Schema, prepare
from handlers.service import Service
from wirepact.server import Node, Route

SCHEMA: Final = Schema("chat", ChatTable.metadata, Path(__file__).parent / "migrations")


def chat(node: Node, settings: ChatSettings, providers: ProviderSettings | None = None) -> Service:
    """Chat as *settings* want it, pushing through the broker of *node*; all on WebSocket without *providers*."""
    tests = settings.has_test_endpoint(node.settings.env)
    url = settings.database_at(node.settings.state_dir)
    database = opened(url, SCHEMA.setting)
    store = Store(database)
    notices = Notices(ChatPublisher(node.broker), tests=tests)
    conversation = Conversation(store, notices, _now)
    found = places(Here(database, conversation, _now), providers, node.settings.env)
    files = FolderFiles(settings.files_in(node.settings.state_dir))
    sharing = Sharing(store, files, settings.upload_rules, _now)
    handlers = Chat(found.chats, store, conversation, sharing, notices)
    Attendance(notices, _now).watch(node)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await prepare(SCHEMA, url, node.settings.env)
        try:
            async with conversation.telling(), found.working():
                yield
        finally:
            await database.close()

    served = [each for each in routes(handlers, node) if tests or not _is_test(each)]
    return Service(served, lifespan)


def _is_test(route: Route) -> bool:
    """Whether it is the address at which everybody is who they say."""
    channel = route.opt.get("channel")
    return channel is not None and channel.name == channels.TEST_ROOM.name


def _now() -> datetime:
    return datetime.now(UTC)
