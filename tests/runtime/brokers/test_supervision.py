"""A link to Redis is begun again whatever happens, until nobody wants it any more."""

import asyncio
from random import Random

from wirepact.link_redis import Backoff, supervise

AT_ONCE = Backoff(first=0, longest=0)


class Link:
    name = "test"
    was_open = False
    is_over = False


async def test_who_is_told_to_end_just_when_a_connection_breaks_ends():
    lives, breaks = [], asyncio.Event()

    async def fail():
        await breaks.wait()
        raise ConnectionError("broken")

    async def live():
        lives.append(1)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(fail())

    link = Link()
    task = asyncio.create_task(supervise(link, live, lambda: None, AT_ONCE, Random(1)))
    while not lives:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0)
    breaks.set()
    await asyncio.sleep(0)  # the group has heard of it, and the task has not yet
    await asyncio.sleep(0)
    link.is_over = True
    task.cancel()

    done, _ = await asyncio.wait([task], timeout=5)
    task.cancel()
    assert done
    assert len(lives) == 1


async def test_a_broken_connection_is_begun_again():
    lives = []

    async def live():
        lives.append(1)
        raise ConnectionError("broken")

    task = asyncio.create_task(supervise(Link(), live, lambda: None, AT_ONCE, Random(1)))
    while len(lives) < 5:  # noqa: ASYNC110 - as above
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])

    assert task.cancelled()
