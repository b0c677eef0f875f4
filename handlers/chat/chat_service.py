"""The chat service: one interface, two providers, and nobody who uses it knows which one a channel is at.

A channel that is here is here for good. Any other one is at Sendbird; when the flag says that it belongs here, it is brought
before anything is done in it. While that takes long, it goes on being at Sendbird.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handlers.chat.flag import Flag
from handlers.chat.mover import Mover
from handlers.chat.provider import (
    Channel,
    ChatProvider,
    Message,
    NewMessage,
    UnknownChannel,
    Unreachable,
)
from handlers.chat.sendbird import SendbirdProvider
from handlers.chat.websocket import WebSocketProvider

PATIENCE: Final = 5.0
"""Seconds that whoever wants something in a channel waits for it to be brought here."""


@dataclass(frozen=True, slots=True)
class Migration:
    """What is at Sendbird still, and who brings it here."""

    sendbird: SendbirdProvider
    mover: Mover
    flag: Flag

    async def is_wanted_here(self, channel_url: str) -> bool:
        """Whether a channel that is at Sendbird belongs on WebSocket. Raises `UnknownChannel`."""
        return await is_wanted_here(self.flag, self.sendbird, channel_url)


class ChatService:
    """Where chats are. Without a *migration* all of them are on WebSocket."""

    def __init__(
        self, websocket: WebSocketProvider, migration: Migration | None = None, *, patience: float = PATIENCE
    ) -> None:
        self._websocket = websocket
        self._migration = migration
        self._patience = patience

    async def create_group_channel(
        self, channel_url: str, name: str, user_ids: Sequence[str], data: Mapping[str, object] | None = None
    ) -> Channel:
        """Make a channel where it belongs. One that was made so before is given back, with who is missing added.

        Raises `ChannelTaken` or `UnknownUser`.
        """
        place = await self._place_for(channel_url, user_ids)
        return await place.create_group_channel(channel_url, name, user_ids, data)

    async def channel(self, channel_url: str) -> Channel:
        """A channel with all of its members. Raises `UnknownChannel`."""
        return await (await self._place_of(channel_url)).channel(channel_url)

    async def add_members(self, channel_url: str, user_ids: Sequence[str]) -> Channel:
        """Add members. Raises `UnknownChannel` or `UnknownUser`."""
        return await (await self._place_of(channel_url)).add_members(channel_url, user_ids)

    async def send_message(self, channel_url: str, user_id: str, message: NewMessage) -> Message:
        """Say something as a member. Raises `UnknownChannel` or `NotAMember`."""
        return await (await self._place_of(channel_url)).send_message(channel_url, user_id, message)

    async def list_messages(
        self, channel_url: str, *, before: int | None = None, limit: int = 50
    ) -> Sequence[Message]:
        """At most *limit* messages, newest first. Raises `UnknownChannel`."""
        place = await self._place_of(channel_url)
        return await place.list_messages(channel_url, before=before, limit=limit)

    async def mark_as_read(self, channel_url: str, user_id: str) -> datetime:
        """Note that a member has read all that there is. Raises `UnknownChannel` or `NotAMember`."""
        return await (await self._place_of(channel_url)).mark_as_read(channel_url, user_id)

    async def is_member(self, channel_url: str, user_id: str) -> bool:
        """Whether a user is in the channel. Raises `UnknownChannel`."""
        return await (await self._place_of(channel_url)).is_member(channel_url, user_id)

    async def bring_here(self, channel_url: str) -> None:
        """Have a channel here, if it belongs here: for those who want to listen to it.

        Raises `UnknownChannel` if it is nowhere, or `Unreachable` while it is on its way.
        """
        if self._migration is None or await self._websocket.has(channel_url):
            return
        if (
            await self._migration.is_wanted_here(channel_url)
            and await self._brought(self._migration, channel_url) is not self._websocket
        ):
            raise Unreachable(f"channel {channel_url[:100]} is on its way here; try again")

    async def _place_for(self, channel_url: str, user_ids: Sequence[str]) -> ChatProvider:
        """Where a channel is to be made, or is already."""
        if self._migration is None or await self._websocket.has(channel_url):
            return self._websocket
        if not self._migration.flag.is_on(channel_url, user_ids):
            return self._migration.sendbird
        with suppress(UnknownChannel):
            return await self._brought(self._migration, channel_url)
        return self._websocket

    async def _place_of(self, channel_url: str) -> ChatProvider:
        if self._migration is None or await self._websocket.has(channel_url):
            return self._websocket
        if await self._migration.is_wanted_here(channel_url):
            return await self._brought(self._migration, channel_url)
        return self._migration.sendbird

    async def _brought(self, migration: Migration, channel_url: str) -> ChatProvider:
        """Where a channel is after it was brought here for as long as anybody waits."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                await migration.mover.bring(channel_url)
                return self._websocket
        return migration.sendbird


async def is_wanted_here(flag: Flag, sendbird: SendbirdProvider, channel_url: str) -> bool:
    """Whether a channel at Sendbird belongs on WebSocket; its members are asked for only where they make a difference."""
    if flag.is_on(channel_url) or not flag.looks_at_members:
        return flag.is_on(channel_url)
    return flag.is_on(channel_url, (await sendbird.channel(channel_url)).member_ids)
