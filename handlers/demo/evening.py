"""An evening in a restaurant: guests come, eat and go, and five robots carry what they ordered, as a script of reports.

The same random source gives the same evening. All that is ever reported has one of a few ids, so that an evening that is played
every day fills no database.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from math import atan2, degrees, hypot
from random import Random
from typing import Final, TypeAlias

Place: TypeAlias = tuple[float, float]
"""Metres from the corner of a room of 12 by 8."""

ROBOTS: Final = 5
TABLES: Final[Mapping[str, tuple[int, Place]]] = {
    "t1": (2, (3.5, 1.5)),
    "t2": (2, (6.0, 1.5)),
    "t3": (4, (8.5, 1.5)),
    "t4": (4, (3.5, 6.5)),
    "t5": (6, (6.0, 6.5)),
    "t6": (6, (8.5, 6.5)),
}
"""How many sit at a table, and where it stands."""

KITCHEN: Final[Place] = (1.0, 4.0)

_MENU: Final = ("비빔밥", "불고기", "된장찌개", "냉면", "해물파전")
_RICE: Final[Mapping[str, object]] = {"name": "쌀", "unit": "kg", "minimum": 5}
_SACK = 20.0
_EVENTS = 200

_STEP = 0.6
_DRAIN = 0.35
_CHARGE = 4.0
_LOW = 35.0
_ENOUGH = 95.0


@dataclass(frozen=True, slots=True)
class Report:
    """A record of a topic as it is now, or that it is gone. `words` are for who reads along."""

    topic: str
    id: str
    data: Mapping[str, object] | None
    words: str = ""


Moment: TypeAlias = Sequence[Report]


@dataclass(frozen=True, slots=True)
class _Order:
    table: str
    lines: Sequence[Mapping[str, object]]

    def as_(self, state: str) -> Report:
        """The order when it is in *state*, with all its lines."""
        lines = [{**each, "state": state} for each in self.lines]
        words = f"order of {self.table}: {state}"
        return Report(
            "orders", f"o-{self.table}", {"table_id": self.table, "state": state, "lines": lines}, words
        )


class Evening:
    """A restaurant. Iterate to have what happens, a moment at a time, without end."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._ready: deque[_Order] = deque()
        self._delivered: set[str] = set()
        self._rice = _SACK
        self._numbers = count()

    def __iter__(self) -> Iterator[Moment]:
        yield self._opening()
        lives = [self._table(each) for each in TABLES] + [self._robot(each) for each in range(ROBOTS)]
        while True:
            yield [report for life in lives for report in next(life)]

    def _opening(self) -> Moment:
        return [
            Report("status", "system", {"state": "ok", "message": "정상"}),
            *(_table(each, "free") for each in TABLES),
            *(Report("orders", f"o-{each}", None) for each in TABLES),
            *(Report("customers", f"c-{each}", None) for each in TABLES),
            self._stock(),
            Report("video_streams", "v1", {"url": "rtsp://192.0.2.7/hall", "name": "hall"}),
            self._event("opened", "영업을 시작합니다"),
        ]

    def _table(self, table: str) -> Iterator[Moment]:
        """Guests at one table, one party after the other."""
        while True:
            yield from self._quiet(3, 25)
            yield self._seated(table)
            yield from self._quiet(2, 5)
            yield from self._cooked(self._order(table))
            while table not in self._delivered:
                yield ()
            self._delivered.remove(table)
            yield from self._quiet(12, 25)
            yield [
                Report("customers", f"c-{table}", None),
                Report("orders", f"o-{table}", None),
                _table(table, "cleaning"),
            ]
            yield from self._quiet(3, 6)
            yield [_table(table, "free")]

    def _seated(self, table: str) -> Moment:
        seats, _ = TABLES[table]
        party = self._chance.randint(1, seats)
        guests = {"state": "seated", "party_size": party, "table_id": table}
        return [
            Report("customers", f"c-{table}", guests),
            _table(table, "occupied"),
            self._event("seated", f"{table}에 {party}명이 앉았습니다", table_id=table),
        ]

    def _order(self, table: str) -> _Order:
        dishes = self._chance.sample(_MENU, self._chance.randint(1, 3))
        return _Order(table, [{"item": each, "quantity": self._chance.randint(1, 2)} for each in dishes])

    def _cooked(self, order: _Order) -> Iterator[Moment]:
        yield [order.as_("new")]
        yield from self._quiet(2, 5)
        yield [order.as_("cooking"), *self._used_up()]
        yield from self._quiet(5, 12)
        self._ready.append(order)
        yield [order.as_("done")]

    def _used_up(self) -> Moment:
        """What is left of the rice; a new sack where that is too little."""
        self._rice = round(self._rice - self._chance.uniform(0.4, 1.6), 1)
        if self._rice >= 5:
            return [self._stock()]
        low = self._stock()
        self._rice = _SACK
        line = {"level": "warning", "message": "rice is low", "source": "kitchen"}
        return [low, Report("systemlogs", "l-rice", line, "rice is low"), self._stock()]

    def _stock(self) -> Report:
        return Report("inventory", "rice", {**_RICE, "quantity": self._rice})

    def _robot(self, number: int) -> Iterator[Moment]:
        """A robot takes the order that has been ready for longest, and goes home."""
        dock = (11.0, 1.0 + 1.5 * number)
        robot = _Robot(f"r{number + 1}", f"서빙{number + 1}", dock, self._chance.uniform(50, 100))
        yield [robot.as_("idle")]
        while True:
            if robot.battery < _LOW:
                yield from self._charged(robot)
            if not self._ready:
                yield ()
                continue
            order = self._ready.popleft()
            _, place = TABLES[order.table]
            yield from robot.driven("moving", KITCHEN)
            yield from robot.driven("serving", place)
            self._delivered.add(order.table)
            words = f"{robot.name}이 {order.table}에 주문을 전달했습니다"
            yield [
                order.as_("served"),
                self._event("delivered", words, robot_id=robot.id, table_id=order.table),
            ]
            yield from robot.driven("returning", dock)
            yield [robot.as_("idle")]

    def _charged(self, robot: "_Robot") -> Iterator[Moment]:
        line = {"level": "warning", "message": "battery low", "source": robot.id}
        yield [Report("systemlogs", f"l-{robot.id}", line, f"{robot.id}: battery low")]
        while robot.battery < _ENOUGH:
            robot.battery = min(100.0, robot.battery + _CHARGE)
            yield [robot.as_("charging")]
        yield [robot.as_("idle")]

    def _event(self, kind: str, message: str, **about: str) -> Report:
        number = next(self._numbers) % _EVENTS + 1
        return Report("events", f"e{number}", {"kind": kind, "message": message, **about}, message)

    def _quiet(self, least: int, most: int) -> Iterator[Moment]:
        for _ in range(self._chance.randint(least, most)):
            yield ()


@dataclass(slots=True)
class _Robot:
    id: str
    name: str
    place: Place
    battery: float
    heading: float = 0.0

    def as_(self, state: str) -> Report:
        """The robot where it is, in *state*."""
        x, y = self.place
        position = {"x": round(x, 2), "y": round(y, 2), "heading": round(self.heading, 1)}
        data = {"name": self.name, "state": state, "position": position, "battery": round(self.battery, 1)}
        return Report("robots", self.id, data)

    def driven(self, state: str, goal: Place) -> Iterator[Moment]:
        """On the way to *goal*, a step at a time."""
        while self.place != goal:
            self._step(goal)
            yield [self.as_(state)]

    def _step(self, goal: Place) -> None:
        x, y = self.place
        far = hypot(goal[0] - x, goal[1] - y)
        share = min(1.0, _STEP / far)
        self.heading = degrees(atan2(goal[1] - y, goal[0] - x)) % 360
        self.place = goal if share == 1.0 else (x + share * (goal[0] - x), y + share * (goal[1] - y))
        self.battery -= _DRAIN


def _table(table: str, state: str) -> Report:
    return Report("tables", table, {"state": state, "seats": TABLES[table][0]})
