"""Keeps the records of Robodine. Each method is one transaction: when it returns, what it was given is stored."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.database import Database
from handlers.robodine.domain import LOGS, Record, UnknownRecord
from handlers.robodine.tables import RecordRow


class Store:
    """What there is. A snapshot of a topic that grows without end has its newest *log_lines*."""

    def __init__(self, database: Database, log_lines: int) -> None:
        self._database = database
        self._log_lines = log_lines

    async def put(self, record: Record) -> None:
        """Store *record* in place of what has its id, or remove that. Raises `UnknownRecord` if there is nothing to remove."""
        if record.data is None:
            await self._remove(record)
            return
        try:
            await self._write(record)
        except IntegrityError:  # somebody stored the same at the same time
            await self._write(record)

    async def records(self, topic: str) -> Sequence[Record]:
        """All of *topic*, those first that came first."""
        query = select(RecordRow).where(RecordRow.topic == topic).order_by(RecordRow.id.desc())
        if topic in LOGS:
            query = query.limit(self._log_lines)
        async with self._database.reading() as session:
            rows = (await session.scalars(query)).all()
        return [Record(row.topic, row.record_id, row.data) for row in reversed(rows)]

    async def _write(self, record: Record) -> None:
        async with self._database.writing() as session:
            row = await _row(session, record)
            data = dict(record.data or {})
            if row is None:
                session.add(RecordRow(topic=record.topic, record_id=record.id, data=data))
            else:
                row.data = data

    async def _remove(self, record: Record) -> None:
        query = (
            delete(RecordRow)
            .where(RecordRow.topic == record.topic, RecordRow.record_id == record.id)
            .returning(RecordRow.id)
        )
        async with self._database.writing() as session:
            if await session.scalar(query) is None:
                raise UnknownRecord(f'there is no "{record.id}" in {record.topic}')


async def _row(session: AsyncSession, record: Record) -> RecordRow | None:
    query = select(RecordRow).where(RecordRow.topic == record.topic, RecordRow.record_id == record.id)
    return await session.scalar(query.with_for_update())
