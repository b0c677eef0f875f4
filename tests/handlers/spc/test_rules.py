"""What users may see and want to hear, as it is kept."""

import asyncio
from dataclasses import replace

import pytest

from handlers.spc.domain import Access, Hearing, Kind, NewAlert, NotVisible, Preferences, UnknownProduct
from handlers.spc.rules import Rules
from handlers.spc.storage import AlertFilter


@pytest.fixture
def rules(database):
    return Rules(database)


@pytest.fixture
async def bolts(store, bolt):
    return [await store.add_product(replace(bolt, code=f"BOLT-{size}")) for size in range(3)]


class TestAccess:
    async def test_who_has_no_rule_sees_everything(self, rules, bolts):
        assert await rules.access("ann") == Access("ann")
        await rules.check_visible("ann", bolts[0].id)
        await rules.check_visible(None, bolts[0].id)

    async def test_a_rule_is_replaced_as_a_whole(self, rules, bolts):
        first, second, third = (each.id for each in bolts)
        await rules.set_access(Access("ann", [first, second]))
        await rules.set_access(Access("ann", [third, second, third]))

        assert (await rules.access("ann")).products == [second, third]
        with pytest.raises(NotVisible, match=f"product {first} is not for you to see"):
            await rules.check_visible("ann", first)
        await rules.check_visible("ann", third)
        await rules.check_visible("bob", first)

    async def test_a_rule_may_name_no_product_at_all(self, rules, bolts):
        await rules.set_access(Access("ann", []))

        assert (await rules.access("ann")).products == []
        with pytest.raises(NotVisible):
            await rules.check_visible("ann", bolts[0].id)

    async def test_a_rule_is_forgotten(self, rules, bolts):
        await rules.set_access(Access("ann", [bolts[0].id]))
        await rules.set_access(Access("ann"))
        await rules.set_access(Access("bob"))

        assert await rules.access("ann") == Access("ann")
        await rules.check_visible("ann", bolts[1].id)

    @pytest.mark.parametrize("number", [99, 2**63])
    async def test_an_unknown_product_changes_nothing(self, rules, bolts, number):
        await rules.set_access(Access("ann", [bolts[0].id]))

        with pytest.raises(UnknownProduct, match=f"there is no product {number}"):
            await rules.set_access(Access("ann", [bolts[1].id, number]))

        assert (await rules.access("ann")).products == [bolts[0].id]

    async def test_of_many_who_set_a_rule_at_once_one_is_the_last(self, rules, bolts):
        wanted = [[each.id] for each in bolts]

        await asyncio.gather(*(rules.set_access(Access("ann", each)) for each in wanted))

        assert (await rules.access("ann")).products in wanted

    async def test_lists_leave_out_what_may_not_be_seen(self, rules, store, bolts, noon):
        for each in bolts:
            await store.add_alert(NewAlert(each.id, "TREND", 3, "t", ""), noon)
        await rules.set_access(Access("ann", [bolts[1].id]))

        products = await store.products("ann", after=0, limit=10)
        alerts = await store.alerts(AlertFilter(user="ann"), 10)
        others = await store.alerts(AlertFilter(user="bob"), 10)

        assert products.records == [bolts[1]]
        assert [each.product_id for each in alerts.records] == [bolts[1].id]
        assert len(others.records) == 3


class TestPreferences:
    async def test_who_never_said_anything_wants_everything(self, rules):
        assert await rules.preferences("ann") == Preferences()
        assert await rules.hearing("ann") == Hearing()

    async def test_what_was_said_last_counts(self, rules, bolts):
        await rules.set_preferences("ann", Preferences(min_priority=2))
        wanted = Preferences(3, frozenset({Kind.ALERT}), frozenset({bolts[0].id, bolts[2].id}))
        await rules.set_preferences("ann", wanted)

        assert await rules.preferences("ann") == wanted
        assert await rules.preferences("bob") == Preferences()

    async def test_an_unknown_product_can_not_be_muted(self, rules):
        with pytest.raises(UnknownProduct):
            await rules.set_preferences("ann", Preferences(muted=frozenset({99})))

        assert await rules.preferences("ann") == Preferences()

    async def test_what_is_heard_is_what_is_visible_and_wanted(self, rules, bolts):
        await rules.set_access(Access("ann", [bolts[0].id, bolts[1].id]))
        await rules.set_preferences("ann", Preferences(2, frozenset({Kind.ALERT}), frozenset({bolts[1].id})))

        heard = await rules.hearing("ann")

        assert heard == Hearing(
            frozenset({"BOLT-0", "BOLT-1"}), frozenset({"BOLT-1"}), frozenset({Kind.ALERT}), 2
        )
