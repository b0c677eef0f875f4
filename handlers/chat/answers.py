"""What HTTP requests are answered, from what the chat service gives."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import MISSING

from generated.chat import messages
from handlers.chat.domain import user_id_of
from handlers.chat.provider import Attachment, Channel, Member, Message
from handlers.chat.translation import told_time

_NOBODY = 0


def created_channel(channel: Channel) -> messages.CreatedChannel:
    """A channel that was set up."""
    return messages.CreatedChannel(
        channel_url=channel.channel_url,
        name=channel.name,
        user_ids=list(channel.member_ids),
        data=messages.Data.model_validate(channel.data),
    )


def member_list(members: Sequence[Member]) -> messages.MemberList:
    """Who is in a channel; other providers may have members who are no users here."""
    numbered = [(user_id_of(each.user_id), each) for each in members]
    return messages.MemberList(
        members=[_member(number, each) for number, each in numbered if number is not None]
    )


def _member(number: int, member: Member) -> messages.Member:
    until = None if member.read_until is None else told_time(member.read_until)
    return messages.Member(user_id=number, read_until=until)


def message_page(found: Sequence[Message], limit: int) -> messages.MessagePage:
    """The first *limit* of *found*, and whether there are more."""
    has_more = len(found) > limit
    return messages.MessagePage(
        messages=[_kept(each) for each in found[:limit]],
        next=found[limit - 1].id if has_more else MISSING,
    )


def _kept(message: Message) -> messages.KeptMessage:
    file = message.content.attachment
    is_ours = file is not None and file.url.startswith("/")
    return messages.KeptMessage(
        id=message.id,
        type=message.content.type.value,
        channel_url=message.channel_url,
        user_id=user_id_of(message.user_id) or _NOBODY,
        message=message.content.text if file is None or is_ours else file.url,
        file=_shared_file(file) if file is not None and is_ours else MISSING,
        timestamp=told_time(message.sent_at),
    )


def _shared_file(file: Attachment) -> messages.SharedFile:
    return messages.SharedFile(url=file.url, name=file.name, size=file.size, media_type=file.media_type)


def read_mark(channel_url: str, user_id: int, until: datetime) -> messages.ReadMark:
    """To who has read."""
    return messages.ReadMark(channel_url=channel_url, user_id=user_id, timestamp=told_time(until))
