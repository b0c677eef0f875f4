"""Chat's handlers: from messages and requests to the conversation and the store, and back."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

from pydantic import MISSING
from typing_extensions import override

from generated.chat import messages
from generated.chat.server import ChatHandlers, RoomPeer, TestRoomPeer
from handlers.chat import answers, provider, translation
from handlers.chat.chat_service import ChatService
from handlers.chat.conversation import Conversation
from handlers.chat.domain import (
    ChannelTaken,
    ChatError,
    NotAMember,
    NotAnImage,
    UnknownChannel,
    UnknownFile,
)
from handlers.chat.notices import Notices
from handlers.chat.sharing import Sharing
from handlers.chat.storage import Store
from handlers.chat.uploads import FileTooLarge, NotWhatItSays, TypeNotAllowed
from wirepact.errors import (
    Conflict,
    InvalidPayload,
    NotFound,
    OutOfReach,
    PermissionDenied,
    Refusal,
    TooLarge,
)
from wirepact.server import Caller, Visitor

logger = logging.getLogger(__name__)

_REFUSALS: Final[dict[type[ChatError], type[Refusal]]] = {
    UnknownChannel: NotFound,
    UnknownFile: NotFound,
    FileTooLarge: TooLarge,
    TypeNotAllowed: InvalidPayload,
    NotWhatItSays: InvalidPayload,
    ChannelTaken: Conflict,
    NotAMember: PermissionDenied,
    NotAnImage: InvalidPayload,
}

_PROVIDER_REFUSALS: Final[dict[type[provider.ChatProviderError], type[Refusal]]] = {
    provider.UnknownChannel: NotFound,
    provider.UnknownUser: InvalidPayload,
    provider.NotAMember: PermissionDenied,
    provider.ChannelTaken: Conflict,
    provider.Rejected: InvalidPayload,
}

_OUT_OF_REACH: Final = "the chat can't be reached right now; try again later"
"""Whoever asks is not to know where it is."""

_BACK_END: Final = "SERVICE"

_Peer: TypeAlias = RoomPeer | TestRoomPeer


class Chat(ChatHandlers):
    """Translates; decides nothing."""

    def __init__(
        self,
        chats: ChatService,
        store: Store,
        conversation: Conversation,
        sharing: Sharing,
        notices: Notices,
    ) -> None:
        self._chats = chats
        self._store = store
        self._sharing = sharing
        self._conversation = conversation
        self._notices = notices

    @override
    async def admit_room(self, visitor: Visitor, channel_url: str) -> None:
        """Members."""
        await self._admit(channel_url, translation.user_id(visitor.identity))

    @override
    async def say_text(self, peer: RoomPeer, message: messages.SayText) -> None:
        """Keep it, and tell all."""
        await self._say(peer, message)

    @override
    async def say_file(self, peer: RoomPeer, message: messages.SayFile) -> None:
        """Keep it, and tell all what is known of the file."""
        await self._say(peer, message)

    @override
    async def say_image(self, peer: RoomPeer, message: messages.SayImage) -> None:
        """The same of an image."""
        await self._say(peer, message)

    @override
    async def say_typing(self, peer: RoomPeer, message: messages.SayTyping) -> None:
        """Tell all; nothing of it is kept."""
        await self._type(peer, message)

    @override
    async def say_read(self, peer: RoomPeer, message: messages.SayRead) -> None:
        """Note it, and tell all."""
        await self._read(peer)

    @override
    async def admit_test_room(
        self, visitor: Visitor, channel_url: str, query: messages.TestRoomQuery
    ) -> None:
        """Whoever says that they are a member."""
        await self._admit(channel_url, query.user_id)

    @override
    async def test_say_text(self, peer: TestRoomPeer, message: messages.SayText) -> None:
        """As at the channel's own address."""
        await self._say(peer, message)

    @override
    async def test_say_file(self, peer: TestRoomPeer, message: messages.SayFile) -> None:
        """As at the channel's own address."""
        await self._say(peer, message)

    @override
    async def test_say_image(self, peer: TestRoomPeer, message: messages.SayImage) -> None:
        """As at the channel's own address."""
        await self._say(peer, message)

    @override
    async def test_say_typing(self, peer: TestRoomPeer, message: messages.SayTyping) -> None:
        """As at the channel's own address."""
        await self._type(peer, message)

    @override
    async def test_say_read(self, peer: TestRoomPeer, message: messages.SayRead) -> None:
        """As at the channel's own address."""
        await self._read(peer)

    @override
    async def create_channel(self, caller: Caller, body: messages.NewChannel) -> messages.CreatedChannel:
        """Set a channel up."""
        data = {} if body.data is MISSING else body.data.model_dump(mode="json")
        with _refusing():
            channel = await self._chats.create_group_channel(body.channel_url, body.name, body.user_ids, data)
        return answers.created_channel(channel)

    @override
    async def add_members(
        self, caller: Caller, channel_url: str, body: messages.NewMembers
    ) -> messages.MemberList:
        """Members and back ends bring others in."""
        await self._check_insider(caller, channel_url)
        with _refusing():
            channel = await self._chats.add_members(channel_url, body.user_ids)
        return answers.member_list(channel.members)

    @override
    async def list_members(self, caller: Caller, channel_url: str) -> messages.MemberList:
        """In the order of their ids."""
        await self._check_insider(caller, channel_url)
        with _refusing():
            return answers.member_list((await self._chats.channel(channel_url)).members)

    @override
    async def list_messages(
        self, caller: Caller, channel_url: str, query: messages.ListMessagesQuery
    ) -> messages.MessagePage:
        """Newest first."""
        await self._check_member(channel_url, translation.user_id(caller.identity))
        before = None if query.before is MISSING else query.before
        with _refusing():
            found = await self._chats.list_messages(channel_url, before=before, limit=query.limit + 1)
        return answers.message_page(found, query.limit)

    @override
    async def mark_as_read(self, caller: Caller, channel_url: str) -> messages.ReadMark:
        """Note it, and tell all."""
        with _refusing():
            user_id = translation.member_id(caller.identity)
            until = await self._chats.mark_as_read(channel_url, str(user_id))
        return answers.read_mark(channel_url, user_id, until)

    @override
    async def upload_file(
        self, caller: Caller, channel_url: str, body: messages.NewFile
    ) -> messages.StoredFile:
        """Keep it; it is told when a message shows it. Channels that belong here are brought here first."""
        with _refusing():
            user_id = translation.member_id(caller.identity)
            await self._chats.bring_here(channel_url)
            file = await self._sharing.upload(channel_url, user_id, body.name, body.media_type, body.data)
        return translation.stored_file(file, channel_url)

    @override
    async def download_file(self, caller: Caller, channel_url: str, key: str) -> messages.FileContent:
        """As it was uploaded."""
        with _refusing():
            user_id = translation.member_id(caller.identity)
            file, data = await self._sharing.download(channel_url, user_id, key)
        return messages.FileContent(name=file.name, media_type=file.media_type, data=data)

    async def _say(self, peer: _Peer, body: messages.SayText | messages.SayFile | messages.SayImage) -> None:
        with _refusing():
            new = translation.new_message(body, translation.speaker(peer), peer.channel_url)
            await self._conversation.say(peer.channel_url, new)

    async def _type(self, peer: _Peer, message: messages.SayTyping) -> None:
        with _refusing():
            user_id = translation.speaker(peer)
        told = translation.typing(peer.channel_url, user_id, is_typing=message.is_typing)
        await self._notices.typing(told)

    async def _read(self, peer: _Peer) -> None:
        with _refusing():
            await self._conversation.mark_as_read(peer.channel_url, translation.speaker(peer))

    async def _admit(self, channel_url: str, user_id: int | None) -> None:
        """Members of channels that are here, or belong here."""
        with _refusing():
            await self._chats.bring_here(channel_url)
            await self._store.check_member(channel_url, user_id)

    async def _check_member(self, channel_url: str, user_id: int | None) -> None:
        with _refusing():
            if not await self._chats.is_member(channel_url, str(user_id or 0)):
                raise NotAMember

    async def _check_insider(self, caller: Caller, channel_url: str) -> None:
        """Back ends may see to every channel, members to theirs."""
        if caller.identity is None or not caller.identity.has_one_of([_BACK_END]):
            await self._check_member(channel_url, translation.user_id(caller.identity))


@contextmanager
def _refusing() -> Iterator[None]:
    """Say what the domain or a provider refuses in the runtime's words."""
    try:
        yield
    except ChatError as error:
        raise _REFUSALS[type(error)](str(error)) from error
    except provider.Unreachable as error:
        logger.warning("a chat is out of reach", extra={"fields": {"error": str(error)}})
        delay = error.delay if isinstance(error, provider.TooManyRequests) else None
        raise OutOfReach(_OUT_OF_REACH, delay=delay) from error
    except provider.ChatProviderError as error:
        raise _PROVIDER_REFUSALS[type(error)](str(error)) from error
