"""Classroom's life: an instructor and six students in a lesson, over WebSocket with the generated Python client.

The lesson is the one whose code is `DEMO`, or `DEMO-2` if that has ended, and so on. It goes on where it is.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import count
from typing import Any, Final, TypeAlias

from handlers.demo.back_end import BackEnd
from handlers.demo.lesson import (
    STEPS,
    STUDENTS,
    TITLE,
    Asked,
    Done,
    Led,
    Left,
    Paused,
    Resumed,
    Returned,
    Turn,
    lesson,
)
from handlers.demo.losses import losing
from handlers.demo.outside import Outside
from wirepact.client import ChannelConnection
from wirepact.errors import WirepactError
from wirepact.messages import Message
from wirepact_clients.classroom import messages
from wirepact_clients.classroom.client import ClassroomClient

CODE: Final = "DEMO"

INSTRUCTOR: Final = "한지민"

_HEARTBEAT = 30.0

_Here: TypeAlias = ChannelConnection[Any, Any]


async def classroom(outside: Outside) -> AsyncGenerator[str]:
    """Give the lesson, a turn at a time."""
    async with outside.back_end() as back_end:
        code, subtasks = await _held(back_end)
    async with Room(outside, code, subtasks).open() as room:
        for turn in lesson(outside.chance("lesson")):
            yield await room.play(turn)


async def _held(back_end: BackEnd) -> tuple[str, Sequence[int]]:
    """The code of a lesson that has not ended, and the ids of its steps."""
    for number in count(1):
        code = CODE if number == 1 else f"{CODE}-{number}"
        found = await back_end.post("/api/sessions/", _lesson(code))
        found = found or await back_end.get(f"/api/sessions/{code}/")
        if found["status"] != "ENDED":
            return code, [each["id"] for each in found["subtasks"]]
    raise AssertionError  # pragma: no cover  # numbers don't end


def _lesson(code: str) -> Mapping[str, object]:
    steps = [
        {"title": title, "target_action": action, "guide_text": guide, "voice_guide_text": None}
        for title, action, guide in STEPS
    ]
    return {"session_code": code, "title": TITLE, "subtasks": steps}


class Room:
    """One lesson and those who are connected to it."""

    def __init__(self, outside: Outside, code: str, subtasks: Sequence[int]) -> None:
        self._outside = outside
        self._code = code
        self._subtasks = subtasks
        self._seats: dict[str, AsyncExitStack] = {}
        self._here: dict[str, _Here] = {}

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Room"]:
        """Everyone has joined while the block lasts."""
        try:
            for name in (INSTRUCTOR, *STUDENTS):
                await self._enter(name)
            yield self
        finally:
            for seat in self._seats.values():
                await seat.aclose()

    async def play(self, turn: Turn) -> str:
        """Have it happen. Gives in words what is worth them."""
        match turn:
            case Left(student):
                await self._seats.pop(student).aclose()
            case Returned(student):
                await self._enter(student)
            case _:
                who, message = self._said(turn)
                with losing(f"the lesson {self._code}"):
                    await self._here[who].request(message)
        return _told(turn)

    def _said(self, turn: Led | Done | Asked | Paused | Resumed) -> tuple[str, Message]:
        """Who says what, where it is a message that makes it happen."""
        match turn:
            case Led(step):
                return INSTRUCTOR, messages.NextStep(data=messages.NextStepData(subtask_id=self._id(step)))
            case Done(student, step):
                done = messages.StepCompleteData(subtask_id=self._id(step))
                return student, messages.StepComplete(data=done)
            case Asked(student, step, question):
                asked = messages.RequestHelpData(subtask_id=self._id(step), message=question)
                return student, messages.RequestHelp(data=asked)
            case Paused():
                return INSTRUCTOR, messages.PauseSession()
            case Resumed():
                return INSTRUCTOR, messages.ResumeSession()

    def _id(self, step: int) -> int:
        return self._subtasks[step]

    async def _enter(self, name: str) -> None:
        role = "INSTRUCTOR" if name == INSTRUCTOR else "STUDENT"
        token = self._outside.token(f"demo-{name}", name=name, roles=[role])
        seat = self._seats[name] = AsyncExitStack()
        with losing(f"the lesson {self._code}"):
            client = await seat.enter_async_context(ClassroomClient(self._outside.socket_url, token=token))
            here = await seat.enter_async_context(client.session(session_code=self._code))
            await seat.enter_async_context(_attentive(here))
            await here.request(messages.Join())
        self._here[name] = here


def _told(turn: Turn) -> str:
    match turn:
        case Led(step):
            return STEPS[step][0]
        case Asked(student, _, question):
            return f"{student}: {question}"
        case Left(student):
            return f"{student} left"
        case Returned(student):
            return f"{student} is back"
        case Done():
            return ""
        case _:
            return type(turn).__name__.lower()


@asynccontextmanager
async def _attentive(here: _Here) -> AsyncIterator[None]:
    """Somebody listens, and is heard of, while the block lasts."""
    tasks = [asyncio.create_task(_listen(here)), asyncio.create_task(_beat(here))]
    try:
        yield
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.wait(tasks)


async def _listen(here: _Here) -> None:
    with suppress(WirepactError):
        async for _ in here:
            pass


async def _beat(here: _Here) -> None:
    with suppress(WirepactError):
        while True:
            await asyncio.sleep(_HEARTBEAT)
            await here.send(messages.Heartbeat(data=messages.HeartbeatData(timestamp=int(time.time()))))
