"""Keeps what SPC knows. Each method is one transaction: when it returns, what it gives is stored.

A measurement holds its product's row until the commit, so that what the domain decides from the product's
history is still true when it is kept. What is to be told goes to the outbox in the same transaction, last.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Generic, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.database import Database
from handlers.spc import outbox, records
from handlers.spc.domain import (
    MEMORY,
    MOST_SUBGROUPS,
    CapabilityAnalysis,
    History,
    Measurement,
    NewAlert,
    NewProduct,
    Point,
    Product,
    QualityAlert,
    Reading,
    Taken,
    UnknownProduct,
    Verdict,
    capability,
    first_chart,
    inspect,
)
from handlers.spc.outbox import Letter
from handlers.spc.rules import visible_to
from handlers.spc.tables import AlertRow, CapabilityRow, MeasurementRow, ProductRow, RuleViolationRow

RecordT = TypeVar("RecordT", Product, QualityAlert)


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts are asked for, and by whom; what is None does not narrow them. `before` is an alert's id."""

    user: str | None = None
    product_id: int | None = None
    priority: int | None = None
    min_priority: int | None = None
    alert_type: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[RecordT]):
    """Some records, and the id to go on from unless these are the last."""

    records: Sequence[RecordT]
    next: int | None = None


def _ignore(_: Sequence[Letter]) -> None:
    """What is done where nobody waits for letters."""


class Store:
    """The products of a factory and everything that was said about them."""

    def __init__(self, database: Database, stored: Callable[[Sequence[Letter]], None] = _ignore) -> None:
        """*stored* is handed what is to be told, after each commit."""
        self._database = database
        self._stored = stored

    async def add_product(self, new: NewProduct) -> Product:
        """Put a product under control; raises `Taken` if its code is."""
        row = ProductRow(
            code=new.code,
            name=new.name,
            lsl=new.specification.lsl,
            usl=new.specification.usl,
            target=new.specification.target,
            subgroup_size=new.subgroup_size,
        )
        async with self._database.writing() as session:
            await _insert(session, row, Taken("product", new.code))
            return records.product(row)

    async def product(self, product_id: int) -> Product:
        """The product with this id, or `UnknownProduct`."""
        async with self._database.reading() as session:
            return records.product(await _product_row(session, product_id))

    async def product_called(self, code: str) -> Product:
        """The product with this code, or `UnknownProduct`."""
        async with self._database.reading() as session:
            row = await session.scalar(select(ProductRow).where(ProductRow.code == code))
            if row is None:
                raise UnknownProduct(code)
            return records.product(row)

    async def products(self, user: str | None, after: int, limit: int) -> Page[Product]:
        """At most *limit* products that *user* may see, by id, from the one that follows *after*."""
        wanted = select(ProductRow).where(ProductRow.id > after, visible_to(user, ProductRow.id))
        async with self._database.reading() as session:
            rows = await session.scalars(wanted.order_by(ProductRow.id).limit(limit + 1))
            return _page([records.product(row) for row in rows], limit)

    async def add_measurement(self, product_id: int, reading: Reading, at: datetime) -> Measurement:
        """Store a reading with the verdict on it, the rules it sets off, and the baseline that it completes.

        Raises `UnknownProduct`, `Taken` if the product has a sample of this number, or `SubgroupFull`.
        """
        async with self._database.writing() as session:
            row = await _product_row(session, product_id, hold=True)
            product = records.product(row)
            verdict = inspect(product, reading, await _history(session, product, reading))
            measurement = _measurement_row(product_id, reading, verdict, at)
            await _insert(session, measurement, Taken("sample", reading.sample_number))
            violations = _violation_rows(product_id, verdict, at)
            session.add_all(violations)
            if verdict.completes_subgroup and product.baseline is None:
                await _establish(session, row, product)
            await session.flush()
            stored = Measurement(measurement.id, product, reading, verdict, at)
            fired = [records.violation(each, row) for each in violations]
            letters = await outbox.put(session, *([stored] if verdict.is_off else []), *fired)
        self._stored(letters)
        return stored

    async def add_alert(self, new: NewAlert, at: datetime) -> QualityAlert:
        """Store an open alert, or raise `UnknownProduct`."""
        async with self._database.writing() as session:
            product = await _product_row(session, new.product_id)
            row = AlertRow(
                product_id=product.id,
                alert_type=new.alert_type,
                priority=new.priority,
                title=new.title,
                message=new.message,
                status="OPEN",
                created_at=at,
            )
            session.add(row)
            await session.flush()
            alert = records.alert(row, product)
            letters = await outbox.put(session, alert)
        self._stored(letters)
        return alert

    async def alerts(self, wanted: AlertFilter, limit: int) -> Page[QualityAlert]:
        """At most *limit* of the wanted alerts, newest first; those of products that the user may see."""
        query = select(AlertRow, ProductRow).join(ProductRow).order_by(AlertRow.id.desc()).limit(limit + 1)
        query = query.where(visible_to(wanted.user, AlertRow.product_id))
        if wanted.product_id is not None:
            query = query.where(AlertRow.product_id == wanted.product_id)
        if wanted.priority is not None:
            query = query.where(AlertRow.priority == wanted.priority)
        if wanted.min_priority is not None:
            query = query.where(AlertRow.priority >= wanted.min_priority)
        if wanted.alert_type is not None:
            query = query.where(AlertRow.alert_type == wanted.alert_type)
        if wanted.since is not None:
            query = query.where(AlertRow.created_at >= wanted.since)
        if wanted.until is not None:
            query = query.where(AlertRow.created_at < wanted.until)
        if wanted.before is not None:
            query = query.where(AlertRow.id < wanted.before)
        async with self._database.reading() as session:
            rows = await session.execute(query)
            return _page([records.alert(*row) for row in rows], limit)

    async def add_capability(self, product_id: int, at: datetime) -> CapabilityAnalysis:
        """Analyze a product and store the result; raises `UnknownProduct` or `NotAnalyzable`."""
        async with self._database.writing() as session:
            product = records.product(await _product_row(session, product_id))
            found = capability(product.specification, await _whole_subgroups(session, product))
            row = CapabilityRow(
                product_id=product_id,
                cp=found.cp,
                cpk=found.cpk,
                pp=found.pp,
                ppk=found.ppk,
                analyzed_at=at,
            )
            session.add(row)
            await session.flush()
            analysis = CapabilityAnalysis(row.id, product, found, at)
            letters = await outbox.put(session, analysis)
        self._stored(letters)
        return analysis


