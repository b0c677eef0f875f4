"""What was said and is yet to be told, in the order in which it was said.

It is noted in the transaction that keeps it, while the channel's row is held: whoever finds a message here finds all that were
said before it in the channel, or they were told already.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.chat.domain import Message
from handlers.chat.records import message
from handlers.chat.tables import ChannelRow, FileRow, MessageRow, UntoldRow
from handlers.database import Database

_MOST: Final = 1000
"""How many are read at once."""


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

    async def waiting(self, channel_url: str, after: int = 0) -> Sequence[Letter]:
        """What waits in a channel, in the order in which it was said, behind the message with the id *after*."""
        wanted = (
            select(UntoldRow.key, MessageRow, ChannelRow, FileRow)
            .join(MessageRow, MessageRow.id == UntoldRow.id)
            .join(ChannelRow, ChannelRow.id == UntoldRow.channel_id)
            .outerjoin(FileRow, FileRow.id == MessageRow.file_id)
            .where(ChannelRow.channel_url == channel_url, UntoldRow.id > after)
            .order_by(UntoldRow.id)
            .limit(_MOST)
        )
        async with self._database.reading() as session:
            rows = await session.execute(wanted)
            return [Letter(key, message(row, channel, file)) for key, row, channel, file in rows]

    async def remove(self, ids: Collection[int]) -> None:
        """Forget messages that were told."""
        async with self._database.writing() as session:
            await session.execute(delete(UntoldRow).where(UntoldRow.id.in_(ids)))
