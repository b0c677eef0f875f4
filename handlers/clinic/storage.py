"""Keeps what Clinic knows. Each method is one transaction: when it returns, what it gives is stored.

What was said before is found by its unique columns, an order that changes is held until the commit, and a person is replaced only as
they were read: of two processes that do the same at once, the second finds what the first did.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.clinic.domain import (
    CLOSED,
    EVERY_DEPARTMENT,
    ChangeKind,
    Feed,
    JobState,
    JobStatus,
    NewOrder,
    Order,
    OrderStatus,
    OtherOrder,
    PermissionChange,
    Person,
    UnknownJob,
    UnknownOrder,
    ordered,
)
from handlers.clinic.tables import JobStateRow, OrderRow, PermissionChangeRow, PersonRow
from handlers.database import Database

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """Something that was said, as it was said first, with its number among those of its kind."""

    id: int
    said: T
    is_told: bool


class Store:
    """What was said of jobs and permissions, orders, and who was here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Inference jobs.

    async def keep_job_state(self, state: JobState) -> Kept[JobState]:
        """Keep what was said of a job, unless it was said before. Once something newer was told, it counts as told."""
        row = JobStateRow(
            job_id=state.job_id,
            status=state.status.value,
            at=state.at,
            said={"result": dict(state.result), "error": state.error},
        )
        same = JobStateRow.job_id == state.job_id, JobStateRow.status == state.status.value
        try:
            async with self._database.writing() as session:
                session.add(row)
        except IntegrityError:  # it was said before
            async with self._database.reading() as session:
                row = (await session.scalars(select(JobStateRow).where(*same))).one()
                newer = JobStateRow.job_id == row.job_id, JobStateRow.id > row.id, JobStateRow.is_told
                is_past = await session.scalar(select(exists().where(*newer)))
            return Kept(row.id, _job_state(row), row.is_told or bool(is_past))
        return Kept(row.id, state, is_told=False)

    async def job_state_told(self, number: int) -> None:
        """Note that everybody has heard of it."""
        async with self._database.writing() as session:
            await session.execute(update(JobStateRow).where(JobStateRow.id == number).values(is_told=True))

    async def job(self, job_id: str) -> JobState:
        """How a job is. Raises `UnknownJob`."""
        of_job = select(JobStateRow).where(JobStateRow.job_id == job_id)
        async with self._database.reading() as session:
            row = await session.scalar(of_job.order_by(JobStateRow.id.desc()).limit(1))
        if row is None:
            raise UnknownJob(job_id)
        return _job_state(row)

    # Permissions.

    async def keep_change(self, feed: Feed, change: PermissionChange) -> Kept[PermissionChange]:
        """Keep a change of permissions, unless it was said before."""
        row = PermissionChangeRow(
            feed=feed.value,
            event_id=change.event_id,
            kind=change.kind.value,
            user_id=change.user_id,
            name=change.name,
            previous=change.previous,
            at=change.at,
        )
        same = PermissionChangeRow.feed == feed.value, PermissionChangeRow.event_id == change.event_id
        try:
            async with self._database.writing() as session:
                session.add(row)
        except IntegrityError:  # it was said before
            async with self._database.reading() as session:
                row = (await session.scalars(select(PermissionChangeRow).where(*same))).one()
        return Kept(row.id, _change(row), row.is_told)

    async def change_told(self, number: int) -> None:
        """Note that those concerned have heard of it."""
        told = update(PermissionChangeRow).where(PermissionChangeRow.id == number).values(is_told=True)
        async with self._database.writing() as session:
            await session.execute(told)

    # Orders.

    async def add_order(self, new: NewOrder, at: datetime) -> Order:
        """Keep an order, or find the same one. Raises `OtherOrder`."""
        order = ordered(new, at)
        try:
            async with self._database.writing() as session:
                session.add(_order_row(order))
        except IntegrityError:  # the id is taken
            async with self._database.reading() as session:
                order = _order(await _order_row_of(session, new.id))
            if not order.is_as(new):
                raise OtherOrder(new.id) from None
        return order

    async def change_order(self, order_id: str, status: OrderStatus, at: datetime) -> Order:
        """Note what became of an order. Raises `UnknownOrder` or `NoWayBack`."""
        async with self._database.writing() as session:
            row = await _order_row_of(session, order_id, hold=True)
            order = _order(row).changed(status, at)
            row.status, row.revision, row.updated_at = order.status.value, order.revision, order.updated_at
            return order

    async def order_told(self, order: Order) -> None:
        """Note that those concerned have heard how *order* is."""
        is_news = OrderRow.order_id == order.id, OrderRow.told < order.revision
        async with self._database.writing() as session:
            await session.execute(update(OrderRow).where(*is_news).values(told=order.revision))

    async def open_orders(self, departments: Collection[str]) -> Sequence[Order]:
        """The orders of *departments* that are to be carried out, oldest first."""
        query = select(OrderRow).where(OrderRow.status.not_in([each.value for each in CLOSED]))
        if EVERY_DEPARTMENT not in departments:
            query = query.where(OrderRow.department.in_(departments))
        async with self._database.reading() as session:
            return [_order(row) for row in await session.scalars(query.order_by(OrderRow.id))]

    # Who is here.

    async def person(self, user_id: str) -> Person | None:
        """Somebody who was here."""
        async with self._database.reading() as session:
            row = await session.scalar(select(PersonRow).where(PersonRow.user_id == user_id))
            return None if row is None else _person(row)

    async def replace_person(self, before: Person | None, person: Person) -> bool:
        """Note *person* in place of *before*, `None` being nobody. Does nothing, and says so, if that is not what is kept by now."""
        values = {
            "name": person.name,
            "is_online": person.is_online,
            "last_seen": person.last_seen,
            "revision": person.revision,
        }
        try:
            async with self._database.writing() as session:
                if before is None:
                    session.add(PersonRow(user_id=person.user_id, **values))
                    return True
                same = PersonRow.user_id == before.user_id, PersonRow.revision == before.revision
                changed = update(PersonRow).where(*same).values(values).returning(PersonRow.id)
                return await session.scalar(changed) is not None
        except IntegrityError:  # another process has noted them for the first time
            return False

    async def seen(self, users: Iterable[str], at: datetime) -> None:
        """Write that *users*, who are online, still are. All processes do, so their rows are held in one order."""
        here = select(PersonRow.id).where(PersonRow.is_online, PersonRow.user_id.in_(list(users)))
        held = here.order_by(PersonRow.id).with_for_update()
        async with self._database.writing() as session:
            await session.execute(update(PersonRow).where(PersonRow.id.in_(held)).values(last_seen=at))

    async def people(self, limit: int) -> tuple[Sequence[Person], Sequence[Person]]:
        """Who is online, by id; and who was here last and is not any more, newest first, at most *limit*."""
        here = select(PersonRow).where(PersonRow.is_online).order_by(PersonRow.user_id)
        gone = select(PersonRow).where(~PersonRow.is_online)
        last = gone.order_by(PersonRow.last_seen.desc(), PersonRow.id).limit(limit)
        async with self._database.reading() as session:
            online = [_person(row) for row in await session.scalars(here)]
            return online, [_person(row) for row in await session.scalars(last)]


