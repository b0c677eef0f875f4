import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select

from handlers.database import Database
from handlers.spc.domain import (
    BASELINE_SUBGROUPS,
    NewAlert,
    NotAnalyzable,
    Reading,
    SubgroupFull,
    Taken,
    UnknownProduct,
    control_chart,
)
from handlers.spc.storage import AlertFilter, Store
from handlers.spc.tables import MeasurementRow, RuleViolationRow

NOON = datetime(2026, 1, 11, 12, 0, tzinfo=UTC)
BASELINE = [[9.95, 10.05]] * BASELINE_SUBGROUPS


async def measure(store, product_id, subgroups, first=1):
    """Store whole *subgroups*, numbered from *first*, and give the last measurement."""
    size = len(subgroups[0])
    stored = None
    for number, subgroup in enumerate(subgroups, start=first):
        for place, value in enumerate(subgroup, start=1):
            reading = Reading(value, sample_number=(number - 1) * size + place, subgroup_number=number)
            stored = await store.add_measurement(product_id, reading, NOON)
    return stored


def alert(product_id, priority=4, title="규격 이탈"):
    return NewAlert(product_id, "OUT_OF_SPEC", priority, title, "측정값이 상한 규격을 초과했습니다")


async def count(database, table):
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table))


class TestProducts:
    async def test_a_product_is_found_as_it_was_stored(self, store, bolt):
        product = await store.add_product(bolt)

        assert await store.product(product.id) == product
        assert (product.code, product.name, product.specification) == (
            bolt.code,
            bolt.name,
            bolt.specification,
        )

    async def test_what_is_stored_outlives_the_process(self, database_url, store, bolt):
        product = await store.add_product(bolt)

        reopened = Database(database_url)

        assert await Store(reopened).product(product.id) == product
        await reopened.close()

    async def test_a_code_belongs_to_one_product(self, store, bolt):
        await store.add_product(bolt)

        with pytest.raises(Taken, match="product BOLT-M10 exists already"):
            await store.add_product(replace(bolt, name="another bolt"))

    async def test_of_many_with_one_code_at_once_one_is_stored(self, store, bolt):
        results = await asyncio.gather(*(store.add_product(bolt) for _ in range(8)), return_exceptions=True)

        assert sum(not isinstance(each, Exception) for each in results) == 1
        assert sum(isinstance(each, Taken) for each in results) == 7

    @pytest.mark.parametrize("number", [99, 0, -1, 2**63, -(2**63) - 1])
    async def test_an_unknown_product_is_said_to_be(self, store, number):
        with pytest.raises(UnknownProduct, match=f"there is no product {number}"):
            await store.product(number)

    async def test_products_come_in_pages_by_id(self, store, bolt):
        stored = [await store.add_product(replace(bolt, code=f"BOLT-{size}")) for size in range(5)]

        first = await store.products(None, after=0, limit=2)
        second = await store.products(None, after=first.next, limit=2)
        third = await store.products(None, after=second.next, limit=2)

        assert [*first.records, *second.records, *third.records] == stored
        assert third.next is None

    async def test_a_page_that_ends_with_the_last_product_is_the_last(self, store, bolt):
        await store.add_product(bolt)

        assert (await store.products(None, after=0, limit=1)).next is None


