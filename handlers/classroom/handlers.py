"""Classroom's handlers: from messages to the store and back, and after the commit to those who are told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from pydantic import MISSING
from typing_extensions import override

from generated.classroom import messages
from generated.classroom.server import ClassroomHandlers, SessionPeer
from handlers.classroom import translation
from handlers.classroom.attendance import Attendance
from handlers.classroom.domain import (
    Action,
    ClassroomError,
    CodeTaken,
    Control,
    Lesson,
    NotTheInstructor,
    NotWelcome,
    SessionEnded,
    Status,
    UnknownSession,
    UnknownSubtask,
)
from handlers.classroom.notices import Notices
from handlers.classroom.storage import Store
from wirepact.errors import Conflict, NotFound, PermissionDenied, Refusal
from wirepact.server import Caller, Visitor

_REFUSALS: Final[dict[type[ClassroomError], type[Refusal]]] = {
    UnknownSession: NotFound,
    UnknownSubtask: NotFound,
    CodeTaken: Conflict,
    SessionEnded: Conflict,
    NotWelcome: PermissionDenied,
    NotTheInstructor: PermissionDenied,
}

_BACK_END: Final = "SERVICE"


class Classroom(ClassroomHandlers):
    """Translates; decides nothing."""

    def __init__(
        self, store: Store, notices: Notices, attendance: Attendance, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._notices = notices
        self._attendance = attendance
        self._now = now

    @override
    async def admit_session(self, visitor: Visitor, session_code: str) -> None:
        """The lesson's instructor, and students."""
        with _refusing():
            (await self._store.lesson(session_code)).role_of(translation.user(visitor.identity))

    @override
    async def heartbeat(self, peer: SessionPeer, message: messages.Heartbeat) -> messages.HeartbeatAck:
        """That the peer was heard of is noted as for any message."""
        return messages.HeartbeatAck(timestamp=message.data.timestamp)

    @override
    async def join(self, peer: SessionPeer, message: messages.Join) -> messages.JoinConfirmed:
        """Let the peer take part, and find the lesson where it is."""
        participant = await self._attendance.joined(peer)
        self._notices.joined(participant)
        self._notices.recalled(peer)
        return translation.join_confirmed(participant)

    @override
    async def complete_step(
        self, peer: SessionPeer, message: messages.StepComplete
    ) -> messages.StepCompleteConfirmed:
        """Note it, and tell the instructor."""
        await self._progress(peer, message.data.subtask_id, "completed")
        return messages.StepCompleteConfirmed(subtask_id=message.data.subtask_id)

    @override
    async def update_progress(self, peer: SessionPeer, message: messages.ProgressUpdate) -> None:
        """The same for who may be on the way only."""
        await self._progress(peer, message.data.subtask_id, message.data.status)
        if message.data.status == "completed":
            await peer.send(messages.StepCompleteConfirmed(subtask_id=message.data.subtask_id))

    @override
    async def request_help(self, peer: SessionPeer, message: messages.RequestHelp) -> None:
        """Tell the instructor."""
        with _refusing():
            subtask = (await self._store.lesson(peer.session_code)).subtask(message.data.subtask_id)
        user = translation.user(peer.identity)
        self._notices.help_requested(peer.session_code, user, subtask.id, message.data.message)

    @override
    async def next_step(self, peer: SessionPeer, message: messages.NextStep) -> None:
        """Lead everyone to a step."""
        text = "" if message.data.message is MISSING else message.data.message
        lesson = await self._control(peer, Action.START_STEP, text, message.data.subtask_id)
        self._notices.step_changed(lesson)

    @override
    async def pause_session(self, peer: SessionPeer, message: messages.PauseSession) -> None:
        """Pause the lesson."""
        await self._change(peer, Action.PAUSE, Status.PAUSED)

    @override
    async def resume_session(self, peer: SessionPeer, message: messages.ResumeSession) -> None:
        """Go on with it."""
        await self._change(peer, Action.RESUME, Status.IN_PROGRESS)

    @override
    async def end_session(self, peer: SessionPeer, message: messages.EndSession) -> None:
        """End it."""
        await self._change(peer, Action.END_STEP, Status.ENDED)

    @override
    async def create_session(self, caller: Caller, body: messages.NewSession) -> messages.CreatedSession:
        """Set a lesson up."""
        with _refusing():
            lesson = await self._store.add_lesson(
                translation.new_lesson(body, translation.user(caller.identity))
            )
        return translation.created_session(lesson)

    @override
    async def get_session(self, caller: Caller, session_code: str) -> messages.SessionDetails:
        """Where the lesson is."""
        return translation.session_details(await self._shown(caller, session_code))

    @override
    async def list_participants(self, caller: Caller, session_code: str) -> messages.ParticipantList:
        """In the order in which they first came."""
        await self._shown(caller, session_code)
        participants = await self._store.participants(session_code)
        return messages.ParticipantList(participants=[translation.participant(each) for each in participants])

    @override
    async def list_step_controls(self, caller: Caller, session_code: str) -> messages.StepControlList:
        """Oldest first."""
        await self._shown(caller, session_code)
        controls = await self._store.controls(session_code)
        return messages.StepControlList(step_controls=[translation.step_control(each) for each in controls])

    async def _progress(self, peer: SessionPeer, subtask_id: int, status: str) -> None:
        with _refusing():
            participant = await self._store.progress(
                self._attendance.participant(peer), subtask_id, self._now()
            )
        self._notices.progressed(participant, subtask_id, status)

    async def _change(self, peer: SessionPeer, action: Action, status: Status) -> None:
        self._notices.status_changed(await self._control(peer, action, translation.STATUS_TEXTS[status]))

    async def _control(
        self, peer: SessionPeer, action: Action, text: str, subtask_id: int | None = None
    ) -> Lesson:
        control = Control(action, translation.user(peer.identity), self._now(), text, subtask_id)
        with _refusing():
            return await self._store.control(peer.session_code, control)

    async def _shown(self, caller: Caller, code: str) -> Lesson:
        """The lesson. Back ends see every one, instructors their own."""
        user = translation.user(caller.identity)
        with _refusing():
            lesson = await self._store.lesson(code)
            if _BACK_END not in user.roles and not lesson.is_led_by(user):
                raise NotTheInstructor
            return lesson


@contextmanager
def _refusing() -> Iterator[None]:
    """Say what the domain refuses in the runtime's words."""
    try:
        yield
    except ClassroomError as error:
        raise _REFUSALS[type(error)](str(error)) from error
