"""What holds for a chat: who may take part, what may be said, and which files may be shown."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_LARGEST_ID = 2**53 - 1
"""The largest integer that every reader of JSON keeps."""


_URL = re.compile(r"[A-Za-z0-9_-]{1,100}")


class Kind(StrEnum):
    """What a message is, as the wire calls it."""

    TEXT = "MESG"
    FILE = "FILE"
    IMAGE = "IMAGE"


class ChatError(Exception):
    """Something that a chat does not allow, in words for whoever asked."""


class UnknownChannel(ChatError):
    """No channel has this name."""

    def __init__(self, channel_url: str) -> None:
        super().__init__(f"there is no channel {channel_url[:100]}")


class ChannelTaken(ChatError):
    """Another channel has this name."""

    def __init__(self, channel_url: str) -> None:
        super().__init__(f"there is a channel {channel_url} already")


class NotAMember(ChatError):
    """Only members may do this."""

    def __init__(self) -> None:
        super().__init__("only members of the channel may do this")


class UnknownFile(ChatError):
    """The channel has no such file."""

    def __init__(self) -> None:
        super().__init__(
            "the channel has no such file; upload it first, and say what the upload was answered"
        )


class NotAnImage(ChatError):
    """A file that is none was to be shown as an image."""

    def __init__(self, media_type: str) -> None:
        super().__init__(f"a file of type {media_type} can not be shown as an image")


@dataclass(frozen=True, slots=True)
class NewChannel:
    """A channel that is to be kept, with its first members."""

    url: str
    name: str
    user_ids: Sequence[int]
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel. `data` is what the back end wants to be kept with it."""

    id: int
    url: str
    name: str
    data: Mapping[str, object]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A user in a channel, and until when they have read it, if they have."""

    user_id: int
    joined_at: datetime
    read_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file that was uploaded to a channel. Its `key` is secret enough to be no guess."""

    key: str
    name: str
    size: int
    media_type: str

    @property
    def is_image(self) -> bool:
        """Whether it can be shown as an image."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class NewMessage:
    """What somebody says in a channel; `file` is the key of a file that was uploaded to it."""

    user_id: int
    text: str
    kind: Kind = Kind.TEXT
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody said. Ids of a channel's messages grow in the order in which they were said."""

    id: int
    channel_url: str
    user_id: int
    text: str
    said_at: datetime
    kind: Kind = Kind.TEXT
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some messages, newest first; those before `next` come on the next page, if there is one."""

    messages: Sequence[Message]
    next: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Until when a member has read a channel."""

    channel_url: str
    user_id: int
    until: datetime


def may_be_url(text: str) -> bool:
    """Whether a channel can have this name; whatever else stands in an address is none."""
    return _URL.fullmatch(text) is not None


def check_shown(file: File, kind: Kind) -> None:
    """Whether *file* may be shown as *kind*. Raises `NotAnImage`."""
    if kind is Kind.IMAGE and not file.is_image:
        raise NotAnImage(file.media_type)


def user_id_of(subject: str) -> int | None:
    """The number of the user whom a token calls *subject*; `None` if that is no user's."""
    if not (subject.isascii() and subject.isdecimal()) or subject.startswith("0"):
        return None
    return int(subject) if len(subject) <= len(str(_LARGEST_ID)) and int(subject) <= _LARGEST_ID else None
