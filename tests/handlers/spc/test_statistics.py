"""What a dashboard shows, counted on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.spc.domain import (
    Access,
    AlertFigures,
    DayFigures,
    NewAlert,
    Period,
    ProductFigures,
    Reading,
)
from handlers.spc.rules import Rules
from handlers.spc.statistics import Statistics
from handlers.spc.storage import AlertFilter

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def statistics(database):
    return Statistics(database)


@pytest.fixture
def noon(noon):
    """In the factory: 21 o'clock, so that three hours later is another day."""
    return noon.astimezone(SEOUL)


@pytest.fixture
def shift(noon):
    """From an hour before noon to four hours after it."""
    return Period(noon - timedelta(hours=1), noon + timedelta(hours=4))


@pytest.fixture
async def bolts(store, bolt):
    return [await store.add_product(replace(bolt, code=f"BOLT-{size}")) for size in range(2)]


@pytest.fixture
async def busy(store, bolts, noon):
    """Alerts, measurements and a rule that fired, of two products, on two days."""
    first, second = (each.id for each in bolts)
    values = [9.95, 10.05] * 20 + [11.0]
    for number, value in enumerate(values, start=1):
        await store.add_measurement(first, Reading(value, number, (number + 1) // 2), noon)
    await store.add_capability(first, noon)
    await store.add_measurement(second, Reading(10.0, 1, 1), noon + timedelta(hours=3))
    for product, kind, priority, hours in [
        (first, "TREND", 3, 0),
        (first, "OUT_OF_SPEC", 4, 0),
        (second, "TREND", 3, 3),
        (second, "TREND", 5, 5),
    ]:
        await store.add_alert(NewAlert(product, kind, priority, "t", ""), noon + timedelta(hours=hours))


async def test_a_factory_without_products_has_figures(statistics, shift):
    figures = await statistics.figures(None, shift)

    assert figures.alerts == AlertFigures(0, 0, {}, {})
    assert figures.by_rule == {}
    assert figures.products == []
    assert figures.days == [
        DayFigures(date(2026, 1, 11), 0, 0, 0),
        DayFigures(date(2026, 1, 12), 0, 0, 0),
    ]


@pytest.mark.usefixtures("busy")
class TestBusy:
    async def test_alerts_are_counted_by_what_they_are(self, statistics, shift):
        figures = await statistics.figures(None, shift)

        assert figures.alerts == AlertFigures(3, 3, {3: 2, 4: 1}, {"OUT_OF_SPEC": 1, "TREND": 2})
        assert figures.by_rule == {1: 1}

    async def test_each_product_has_its_own(self, statistics, shift, bolts):
        first, second = (await statistics.figures(None, shift)).products

        assert first.cpk == pytest.approx(1.88, abs=0.001)
        assert replace(first, cpk=None) == ProductFigures(
            bolts[0].id, "BOLT-0", "M10 볼트", 2, 41, out_of_spec=1, out_of_control=1, violations=1, cpk=None
        )
        assert second == ProductFigures(bolts[1].id, "BOLT-1", "M10 볼트", 1, 1, 0, 0, 0, None)

    async def test_days_are_those_of_the_factory(self, statistics, shift):
        assert (await statistics.figures(None, shift)).days == [
            DayFigures(date(2026, 1, 11), 2, 41, 1),
            DayFigures(date(2026, 1, 12), 1, 1, 0),
        ]

    async def test_only_what_happened_in_the_period_counts(self, statistics, noon):
        later = Period(noon + timedelta(hours=1), noon + timedelta(hours=5))

        figures = await statistics.figures(None, later)

        assert figures.alerts.total == 1
        assert [(each.measurements, each.cpk is None) for each in figures.products] == [(0, False), (1, True)]

    async def test_one_product_is_asked_for(self, statistics, shift, bolts):
        figures = await statistics.figures(None, shift, bolts[1].id)

        assert figures.alerts.by_type == {"TREND": 1}
        assert figures.by_rule == {}
        assert [each.code for each in figures.products] == ["BOLT-1"]
        assert [each.measurements for each in figures.days] == [0, 1]

    async def test_what_may_not_be_seen_is_not_counted(self, statistics, database, shift, bolts):
        await Rules(database).set_access(Access("ann", [bolts[1].id]))

        figures = await statistics.figures("ann", shift)

        assert figures.alerts.total == 1
        assert figures.by_rule == {}
        assert [each.code for each in figures.products] == ["BOLT-1"]
        assert [each.measurements for each in figures.days] == [0, 1]

    async def test_the_history_of_alerts_is_narrowed_by_type_and_time(self, store, noon):
        wanted = AlertFilter(
            alert_type="TREND", since=noon + timedelta(hours=3), until=noon + timedelta(hours=5)
        )

        page = await store.alerts(wanted, 10)

        assert [(each.alert_type, each.priority) for each in page.records] == [("TREND", 3)]
