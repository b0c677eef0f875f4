import asyncio

from handlers.demo.errors import Away, Unwelcome
from handlers.demo.lives import live


class Living:
    """Lives that are lived without a clock, and what was said and waited for."""

    def __init__(self):
        self.said = []
        self.waits = 0

    async def of(self, **lives):
        await live(lives, pause=self.pause, patience=self.wait, say=self.said.append)

    async def pause(self):
        await asyncio.sleep(0)

    async def wait(self):
        self.waits += 1
        await asyncio.sleep(0)


def scripted(*chapters):
    """A life that is another each time it begins: words are told, errors raised."""
    left = iter(chapters)

    async def life():
        for each in next(left):
            if isinstance(each, Exception):
                raise each
            yield each

    return life


async def test_what_happens_is_told_with_the_name_of_the_life():
    living = Living()

    await living.of(spc=scripted(["one", "", "two"]))

    assert living.said == ["spc       one", "spc       two"]


async def test_a_life_that_is_cut_off_begins_again_and_says_so_once():
    living = Living()

    await living.of(spc=scripted(["one", Away("gone")], [Away("gone")], ["two", Away("gone")], ["three"]))

    assert [each.split(maxsplit=1)[1] for each in living.said] == [
        "one",
        "gone; waiting",
        "two",
        "gone; waiting",
        "three",
    ]
    assert living.waits == 3


async def test_a_life_that_nobody_wants_ends_and_the_others_go_on():
    living = Living()

    await living.of(spc=scripted([Unwelcome("no")]), chat=scripted(["one", "two"]))

    assert sorted(living.said) == ["chat      one", "chat      two", "spc       no"]
    assert living.waits == 0
