"""What SPC keeps, as it is handed around. Times are aware."""

from dataclasses import dataclass
from datetime import datetime

from handlers.spc.domain.capability import Capability
from handlers.spc.domain.inspection import Reading, Verdict
from handlers.spc.domain.product import Product


@dataclass(frozen=True, slots=True)
class NewAlert:
    """A quality alert to raise about a product."""

    product_id: int
    alert_type: str
    priority: int
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class QualityAlert:
    """A quality alert that was raised."""

    id: int
    product_id: int
    product_code: str
    product_name: str
    alert_type: str
    priority: int
    title: str
    message: str
    status: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Measurement:
    """A reading that was stored, and the verdict on it."""

    id: int
    product: Product
    reading: Reading
    verdict: Verdict
    measured_at: datetime


@dataclass(frozen=True, slots=True)
class Violation:
    """A run rule that a measurement set off; `rule` is its number."""

    id: int
    product: Product
    rule: int
    sample_numbers: tuple[int, ...]
    detected_at: datetime


@dataclass(frozen=True, slots=True)
class CapabilityAnalysis:
    """A capability analysis that was stored."""

    id: int
    product: Product
    capability: Capability
    analyzed_at: datetime
