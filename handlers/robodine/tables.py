"""The table of Robodine."""

from typing import Any

from sqlalchemy import JSON, Index, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from handlers.tables import NAMING, Numbered


class RobodineTable(Numbered, DeclarativeBase):
    """A table of Robodine."""

    metadata = MetaData(naming_convention=NAMING)


class RecordRow(RobodineTable):
    """One record of a topic. The number that the database gives it says which came first."""

    __tablename__ = "robodine_record"
    __table_args__ = (UniqueConstraint("topic", "record_id"), Index(None, "topic", "id"))

    topic: Mapped[str] = mapped_column(String(32))
    record_id: Mapped[str] = mapped_column(String(100))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
