"""From rows to the records that the domain knows."""

from handlers.spc.domain import (
    Baseline,
    Capability,
    CapabilityAnalysis,
    ControlChart,
    Measurement,
    Product,
    QualityAlert,
    Reading,
    Specification,
    Verdict,
    Violation,
)
from handlers.spc.tables import AlertRow, CapabilityRow, MeasurementRow, ProductRow, RuleViolationRow


def product(row: ProductRow) -> Product:
    """A product, with its baseline if it has one."""
    specification = Specification(row.lsl, row.usl, row.target)
    return Product(row.id, row.code, row.name, specification, row.subgroup_size, _baseline(row))


def _baseline(row: ProductRow) -> Baseline | None:
    if row.center is None or row.range_center is None or row.baseline_last_sample is None:
        return None
    return Baseline(ControlChart(row.center, row.range_center, row.subgroup_size), row.baseline_last_sample)


def alert(row: AlertRow, of: ProductRow) -> QualityAlert:
    """An alert about a product."""
    return QualityAlert(
        id=row.id,
        product_id=of.id,
        product_code=of.code,
        product_name=of.name,
        alert_type=row.alert_type,
        priority=row.priority,
        title=row.title,
        message=row.message,
        status=row.status,
        created_at=row.created_at,
    )


def measurement(row: MeasurementRow, of: ProductRow) -> Measurement:
    """A measurement as it was judged; the rules that it set off are records of their own."""
    reading = Reading(row.measurement_value, row.sample_number, row.subgroup_number)
    verdict = Verdict(row.is_within_spec, row.is_within_control)
    return Measurement(row.id, product(of), reading, verdict, row.measured_at)


def violation(row: RuleViolationRow, of: ProductRow) -> Violation:
    """A rule that fired."""
    return Violation(row.id, product(of), row.rule, tuple(row.sample_numbers), row.detected_at)


def capability(row: CapabilityRow, of: ProductRow) -> CapabilityAnalysis:
    """An analysis that finished."""
    found = Capability(row.cp, row.cpk, row.pp, row.ppk)
    return CapabilityAnalysis(row.id, product(of), found, row.analyzed_at)
