import asyncio

import pytest

from wirepact.client.inbox import Inbox


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
