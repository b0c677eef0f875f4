"""What was stored and is yet to be told, in the order of the commits that stored it.

A letter is written in the transaction that stores what it tells of, so there is one or there is neither. The letters' numbers are
taken from a row that is held until the commit: whoever sees a letter sees all with lower numbers, or they were told and removed.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.database import Database
from handlers.spc import records
from handlers.spc.domain import CapabilityAnalysis, Kind, Measurement, QualityAlert, Violation
from handlers.spc.tables import (
    AlertRow,
    CapabilityRow,
    LetterCountRow,
    LetterRow,
    MeasurementRow,
    ProductRow,
    RuleViolationRow,
)
from handlers.upsert import upsert

Subject: TypeAlias = QualityAlert | Measurement | CapabilityAnalysis | Violation

_ROWS: Final[Mapping[Kind, tuple[type[Any], Callable[[Any, ProductRow], Subject]]]] = {
    Kind.ALERT: (AlertRow, records.alert),
    Kind.MEASUREMENT: (MeasurementRow, records.measurement),
    Kind.CAPABILITY: (CapabilityRow, records.capability),
    Kind.RUN_RULE_VIOLATION: (RuleViolationRow, records.violation),
}
"""Where the subjects of each kind stand, and what makes a record of them."""

_KINDS: Final[Mapping[type[Subject], Kind]] = {
    QualityAlert: Kind.ALERT,
    Measurement: Kind.MEASUREMENT,
    CapabilityAnalysis: Kind.CAPABILITY,
    Violation: Kind.RUN_RULE_VIOLATION,
}

_ONLY: Final = 1
"""The id of the row that counts."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Something to be told. *key* is its own: who tells it twice says so with it."""

    number: int
    key: str
    subject: Subject


async def put(session: AsyncSession, *subjects: Subject) -> Sequence[Letter]:
    """Have *subjects*, which are stored, told after the commit, in this order. Others who put wait for it, so it comes last."""
    if not subjects:
        return ()
    last = await _count(session, len(subjects))
    numbers = range(last - len(subjects) + 1, last + 1)
    letters = [
        Letter(number, secrets.token_hex(16), each) for number, each in zip(numbers, subjects, strict=True)
    ]
    await session.execute(insert(LetterRow), [_row(each) for each in letters])
    return letters


async def _count(session: AsyncSession, more: int) -> int:
    """How many letters there ever were, now that there are so many *more*."""
    count = upsert(session, LetterCountRow).values(id=_ONLY, count=more)
    counted = count.on_conflict_do_update(index_elements=["id"], set_={"count": LetterCountRow.count + more})
    return (await session.scalars(counted.returning(LetterCountRow.count))).one()


def _row(letter: Letter) -> Mapping[str, object]:
    kind, subject = _KINDS[type(letter.subject)], letter.subject
    return {"id": letter.number, "key": letter.key, "kind": kind.value, "subject_id": subject.id}


class Outbox:
    """The letters that wait in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, after: int, limit: int) -> Sequence[Letter]:
        """At most *limit* letters that follow number *after*, in order."""
        wanted = select(LetterRow).where(LetterRow.id > after).order_by(LetterRow.id).limit(limit)
        async with self._database.reading() as session:
            rows = (await session.scalars(wanted)).all()
            found = await _subjects(session, rows)
        return [Letter(row.id, row.key, found[row.kind, row.subject_id]) for row in rows]

    async def remove(self, number: int) -> None:
        """Remove the letters up to *number*, which were told."""
        async with self._database.writing() as session:
            await session.execute(delete(LetterRow).where(LetterRow.id <= number))


async def _subjects(
    session: AsyncSession, letters: Collection[LetterRow]
) -> Mapping[tuple[str, int], Subject]:
    """What *letters* tell of, by kind and id."""
    wanted = defaultdict[str, list[int]](list)
    for each in letters:
        wanted[each.kind].append(each.subject_id)
    found: dict[tuple[str, int], Subject] = {}
    for kind, ids in wanted.items():
        table, record = _ROWS[Kind(kind)]
        rows = await session.execute(
            select(table, ProductRow)
            .join(ProductRow, table.product_id == ProductRow.id)
            .where(table.id.in_(ids))
        )
        found |= {(kind, row.id): record(row, product) for row, product in rows}
    return found
