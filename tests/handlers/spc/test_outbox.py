"""What is yet to be told, and in which order it is brought to those who are to be told."""

import asyncio

import pytest
from sqlalchemy import event

from brokers import until
from handlers.spc.domain import CapabilityAnalysis, Measurement, NewAlert, Reading, Violation
from handlers.spc.outbox import Outbox, put
from handlers.spc.relay import Relay
from handlers.spc.storage import Store
from wirepact.errors import Unavailable


@pytest.fixture
def outbox(database):
    return Outbox(database)


@pytest.fixture
async def product(store, bolt):
    return (await store.add_product(bolt)).id


@pytest.fixture
def storing(database, product, noon):
    """What stores an alert with a title, and has a relay know it."""

    def storing(relay):
        store = Store(database, relay.note)
        return lambda title: store.add_alert(NewAlert(product, "TREND", 3, str(title), ""), noon)

    return storing


@pytest.fixture
def stored(storing, relay):
    return storing(relay)


def titles(letters):
    return [each.subject.title for each in letters]


class Town:
    """Those who are told: by title, in order, each letter once, unless they are away."""

    def __init__(self):
        self.told = {}
        self.attempts = 0
        self.is_away = False
        self.unreadable = ()

    async def tell(self, letter):
        self.attempts += 1
        await asyncio.sleep(0)
        if self.is_away:
            raise Unavailable("broker", "no answer")
        if letter.subject.title in self.unreadable:
            raise ZeroDivisionError
        self.told.setdefault(letter.key, letter.subject.title)

    @property
    def titles(self):
        return list(self.told.values())


class Slow:
    """Stores, and is held up before a relay knows."""

    def __init__(self):
        self.letters = []

    def note(self, letters):
        self.letters.extend(letters)


@pytest.fixture
def town():
    return Town()


@pytest.fixture
def relay(outbox, town):
    return Relay(outbox, town.tell)


