"""Puts the chat service together: where chats can be, as the settings say, and what works while they are served."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from handlers.chat.chat_service import ChatService, Migration
from handlers.chat.conversation import Conversation
from handlers.chat.mover import Mover
from handlers.chat.moves import Moves
from handlers.chat.provider_settings import ProviderSettings, SendbirdAccess
from handlers.chat.sendbird import SendbirdProvider
from handlers.chat.sendbird_api import PlatformApi, client
from handlers.chat.storage import Store
from handlers.chat.websocket import WebSocketProvider
from handlers.database import Database


@dataclass(frozen=True, slots=True)
class Places:
    """The chat service, and what must be open while it is used."""

    chats: ChatService
    working: Callable[[], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Here:
    """What is on our side."""

    database: Database
    conversation: Conversation
    now: Callable[[], datetime]


def places(here: Here, settings: ProviderSettings | None, env: str) -> Places:
    """Where chats can be. Without *settings* they are on WebSocket. Raises `Misconfigured`."""
    websocket = WebSocketProvider(Store(here.database), here.conversation, here.now)
    access = None if settings is None else settings.sendbird(env)
    if settings is None or access is None:
        return Places(ChatService(websocket), nullcontext)

    http, sendbird = sendbird_at(access, here.now)
    interval = timedelta(seconds=settings.chat_look_interval)
    mover = Mover(sendbird, Moves(here.database), here.conversation, here.now, interval)

    @asynccontextmanager
    async def working() -> AsyncIterator[None]:
        async with http, mover.looking():
            yield

    return Places(ChatService(websocket, Migration(sendbird, mover, settings.flag(env))), working)


def sendbird_at(
    access: SendbirdAccess, now: Callable[[], datetime]
) -> tuple[httpx.AsyncClient, SendbirdProvider]:
    """Sendbird, and the client of it, which is to be closed."""
    token = access.token.get_secret_value()
    http = client(access.url, token, access.timeout)
    return http, SendbirdProvider(PlatformApi(http), now, token)
