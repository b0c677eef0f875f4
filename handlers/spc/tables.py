"""The tables of SPC. Times are kept in UTC.

An index stands for each question that `storage.py` asks; "newest first" is by id, which grows.
"""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Double, ForeignKey, Index, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from handlers.tables import NAMING, Numbered, UtcTime


class SpcTable(Numbered, DeclarativeBase):
    """A table of SPC."""

    metadata = MetaData(naming_convention=NAMING)


class ProductRow(SpcTable):
    """A product; the last three columns are its baseline and are filled together."""

    __tablename__ = "spc_product"

    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    lsl: Mapped[float] = mapped_column(Double)
    usl: Mapped[float] = mapped_column(Double)
    target: Mapped[float] = mapped_column(Double)
    subgroup_size: Mapped[int]
    center: Mapped[float | None] = mapped_column(Double)
    range_center: Mapped[float | None] = mapped_column(Double)
    baseline_last_sample: Mapped[int | None] = mapped_column(BigInteger)


class MeasurementRow(SpcTable):
    """A measured value, and how it was judged when it came."""

    __tablename__ = "spc_measurement"
    __table_args__ = (
        UniqueConstraint("product_id", "sample_number"),
        Index(None, "product_id", "subgroup_number", "measurement_value"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("spc_product.id"))
    measurement_value: Mapped[float] = mapped_column(Double)
    sample_number: Mapped[int] = mapped_column(BigInteger)
    subgroup_number: Mapped[int] = mapped_column(BigInteger)
    is_within_spec: Mapped[bool]
    is_within_control: Mapped[bool]
    measured_at: Mapped[datetime] = mapped_column(UtcTime, index=True)


class RuleViolationRow(SpcTable):
    """A run rule that a measurement set off."""

    __tablename__ = "spc_rule_violation"

    product_id: Mapped[int] = mapped_column(ForeignKey("spc_product.id"), index=True)
    rule: Mapped[int]
    sample_numbers: Mapped[list[int]] = mapped_column(JSON)
    detected_at: Mapped[datetime] = mapped_column(UtcTime, index=True)


class AlertRow(SpcTable):
    """A quality alert."""

    __tablename__ = "spc_alert"
    __table_args__ = (Index(None, "product_id", "id"), Index(None, "priority", "id"))

    product_id: Mapped[int] = mapped_column(ForeignKey("spc_product.id"))
    alert_type: Mapped[str] = mapped_column(String(64))
    priority: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcTime, index=True)


class LetterRow(SpcTable):
    """Something that was stored and is to be told: the row of this kind and id. Its own id is its place in the order of commits."""

    __tablename__ = "spc_letter"

    key: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int] = mapped_column(BigInteger)


class LetterCountRow(SpcTable):
    """The place of the last letter. There is one such row."""

    __tablename__ = "spc_letter_count"

    count: Mapped[int] = mapped_column(BigInteger)


class PreferencesRow(SpcTable):
    """What a user wants to be told. `muted_products` are ids."""

    __tablename__ = "spc_preferences"

    user_id: Mapped[str] = mapped_column(String(255), unique=True)
    min_priority: Mapped[int]
    kinds: Mapped[list[str]] = mapped_column(JSON)
    muted_products: Mapped[list[int]] = mapped_column(JSON)


class AccessRow(SpcTable):
    """That a user may see certain products only."""

    __tablename__ = "spc_access"

    user_id: Mapped[str] = mapped_column(String(255), unique=True)


class VisibleProductRow(SpcTable):
    """One of those products."""

    __tablename__ = "spc_visible_product"
    __table_args__ = (UniqueConstraint("access_id", "product_id"),)

    access_id: Mapped[int] = mapped_column(ForeignKey("spc_access.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(ForeignKey("spc_product.id"))


class CapabilityRow(SpcTable):
    """A capability analysis."""

    __tablename__ = "spc_capability_analysis"

    product_id: Mapped[int] = mapped_column(ForeignKey("spc_product.id"), index=True)
    cp: Mapped[float] = mapped_column(Double)
    cpk: Mapped[float] = mapped_column(Double)
    pp: Mapped[float] = mapped_column(Double)
    ppk: Mapped[float] = mapped_column(Double)
    analyzed_at: Mapped[datetime] = mapped_column(UtcTime)