class TestOutbox:
    async def test_letters_are_numbered_in_the_order_of_commits(self, outbox, stored):
        for title in "abc":
            await stored(title)

        letters = await outbox.waiting(after=0, limit=10)

        assert [each.number for each in letters] == [1, 2, 3]
        assert titles(letters) == ["a", "b", "c"]
        assert titles(await outbox.waiting(after=1, limit=1)) == ["b"]

    async def test_of_many_who_store_at_once_all_have_a_place_of_their_own(self, outbox, stored):
        alerts = await asyncio.gather(*(stored(number) for number in range(20)))

        letters = await outbox.waiting(after=0, limit=100)

        assert [each.number for each in letters] == list(range(1, 21))
        assert sorted(titles(letters)) == sorted(each.title for each in alerts)
        assert len({each.key for each in letters}) == 20

    async def test_a_transaction_that_fails_leaves_no_letter_and_no_gap(self, outbox, database, stored):
        alert = await stored("a")

        async def fail():
            async with database.writing() as session:
                await put(session, alert)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        await stored("b")

        letters = await outbox.waiting(after=0, limit=10)

        assert [each.number for each in letters] == [1, 2]
        assert titles(letters) == ["a", "b"]

    async def test_numbers_go_on_when_letters_are_removed(self, outbox, stored):
        await stored("a")
        await outbox.remove(1)
        await stored("b")

        assert [each.number for each in await outbox.waiting(after=0, limit=10)] == [2]

    async def test_all_that_a_measurement_sets_off_comes_with_it(self, outbox, store, product, noon):
        values = [9.95, 10.05] * 20 + [11.0]
        for number, value in enumerate(values, start=1):
            measured = await store.add_measurement(product, Reading(value, number, (number + 1) // 2), noon)
        analysis = await store.add_capability(product, noon)

        off, fired, finished = [each.subject for each in await outbox.waiting(after=0, limit=10)]

        assert isinstance(off, Measurement)
        assert (off.id, off.reading, off.verdict.is_within_spec) == (measured.id, measured.reading, False)
        assert isinstance(fired, Violation)
        assert (fired.rule, fired.sample_numbers, fired.detected_at) == (1, (41,), noon)
        assert isinstance(finished, CapabilityAnalysis)
        assert finished == analysis


class TestRelay:
    async def test_what_was_stored_is_told_once_and_in_order(self, relay, town, stored):
        for title in "abc":
            await stored(title)
        await relay.push()
        await stored("d")
        await relay.push()

        assert town.titles == ["a", "b", "c", "d"]
        assert town.attempts == 4

    async def test_who_asks_has_what_they_stored_told_when_they_are_answered(self, relay, town, stored):
        async def store_and_push(title):
            await stored(title)
            await relay.push()
            assert str(title) in town.titles

        await asyncio.gather(*(store_and_push(title) for title in range(20)))

        assert town.attempts == 20

    async def test_more_than_fits_a_page_is_told(self, relay, town, stored):
        await asyncio.gather(*(stored(number) for number in range(101)))

        await relay.push()

        assert len(town.titles) == 101

    async def test_several_relays_tell_in_one_order(self, outbox, town, storing):
        async def work(number):
            relay = Relay(outbox, town.tell)
            stored = storing(relay)
            for turn in range(5):
                await stored(f"{number}.{turn}")
                await relay.push()

        await asyncio.gather(*(work(number) for number in range(4)))

        expected = [each.subject for each in await outbox.waiting(after=0, limit=100)]
        assert town.titles == [each.title for each in expected]
        assert len(expected) == 20

    async def test_nothing_overtakes_what_can_not_be_told_yet(self, relay, town, stored, caplog):
        town.is_away = True
        for title in "ab":
            await stored(title)
            await relay.push()
        assert [record.getMessage() for record in caplog.records] == ["what was stored waits to be told"] * 2

        town.is_away = False
        await stored("c")
        await relay.push()

        assert town.titles == ["a", "b", "c"]

    async def test_a_letter_that_nobody_can_read_does_not_keep_others_back(self, relay, town, stored, caplog):
        town.unreadable = {"b"}
        for title in "abc":
            await stored(title)

        await relay.push()

        assert town.titles == ["a", "c"]
        assert [record.getMessage() for record in caplog.records] == [
            "something was stored and could not be told"
        ]

    async def test_what_another_process_stored_is_told_without_a_word(self, outbox, town, stored):
        async with Relay(outbox, town.tell).running(every=0.01):
            await stored("a")
            await until(lambda: town.titles == ["a"])

        assert await outbox.waiting(after=0, limit=10) == []

    async def test_what_was_not_told_before_the_end_is_told_by_who_comes_next(self, outbox, town, stored):
        town.is_away = True
        await stored("a")
        async with Relay(outbox, town.tell).running(every=0.01):
            await until(lambda: town.attempts > 1)

        town.is_away = False
        async with Relay(outbox, town.tell).running(every=60):
            await until(lambda: town.titles == ["a"])

    async def test_what_was_stored_here_is_told_without_reading_it_again(
        self, outbox, town, storing, database
    ):
        relay = Relay(outbox, town.tell)
        stored = storing(relay)
        statements = []
        event.listen(
            database._engine.sync_engine, "before_cursor_execute", lambda *each: statements.append(each[2])
        )
        await stored("a")
        wrote = len(statements)

        await relay.push()

        assert town.titles == ["a"]
        assert statements[wrote:] == []

    async def test_what_another_request_has_told_meanwhile_is_done_with(self, relay, town, stored, storing):
        slow = Slow()
        await storing(slow)("a")
        await stored("b")
        await relay.push()

        relay.note(slow.letters)
        await relay.push()

        assert town.titles == ["a", "b"]
        assert town.attempts == 2
        assert relay._fresh == {}

    async def test_who_is_interrupted_leaves_the_others_their_turn(self, relay, town, stored):
        await stored("a")
        first = asyncio.create_task(relay.push())
        await asyncio.sleep(0)
        second = asyncio.create_task(relay.push())
        await asyncio.sleep(0)

        first.cancel()
        await second

        assert town.titles == ["a"]
