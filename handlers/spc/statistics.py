"""Counts what was stored, for a dashboard: in one state of the database, for one user, in a few grouped queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, and_, case, func, not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.database import Database
from handlers.spc.domain import AlertFigures, DayFigures, Figures, Period, ProductFigures
from handlers.spc.rules import visible_to
from handlers.spc.tables import AlertRow, CapabilityRow, MeasurementRow, ProductRow, RuleViolationRow

Counted: TypeAlias = type[AlertRow] | type[MeasurementRow] | type[RuleViolationRow]

_MOMENTS: Mapping[Counted, Any] = {
    AlertRow: AlertRow.created_at,
    MeasurementRow: MeasurementRow.measured_at,
    RuleViolationRow: RuleViolationRow.detected_at,
}

_IS_OFF = not_(and_(MeasurementRow.is_within_spec, MeasurementRow.is_within_control))


class Statistics:
    """What happened to the products of a factory."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def figures(self, user: str | None, period: Period, product_id: int | None = None) -> Figures:
        """What happened in *period* to the products that *user* may see, or to one of them."""
        async with self._database.reading() as session:
            count = _Count(session, user, period, product_id)
            alerts = await count.alerts()
            by_rule = await count.violations()
            return Figures(
                period,
                _alert_figures(alerts),
                _summed((row.rule, row.number) for row in by_rule),
                await count.products(alerts, by_rule),
                await count.days(),
            )


class _Alerts(NamedTuple):
    """How many alerts of one product are alike."""

    product_id: int
    priority: int
    alert_type: str
    status: str
    number: int


class _Violations(NamedTuple):
    """How often a rule fired for one product."""

    product_id: int
    rule: int
    number: int


class _Count:
    """The queries of one count."""

    def __init__(
        self, session: AsyncSession, user: str | None, period: Period, product_id: int | None
    ) -> None:
        self._session = session
        self._user = user
        self._period = period
        self._product_id = product_id

    async def alerts(self) -> Sequence[_Alerts]:
        """How many alerts there are of each product, priority, type and status."""
        kinds = AlertRow.product_id, AlertRow.priority, AlertRow.alert_type, AlertRow.status
        query = select(*kinds, func.count()).where(*self._of(AlertRow)).group_by(*kinds)
        return [_Alerts(*row) for row in await self._session.execute(query)]

    async def violations(self) -> Sequence[_Violations]:
        """How often each rule fired for each product."""
        kinds = RuleViolationRow.product_id, RuleViolationRow.rule
        query = select(*kinds, func.count()).where(*self._of(RuleViolationRow)).group_by(*kinds)
        return [_Violations(*row) for row in await self._session.execute(query)]

    async def products(
        self, alerts: Iterable[_Alerts], violations: Iterable[_Violations]
    ) -> Sequence[ProductFigures]:
        """All products, by id, with what happened to them."""
        alerted = _summed((row.product_id, row.number) for row in alerts)
        violated = _summed((row.product_id, row.number) for row in violations)
        measured = await self._measured()
        cpks = await self._cpks()
        return [
            ProductFigures(
                id=product.id,
                code=product.code,
                name=product.name,
                alerts=alerted.get(product.id, 0),
                measurements=measured[product.id][0],
                out_of_spec=measured[product.id][1],
                out_of_control=measured[product.id][2],
                violations=violated.get(product.id, 0),
                cpk=cpks.get(product.id),
            )
            for product in await self._products()
        ]

    async def days(self) -> Sequence[DayFigures]:
        """Each day, in order."""
        alerts = await self._by_day(AlertRow)
        measurements = await self._by_day(MeasurementRow)
        off = await self._by_day(MeasurementRow, _IS_OFF)
        return [
            DayFigures(day, alerts.get(index, 0), measurements.get(index, 0), off.get(index, 0))
            for index, (day, _) in enumerate(self._period.days)
        ]

    def _of(self, counted: Counted) -> Sequence[ColumnElement[bool]]:
        """That a row is to be counted."""
        moment = _MOMENTS[counted]
        wanted = [
            moment >= self._period.since,
            moment < self._period.until,
            visible_to(self._user, counted.product_id),
        ]
        return wanted if self._product_id is None else [*wanted, counted.product_id == self._product_id]

    async def _products(self) -> Sequence[ProductRow]:
        query = select(ProductRow).where(visible_to(self._user, ProductRow.id)).order_by(ProductRow.id)
        if self._product_id is not None:
            query = query.where(ProductRow.id == self._product_id)
        return (await self._session.scalars(query)).all()

    async def _measured(self) -> Mapping[int, tuple[int, int, int]]:
        """Of each product how many measurements there are, how many out of specification, how many out of control."""
        query = (
            select(
                MeasurementRow.product_id,
                func.count(),
                func.count().filter(not_(MeasurementRow.is_within_spec)),
                func.count().filter(not_(MeasurementRow.is_within_control)),
            )
            .where(*self._of(MeasurementRow))
            .group_by(MeasurementRow.product_id)
        )
        found = defaultdict[int, tuple[int, int, int]](lambda: (0, 0, 0))
        for product, total, out_of_spec, out_of_control in await self._session.execute(query):
            found[product] = total, out_of_spec, out_of_control
        return found

    async def _cpks(self) -> Mapping[int, float]:
        """The Cpk of the last analysis of each product."""
        last = (
            select(func.max(CapabilityRow.id))
            .where(CapabilityRow.analyzed_at < self._period.until)
            .group_by(CapabilityRow.product_id)
        )
        query = select(CapabilityRow.product_id, CapabilityRow.cpk).where(CapabilityRow.id.in_(last))
        return {row[0]: row[1] for row in await self._session.execute(query)}

    async def _by_day(self, counted: Counted, *also: ColumnElement[bool]) -> Mapping[int, int]:
        """How many there are on each day, by its index."""
        index = _day_of(_MOMENTS[counted], [end for _, end in self._period.days])
        each = select(index.label("day")).where(*self._of(counted), *also).subquery()
        query = select(each.c.day, func.count()).group_by(each.c.day)
        return {row[0]: row[1] for row in await self._session.execute(query)}


def _day_of(moment: Any, ends: Sequence[datetime]) -> ColumnElement[int]:
    """The index of the day that *moment* is on: days begin where the factory is, which a database need not know."""
    return case(*((moment < end, index) for index, end in enumerate(ends)))


def _alert_figures(rows: Sequence[_Alerts]) -> AlertFigures:
    return AlertFigures(
        total=sum(row.number for row in rows),
        open=sum(row.number for row in rows if row.status == "OPEN"),
        by_priority=_summed((row.priority, row.number) for row in rows),
        by_type=_summed((row.alert_type, row.number) for row in rows),
    )


def _summed(counts: Iterable[tuple[Any, int]]) -> Mapping[Any, int]:
    """The sums of *counts* by their keys, in order of the keys."""
    sums = Counter[Any]()
    for key, count in counts:
        sums[key] += count
    return dict(sorted(sums.items()))
