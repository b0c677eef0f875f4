"""Keeps what Chat knows. Each method is one transaction: when it returns, what it gives is stored.

Who says something holds the channel's row until the commit: the ids of its messages grow in the order in which they can be
read, so that no message ever appears before one that somebody has read already. That it is to be told is noted with it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.chat import records
from handlers.chat.domain import (
    Channel,
    ChannelTaken,
    File,
    Member,
    Message,
    NewChannel,
    NewMessage,
    NotAMember,
    Page,
    Reading,
    UnknownChannel,
    UnknownFile,
    check_shown,
    may_be_url,
)
from handlers.chat.tables import ChannelRow, FileRow, MemberRow, MessageRow
from handlers.chat.untold import Untold, note
from handlers.database import Database


class Store:
    """Channels, who is in them, and what was said there."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.untold = Untold(database)
        """What was said and is to be told."""

    async def add_channel(self, new: NewChannel, at: datetime) -> Channel:
        """Set a channel up; raises `ChannelTaken`."""
        row = ChannelRow(channel_url=new.url, name=new.name, data=new.data, created_at=at)
        async with self._database.writing() as session:
            session.add(row)
            try:
                await session.flush()
            except IntegrityError:
                raise ChannelTaken(new.url) from None
            _add_members(session, row, new.user_ids, at)
            return records.channel(row)

    async def channel(self, url: str) -> Channel:
        """The channel of this name, or `UnknownChannel`."""
        async with self._database.reading() as session:
            return records.channel(await _channel_row(session, url))

    async def add_members(self, url: str, user_ids: Collection[int], at: datetime) -> Sequence[Member]:
        """Bring those of *user_ids* into a channel who are not in it. Gives all of its members; raises `UnknownChannel`."""
        async with self._database.writing() as session:
            channel = await _channel_row(session, url, hold=True)
            known = {each.user_id for each in await _members(session, channel)}
            _add_members(session, channel, set(user_ids) - known, at)
            await session.flush()
            return await _members(session, channel)

    async def members(self, url: str) -> Sequence[Member]:
        """Who is in a channel, in the order of their ids; raises `UnknownChannel`."""
        async with self._database.reading() as session:
            return await _members(session, await _channel_row(session, url))

    async def check_member(self, url: str, user_id: int | None) -> None:
        """Raises `NotAMember` unless *user_id* is in the channel, and `UnknownChannel`."""
        async with self._database.reading() as session:
            await _member_row(session, await _channel_row(session, url), user_id)

    async def add_message(self, url: str, new: NewMessage, at: datetime) -> Message:
        """Keep what a member says.

        Raises `UnknownChannel`, `NotAMember`, `UnknownFile` or `NotAnImage`.
        """
        async with self._database.writing() as session:
            channel = await _channel_row(session, url, hold=True)
            await _member_row(session, channel, new.user_id)
            file = None if new.file is None else await _file_row(session, channel, new.file)
            if file is not None:
                check_shown(records.file(file), new.kind)
            row = MessageRow(
                channel_id=channel.id,
                user_id=new.user_id,
                kind=new.kind.value,
                text=new.text,
                file_id=None if file is None else file.id,
                said_at=at,
            )
            session.add(row)
            await session.flush()
            note(session, [row])
            return records.message(row, channel, file)

    async def messages(self, url: str, *, before: int | None = None, limit: int) -> Page:
        """At most *limit* messages of a channel, newest first, those before the one with the id *before*.

        Raises `UnknownChannel`.
        """
        async with self._database.reading() as session:
            channel = await _channel_row(session, url)
            query = (
                select(MessageRow, FileRow)
                .outerjoin(FileRow, FileRow.id == MessageRow.file_id)
                .where(MessageRow.channel_id == channel.id)
                .order_by(MessageRow.id.desc())
                .limit(limit + 1)
            )
            if before is not None:
                query = query.where(MessageRow.id < before)
            rows = (await session.execute(query)).all()
        found = [records.message(row, channel, file) for row, file in rows]
        return Page(found) if len(found) <= limit else Page(found[:limit], next=found[limit - 1].id)

    async def mark_as_read(self, url: str, user_id: int, at: datetime) -> Reading:
        """Note that a member has read until *at*; never takes back that they have read further.

        Raises `UnknownChannel` or `NotAMember`.
        """
        async with self._database.writing() as session:
            channel = await _channel_row(session, url)
            row = await _member_row(session, channel, user_id, hold=True)
            row.read_until = at if row.read_until is None else max(row.read_until, at)
            return Reading(url, user_id, row.read_until)

    async def add_file(self, url: str, user_id: int, file: File, at: datetime) -> None:
        """Note that a member has uploaded *file*. Raises `UnknownChannel` or `NotAMember`."""
        async with self._database.writing() as session:
            channel = await _channel_row(session, url)
            await _member_row(session, channel, user_id)
            session.add(
                FileRow(
                    channel_id=channel.id,
                    key=file.key,
                    user_id=user_id,
                    name=file.name,
                    size=file.size,
                    media_type=file.media_type,
                    uploaded_at=at,
                )
            )

    async def file(self, url: str, key: str) -> File:
        """What is known of a file. Raises `UnknownChannel` or `UnknownFile`."""
        async with self._database.reading() as session:
            return records.file(await _file_row(session, await _channel_row(session, url), key))


async def _channel_row(session: AsyncSession, url: str, *, hold: bool = False) -> ChannelRow:
    """The row, kept from others until the transaction ends if *hold*."""
    query = select(ChannelRow).where(ChannelRow.channel_url == url)
    row = await session.scalar(query.with_for_update() if hold else query) if may_be_url(url) else None
    if row is None:
        raise UnknownChannel(url)
    return row


async def _member_row(
    session: AsyncSession, channel: ChannelRow, user_id: int | None, *, hold: bool = False
) -> MemberRow:
    query = select(MemberRow).where(MemberRow.channel_id == channel.id, MemberRow.user_id == user_id)
    row = None if user_id is None else await session.scalar(query.with_for_update() if hold else query)
    if row is None:
        raise NotAMember
    return row


async def _file_row(session: AsyncSession, channel: ChannelRow, key: str) -> FileRow:
    row = await session.scalar(select(FileRow).where(FileRow.channel_id == channel.id, FileRow.key == key))
    if row is None:
        raise UnknownFile
    return row


def _add_members(session: AsyncSession, channel: ChannelRow, user_ids: Collection[int], at: datetime) -> None:
    session.add_all(
        MemberRow(channel_id=channel.id, user_id=each, joined_at=at) for each in sorted(set(user_ids))
    )


async def _members(session: AsyncSession, channel: ChannelRow) -> Sequence[Member]:
    rows = await session.scalars(
        select(MemberRow).where(MemberRow.channel_id == channel.id).order_by(MemberRow.user_id)
    )
    return [Member(row.user_id, row.joined_at, row.read_until) for row in rows]
