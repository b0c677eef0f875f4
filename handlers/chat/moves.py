"""Keeps how far channels are on their way from another provider, and puts what was said there into the history here.

A channel is here from the moment that its row is: it opens with its whole history, in one transaction. What was fetched until
then waits in a table of its own. What is fetched afterwards goes into the history at once. Whoever brings something holds the
row of the move, so that any number of processes may do it at the same time: what one has brought, the other finds.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.chat.domain import File, Kind, Member, Message, NewChannel
from handlers.chat.tables import BroughtRow, ChannelRow, FileRow, MemberRow, MessageRow, MoveRow
from handlers.chat.untold import note
from handlers.database import Database

OVERLAP: Final = timedelta(minutes=1)
"""How far back it is looked again: what was said before may show up later than what was said after."""


@dataclass(frozen=True, slots=True)
class Move:
    """How far a channel is. What was said `since` then is to be looked at; nothing is known of it if it is None."""

    channel_url: str
    is_open: bool
    since: datetime | None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Brought:
    """Something that was said elsewhere, with its id there."""

    source_id: int
    user_id: int
    kind: Kind
    text: str
    said_at: datetime


class Moves:
    """Channels that are on their way here, or have come."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, channel_url: str, until: datetime) -> Move:
        """Begin to bring a channel here, which nobody else does before *until*; or find it on its way."""
        row = MoveRow(channel_url=channel_url, is_open=False, looks_at=until, taken_until=until)
        try:
            async with self._database.writing() as session:
                session.add(row)
        except IntegrityError:
            async with self._database.reading() as session:
                query = select(MoveRow).where(MoveRow.channel_url == channel_url)
                return _move((await session.scalars(query)).one())
        return replace(_move(row), is_new=True)

    async def standing(self) -> tuple[int, int]:
        """How many channels have come, and how many are on their way."""
        query = select(MoveRow.is_open, func.count()).group_by(MoveRow.is_open)
        async with self._database.reading() as session:
            counts = dict((await session.execute(query)).all())
        return counts.get(True, 0), counts.get(False, 0)

    async def take(
        self, channel_url: str, said: Sequence[Brought], until: datetime | None = None
    ) -> Sequence[Message]:
        """Keep those of *said* that are new, oldest first, and that everything until then was seen.

        Gives those that have become part of the history just now.
        """
        async with self._database.writing() as session:
            move = await _held(session, channel_url)
            new = await _unknown(session, move, said)
            session.add_all(_brought(each, move) for each in new)
            seen = [
                each for each in (move.seen_at, until, *(each.said_at for each in new)) if each is not None
            ]
            move.seen_at = max(seen, default=None)
            if not move.is_open:
                return []
            await session.flush()
            await _forget(session, move)
            return await _say(session, channel_url, new) if new else []

    async def open(self, new: NewChannel, members: Collection[Member], at: datetime) -> None:
        """Let a channel be here, with *members* and all that was brought; nothing happens if it is already."""
        async with self._database.writing() as session:
            move = await _held(session, new.url)
            if move.is_open:
                return
            move.is_open = True
            channel = await _channel_row(session, new.url)
            if channel is None:
                channel = ChannelRow(channel_url=new.url, name=new.name, data=new.data, created_at=at)
                session.add(channel)
                await session.flush()
            await _join(session, channel, members)
            await _unpack(session, move, channel)
            await _forget(session, move)
            move.copied_id = await _newest(session, channel)

    async def join(self, channel_url: str, members: Collection[Member]) -> None:
        """Bring those of *members* into an open channel who are not in it."""
        async with self._database.writing() as session:
            await _held(session, channel_url)
            if (channel := await _channel_row(session, channel_url)) is not None:
                await _join(session, channel, members)

    async def uncopied(self, channel_url: str, most: int) -> Sequence[Message]:
        """At most *most* messages that were said here and are to be copied, oldest first."""
        async with self._database.writing() as session:
            move = await _held(session, channel_url)
            if (channel := await _channel_row(session, channel_url)) is None:
                return []
            if move.copied_id is None:
                move.copied_id = await _newest(session, channel)
                return []
            query = (
                select(MessageRow, FileRow)
                .outerjoin(FileRow, FileRow.id == MessageRow.file_id)
                .where(
                    MessageRow.channel_id == channel.id,
                    MessageRow.id > move.copied_id,
                    MessageRow.source_id.is_(None),
                )
                .order_by(MessageRow.id)
                .limit(most)
            )
            return [_message(row, channel_url, file) for row, file in await session.execute(query)]

    async def copied(self, channel_url: str, message_id: int) -> None:
        """Note that what was said here is copied up to this message."""
        async with self._database.writing() as session:
            move = await _held(session, channel_url)
            move.copied_id = max(move.copied_id or 0, message_id)

    async def due(self, now: datetime, until: datetime, most: int) -> Sequence[Move]:
        """At most *most* channels that are to be looked at. Nobody else is given them before *until*, or `rest`."""
        query = (
            select(MoveRow)
            .where(MoveRow.looks_at <= now, or_(MoveRow.taken_until.is_(None), MoveRow.taken_until <= now))
            .order_by(MoveRow.looks_at)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        async with self._database.writing() as session:
            rows = list(await session.scalars(query))
            for row in rows:
                row.looks_at = row.taken_until = until
            return [_move(row) for row in rows]

    async def wake(self, channel_urls: Collection[str], now: datetime) -> None:
        """Have channels looked at as soon as somebody can."""
        asleep = select(MoveRow.id).where(
            MoveRow.channel_url.in_(channel_urls), MoveRow.is_open, MoveRow.looks_at > now
        )
        held = asleep.order_by(MoveRow.id).with_for_update()
        async with self._database.writing() as session:
            await session.execute(update(MoveRow).where(MoveRow.id.in_(held)).values(looks_at=now))

    async def give_up(self, channel_url: str) -> None:
        """Forget that a channel was to be brought. One that has come stays."""
        query = select(MoveRow).where(MoveRow.channel_url == channel_url).with_for_update()
        async with self._database.writing() as session:
            if (move := await session.scalar(query)) is not None:
                await session.execute(delete(BroughtRow).where(BroughtRow.move_id == move.id))
                await session.delete(move)

    async def rest(
        self, channel_urls: Collection[str], now: datetime, shortest: timedelta, longest: timedelta
    ) -> None:
        """Have channels looked at again after a tenth of the time for which nothing was said.

        Soon if they are not open; at once if somebody has woken them meanwhile.
        """
        query = select(MoveRow).where(MoveRow.channel_url.in_(channel_urls)).order_by(MoveRow.id)
        async with self._database.writing() as session:
            for move in await session.scalars(query.with_for_update()):
                since = (move.seen_at or now - longest) if move.is_open else now
                if move.looks_at > now:
                    move.looks_at = now + min(max((now - since) / 10, shortest), longest)
                move.taken_until = None


async def _held(session: AsyncSession, channel_url: str) -> MoveRow:
    """The row, kept from others until the transaction ends."""
    query = select(MoveRow).where(MoveRow.channel_url == channel_url).with_for_update()
    return (await session.scalars(query)).one()


async def _channel_row(session: AsyncSession, channel_url: str) -> ChannelRow | None:
    query = select(ChannelRow).where(ChannelRow.channel_url == channel_url)
    found: ChannelRow | None = await session.scalar(query.with_for_update())
    return found


async def _unknown(session: AsyncSession, move: MoveRow, said: Sequence[Brought]) -> Sequence[Brought]:
    """What was not brought yet. All from before the overlap was: whoever saw the newest has taken what came before."""
    since = _since(move)
    recent = [each for each in said if since is None or each.said_at >= since]
    known = set(
        await session.scalars(
            select(BroughtRow.source_id).where(
                BroughtRow.move_id == move.id,
                BroughtRow.source_id.in_([each.source_id for each in recent]),
            )
        )
    )
    return [each for each in recent if each.source_id not in known]


async def _say(session: AsyncSession, channel_url: str, new: Sequence[Brought]) -> Sequence[Message]:
    """Add to the history of an open channel, whose row is held as by anybody who says something."""
    channel = await _channel_row(session, channel_url)
    if channel is None:
        return []
    rows = [
        MessageRow(
            channel_id=channel.id,
            user_id=each.user_id,
            kind=each.kind.value,
            text=each.text,
            said_at=each.said_at,
            source_id=each.source_id,
        )
        for each in new
    ]
    session.add_all(rows)
    await session.flush()
    note(session, rows)
    return [_message(row, channel_url) for row in rows]


async def _unpack(session: AsyncSession, move: MoveRow, channel: ChannelRow) -> None:
    """Make a history of all that was brought, in the order in which it was said."""
    waiting = (
        select(
            literal(channel.id),
            BroughtRow.user_id,
            BroughtRow.kind,
            BroughtRow.text,
            BroughtRow.said_at,
            BroughtRow.source_id,
        )
        .where(BroughtRow.move_id == move.id)
        .order_by(BroughtRow.said_at, BroughtRow.source_id)
    )
    columns = ["channel_id", "user_id", "kind", "text", "said_at", "source_id"]
    await session.execute(insert(MessageRow).from_select(columns, waiting))


async def _forget(session: AsyncSession, move: MoveRow) -> None:
    """Leave what may be seen again."""
    if (since := _since(move)) is not None:
        await session.execute(
            delete(BroughtRow).where(BroughtRow.move_id == move.id, BroughtRow.said_at < since)
        )


async def _join(session: AsyncSession, channel: ChannelRow, members: Collection[Member]) -> None:
    known = set(await session.scalars(select(MemberRow.user_id).where(MemberRow.channel_id == channel.id)))
    session.add_all(
        MemberRow(
            channel_id=channel.id,
            user_id=each.user_id,
            joined_at=each.joined_at,
            read_until=each.read_until,
        )
        for each in members
        if each.user_id not in known
    )


def _since(move: MoveRow) -> datetime | None:
    return None if move.seen_at is None else move.seen_at - OVERLAP


async def _newest(session: AsyncSession, channel: ChannelRow) -> int:
    query = select(func.max(MessageRow.id)).where(MessageRow.channel_id == channel.id)
    return await session.scalar(query) or 0


def _move(row: MoveRow) -> Move:
    return Move(row.channel_url, row.is_open, _since(row))


def _message(row: MessageRow, channel_url: str, file: FileRow | None = None) -> Message:
    shown = None if file is None else File(file.key, file.name, file.size, file.media_type)
    return Message(row.id, channel_url, row.user_id, row.text, row.said_at, Kind(row.kind), shown)


def _brought(said: Brought, move: MoveRow) -> BroughtRow:
    return BroughtRow(
        move_id=move.id,
        source_id=said.source_id,
        user_id=said.user_id,
        kind=said.kind.value,
        text=said.text,
        said_at=said.said_at,
    )
