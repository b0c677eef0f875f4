"""What holds for a lesson: who may come in, who leads it, and what becomes of it.

A lesson ("session" to its users) begins with its first step and is over when its instructor ends it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

_LARGEST_NUMBER = 2**53 - 1
"""The largest integer that every reader of JSON keeps."""


class Role(StrEnum):
    """What somebody is in a lesson."""

    INSTRUCTOR = "INSTRUCTOR"
    STUDENT = "STUDENT"


class Status(StrEnum):
    """How a lesson is."""

    WAITING = "WAITING"
    IN_PROGRESS = "IN_PROGRESS"
    PAUSED = "PAUSED"
    ENDED = "ENDED"


class Attention(StrEnum):
    """How somebody takes part. `COMPLETED` is for back ends that write it; nothing here does."""

    WAITING = "WAITING"
    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    DISCONNECTED = "DISCONNECTED"


class Action(StrEnum):
    """What an instructor did, as the log calls it."""

    START_STEP = "START_STEP"
    PAUSE = "PAUSE"
    RESUME = "RESUME"
    END_STEP = "END_STEP"


class ClassroomError(Exception):
    """Something that a lesson does not allow, in words for whoever asked."""


class UnknownSession(ClassroomError):
    """No lesson has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"there is no session with the code {code[:64]}")


class UnknownSubtask(ClassroomError):
    """The lesson has no such step."""

    def __init__(self, subtask_id: int) -> None:
        super().__init__(f"the session has no subtask {subtask_id}")


class CodeTaken(ClassroomError):
    """Another lesson has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"there is a session with the code {code} already")


class NotWelcome(ClassroomError):
    """Neither the lesson's instructor nor a student."""

    def __init__(self) -> None:
        super().__init__("only the session's instructor and students may take part")


class NotTheInstructor(ClassroomError):
    """Only the lesson's own instructor may do this."""

    def __init__(self) -> None:
        super().__init__("only the session's instructor may do this")


class SessionEnded(ClassroomError):
    """The lesson is over."""

    def __init__(self) -> None:
        super().__init__("the session has ended")


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is signed in, with the roles of their token."""

    id: str
    name: str
    roles: Collection[str]


@dataclass(frozen=True, slots=True)
class NewSubtask:
    """A step that is to be kept."""

    title: str
    target_action: str
    guide_text: str
    voice_guide_text: str | None = None


@dataclass(frozen=True, slots=True)
class Subtask:
    """A step. `order_index` counts from 1."""

    id: int
    order_index: int
    title: str
    target_action: str
    guide_text: str
    voice_guide_text: str | None


@dataclass(frozen=True, slots=True)
class NewLesson:
    """A lesson that is to be kept. Without an instructor of its own every instructor may lead it."""

    code: str
    title: str
    subtasks: Sequence[NewSubtask]
    instructor_id: str | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson with its steps, in order; `current` is the step that everyone is at."""

    id: int
    code: str
    title: str
    instructor_id: str | None
    subtasks: tuple[Subtask, ...]
    status: Status = Status.WAITING
    current: Subtask | None = None

    def role_of(self, user: User) -> Role:
        """What *user* is here. Raises `NotWelcome`; an instructor of other lessons is no student of this one."""
        if Role.INSTRUCTOR in user.roles:
            if self.is_led_by(user):
                return Role.INSTRUCTOR
        elif Role.STUDENT in user.roles:
            return Role.STUDENT
        raise NotWelcome

    def is_led_by(self, user: User) -> bool:
        """Whether *user* is the instructor."""
        return Role.INSTRUCTOR in user.roles and self.instructor_id in (None, user.id)

    def subtask(self, subtask_id: int) -> Subtask:
        """The step with this id, or `UnknownSubtask`."""
        found = next((each for each in self.subtasks if each.id == subtask_id), None)
        if found is None:
            raise UnknownSubtask(subtask_id)
        return found

    def controlled(self, control: "Control") -> "Lesson":
        """The lesson after *control*. Raises `NotTheInstructor`, `SessionEnded` or `UnknownSubtask`."""
        if not self.is_led_by(control.by):
            raise NotTheInstructor
        if self.status is Status.ENDED:
            raise SessionEnded
        match control.action:
            case Action.START_STEP:
                return self._at(self.subtask(control.subtask_id or 0))
            case Action.PAUSE:
                return replace(self, status=Status.PAUSED)
            case Action.RESUME:
                return replace(self, status=Status.IN_PROGRESS)
            case Action.END_STEP:
                return replace(self, status=Status.ENDED)

    def _at(self, subtask: Subtask) -> "Lesson":
        """A lesson that pauses may be led on, and goes on pausing."""
        begun = Status.IN_PROGRESS if self.status is Status.WAITING else self.status
        return replace(self, status=begun, current=subtask)


@dataclass(frozen=True, slots=True)
class Control:
    """Something that an instructor wants done."""

    action: Action
    by: User
    at: datetime
    message: str = ""
    subtask_id: int | None = None


@dataclass(frozen=True, slots=True)
class StepControl:
    """A line of the log of what instructors did."""

    id: int
    subtask_id: int | None
    instructor_id: str
    action: Action
    message: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in a lesson, whose code is `code`."""

    id: int
    code: str
    user_id: str
    user_name: str
    role: Role
    status: Attention
    last_active_at: datetime
    current_subtask: int | None = None


def number_or_text(user_id: str) -> int | str:
    """A user's id as messages have it: a number, if it is written as one."""
    if (
        user_id.isascii()
        and user_id.isdecimal()
        and str(int(user_id)) == user_id
        and int(user_id) <= _LARGEST_NUMBER
    ):
        return int(user_id)
    return user_id
