"""The tables of Chat. Times are kept in UTC."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from handlers.tables import NAMING, Numbered, UtcTime


class ChatTable(Numbered, DeclarativeBase):
    """A table of Chat."""

    metadata = MetaData(naming_convention=NAMING)


class ChannelRow(ChatTable):
    """A channel. Its row is held while something is said in it."""

    __tablename__ = "chat_channel"

    channel_url: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    data: Mapped[Mapping[str, object]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class MemberRow(ChatTable):
    """A user in a channel."""

    __tablename__ = "chat_member"
    __table_args__ = (UniqueConstraint("channel_id", "user_id"),)

    channel_id: Mapped[int] = mapped_column(ForeignKey("chat_channel.id"))
    user_id: Mapped[int] = mapped_column(BigInteger)
    joined_at: Mapped[datetime] = mapped_column(UtcTime)
    read_until: Mapped[datetime | None] = mapped_column(UtcTime)


class FileRow(ChatTable):
    """A file that was uploaded to a channel; what is in it is kept elsewhere, under its key."""

    __tablename__ = "chat_file"

    channel_id: Mapped[int] = mapped_column(ForeignKey("chat_channel.id"), index=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(100))
    uploaded_at: Mapped[datetime] = mapped_column(UtcTime)


class MessageRow(ChatTable):
    """Something that was said in a channel. `source_id` is its id at the provider where it was said, if that is another."""

    __tablename__ = "chat_message"
    __table_args__ = (Index(None, "channel_id", "id"),)

    channel_id: Mapped[int] = mapped_column(ForeignKey("chat_channel.id"))
    user_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("chat_file.id"))
    said_at: Mapped[datetime] = mapped_column(UtcTime)
    source_id: Mapped[int | None] = mapped_column(BigInteger)


class UntoldRow(ChatTable):
    """A message that is kept and perhaps not told yet, by its id. Whoever tells it says its `key`, so that it is told once."""

    __tablename__ = "chat_untold"

    channel_id: Mapped[int] = mapped_column(ForeignKey("chat_channel.id"), index=True)
    key: Mapped[str] = mapped_column(String(32))


class MoveRow(ChatTable):
    """A channel that is brought from another provider. Its row is held while something is brought.

    `seen_at` is when the newest thing was said that was seen there, `looks_at` when somebody looks for more, and `taken_until`
    how long nobody else does. What was said here has been copied there up to the message `copied_id`.
    """

    __tablename__ = "chat_move"

    channel_url: Mapped[str] = mapped_column(String(100), unique=True)
    is_open: Mapped[bool]
    seen_at: Mapped[datetime | None] = mapped_column(UtcTime)
    looks_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    taken_until: Mapped[datetime | None] = mapped_column(UtcTime)
    copied_id: Mapped[int | None] = mapped_column(BigInteger)


class BroughtRow(ChatTable):
    """Something that was said at the other provider, by its id there.

    Kept until the channel opens, and a while longer, so that it is known when it is seen again.
    """

    __tablename__ = "chat_brought"
    __table_args__ = (UniqueConstraint("move_id", "source_id"),)

    move_id: Mapped[int] = mapped_column(ForeignKey("chat_move.id"))
    source_id: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(UtcTime)
