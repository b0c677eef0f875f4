"""The tables of Clinic. Times are kept in UTC.

A row that tells of something knows whether it was told: whoever says it again, because no answer came, makes up for it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from handlers.tables import NAMING, Numbered, UtcTime


class ClinicTable(Numbered, DeclarativeBase):
    """A table of Clinic."""

    metadata = MetaData(naming_convention=NAMING)


class JobStateRow(ClinicTable):
    """Something that was said of an inference job. The newest of a job says how it is."""

    __tablename__ = "clinic_job_state"
    __table_args__ = (UniqueConstraint("job_id", "status"),)

    job_id: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcTime)
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The result and the error: JSON holds texts that a database may not."""
    is_told: Mapped[bool] = mapped_column(default=False)


class PermissionChangeRow(ClinicTable):
    """A change of somebody's permissions or role, for those whom *feed* says."""

    __tablename__ = "clinic_permission_change"
    __table_args__ = (UniqueConstraint("feed", "event_id"),)

    feed: Mapped[str] = mapped_column(String(16))
    event_id: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(100))
    previous: Mapped[str | None] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(UtcTime)
    is_told: Mapped[bool] = mapped_column(default=False)


class OrderRow(ClinicTable):
    """An order. `told` is the last of its revisions that was told."""

    __tablename__ = "clinic_order"
    __table_args__ = (Index(None, "status", "department"),)

    order_id: Mapped[str] = mapped_column(String(64), unique=True)
    patient_id: Mapped[str] = mapped_column(String(64))
    department: Mapped[str] = mapped_column(String(64))
    order_type: Mapped[str] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int] = mapped_column(BigInteger)
    told: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)


class PersonRow(ClinicTable):
    """Somebody who was here. While they are online `last_seen` is of a while ago."""

    __tablename__ = "clinic_person"
    __table_args__ = (Index(None, "is_online", "last_seen"),)

    user_id: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(Text)
    is_online: Mapped[bool]
    last_seen: Mapped[datetime] = mapped_column(UtcTime)
    revision: Mapped[int] = mapped_column(BigInteger)
