"""SPC's life: parts are measured on three lines; tools wear, some parts are bad, somebody raises an alert or asks how capable a process is.

Where products exist already, it goes on with sample numbers that are free.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import asdict, dataclass
from itertools import cycle
from typing import Any

from handlers.demo.back_end import BackEnd
from handlers.demo.errors import Away
from handlers.demo.outside import Outside
from handlers.spc.life import LINES, Alerted, Analyzed, Line, Part, baseline, life


async def spc(outside: Outside) -> AsyncGenerator[str]:
    """Measure a part of each line in turn."""
    async with outside.back_end() as back_end:
        for feed in cycle(await feeds(back_end, outside)):
            yield await feed.next_part()


@dataclass(slots=True)
class Feed:
    """One product's life, and the number of the sample that comes next."""

    back_end: BackEnd
    line: Line
    product_id: int
    parts: Iterator[Part]
    sample_number: int = 1

    async def next_part(self) -> str:
        """Feed the next part and what comes of it. Gives in words what is worth them."""
        part = next(self.parts)
        await self.feed(part)
        if not part.then:
            return ""
        told = ", ".join(_told(each) for each in part.then)
        return f"{self.line.code} sample {self.sample_number - 1}: {part.value:g}, {told}"

    async def feed(self, part: Part) -> None:
        """Feed one part and what comes of it."""
        while not await self._is_stored(part.value):
            self._skip()
        self.sample_number += 1
        for each in part.then:
            await self._feed_consequence(each)

    async def _feed_consequence(self, event: Alerted | Analyzed) -> None:
        match event:
            case Alerted():
                await self.back_end.post("/api/spc/alerts/", {"product": self.product_id, **asdict(event)})
            case Analyzed():
                await self.back_end.post("/api/spc/capability/", {"product": self.product_id})

    async def _is_stored(self, value: float) -> bool:
        reading = {
            "product": self.product_id,
            "measurement_value": value,
            "sample_number": self.sample_number,
            "subgroup_number": self._subgroup(),
        }
        return await self.back_end.post("/api/spc/measurements/", reading) is not None

    def _skip(self) -> None:
        """Go on with a subgroup twice as far: a few steps lead past whatever was fed before."""
        self.sample_number = (2 * self._subgroup() - 1) * self.line.subgroup_size + 1

    def _subgroup(self) -> int:
        return (self.sample_number - 1) // self.line.subgroup_size + 1


async def feeds(back_end: BackEnd, outside: Outside) -> list[Feed]:
    """A feed for each line, its product made and measured often enough for its limits to be known."""
    known = {each["code"]: each async for each in _products(back_end)}
    return [await _feed(back_end, outside, line, known.get(line.code)) for line in LINES]


async def _products(back_end: BackEnd) -> AsyncIterator[dict[str, Any]]:
    after: int | None = 0
    while after is not None:
        page = await back_end.get(f"/api/spc/products/?limit=100&after={after}")
        for each in page["products"]:
            yield each
        after = page.get("next")


async def _feed(back_end: BackEnd, outside: Outside, line: Line, known: dict[str, Any] | None) -> Feed:
    chance = outside.chance(line.code)
    product = known or await back_end.post("/api/spc/products/", _product(line))
    if product is None:
        raise Away(f"somebody else is making {line.code} right now")
    feed = Feed(back_end, line, product["id"], life(line, chance))
    if "control_limits" not in product:
        for part in baseline(line, chance):
            await feed.feed(part)
    return feed


def _product(line: Line) -> dict[str, object]:
    return {
        "code": line.code,
        "name": line.name,
        "lsl": line.lsl,
        "usl": line.usl,
        "target": line.target,
        "subgroup_size": line.subgroup_size,
    }


def _told(event: Alerted | Analyzed) -> str:
    return event.title if isinstance(event, Alerted) else "analyzed"
