"""Our own WebSocket as a chat provider: what is said is kept in the database and told to who is connected."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from handlers.chat import domain, translation
from handlers.chat.conversation import Conversation
from handlers.chat.domain import Kind, user_id_of
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
from handlers.chat.storage import Store

_UNFIT = 400


class WebSocketProvider:
    """Channels in our own database. Users need not be known; their ids are numbers."""

    def __init__(self, store: Store, conversation: Conversation, now: Callable[[], datetime]) -> None:
        self._store = store
        self._conversation = conversation
        self._now = now

    async def has(self, channel_url: str) -> bool:
        """Whether a channel is here."""
        try:
            await self._store.channel(channel_url)
        except domain.UnknownChannel:
            return False
        return True

    async def create_group_channel(
        self, channel_url: str, name: str, user_ids: Sequence[str], data: Mapping[str, object] | None = None
    ) -> Channel:
        """Make a channel, or find it made."""
        new = domain.NewChannel(channel_url, name, _numbers(user_ids), data or {})
        try:
            await self._store.add_channel(new, self._now())
        except domain.ChannelTaken as error:
            there = await self._store.channel(channel_url)
            if (there.name, there.data) != (name, data or {}):
                raise ChannelTaken(channel_url) from error
            return await self.add_members(channel_url, user_ids)
        return await self.channel(channel_url)

    async def channel(self, channel_url: str) -> Channel:
        """A channel with all of its members."""
        with _refusing(channel_url):
            found = await self._store.channel(channel_url)
            members = await self._store.members(channel_url)
        return Channel(found.url, found.name, _members(members), found.data)

    async def add_members(self, channel_url: str, user_ids: Sequence[str]) -> Channel:
        """Bring in those who are not there."""
        with _refusing(channel_url):
            found = await self._store.channel(channel_url)
            members = await self._store.add_members(channel_url, _numbers(user_ids), self._now())
        return Channel(found.url, found.name, _members(members), found.data)

    async def send_message(self, channel_url: str, user_id: str, message: NewMessage) -> Message:
        """Keep it and tell all. A file from elsewhere is said as a link."""
        with _refusing(channel_url, user_id):
            new = _new_message(channel_url, user_id, message)
            return _message(await self._conversation.say(channel_url, new))

    async def list_messages(
        self, channel_url: str, *, before: int | None = None, limit: int = 50
    ) -> Sequence[Message]:
        """Newest first."""
        with _refusing(channel_url):
            page = await self._store.messages(channel_url, before=before, limit=limit)
        return [_message(each) for each in page.messages]

    async def mark_as_read(self, channel_url: str, user_id: str) -> datetime:
        """Note it and tell all."""
        with _refusing(channel_url, user_id):
            number = user_id_of(user_id)
            if number is None:
                raise domain.NotAMember
            return (await self._conversation.mark_as_read(channel_url, number)).until

    async def is_member(self, channel_url: str, user_id: str) -> bool:
        """Whether a user is in a channel."""
        try:
            with _refusing(channel_url, user_id):
                await self._store.check_member(channel_url, user_id_of(user_id))
        except NotAMember:
            return False
        return True


def _numbers(user_ids: Sequence[str]) -> Sequence[int]:
    numbers = {each: user_id_of(each) for each in user_ids}
    if unknown := [each for each, number in numbers.items() if number is None]:
        raise UnknownUser(unknown)
    return [number for number in numbers.values() if number is not None]


def _new_message(channel_url: str, user_id: str, message: NewMessage) -> domain.NewMessage:
    number = user_id_of(user_id)
    if number is None:
        raise domain.NotAMember
    kind = Kind(message.type)
    if message.attachment is None:
        return domain.NewMessage(number, message.text, kind)
    if (key := translation.file_key(message.attachment.url, channel_url)) is not None:
        return domain.NewMessage(number, message.text, kind, key)
    return domain.NewMessage(number, message.attachment.url, kind)


def _message(said: domain.Message) -> Message:
    file = said.file
    attachment = None
    if file is not None:
        url = translation.file_url(file, said.channel_url)
        attachment = Attachment(url, file.name, file.size, file.media_type)
    content = NewMessage(said.text, MessageType(said.kind), attachment)
    return Message(said.id, said.channel_url, str(said.user_id), said.said_at, content)


def _members(members: Sequence[domain.Member]) -> tuple[Member, ...]:
    return tuple(Member(str(each.user_id), each.read_until) for each in members)


@contextmanager
def _refusing(channel_url: str, user_id: str = "") -> Iterator[None]:
    """Say in a provider's words what the domain refuses."""
    try:
        yield
    except domain.UnknownChannel as error:
        raise UnknownChannel(channel_url) from error
    except domain.NotAMember as error:
        raise NotAMember(channel_url, user_id) from error
    except domain.ChatError as error:
        raise Rejected(_UNFIT, str(error)) from error
