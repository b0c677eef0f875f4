"""Keeps what Classroom knows. Each method is one transaction: when it returns, what it gives is stored.

Who controls a lesson holds its row until the commit, so that of two who do at once the second finds what the first did.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.classroom.domain import (
    Action,
    Attention,
    CodeTaken,
    Control,
    Lesson,
    NewLesson,
    Participant,
    Role,
    Status,
    StepControl,
    Subtask,
    UnknownSession,
    User,
)
from handlers.classroom.tables import LessonRow, ParticipantRow, StepControlRow, SubtaskRow
from handlers.database import Database


class Store:
    """Lessons, who took part in them, and what their instructors did."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_lesson(self, new: NewLesson) -> Lesson:
        """Set a lesson up; raises `CodeTaken`."""
        row = LessonRow(session_code=new.code, title=new.title, instructor_id=new.instructor_id)
        async with self._database.writing() as session:
            session.add(row)
            try:
                await session.flush()
            except IntegrityError:
                raise CodeTaken(new.code) from None
            session.add_all(
                SubtaskRow(
                    session_id=row.id,
                    order_index=index,
                    title=each.title,
                    target_action=each.target_action,
                    guide_text=each.guide_text,
                    voice_guide_text=each.voice_guide_text,
                )
                for index, each in enumerate(new.subtasks, start=1)
            )
            await session.flush()
            return await _lesson(session, row)

    async def lesson(self, code: str) -> Lesson:
        """The lesson with this code, or `UnknownSession`."""
        async with self._database.reading() as session:
            return await _lesson(session, await _lesson_row(session, code))

    async def control(self, code: str, control: Control) -> Lesson:
        """Do what an instructor wants, and log it. Raises what `Lesson.controlled` does, or `UnknownSession`."""
        async with self._database.writing() as session:
            row = await _lesson_row(session, code, hold=True)
            lesson = (await _lesson(session, row)).controlled(control)
            row.status = lesson.status.value
            row.current_order_index = None if lesson.current is None else lesson.current.order_index
            session.add(
                StepControlRow(
                    session_id=row.id,
                    subtask_id=control.subtask_id,
                    instructor_id=control.by.id,
                    action=control.action.value,
                    message=control.message,
                    created_at=control.at,
                )
            )
            return lesson

    async def controls(self, code: str) -> Sequence[StepControl]:
        """What the instructor of a lesson did, oldest first."""
        query = (
            select(StepControlRow)
            .join(LessonRow)
            .where(LessonRow.session_code == code)
            .order_by(StepControlRow.id)
        )
        async with self._database.reading() as session:
            return [_step_control(row) for row in await session.scalars(query)]

    async def arrive(self, code: str, user: User, connection: str, at: datetime) -> Participant:
        """Find *user* among those of the lesson, or add them; *connection* is the one that they are at now.

        Raises `UnknownSession` or `NotWelcome`.
        """
        async with self._database.writing() as session:
            lesson = await _lesson_row(session, code, hold=True)
            role = (await _lesson(session, lesson)).role_of(user)
            of_user = ParticipantRow.session_id == lesson.id, ParticipantRow.user_id == user.id
            row = await session.scalar(select(ParticipantRow).where(*of_user))
            if row is None:
                row = ParticipantRow(session_id=lesson.id, user_id=user.id)
                row.status = Attention.WAITING.value
                session.add(row)
            row.user_name, row.role = user.name, role.value
            row.connection, row.last_active_at = connection, at
            await session.flush()
            return _participant(row, code)

    async def join(self, participant_id: int, connection: str, at: datetime) -> Participant:
        """Let somebody take part."""
        async with self._database.writing() as session:
            row, code = await _participant_row(session, participant_id)
            row.status = Attention.ACTIVE.value
            row.connection, row.last_active_at = connection, at
            return _participant(row, code)

    async def progress(self, participant_id: int, subtask_id: int, at: datetime) -> Participant:
        """Note the step that somebody is at. Raises `UnknownSubtask`."""
        async with self._database.writing() as session:
            row, code = await _participant_row(session, participant_id)
            lesson = await _lesson(session, await _lesson_row(session, code))
            row.current_subtask = lesson.subtask(subtask_id).id
            row.last_active_at = at
            return _participant(row, code)

    async def leave(self, participant_id: int, connection: str, heard: datetime) -> Participant | None:
        """Note that somebody is gone, unless they came back over another connection. Gives who took part until now."""
        async with self._database.writing() as session:
            row, code = await _participant_row(session, participant_id)
            if row.connection != connection or row.status == Attention.DISCONNECTED:
                return None
            took_part = row.status == Attention.ACTIVE
            row.last_active_at = heard
            row.status = Attention.DISCONNECTED.value
            return _participant(row, code) if took_part else None

    async def heard(self, last_active_at: Mapping[int, datetime]) -> None:
        """Note when participants were last heard of, by their ids, all at once."""
        async with self._database.writing() as session:
            await session.execute(
                update(ParticipantRow),
                [{"id": each, "last_active_at": at} for each, at in sorted(last_active_at.items())],
            )

    async def miss(self, since: datetime) -> Sequence[Participant]:
        """Count students as disconnected who were last heard of before *since*. Gives those who took part until now."""
        silent = (
            select(ParticipantRow, LessonRow.session_code)
            .join(LessonRow)
            .where(
                ParticipantRow.status != Attention.DISCONNECTED.value,
                ParticipantRow.role == Role.STUDENT.value,
                ParticipantRow.last_active_at < since,
            )
            .order_by(ParticipantRow.id)
            .with_for_update(of=ParticipantRow)
        )
        async with self._database.writing() as session:
            rows = [(row, code) for row, code in await session.execute(silent)]
            took_part = [(row, code) for row, code in rows if row.status == Attention.ACTIVE]
            for row, _ in rows:
                row.status = Attention.DISCONNECTED.value
            return [_participant(row, code) for row, code in took_part]

    async def welcome_back(self, participants: Sequence[int]) -> Sequence[Participant]:
        """Let those of *participants* take part again who counted as disconnected. Gives them."""
        lost = (
            select(ParticipantRow, LessonRow.session_code)
            .join(LessonRow)
            .where(ParticipantRow.id.in_(participants), ParticipantRow.status == Attention.DISCONNECTED.value)
            .order_by(ParticipantRow.id)
            .with_for_update(of=ParticipantRow)
        )
        async with self._database.writing() as session:
            rows = [(row, code) for row, code in await session.execute(lost)]
            for row, _ in rows:
                row.status = Attention.ACTIVE.value
            return [_participant(row, code) for row, code in rows]

    async def participants(self, code: str) -> Sequence[Participant]:
        """Who took part in a lesson, in the order in which they first came."""
        query = (
            select(ParticipantRow)
            .join(LessonRow)
            .where(LessonRow.session_code == code)
            .order_by(ParticipantRow.id)
        )
        async with self._database.reading() as session:
            return [_participant(row, code) for row in await session.scalars(query)]