async def _insert(session: AsyncSession, row: ProductRow | MeasurementRow, taken: Taken) -> None:
    """Insert *row*, or raise *taken* if its unique columns are."""
    session.add(row)
    try:
        await session.flush()
    except IntegrityError:
        raise taken from None


async def _product_row(session: AsyncSession, product_id: int, *, hold: bool = False) -> ProductRow:
    """The row, kept from others until the transaction ends if *hold*."""
    can_be = 0 < product_id < 2**63
    row = await session.get(ProductRow, product_id, with_for_update=hold) if can_be else None
    if row is None:
        raise UnknownProduct(product_id)
    return row


async def _history(session: AsyncSession, product: Product, reading: Reading) -> History:
    of_product = MeasurementRow.product_id == product.id
    subgroup = await session.scalars(
        select(MeasurementRow.measurement_value).where(
            of_product, MeasurementRow.subgroup_number == reading.subgroup_number
        )
    )
    if product.baseline is None:
        return History(subgroup.all())
    before = await session.execute(
        select(MeasurementRow.sample_number, MeasurementRow.measurement_value)
        .where(
            of_product,
            MeasurementRow.sample_number > product.baseline.last_sample,
            MeasurementRow.sample_number < reading.sample_number,
        )
        .order_by(MeasurementRow.sample_number.desc())
        .limit(MEMORY)
    )
    return History(subgroup.all(), [Point(*each) for each in reversed(before.all())])


async def _establish(session: AsyncSession, row: ProductRow, product: Product) -> None:
    """Fix the limits of *product*, if enough whole subgroups were stored."""
    chart = first_chart(await _whole_subgroups(session, product))
    if chart is None:
        return
    row.center = chart.center
    row.range_center = chart.range_center
    row.baseline_last_sample = await session.scalar(
        select(func.max(MeasurementRow.sample_number)).where(MeasurementRow.product_id == product.id)
    )


async def _whole_subgroups(session: AsyncSession, product: Product) -> Sequence[Sequence[float]]:
    """The values of the latest subgroups that have all their samples, oldest first."""
    number = MeasurementRow.subgroup_number
    whole = (
        select(number)
        .where(MeasurementRow.product_id == product.id)
        .group_by(number)
        .having(func.count() == product.subgroup_size)
        .order_by(number.desc())
        .limit(MOST_SUBGROUPS)
    )
    rows = await session.execute(
        select(number, MeasurementRow.measurement_value)
        .where(MeasurementRow.product_id == product.id, number.in_(whole))
        .order_by(number)
    )
    return [[value for _, value in each] for _, each in groupby(rows, key=lambda row: row[0])]


def _page(records: Sequence[RecordT], limit: int) -> Page[RecordT]:
    """One page of what was read with one record more than asked for."""
    if len(records) <= limit:
        return Page(records)
    return Page(records[:limit], next=records[limit - 1].id)


def _measurement_row(product_id: int, reading: Reading, verdict: Verdict, at: datetime) -> MeasurementRow:
    return MeasurementRow(
        product_id=product_id,
        measurement_value=reading.value,
        sample_number=reading.sample_number,
        subgroup_number=reading.subgroup_number,
        is_within_spec=verdict.is_within_spec,
        is_within_control=verdict.is_within_control,
        measured_at=at,
    )


def _violation_rows(product_id: int, verdict: Verdict, at: datetime) -> Sequence[RuleViolationRow]:
    return [
        RuleViolationRow(
            product_id=product_id,
            rule=firing.rule.number,
            sample_numbers=list(firing.sample_numbers),
            detected_at=at,
        )
        for firing in verdict.fired
    ]
