"""From what is kept to the messages that tell of it, and from what came to what is to be kept."""

import re
from datetime import UTC, datetime

from pydantic import MISSING

from generated.chat import messages
from generated.chat.server import RoomPeer, TestRoomPeer
from handlers.chat.domain import (
    File,
    Kind,
    Message,
    NewMessage,
    NotAMember,
    Reading,
    UnknownFile,
    user_id_of,
)
from wirepact.auth import Identity

_FILE_URL = re.compile(r"/api/v1/chat/channels/(?P<channel>[^/]+)/files/(?P<key>[0-9a-f]{32})/")


def user_id(identity: Identity | None) -> int | None:
    """The number of whoever is signed in; `None` if it is no user."""
    return None if identity is None else user_id_of(identity.sub)


def member_id(identity: Identity | None) -> int:
    """The same; raises `NotAMember` for whoever can't be one."""
    found = user_id(identity)
    if found is None:
        raise NotAMember
    return found


def speaker(peer: RoomPeer | TestRoomPeer) -> int:
    """Who it is: as the token has it, or, at the test address, as they say themselves. Raises `NotAMember`."""
    return peer.query.user_id if isinstance(peer, TestRoomPeer) else member_id(peer.identity)


def new_message(
    body: messages.SayText | messages.SayFile | messages.SayImage, user_id: int, channel_url: str
) -> NewMessage:
    """What *user_id* says in a channel. Raises `UnknownFile`."""
    if isinstance(body, messages.SayText) or body.file is MISSING:
        return NewMessage(user_id, body.message, Kind(body.type))
    if (key := file_key(body.file.url, channel_url)) is None:
        raise UnknownFile
    return NewMessage(user_id, body.message, Kind(body.type), key)


def file_key(url: str, channel_url: str) -> str | None:
    """The key of the file at *url*, if that is one of the channel."""
    found = _FILE_URL.fullmatch(url)
    return found["key"] if found is not None and found["channel"] == channel_url else None


def file_url(file: File, channel_url: str) -> str:
    """Where a file of the channel is."""
    return f"/api/v1/chat/channels/{channel_url}/files/{file.key}/"


def said(message: Message) -> messages.Text | messages.File | messages.Image:
    """What everyone in the channel hears of it."""
    at = told_time(message.said_at)
    if message.kind is Kind.TEXT:
        return messages.Text(
            channel_url=message.channel_url, user_id=message.user_id, message=message.text, timestamp=at
        )
    shown = messages.File if message.kind is Kind.FILE else messages.Image
    return shown(
        channel_url=message.channel_url,
        user_id=message.user_id,
        message=message.text,
        file=_file_of(message),
        timestamp=at,
    )


def _file_of(message: Message) -> messages.SharedFile | MISSING:
    return MISSING if message.file is None else shared_file(message.file, message.channel_url)


def stored_file(file: File, channel_url: str) -> messages.StoredFile:
    """A file, as its upload is answered."""
    return messages.StoredFile(
        url=file_url(file, channel_url), name=file.name, size=file.size, media_type=file.media_type
    )


def shared_file(file: File, channel_url: str) -> messages.SharedFile:
    """A file, as messages carry it."""
    return messages.SharedFile(
        url=file_url(file, channel_url),
        name=file.name,
        size=file.size,
        media_type=file.media_type,
    )


def read(reading: Reading) -> messages.Read:
    """To everyone in the channel."""
    return messages.Read(
        channel_url=reading.channel_url, user_id=reading.user_id, timestamp=told_time(reading.until)
    )


def typing(channel_url: str, user_id: int, *, is_typing: bool) -> messages.Typing:
    """To everyone in the channel."""
    return messages.Typing(channel_url=channel_url, user_id=user_id, is_typing=is_typing)


def user_joined(channel_url: str, user_id: int, at: datetime) -> messages.UserJoined:
    """To everyone in the channel."""
    return messages.UserJoined(channel_url=channel_url, user_id=user_id, timestamp=told_time(at))


def user_left(channel_url: str, user_id: int) -> messages.UserLeft:
    """To everyone in the channel."""
    return messages.UserLeft(channel_url=channel_url, user_id=user_id)


def told_time(at: datetime) -> datetime:
    """A time as it goes over the wire: in UTC, in whole seconds, without a zone."""
    return at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
