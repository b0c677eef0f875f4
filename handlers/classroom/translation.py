"""From what is kept to the messages that tell of it, and from what was posted to what is to be kept."""

from typing import Final, Literal

from pydantic import MISSING

from generated.classroom import messages
from handlers.classroom.domain import (
    Lesson,
    NewLesson,
    NewSubtask,
    Participant,
    Role,
    Status,
    StepControl,
    Subtask,
    User,
    number_or_text,
)
from wirepact.auth import Identity
from wirepact.errors import Unauthorized

STATUS_TEXTS: Final = {
    Status.PAUSED: "세션이 일시정지되었습니다",
    Status.IN_PROGRESS: "세션이 재개되었습니다",
    Status.ENDED: "세션이 종료되었습니다",
}
"""What users read when a lesson changes."""

_TOLD: Final[dict[Status, Literal["PAUSED", "IN_PROGRESS", "ENDED"]]] = {
    Status.PAUSED: "PAUSED",
    Status.IN_PROGRESS: "IN_PROGRESS",
    Status.ENDED: "ENDED",
}


def user(identity: Identity | None) -> User:
    """Whoever is signed in; who has no name is called by their id."""
    if identity is None:
        raise Unauthorized("nobody is signed in")
    return User(identity.sub, identity.name or identity.sub, identity.roles)


def new_lesson(body: messages.NewSession, by: User) -> NewLesson:
    """What was posted. A back end sets lessons up for whichever instructor knows the code."""
    return NewLesson(
        code=body.session_code,
        title=body.title,
        subtasks=[_new_subtask(each) for each in body.subtasks],
        instructor_id=by.id if Role.INSTRUCTOR in by.roles else None,
    )


def _new_subtask(body: messages.NewSubtask) -> NewSubtask:
    voice = None if body.voice_guide_text is MISSING else body.voice_guide_text
    return NewSubtask(body.title, body.target_action, body.guide_text, voice)


def created_session(lesson: Lesson) -> messages.CreatedSession:
    """A lesson that was set up."""
    return messages.CreatedSession(
        id=lesson.id,
        session_code=lesson.code,
        title=lesson.title,
        status=lesson.status.value,
        subtasks=[_subtask(each) for each in lesson.subtasks],
    )


def session_details(lesson: Lesson) -> messages.SessionDetails:
    """A lesson as it is now."""
    return messages.SessionDetails(
        id=lesson.id,
        session_code=lesson.code,
        title=lesson.title,
        status=lesson.status.value,
        current_subtask=None if lesson.current is None else lesson.current.id,
        subtasks=[_subtask(each) for each in lesson.subtasks],
    )


def _subtask(subtask: Subtask) -> messages.Subtask:
    return messages.Subtask(
        id=subtask.id,
        order_index=subtask.order_index,
        title=subtask.title,
        target_action=subtask.target_action,
        guide_text=subtask.guide_text,
        voice_guide_text=subtask.voice_guide_text,
    )


def step_changed(subtask: Subtask) -> messages.StepChanged:
    """The step that everyone is at."""
    current = messages.CurrentSubtask(
        id=subtask.id,
        title=subtask.title,
        order_index=subtask.order_index,
        target_action=subtask.target_action,
        guide_text=subtask.guide_text,
        voice_guide_text=subtask.voice_guide_text,
    )
    return messages.StepChanged(subtask=current)


def session_status_changed(status: Status) -> messages.SessionStatusChanged:
    """What became of a lesson that has begun."""
    return messages.SessionStatusChanged(status=_TOLD[status], message=STATUS_TEXTS[status])


def join_confirmed(participant: Participant) -> messages.JoinConfirmed:
    """To who takes part now."""
    return messages.JoinConfirmed(session_code=participant.code, user_id=number_or_text(participant.user_id))


def participant_joined(participant: Participant) -> messages.ParticipantJoined:
    """To everyone."""
    return messages.ParticipantJoined(
        user_id=number_or_text(participant.user_id),
        user_name=participant.user_name,
        role=participant.role.value,
    )


def participant_left(participant: Participant) -> messages.ParticipantLeft:
    """To everyone."""
    return messages.ParticipantLeft(
        user_id=number_or_text(participant.user_id), user_name=participant.user_name
    )


def progress_updated(participant: Participant, subtask_id: int, status: str) -> messages.ProgressUpdated:
    """To instructors."""
    return messages.ProgressUpdated(
        user_id=number_or_text(participant.user_id),
        user_name=participant.user_name,
        subtask_id=subtask_id,
        status=status,
    )


def help_requested(user: User, subtask_id: int, message: str) -> messages.HelpRequested:
    """To instructors."""
    return messages.HelpRequested(
        user_id=number_or_text(user.id), user_name=user.name, subtask_id=subtask_id, message=message
    )


def participant(record: Participant) -> messages.Participant:
    """A line of the list of participants."""
    return messages.Participant(
        user_id=number_or_text(record.user_id),
        user_name=record.user_name,
        role=record.role.value,
        status=record.status.value,
        last_active_at=record.last_active_at,
        current_subtask=record.current_subtask,
    )


def step_control(record: StepControl) -> messages.StepControl:
    """A line of the log."""
    return messages.StepControl(
        id=record.id,
        subtask_id=record.subtask_id,
        instructor_id=number_or_text(record.instructor_id),
        action=record.action.value,
        message=record.message,
        created_at=record.created_at,
    )
