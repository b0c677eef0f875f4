"""Classroom's life: an instructor and six students in a lesson, over WebSocket with the generated Python client.

The lesson is the one whose code is `DEMO`, or `DEMO-2` if that has ended, and so on. It goes on where it is.
"""

import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from itertools import count
from typing import Final

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
from handlers.demo.outside import Outside
from handlers.demo.seats import Seats
from wirepact.messages import Message
from wirepact_clients.classroom import messages
from wirepact_clients.classroom.client import ClassroomClient

CODE: Final = "DEMO"

INSTRUCTOR: Final = "한지민"


async def classroom(outside: Outside) -> AsyncGenerator[str]:
    """Give the lesson, a turn at a time."""
    async with outside.back_end() as back_end:
        code, subtasks = await _held(back_end)
    async with Seats(f"the lesson {code}", _beat) as seats:
        room = Room(outside, seats, code, subtasks)
        for name in (INSTRUCTOR, *STUDENTS):
            await room.enter(name)
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

    def __init__(self, outside: Outside, seats: Seats, code: str, subtasks: Sequence[int]) -> None:
        self._outside = outside
        self._seats = seats
        self._code = code
        self._subtasks = subtasks

    async def enter(self, name: str) -> None:
        """Come in, and join."""
        role = "INSTRUCTOR" if name == INSTRUCTOR else "STUDENT"
        token = self._outside.token(f"demo-{name}", name=name, roles=[role])
        client = ClassroomClient(self._outside.socket_url, token=token)
        await self._seats.take(name, client, client.session(session_code=self._code))
        await self._seats.say(name, messages.Join())

    async def play(self, turn: Turn) -> str:
        """Have it happen. Gives in words what is worth them."""
        match turn:
            case Left(student):
                await self._seats.leave(student)
            case Returned(student):
                await self.enter(student)
            case _:
                await self._seats.say(*self._said(turn))
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


def _beat() -> Message:
    return messages.Heartbeat(data=messages.HeartbeatData(timestamp=int(time.time())))
