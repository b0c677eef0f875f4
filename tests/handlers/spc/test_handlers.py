"""What the handlers promise about storing and telling, with a database or a broker that fails."""

import logging
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from generated.spc import messages
from generated.spc.publisher import SpcPublisher
from handlers.spc.clock import Clock
from handlers.spc.domain import SpcError
from handlers.spc.handlers import _REFUSALS, Kept, Spc
from handlers.spc.notices import Notices
from handlers.spc.outbox import Outbox
from handlers.spc.relay import Relay
from handlers.spc.rules import Rules
from handlers.spc.statistics import Statistics
from handlers.spc.storage import AlertFilter, Store
from wirepact.auth import Identity
from wirepact.broker_memory import MemoryBroker
from wirepact.errors import OutOfReach, Unavailable
from wirepact.server import Caller

CALLER = Caller(identity=None)


class RecordingBroker(MemoryBroker):
    """Keeps what is published, unless it is down."""

    def __init__(self):
        super().__init__()
        self.published = []
        self.is_down = False

    async def publish(self, publication):
        if self.is_down:
            raise Unavailable("broker", "no answer")
        self.published.append(publication)


@pytest.fixture
def broker():
    return RecordingBroker()


class Looks:
    """Whoever is to be looked at again, unless nobody can be told."""

    def __init__(self):
        self.users = []
        self.is_down = False

    async def __call__(self, user):
        if self.is_down:
            raise Unavailable("broker", "no answer")
        self.users.append(user)


@pytest.fixture
def recheck():
    return Looks()


@pytest.fixture
def handlers(database, broker, noon, recheck):
    clock = Clock(noon.tzinfo, now=lambda: noon)
    relay = Relay(Outbox(database), Notices(SpcPublisher(broker), clock).tell)
    kept = Kept(Store(database, relay.note), Rules(database), Statistics(database))
    return Spc(kept, relay, clock, recheck)


@pytest.fixture
async def product(store, bolt):
    return (await store.add_product(bolt)).id


@contextmanager
def no_commit(database):
    """While it lasts, the database can't commit."""

    def fail(_):
        raise OperationalError("COMMIT", None, Exception("the disk is full"))

    event.listen(database._engine.sync_engine, "commit", fail)
    try:
        yield
    finally:
        event.remove(database._engine.sync_engine, "commit", fail)


def alert(product):
    return messages.NewAlert(
        product=product, alert_type="OUT_OF_SPEC", priority=4, title="규격 이탈", message=""
    )


def too_large(product):
    return messages.NewMeasurement(
        product=product, measurement_value=10.65, sample_number=1, subgroup_number=1
    )


async def test_what_is_stored_is_told_at_both_channels(handlers, broker, product):
    await handlers.create_alert(CALLER, alert(product))
    await handlers.create_measurement(CALLER, too_large(product))

    assert len(broker.published) == 4


async def test_a_commit_that_fails_tells_nobody(handlers, database, broker, product):
    with no_commit(database):
        with pytest.raises(OperationalError):
            await handlers.create_alert(CALLER, alert(product))
        with pytest.raises(OperationalError):
            await handlers.create_measurement(CALLER, too_large(product))

    assert broker.published == []


async def test_a_commit_that_failed_left_nothing_and_the_next_one_works(
    handlers, store, database, broker, product
):
    with no_commit(database), pytest.raises(OperationalError):
        await handlers.create_alert(CALLER, alert(product))

    assert (await store.alerts(AlertFilter(), limit=1)).records == []
    await handlers.create_alert(CALLER, alert(product))
    assert len(broker.published) == 2


async def test_what_can_not_be_told_is_logged_stays_stored_and_is_told_later(
    handlers, store, broker, product, caplog
):
    broker.is_down = True

    created = await handlers.create_alert(CALLER, alert(product))

    [stored] = (await store.alerts(AlertFilter(), limit=1)).records
    assert stored.id == created.id
    assert [record.levelno for record in caplog.records] == [logging.WARNING]

    broker.is_down = False
    await handlers.create_measurement(CALLER, too_large(product))
    assert [each.topic for each in broker.published] == [
        "spc/notifications",
        f"spc/product?id={product}",
        f"spc/notifications#product={product}",
        f"spc/product?id={product}",
    ]


@pytest.mark.parametrize("error", SpcError.__subclasses__())
def test_every_refusal_of_the_domain_has_words_of_the_runtime(error):
    assert error in _REFUSALS


async def test_what_a_user_wants_is_stored_before_everyone_looks_again(handlers, database, recheck):
    ann = Caller(Identity("ann"))
    with no_commit(database), pytest.raises(OperationalError):
        await handlers.set_preferences(ann, messages.NewPreferences(min_priority=3))
    assert recheck.users == []

    await handlers.set_preferences(ann, messages.NewPreferences(min_priority=3))

    assert recheck.users == ["ann"]


async def test_who_can_not_be_told_of_a_rule_is_told_to_say_it_again(handlers, recheck):
    recheck.is_down = True

    with pytest.raises(OutOfReach, match="say it again"):
        await handlers.set_access(CALLER, "ann", messages.VisibleProducts(products=[]))

    assert (await handlers.get_access(CALLER, "ann")).products == []
