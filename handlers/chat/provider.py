"""The one interface that chats are behind, wherever they are kept; who uses it never knows where.

What goes wrong is one family:

ChatProviderError
├── UnknownChannel      no channel has this address
├── UnknownUser         a user whom the provider does not know
├── NotAMember          the user is not in the channel
├── ChannelTaken        another channel has this address
├── Rejected            it will not be taken, however often it is said
└── Unreachable         no answer, or none that can be used; the same may succeed later
    └── TooManyRequests not now; in so many seconds
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class ChatProviderError(Exception):
    """Something that a provider did not do, in words for whoever asked."""


class UnknownChannel(ChatProviderError):
    """No channel has this address."""

    def __init__(self, channel_url: str) -> None:
        super().__init__(f"there is no channel {channel_url[:100]}")


class UnknownUser(ChatProviderError):
    """The provider does not know one of these users."""

    def __init__(self, user_ids: Sequence[str]) -> None:
        super().__init__(f"there is no such user: {', '.join(user_ids)[:200]}")


class NotAMember(ChatProviderError):
    """The user is not in the channel."""

    def __init__(self, channel_url: str, user_id: str) -> None:
        super().__init__("only members of the channel may do this")
        self.channel_url = channel_url
        self.user_id = user_id


class ChannelTaken(ChatProviderError):
    """Another channel has this address."""

    def __init__(self, channel_url: str) -> None:
        super().__init__(f"there is a channel {channel_url[:100]} already")


class Rejected(ChatProviderError):
    """The provider does not take it; `code` is what it calls the reason."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{text} ({code})")
        self.code = code


class Unreachable(ChatProviderError):
    """No answer that can be used. What was asked may have been done all the same."""


class TooManyRequests(Unreachable):
    """Asked for too often; nothing was done. `delay` is how many seconds to wait."""

    def __init__(self, delay: float) -> None:
        super().__init__(f"asked for too often; try again in {delay:g} s")
        self.delay = delay


class MessageType(StrEnum):
    """What a message carries."""

    MESG = "MESG"
    FILE = "FILE"
    IMAGE = "IMAGE"


@dataclass(frozen=True, slots=True)
class Attachment:
    """The file that a FILE or IMAGE message carries. `size` counts bytes."""

    url: str
    name: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Member:
    """A user in a channel, and until when they have read it, if that is known."""

    user_id: str
    read_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A group channel."""

    channel_url: str
    name: str
    members: tuple[Member, ...]
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def member_ids(self) -> tuple[str, ...]:
        """Who is in it."""
        return tuple(each.user_id for each in self.members)


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message that is to be sent. A MESG has no attachment; a FILE or IMAGE without one is a link, its text."""

    text: str = ""
    type: MessageType = MessageType.MESG
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was sent. Of two in a channel the later one has the larger id; `sent_at` has a zone."""

    id: int
    channel_url: str
    user_id: str
    sent_at: datetime
    content: NewMessage


class ChatProvider(Protocol):
    """Where channels and their messages are kept."""

    async def create_group_channel(
        self, channel_url: str, name: str, user_ids: Sequence[str], data: Mapping[str, object] | None = None
    ) -> Channel:
        """Make a channel with these members. One that was made so before is given back, with who is missing added.

        Raises `ChannelTaken` if one with another name or other data is there, or `UnknownUser`.
        """
        ...

    async def channel(self, channel_url: str) -> Channel:
        """A channel with all of its members. Raises `UnknownChannel`."""
        ...

    async def add_members(self, channel_url: str, user_ids: Sequence[str]) -> Channel:
        """Add members; those who are in the channel already stay so. Raises `UnknownChannel` or `UnknownUser`."""
        ...

    async def send_message(self, channel_url: str, user_id: str, message: NewMessage) -> Message:
        """Say something as a member. Raises `UnknownChannel` or `NotAMember`."""
        ...

    async def list_messages(
        self, channel_url: str, *, before: int | None = None, limit: int = 50
    ) -> Sequence[Message]:
        """At most *limit* messages (1 to 200), newest first: the newest, or those before the one with this id.

        Raises `UnknownChannel`.
        """
        ...

    async def mark_as_read(self, channel_url: str, user_id: str) -> datetime:
        """Note that a member has read all that there is. Gives until when; raises `UnknownChannel` or `NotAMember`."""
        ...

    async def is_member(self, channel_url: str, user_id: str) -> bool:
        """Whether a user is in the channel. Raises `UnknownChannel`."""
        ...
