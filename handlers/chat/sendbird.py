"""Sendbird as a chat provider: what the Platform API calls what we say, and back.

Users are made elsewhere: whoever is to be in a channel must be known to Sendbird. Code that wants Sendbird and nothing else may
use this class directly; it is told nothing of flags and moves.
"""

import hmac
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final
from urllib.parse import quote

from handlers.chat.provider import (
    Attachment,
    Channel,
    ChannelTaken,
    Member,
    Message,
    MessageType,
    NewMessage,
    NotAMember,
    Rejected,
    UnknownChannel,
    UnknownUser,
)
from handlers.chat.sendbird_api import Code, PlatformApi

NOBODY: Final = "0"
"""Who said what has no sender: an administrator of Sendbird, or a user who was deleted."""

PAGE: Final = 200
"""The most messages that Sendbird gives at once."""

_USERS: Final = 100
"""The most users that Sendbird takes at once."""

_CHANNELS: Final = 100
"""The most channels that Sendbird gives at once."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_COPY_OF: Final = "copy_of"
_PROOF: Final = "proof"


@dataclass(frozen=True, slots=True)
class Page:
    """Messages in the order in which they were sent. `last` is the id of the last one that was seen, which was sent at `until`.

    `copies` are ids of messages of another provider, of which copies were found (`send_copy`); these are not among the messages.
    """

    messages: Sequence[Message]
    copies: Sequence[int]
    last: int | None
    until: datetime | None
    is_full: bool


class SendbirdProvider:
    """Channels of one application at Sendbird. *key* is a secret that tells copies from what says that it is one."""

    def __init__(self, api: PlatformApi, now: Callable[[], datetime], key: str) -> None:
        self._api = api
        self._now = now
        self._key = key.encode()

    async def create_group_channel(
        self, channel_url: str, name: str, user_ids: Sequence[str], data: Mapping[str, object] | None = None
    ) -> Channel:
        """Make a channel. Who asks again, after no answer, finds it made."""
        body = {
            "channel_url": channel_url,
            "name": name,
            "user_ids": list(user_ids[:_USERS]),
            "data": json.dumps(data or {}, ensure_ascii=False),
            "is_distinct": False,
            "strict": True,
        }
        try:
            with _refusing(channel_url, user_ids):
                await self._api.ask("POST", "/group_channels", body=body)
        except ChannelTaken:
            there = await self.channel(channel_url)
            if (there.name, there.data) != (name, data or {}):
                raise
            return await self._with_members(there, user_ids)
        return await self._with_members(await self.channel(channel_url), user_ids)

    async def channel_urls(self) -> AsyncIterator[str]:
        """The names of all channels that there are."""
        token = ""
        while True:
            query: dict[str, str | int] = {"limit": _CHANNELS, "show_empty": True, "token": token}
            page = await self._api.ask("GET", "/group_channels", query=query)
            for each in page["channels"]:
                yield str(each["channel_url"])
            if not (token := page.get("next", "")):
                return

    async def add_members(self, channel_url: str, user_ids: Sequence[str]) -> Channel:
        """Invite those who are not there; an invitation is an entry, unless the application wants it accepted."""
        return await self._with_members(await self.channel(channel_url), user_ids)

    async def channel(self, channel_url: str) -> Channel:
        """A channel with all of its members. Raises `UnknownChannel`."""
        with _refusing(channel_url):
            found = await self._api.ask("GET", _path(channel_url), query={"show_read_receipt": True})
            user_ids = await self._member_ids(channel_url)
        read = found.get("read_receipt") or {}
        members = tuple(Member(each, _moment(read[each]) if each in read else None) for each in user_ids)
        return Channel(channel_url, str(found.get("name", "")), members, _data(found.get("data")))

    async def send_message(self, channel_url: str, user_id: str, message: NewMessage) -> Message:
        """Say something. It is not said again after no answer: nobody knows whether it was heard."""
        return await self._send(channel_url, user_id, _said(message))

    async def send_copy(self, message: Message) -> None:
        """Say what was said at another provider, marked as its copy; not again if it is there."""
        body = _said(message.content) | {
            "data": json.dumps({_COPY_OF: message.id, _PROOF: self._proof(message.channel_url, message.id)}),
            "dedup_id": f"{message.channel_url}:{message.id}",
            "send_push": False,
        }
        with suppress(ChannelTaken):
            await self._send(message.channel_url, message.user_id, body)

    async def list_messages(
        self, channel_url: str, *, before: int | None = None, limit: int = 50
    ) -> Sequence[Message]:
        """Newest first."""
        query = {"prev_limit": limit, "next_limit": 0, "reverse": True}
        if before is None:
            # Sendbird's clock may be ahead of ours.
            query |= {"message_ts": _milliseconds(self._now() + timedelta(days=1)), "include": True}
        else:
            query |= {"message_id": before, "include": False}
        return [_message(each, channel_url) for each in await self._list(channel_url, query)]

    async def history(self, channel_url: str, *, since: datetime, after: int | None = None) -> Page:
        """A page of what was said at *since* and later, or after the message with the id *after*, oldest first."""
        query: dict[str, int | bool] = {"prev_limit": 0, "next_limit": PAGE}
        if after is None:
            query |= {"message_ts": _milliseconds(since), "include": True}
        else:
            query |= {"message_id": after, "include": False}
        found = await self._list(channel_url, query)
        copies = [(each, self._copy_of(each, channel_url)) for each in found]
        return Page(
            messages=[_message(each, channel_url) for each, original in copies if original is None],
            copies=[original for _, original in copies if original is not None],
            last=int(found[-1]["message_id"]) if found else None,
            until=_moment(found[-1]["created_at"]) if found else None,
            is_full=len(found) >= PAGE,
        )

    async def mark_as_read(self, channel_url: str, user_id: str) -> datetime:
        """All that there is. Sendbird does not say what time it is there; ours is near enough."""
        with _refusing(channel_url, [user_id]):
            path = f"{_path(channel_url)}/messages/mark_as_read"
            await self._api.ask("PUT", path, body={"user_id": user_id})
        return self._now()

    async def is_member(self, channel_url: str, user_id: str) -> bool:
        """Whether a user has joined."""
        with _refusing(channel_url):
            answer = await self._api.ask("GET", f"{_path(channel_url)}/members/{quote(user_id, safe='')}")
        return answer.get("is_member") is True

    def _copy_of(self, found: Mapping[str, Any], channel_url: str) -> int | None:
        """Of which message this is a copy that we have made. Anybody can put anything beside their messages."""
        data = _data(found.get("data"))
        original = data.get(_COPY_OF)
        if not isinstance(original, int):
            return None
        proof = self._proof(channel_url, original)
        return original if compare_digest(str(data.get(_PROOF)).encode(), proof.encode()) else None

    def _proof(self, channel_url: str, message_id: int) -> str:
        return hmac.new(self._key, f"{channel_url}:{message_id}".encode(), sha256).hexdigest()

    async def _with_members(self, channel: Channel, user_ids: Sequence[str]) -> Channel:
        missing = [each for each in dict.fromkeys(user_ids) if each not in channel.member_ids]
        for first in range(0, len(missing), _USERS):
            invited = missing[first : first + _USERS]
            with _refusing(channel.channel_url, invited):
                path = f"{_path(channel.channel_url)}/invite"
                await self._api.ask("POST", path, body={"user_ids": invited})
        members = (*channel.members, *(Member(each) for each in missing))
        return Channel(channel.channel_url, channel.name, members, channel.data)

    async def _member_ids(self, channel_url: str) -> tuple[str, ...]:
        members: list[str] = []
        token = ""
        while True:
            query: dict[str, str | int] = {"limit": _USERS, "token": token}
            page = await self._api.ask("GET", f"{_path(channel_url)}/members", query=query)
            members += [str(each["user_id"]) for each in page["members"]]
            if not (token := page.get("next", "")):
                return tuple(members)

    async def _send(self, channel_url: str, user_id: str, body: Mapping[str, object]) -> Message:
        with _refusing(channel_url, [user_id]):
            path = f"{_path(channel_url)}/messages"
            sent = await self._api.ask("POST", path, body={"user_id": user_id, **body}, is_repeatable=False)
        return _message(sent, channel_url)

    async def _list(self, channel_url: str, query: Mapping[str, int | bool]) -> Sequence[Mapping[str, Any]]:
        with _refusing(channel_url):
            answer = await self._api.ask("GET", f"{_path(channel_url)}/messages", query=query)
        found: Sequence[Mapping[str, Any]] = answer["messages"]
        return found


def _path(channel_url: str) -> str:
    return f"/group_channels/{quote(channel_url, safe='')}"


def _said(message: NewMessage) -> dict[str, object]:
    """A message as it is sent. To Sendbird an image is a file; which one it was is told by the custom type."""
    if message.attachment is None:
        return {"message_type": "MESG", "message": message.text}
    file = message.attachment
    return {
        "message_type": "FILE",
        "custom_type": message.type.value,
        "url": file.url,
        "file_name": file.name,
        "file_size": file.size,
        "file_type": file.media_type,
    }


def _message(found: Mapping[str, Any], channel_url: str) -> Message:
    return Message(
        id=int(found["message_id"]),
        channel_url=channel_url,
        user_id=str((found.get("user") or {}).get("user_id") or NOBODY),
        sent_at=_moment(found["created_at"]),
        content=_content(found),
    )


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _content(found: Mapping[str, Any]) -> NewMessage:
    text = str(found.get("message") or "")
    if found.get("type") != "FILE":
        return NewMessage(text)
    file = found.get("file") or {}
    media_type = str(file.get("type") or "application/octet-stream")
    is_image = found.get("custom_type") == "IMAGE" or media_type.startswith("image/")
    return NewMessage(
        text,
        MessageType.IMAGE if is_image else MessageType.FILE,
        Attachment(
            str(file.get("url", "")), str(file.get("name", "")), int(file.get("size") or 0), media_type
        ),
    )


def _data(text: object) -> Mapping[str, object]:
    """What somebody put beside a channel or a message; nothing, unless it is an object of JSON."""
    try:
        data = json.loads(text) if isinstance(text, str) and text else {}
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


@contextmanager
def _refusing(channel_url: str, user_ids: Sequence[str] = ()) -> Iterator[None]:
    """Say in our words what Sendbird refuses with a code."""
    try:
        yield
    except Rejected as error:
        match error.code:
            case Code.NOT_FOUND if '"User"' in str(error):
                raise UnknownUser(user_ids) from error
            case Code.NOT_FOUND if '"Channel"' in str(error):
                raise UnknownChannel(channel_url) from error
            case Code.NOT_UNIQUE:
                raise ChannelTaken(channel_url) from error
            case Code.NOT_A_MEMBER:
                raise NotAMember(channel_url, ", ".join(user_ids)) from error
        raise
