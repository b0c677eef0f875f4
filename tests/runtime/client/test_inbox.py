import asyncio

import pytest

from room import Said
from wirepact.broker import Position
from wirepact.client.inbox import Inbox
from wirepact.core.events import Connected, Degraded, Dropped


async def test_items_come_in_order_and_then_the_end():
    inbox = Inbox(4)
    inbox.put(1)
    inbox.put(2)
    inbox.end(EOFError("over"))
    inbox.put(3)

    assert [await inbox.get(), await inbox.get()] == [1, 2]
    with pytest.raises(EOFError):
        await inbox.get()


async def test_the_first_end_is_the_one_that_is_told():
    inbox = Inbox(4)
    inbox.end(EOFError())
    inbox.end(LookupError())

    with pytest.raises(EOFError):
        await inbox.get()


async def test_several_may_wait_and_each_gets_an_item_of_its_own():
    inbox = Inbox(4)
    waiting = [asyncio.create_task(inbox.get()) for _ in range(3)]
    await asyncio.sleep(0)
    for number in range(3):
        inbox.put(number)

    assert sorted(await asyncio.gather(*waiting)) == [0, 1, 2]


async def test_there_is_room_again_once_something_was_taken():
    inbox = Inbox(2)
    inbox.put(1)
    assert not inbox.is_full
    inbox.put(2)
    assert inbox.is_full

    await inbox.get()

    await inbox.has_room()
    assert not inbox.is_full


async def test_while_somebody_waits_for_more_there_is_more_room():
    inbox = Inbox(2)
    for number in range(3):
        inbox.put(number)

    inbox.stretch()
    assert not inbox.is_full
    inbox.relax()
    assert inbox.is_full


async def test_something_may_take_the_place_of_the_newest_of_its_kind():
    inbox = Inbox(4)
    inbox.put("a")
    inbox.put_instead(1, int)
    inbox.put_instead(2, int)
    inbox.put("b")
    inbox.put_instead(3, int)

    assert [await inbox.get() for _ in range(4)] == ["a", 2, "b", 3]


async def test_what_is_forgotten_leaves_room():
    inbox = Inbox(1)
    inbox.put(1)

    inbox.clear()

    assert not inbox.is_full


def said(number):
    return Said(text=f"{number}")


async def drained(inbox):
    items = []
    while inbox._items:
        items.append(await inbox.get())
    return items


class TestDiscarding:
    async def test_the_oldest_messages_make_room_and_are_counted(self):
        inbox = Inbox(2, discards=True)

        begun = [inbox.put(said(number)) for number in range(5)]

        assert begun == [False, False, True, False, False]
        assert not inbox.is_full
        assert await drained(inbox) == [Dropped(3), said(3), said(4)]

    async def test_what_happened_is_kept_in_its_place(self):
        inbox = Inbox(1, discards=True)
        for item in (said(0), said(1), Degraded(), said(2), said(3), Connected()):
            inbox.put(item)

        assert await drained(inbox) == [Dropped(2), Degraded(), Dropped(1), said(3), Connected()]

    async def test_each_gap_is_told_once(self):
        inbox = Inbox(1, discards=True)
        inbox.put(said(0))
        inbox.put(said(1))
        assert await inbox.get() == Dropped(1)

        inbox.put(said(2))

        assert await drained(inbox) == [Dropped(1), said(2)]

    async def test_it_has_room_however_it_is_fitted(self):
        inbox = Inbox(1, discards=True)
        inbox.stretch()
        for number in range(20):
            inbox.put(said(number))
        inbox.relax()

        assert not inbox.is_full


class TestPlaces:
    async def test_a_place_is_reached_when_what_came_before_was_taken(self):
        inbox = Inbox(4)
        inbox.mark("", Position("e", 0))
        inbox.put(said(1))
        inbox.mark("", Position("e", 1))
        inbox.put(said(2))
        inbox.mark("~user", Position("u", 7))
        assert inbox.reached == {"": Position("e", 0)}

        await inbox.get()
        assert inbox.reached == {"": Position("e", 1)}

        await inbox.get()
        assert inbox.reached == {"": Position("e", 1), "~user": Position("u", 7)}

    async def test_a_place_that_is_lost_is_forgotten(self):
        inbox = Inbox(4)
        inbox.mark("", Position("e", 0))
        inbox.mark("", None)

        assert inbox.reached == {}

    async def test_what_was_left_out_is_passed_with_the_gap(self):
        inbox = Inbox(1, discards=True)
        for number in range(1, 5):
            inbox.put(said(number))
            inbox.mark("", Position("e", number))

        assert await inbox.get() == Dropped(3)
        assert inbox.reached == {"": Position("e", 3)}