class TestMeasurements:
    async def test_a_measurement_carries_its_product_and_its_verdict(self, store, bolt):
        product = await store.add_product(bolt)

        stored = await store.add_measurement(product.id, Reading(10.65, 1, 1), NOON)

        assert stored.product == product
        assert stored.reading == Reading(10.65, 1, 1)
        assert not stored.verdict.is_within_spec
        assert stored.measured_at == NOON

    async def test_a_sample_is_measured_once(self, store, database, bolt):
        product = await store.add_product(bolt)
        await store.add_measurement(product.id, Reading(10.0, 1, 1), NOON)

        with pytest.raises(Taken, match="sample 1 exists already"):
            await store.add_measurement(product.id, Reading(10.1, 1, 2), NOON)

        assert await count(database, MeasurementRow) == 1

    async def test_two_products_have_samples_of_the_same_number(self, store, bolt):
        first = await store.add_product(bolt)
        second = await store.add_product(replace(bolt, code="NUT-M10"))

        await store.add_measurement(first.id, Reading(10.0, 1, 1), NOON)
        await store.add_measurement(second.id, Reading(10.0, 1, 1), NOON)

    async def test_a_subgroup_takes_no_more_than_its_size(self, store, database, bolt):
        product = await store.add_product(bolt)
        await measure(store, product.id, [[9.9, 10.1]])

        with pytest.raises(SubgroupFull):
            await store.add_measurement(product.id, Reading(10.0, 3, 1), NOON)

        assert await count(database, MeasurementRow) == 2

    async def test_of_many_for_one_place_at_once_one_is_stored(self, store, bolt):
        product = await store.add_product(bolt)
        await store.add_measurement(product.id, Reading(10.0, 1, 1), NOON)

        results = await asyncio.gather(
            *(store.add_measurement(product.id, Reading(10.0, number, 1), NOON) for number in range(2, 10)),
            return_exceptions=True,
        )

        assert sum(not isinstance(each, Exception) for each in results) == 1
        assert sum(isinstance(each, SubgroupFull) for each in results) == 7

    async def test_an_unknown_product_is_not_measured(self, store, database):
        with pytest.raises(UnknownProduct):
            await store.add_measurement(99, Reading(10.0, 1, 1), NOON)

        assert await count(database, MeasurementRow) == 0


class TestBaseline:
    async def test_the_first_whole_subgroups_fix_the_limits(self, store, bolt):
        product = await store.add_product(bolt)

        await measure(store, product.id, BASELINE)

        baseline = (await store.product(product.id)).baseline
        assert baseline.chart == control_chart(BASELINE)
        assert baseline.last_sample == 40

    async def test_before_that_there_are_none(self, store, bolt):
        product = await store.add_product(bolt)

        await measure(store, product.id, BASELINE[1:])

        assert (await store.product(product.id)).baseline is None

    async def test_a_subgroup_that_lacks_a_sample_does_not_count(self, store, bolt):
        product = await store.add_product(bolt)
        await measure(store, product.id, BASELINE[1:])

        await store.add_measurement(product.id, Reading(10.0, 1000, 1000), NOON)

        assert (await store.product(product.id)).baseline is None

    async def test_what_comes_later_leaves_the_limits_alone(self, store, bolt):
        product = await store.add_product(bolt)
        await measure(store, product.id, BASELINE)
        before = (await store.product(product.id)).baseline

        await measure(store, product.id, [[10.2, 10.4]] * 5, first=BASELINE_SUBGROUPS + 1)

        assert (await store.product(product.id)).baseline == before

    async def test_later_values_are_judged_by_the_limits(self, store, bolt):
        product = await store.add_product(bolt)
        await measure(store, product.id, BASELINE)

        stored = await store.add_measurement(product.id, Reading(10.4, 41, 21), NOON)

        assert stored.verdict.is_within_spec
        assert not stored.verdict.is_within_control


class TestRunRules:
    async def test_a_rule_that_fires_is_stored_with_its_samples(self, store, database, bolt):
        product = await store.add_product(bolt)
        await measure(store, product.id, BASELINE)

        stored = await measure(store, product.id, [[10.01, 10.02], [10.03, 10.04], [10.05, 10.06]], first=21)

        assert [each.rule.number for each in stored.verdict.fired] == [3]
        async with database.reading() as session:
            violation = (await session.scalars(select(RuleViolationRow))).one()
        assert (violation.product_id, violation.rule) == (product.id, 3)
        assert violation.sample_numbers == [41, 42, 43, 44, 45, 46]

    async def test_the_baseline_is_not_part_of_a_pattern(self, store, database, bolt):
        product = await store.add_product(bolt)
        await measure(store, product.id, [*BASELINE[:-2], [9.95, 9.97], [9.99, 10.01]])

        stored = await measure(store, product.id, [[10.03, 10.05]], first=21)

        assert stored.verdict.fired == ()
        assert await count(database, RuleViolationRow) == 0

    async def test_other_products_are_not_part_of_a_pattern(self, store, bolt):
        first = await store.add_product(bolt)
        second = await store.add_product(replace(bolt, code="NUT-M10"))
        await measure(store, first.id, BASELINE)
        await measure(store, second.id, BASELINE)
        await measure(store, first.id, [[10.01, 10.02], [10.03, 10.04]], first=21)

        stored = await measure(store, second.id, [[10.05, 10.06]], first=21)

        assert stored.verdict.fired == ()

    async def test_samples_count_in_their_order_and_not_in_that_of_their_arrival(self, store, bolt):
        product = await store.add_product(bolt)
        await measure(store, product.id, BASELINE)
        await store.add_measurement(product.id, Reading(9.9, 47, 24), NOON)

        stored = await measure(store, product.id, [[10.01, 10.02], [10.03, 10.04], [10.05, 10.06]], first=21)

        assert [each.rule.number for each in stored.verdict.fired] == [3]


