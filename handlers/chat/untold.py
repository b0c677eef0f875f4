"""What was said and is yet to be told, in the order in which it was said.

It is noted in the transaction that keeps it, while the channel's row is held: whoever finds a message here finds all that were
said before it in the channel, or they were told already.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.chat.domain import Message
from handlers.chat.records import message
from handlers.chat.tables import ChannelRow, FileRow, MessageRow, UntoldRow
from handlers.database import Database

_MOST: Final = 1000
"""How many are told at once."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that is to be told. Whoever tells it twice says so with its *key*."""

    key: str
    message: Message


def note(session: AsyncSession, rows: Iterable[MessageRow]) -> None:
    """Have the messages in *rows*, which have their ids, told after the commit."""
    session.add_all(
        UntoldRow(id=each.id, channel_id=each.channel_id, key=secrets.token_hex(16)) for each in rows
    )


class Untold:
    """The messages of a database that are to be told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def channels(self) -> Sequence[str]:
        """Those in which something waits."""
        wanted = select(ChannelRow.channel_url).where(ChannelRow.id.in_(select(UntoldRow.channel_id)))
        async with self._database.reading() as session:
            return (await session.scalars(wanted)).all()

    async def waiting(self, channel_url: str, known: Collection[str] = ()) -> Sequence[Letter]:
        """What waits in a channel, in the order in which it was said, but for the letters with the keys *known*."""
        noted = (
            select(UntoldRow.id, UntoldRow.key)
            .join(ChannelRow, ChannelRow.id == UntoldRow.channel_id)
            .where(ChannelRow.channel_url == channel_url)
            .order_by(UntoldRow.id)
        )
        async with self._database.reading() as session:
            keys = {row.id: row.key for row in await session.execute(noted) if row.key not in known}
            return await _letters(session, dict(islice(keys.items(), _MOST)))

    async def remove(self, letters: Collection[Letter]) -> None:
        """Forget messages that were told."""
        these = (
            UntoldRow.id.in_([each.message.id for each in letters]),
            UntoldRow.key.in_([each.key for each in letters]),
        )
        async with self._database.writing() as session:
            await session.execute(delete(UntoldRow).where(*these))


async def _letters(session: AsyncSession, keys: Mapping[int, str]) -> Sequence[Letter]:
    """The messages with these ids and keys, in order."""
    if not keys:
        return []
    rows = await session.execute(
        select(MessageRow, ChannelRow, FileRow)
        .join(ChannelRow, ChannelRow.id == MessageRow.channel_id)
        .outerjoin(FileRow, FileRow.id == MessageRow.file_id)
        .where(MessageRow.id.in_(keys))
        .order_by(MessageRow.id)
    )
    return [Letter(keys[row.id], message(row, channel, file)) for row, channel, file in rows]
