"""A chat as a script: friends talk about when and where to meet, somebody types, somebody reads, somebody is gone for a while.

The same random source gives the same chat.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from random import Random
from typing import Final, TypeAlias

FRIENDS: Final = (1001, 1002, 1003, 1004)
"""The users' ids."""

SAID: Final = (
    "안녕하세요!",
    "이번 주 토요일 모임 다들 괜찮으세요?",
    "저는 좋아요",
    "몇 시에 만날까요?",
    "저녁 6시 어때요?",
    "6시 반이면 더 좋을 것 같아요",
    "그럼 6시 반으로 해요",
    "장소는 어디가 좋을까요?",
    "성수동에 새로 생긴 식당이 있어요",
    "거기 로봇이 음식을 가져다준대요 ㅎㅎ",
    "재미있겠네요, 거기로 가요",
    "예약은 제가 할게요",
    "몇 명으로 예약할까요?",
    "네 명이요",
    "주차는 되나요?",
    "건물 지하에 된다고 해요",
    "저는 지하철로 갈게요",
    "그날 비 온다는데 우산 챙기세요",
    "감사합니다!",
    "그럼 토요일에 봬요",
)


PLAN: Final = ("예약.txt", "토요일 18:30, 성수동, 네 명\n")
"""A file's name, and what is in it."""


@dataclass(frozen=True, slots=True)
class Types:
    """Somebody writes something."""

    user: int


@dataclass(frozen=True, slots=True)
class Says:
    """Somebody has written it."""

    user: int
    text: str


@dataclass(frozen=True, slots=True)
class Shows:
    """Somebody shows a file, a text."""

    user: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Reads:
    """Somebody reads what there is."""

    user: int


@dataclass(frozen=True, slots=True)
class Goes:
    """Somebody closes the app."""

    user: int


@dataclass(frozen=True, slots=True)
class Comes:
    """Somebody opens it again."""

    user: int


Turn: TypeAlias = Types | Says | Shows | Reads | Goes | Comes


def party(chance: Random) -> Iterator[Turn]:
    """What happens, without end: when all is said they begin again."""
    lines = cycle(SAID)
    away: int | None = None
    while True:
        here = [each for each in FRIENDS if each != away]
        speaker, *others = chance.sample(here, len(here))
        yield Types(speaker)
        yield Says(speaker, next(lines))
        if chance.random() < 0.05:
            yield Shows(speaker, *PLAN)
        for each in others[: chance.randint(0, len(others))]:
            yield Reads(each)
        if away is not None:
            yield Comes(away)
            yield Reads(away)
            away = None
        elif chance.random() < 0.2:
            away = others[0]
            yield Goes(away)