class TestAlerts:
    async def test_an_alert_names_its_product_and_is_open(self, store, bolt):
        product = await store.add_product(bolt)

        stored = await store.add_alert(alert(product.id), NOON)

        assert (stored.product_id, stored.product_code, stored.product_name) == (
            product.id,
            "BOLT-M10",
            "M10 볼트",
        )
        assert stored.status == "OPEN"
        assert (await store.alerts(AlertFilter(), limit=10)).records == [stored]

    async def test_an_alert_about_an_unknown_product_is_not_stored(self, store):
        with pytest.raises(UnknownProduct):
            await store.add_alert(alert(99), NOON)

        assert (await store.alerts(AlertFilter(), limit=10)).records == []

    async def test_alerts_come_newest_first_in_pages(self, store, bolt):
        product = await store.add_product(bolt)
        stored = [await store.add_alert(alert(product.id), NOON) for _ in range(5)]

        first = await store.alerts(AlertFilter(), limit=2)
        second = await store.alerts(AlertFilter(before=first.next), limit=2)
        third = await store.alerts(AlertFilter(before=second.next), limit=2)

        assert [*first.records, *second.records, *third.records] == stored[::-1]
        assert third.next is None

    async def test_alerts_are_narrowed_by_product_and_by_priority(self, store, bolt):
        first = await store.add_product(bolt)
        second = await store.add_product(replace(bolt, code="NUT-M10"))
        wanted = await store.add_alert(alert(first.id, priority=5), NOON)
        other_priority = await store.add_alert(alert(first.id, priority=1), NOON)
        other_product = await store.add_alert(alert(second.id, priority=5), NOON)

        def found(**narrow):
            return store.alerts(AlertFilter(**narrow), limit=10)

        assert (await found(product_id=first.id)).records == [other_priority, wanted]
        assert (await found(priority=5)).records == [other_product, wanted]
        assert (await found(product_id=first.id, priority=5)).records == [wanted]

    async def test_times_are_kept_in_utc_whatever_zone_they_came_in(self, store, bolt):
        product = await store.add_product(bolt)
        seoul = timezone(timedelta(hours=9))

        await store.add_alert(alert(product.id), datetime(2026, 1, 11, 21, 0, tzinfo=seoul))

        [found] = (await store.alerts(AlertFilter(), limit=1)).records
        assert found.created_at == NOON
        assert found.created_at.utcoffset() == timedelta(0)


class TestCapability:
    async def test_an_analysis_is_of_the_whole_subgroups(self, store, bolt):
        product = await store.add_product(bolt)
        await measure(store, product.id, BASELINE)
        before = await store.add_capability(product.id, NOON)
        await store.add_measurement(product.id, Reading(1000.0, 41, 21), NOON)

        after = await store.add_capability(product.id, NOON)

        assert after.capability == before.capability
        assert after.id != before.id

    async def test_an_analysis_looks_at_the_latest_subgroups(self, store, bolt):
        product = await store.add_product(bolt)
        await measure(store, product.id, [[5.0, 15.0]] * 5)
        await measure(store, product.id, [[9.95, 10.05]] * 100, first=6)

        found = await store.add_capability(product.id, NOON)

        assert found.capability.pp > 3

    async def test_too_few_measurements_are_not_analyzed(self, store, bolt):
        product = await store.add_product(bolt)
        await measure(store, product.id, [[9.9, 10.1]])

        with pytest.raises(NotAnalyzable, match="there are 1 of 20"):
            await store.add_capability(product.id, NOON)

    async def test_an_unknown_product_is_not_analyzed(self, store):
        with pytest.raises(UnknownProduct):
            await store.add_capability(99, NOON)
