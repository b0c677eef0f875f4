"""What was said is told in the order in which it was kept, by whichever process, and nothing of it is lost."""

import asyncio

import pytest

from handlers.chat.domain import NewChannel, NewMessage
from handlers.chat.teller import Teller
from wirepact.errors import Unavailable

pytestmark = pytest.mark.usefixtures("pod")

POD = "pod_123_chat"


class Broker:
    """What all processes tell through: takes each key once, in order, and may be away."""

    def __init__(self):
        self.taken = {}
        self.is_away = False

    @property
    def heard(self):
        return list(self.taken.values())

    async def take(self, message, key):
        await asyncio.sleep(0)
        if self.is_away:
            raise Unavailable("broker", "away")
        self.taken.setdefault(key, message.text)


class Notices:
    """One process's way to the broker; *fails* at some texts, by a mistake."""

    def __init__(self, broker, fails=()):
        self._broker = broker
        self._fails = fails

    async def said(self, message, key):
        if message.text in self._fails:
            raise ValueError(message.text)
        await self._broker.take(message, key)


@pytest.fixture
def broker():
    return Broker()


@pytest.fixture
def teller(store, broker):
    return Teller(store.untold, Notices(broker))


@pytest.fixture
def keep(store, noon):
    async def keep(text, channel_url=POD):
        return await store.add_message(channel_url, NewMessage(1, text), noon)

    return keep


async def test_who_tells_late_what_was_kept_early_puts_nothing_out_of_order(store, broker, keep):
    slow, fast = Teller(store.untold, Notices(broker)), Teller(store.untold, Notices(broker))
    await keep("one")
    await keep("two")

    await fast.tell(POD)
    await slow.tell(POD)

    assert broker.heard == ["one", "two"]


async def test_many_at_several_processes_are_told_in_the_order_of_their_ids(store, broker, keep):
    tellers = [Teller(store.untold, Notices(broker)) for _ in range(3)]

    async def say(number):
        await keep(str(number))
        await tellers[number % 3].tell(POD)

    await asyncio.gather(*map(say, range(30)))

    kept = (await store.messages(POD, limit=100)).messages
    assert broker.heard == [each.text for each in reversed(kept)]


async def test_what_can_not_be_told_waits_and_so_does_what_is_said_after_it(broker, teller, keep):
    broker.is_away = True
    await keep("one")
    await teller.tell(POD)
    await keep("two")
    await teller.tell(POD)
    assert broker.heard == []
    broker.is_away = False

    await teller.look()

    assert broker.heard == ["one", "two"]


async def test_what_a_process_left_untold_is_told_by_another(store, broker, teller, keep, noon):
    await store.add_channel(NewChannel("elsewhere", "Elsewhere", [1], {}), noon)
    await keep("one")
    await keep("two", "elsewhere")

    await teller.look()

    assert sorted(broker.heard) == ["one", "two"]


async def test_what_was_told_is_forgotten(store, broker, teller, keep):
    await keep("one")
    await teller.tell(POD)

    await teller.look()

    assert await store.untold.channels() == []
    assert await store.untold.waiting(POD) == []
    assert broker.heard == ["one"]


async def test_what_can_not_be_told_by_a_mistake_keeps_nothing_back(store, broker, keep):
    teller = Teller(store.untold, Notices(broker, fails=["one"]))
    await keep("one")
    await keep("two")

    await teller.tell(POD)
    await teller.look()

    assert broker.heard == ["two"]
    assert await store.untold.channels() == []


async def test_who_stops_leaves_nothing_that_would_be_told_again(store, teller, keep):
    async with teller.telling():
        await keep("one")
        await teller.tell(POD)

    assert await store.untold.channels() == []


async def test_what_was_not_kept_is_not_told(store, teller, broker, noon):
    with pytest.raises(Exception, match="only members"):
        await store.add_message(POD, NewMessage(4, "Hi"), noon)

    await teller.look()

    assert broker.heard == []
