"""The tables of Classroom. Times are kept in UTC."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from handlers.classroom.domain import Attention, Status
from handlers.tables import NAMING, Numbered, UtcTime


class ClassroomTable(Numbered, DeclarativeBase):
    """A table of Classroom."""

    metadata = MetaData(naming_convention=NAMING)


class LessonRow(ClassroomTable):
    """A lesson. `instructor_id` is a `sub`."""

    __tablename__ = "classroom_session"

    session_code: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    instructor_id: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16), default=Status.WAITING.value)
    current_order_index: Mapped[int | None]


class SubtaskRow(ClassroomTable):
    """A step of a lesson."""

    __tablename__ = "classroom_subtask"
    __table_args__ = (UniqueConstraint("session_id", "order_index"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("classroom_session.id"))
    order_index: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    target_action: Mapped[str] = mapped_column(String(64))
    guide_text: Mapped[str] = mapped_column(Text)
    voice_guide_text: Mapped[str | None] = mapped_column(Text)


class ParticipantRow(ClassroomTable):
    """Somebody in a lesson. `connection` is the one that came last: others that end say nothing of its user."""

    __tablename__ = "classroom_participant"
    __table_args__ = (
        UniqueConstraint("session_id", "user_id"),
        Index(None, "status", "last_active_at"),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("classroom_session.id"))
    user_id: Mapped[str] = mapped_column(String(255))
    user_name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default=Attention.WAITING.value)
    last_active_at: Mapped[datetime] = mapped_column(UtcTime)
    current_subtask: Mapped[int | None] = mapped_column(ForeignKey("classroom_subtask.id"))
    connection: Mapped[str] = mapped_column(String(64))


class StepControlRow(ClassroomTable):
    """Something that an instructor did."""

    __tablename__ = "classroom_step_control"

    session_id: Mapped[int] = mapped_column(ForeignKey("classroom_session.id"), index=True)
    subtask_id: Mapped[int | None] = mapped_column(ForeignKey("classroom_subtask.id"))
    instructor_id: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(16))
    message: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