async def _order_row_of(session: AsyncSession, order_id: str, *, hold: bool = False) -> OrderRow:
    """The row, kept from others until the transaction ends if *hold*."""
    query = select(OrderRow).where(OrderRow.order_id == order_id)
    row = await session.scalar(query.with_for_update() if hold else query)
    if row is None:
        raise UnknownOrder(order_id)
    return row


def _order_row(order: Order) -> OrderRow:
    return OrderRow(
        order_id=order.id,
        patient_id=order.patient_id,
        department=order.department,
        order_type=order.order_type,
        status=order.status.value,
        revision=order.revision,
        created_at=order.created_at,
        updated_at=order.updated_at,
    )


def _order(row: OrderRow) -> Order:
    return Order(
        id=row.order_id,
        patient_id=row.patient_id,
        department=row.department,
        order_type=row.order_type,
        status=OrderStatus(row.status),
        revision=row.revision,
        created_at=row.created_at,
        updated_at=row.updated_at,
        told=row.told,
    )


def _job_state(row: JobStateRow) -> JobState:
    return JobState(row.job_id, JobStatus(row.status), row.at, row.said["result"], row.said["error"])


def _change(row: PermissionChangeRow) -> PermissionChange:
    return PermissionChange(row.event_id, ChangeKind(row.kind), row.user_id, row.name, row.at, row.previous)


def _person(row: PersonRow) -> Person:
    return Person(row.user_id, row.name, row.is_online, row.last_seen, row.revision)
