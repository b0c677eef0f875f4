"""A lesson as a script: an instructor leads students through its steps, some ask, one loses the network and comes back, now and then there is a pause.

The same random source gives the same lesson.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, TypeAlias

TITLE: Final = "카카오톡으로 사진 보내기"

STEPS: Final[Sequence[tuple[str, str, str]]] = (
    ("1단계: 카카오톡 열기", "CLICK", "홈 화면에서 노란색 카카오톡을 누르세요"),
    ("2단계: 친구 찾기", "SCROLL", "목록을 위로 밀어 친구를 찾으세요"),
    ("3단계: 대화방 열기", "CLICK", "친구 이름을 누르고 1:1 채팅을 누르세요"),
    ("4단계: 사진 고르기", "CLICK", "더하기 단추를 누르고 앨범에서 사진을 고르세요"),
    ("5단계: 보내기", "CLICK", "전송을 누르세요"),
)
"""Title, action and guide of each step."""

STUDENTS: Final = ("김영희", "이철수", "박순자", "최영수", "정미경", "강동원")

QUESTIONS: Final = ("이 단계를 이해하지 못했습니다", "단추가 보이지 않아요", "글자가 너무 작아요")


@dataclass(frozen=True, slots=True)
class Led:
    """The instructor leads everyone to a step, which is counted from 0."""

    step: int


@dataclass(frozen=True, slots=True)
class Done:
    """A student has done a step."""

    student: str
    step: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A student asks for help."""

    student: str
    step: int
    question: str


@dataclass(frozen=True, slots=True)
class Left:
    """A student loses the network."""

    student: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A student has it again."""

    student: str


@dataclass(frozen=True, slots=True)
class Paused:
    """Everyone takes a breath."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """It goes on."""


Turn: TypeAlias = Led | Done | Asked | Left | Returned | Paused | Resumed


def lesson(chance: Random) -> Iterator[Turn]:
    """What happens, without end: after the last step comes the first."""
    while True:
        for step in range(len(STEPS)):
            yield Led(step)
            yield from _taken(step, chance)
            if chance.random() < 0.3:
                yield Paused()
                yield Resumed()


def _taken(step: int, chance: Random) -> Iterator[Turn]:
    """Everyone takes a step, one after the other; one of them may be away meanwhile, and take it then."""
    students = chance.sample(STUDENTS, len(STUDENTS))
    lost = students.pop() if chance.random() < 0.5 else None
    if lost:
        yield Left(lost)
    for each in students:
        if chance.random() < 0.2:
            yield Asked(each, step, chance.choice(QUESTIONS))
        yield Done(each, step)
    if lost:
        yield Returned(lost)
        yield Done(lost, step)
