"""From rows to what the domain knows."""

from handlers.chat.domain import Channel, File, Kind, Message
from handlers.chat.tables import ChannelRow, FileRow, MessageRow


def channel(row: ChannelRow) -> Channel:
    """A channel."""
    return Channel(row.id, row.channel_url, row.name, row.data, row.created_at)


def file(row: FileRow) -> File:
    """What is known of a file."""
    return File(row.key, row.name, row.size, row.media_type)


def message(row: MessageRow, in_channel: ChannelRow, shown: FileRow | None) -> Message:
    """Something that was said, with the file that it shows."""
    return Message(
        id=row.id,
        channel_url=in_channel.channel_url,
        user_id=row.user_id,
        text=row.text,
        said_at=row.said_at,
        kind=Kind(row.kind),
        file=None if shown is None else file(shown),
    )