async def _lesson_row(session: AsyncSession, code: str, *, hold: bool = False) -> LessonRow:
    """The row, kept from others until the transaction ends if *hold*."""
    query = select(LessonRow).where(LessonRow.session_code == code)
    row = await session.scalar(query.with_for_update() if hold else query)
    if row is None:
        raise UnknownSession(code)
    return row


async def _lesson(session: AsyncSession, row: LessonRow) -> Lesson:
    rows = await session.scalars(
        select(SubtaskRow).where(SubtaskRow.session_id == row.id).order_by(SubtaskRow.order_index)
    )
    subtasks = tuple(_subtask(each) for each in rows)
    return Lesson(
        id=row.id,
        code=row.session_code,
        title=row.title,
        instructor_id=row.instructor_id,
        subtasks=subtasks,
        status=Status(row.status),
        current=None if row.current_order_index is None else subtasks[row.current_order_index - 1],
    )


async def _participant_row(session: AsyncSession, participant_id: int) -> tuple[ParticipantRow, str]:
    """The row, kept from others, and the code of its lesson."""
    row = await session.get_one(ParticipantRow, participant_id, with_for_update=True)
    lesson = await session.get_one(LessonRow, row.session_id)
    return row, lesson.session_code


def _subtask(row: SubtaskRow) -> Subtask:
    return Subtask(
        row.id, row.order_index, row.title, row.target_action, row.guide_text, row.voice_guide_text
    )


def _participant(row: ParticipantRow, code: str) -> Participant:
    return Participant(
        id=row.id,
        code=code,
        user_id=row.user_id,
        user_name=row.user_name,
        role=Role(row.role),
        status=Attention(row.status),
        last_active_at=row.last_active_at,
        current_subtask=row.current_subtask,
    )


def _step_control(row: StepControlRow) -> StepControl:
    return StepControl(
        row.id, row.subtask_id, row.instructor_id, Action(row.action), row.message, row.created_at
    )
