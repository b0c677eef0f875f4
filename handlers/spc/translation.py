"""From what is kept to the messages that tell of it."""

from datetime import timedelta
from typing import Final

from pydantic import MISSING

from generated.spc import messages
from handlers.spc.clock import Clock
from handlers.spc.domain import (
    RUN_RULES,
    Access,
    Baseline,
    CapabilityAnalysis,
    Figures,
    Kind,
    Measurement,
    NewAlert,
    NewProduct,
    Notification,
    Period,
    Preferences,
    Product,
    ProductFigures,
    QualityAlert,
    Reading,
    Specification,
    Violation,
)
from handlers.spc.storage import AlertFilter
from wirepact.messages import Message

_A_WEEK: Final = timedelta(days=7)
_RULE_NAMES: Final = {each.number: each.name for each in RUN_RULES}


def new_product(body: messages.NewProduct) -> NewProduct:
    """What was posted; raises `InvalidSpecification`."""
    return NewProduct(
        code=body.code,
        name=body.name,
        specification=Specification(body.lsl, body.usl, body.target),
        subgroup_size=body.subgroup_size,
    )


def new_alert(body: messages.NewAlert) -> NewAlert:
    """What was posted."""
    return NewAlert(body.product, body.alert_type, body.priority, body.title, body.message)


def reading(body: messages.NewMeasurement) -> Reading:
    """What was posted."""
    return Reading(body.measurement_value, body.sample_number, body.subgroup_number)


def new_preferences(body: messages.NewPreferences) -> Preferences:
    """What was put."""
    kinds = frozenset(map(Kind, body.notifications))
    return Preferences(body.min_priority, kinds, frozenset(body.muted_products))


def preferences(record: Preferences) -> messages.Preferences:
    """What a user wants to be told, kinds in the order of the document."""
    return messages.Preferences(
        min_priority=record.min_priority,
        notifications=[each.value for each in Kind if each in record.kinds],
        muted_products=sorted(record.muted),
    )


def product_access(record: Access) -> messages.ProductAccess:
    """What a user may see."""
    return messages.ProductAccess(
        user=record.user,
        products=MISSING if record.products is None else sorted(set(record.products)),
    )


def notification(message: Message) -> Notification | None:
    """What *message* says of which product; none of ours that is published says anything else."""
    match message:
        case messages.Alert(alert=alert):
            return Notification(Kind.ALERT, alert.product_code, alert.priority)
        case messages.Measurement(measurement=measured):
            return Notification(Kind.MEASUREMENT, measured.product_code)
        case messages.Capability(capability=analysis):
            return Notification(Kind.CAPABILITY, analysis.product_code)
        case messages.RunRuleViolation(run_rule_violation=violation):
            return Notification(Kind.RUN_RULE_VIOLATION, violation.product_code)
        case _:
            return None


def alert_filter(query: messages.ListAlertsQuery, user: str | None, clock: Clock) -> AlertFilter:
    """Which alerts *user* asks for."""
    return AlertFilter(
        user=user,
        product_id=None if query.product is MISSING else query.product,
        priority=None if query.priority is MISSING else query.priority,
        min_priority=None if query.min_priority is MISSING else query.min_priority,
        alert_type=None if query.alert_type is MISSING else query.alert_type,
        since=None if query.since is MISSING else clock.at(query.since),
        until=None if query.until is MISSING else clock.at(query.until),
        before=None if query.before is MISSING else query.before,
    )


def period(query: messages.GetStatisticsQuery, clock: Clock) -> Period:
    """Which time is asked for: up to now, and a week, unless it is said. Raises `InvalidPeriod`."""
    until = clock.now().astimezone(clock.zone) if query.until is MISSING else clock.at(query.until)
    return Period(until - _A_WEEK if query.since is MISSING else clock.at(query.since), until)


def statistics(record: Figures, clock: Clock) -> messages.Statistics:
    """The figures of a dashboard."""
    alerts = record.alerts
    return messages.Statistics(
        since=clock.on_the_wall(record.period.since),
        until=clock.on_the_wall(record.period.until),
        alerts=messages.AlertFigures(
            total=alerts.total,
            open=alerts.open,
            by_priority=[messages.PriorityCount(priority=p, count=n) for p, n in alerts.by_priority.items()],
            by_type=[messages.AlertTypeCount(alert_type=t, count=n) for t, n in alerts.by_type.items()],
        ),
        run_rule_violations=[
            messages.RuleCount(rule=rule, rule_name=_RULE_NAMES[rule], count=number)
            for rule, number in record.by_rule.items()
        ],
        products=[_product_figures(each) for each in record.products],
        days=[
            messages.DayFigures(
                day=each.day, alerts=each.alerts, measurements=each.measurements, measurements_off=each.off
            )
            for each in record.days
        ],
    )


def _product_figures(record: ProductFigures) -> messages.ProductFigures:
    return messages.ProductFigures(
        product_id=record.id,
        product_code=record.code,
        product_name=record.name,
        alerts=record.alerts,
        measurements=record.measurements,
        out_of_spec=record.out_of_spec,
        out_of_control=record.out_of_control,
        run_rule_violations=record.violations,
        cpk=MISSING if record.cpk is None else record.cpk,
    )


def product(record: Product) -> messages.Product:
    """A line of the list of products."""
    return messages.Product(
        id=record.id,
        code=record.code,
        name=record.name,
        lsl=record.specification.lsl,
        usl=record.specification.usl,
        target=record.specification.target,
        subgroup_size=record.subgroup_size,
        control_limits=MISSING if record.baseline is None else _control_limits(record.baseline),
    )


def _control_limits(baseline: Baseline) -> messages.ControlLimits:
    chart = baseline.chart
    values, means, ranges = chart.values.limits, chart.means.limits, chart.ranges
    return messages.ControlLimits(
        center=chart.center,
        lower=values.lower,
        upper=values.upper,
        mean_lower=means.lower,
        mean_upper=means.upper,
        range_center=chart.range_center,
        range_lower=ranges.lower,
        range_upper=ranges.upper,
    )


def quality_alert(record: QualityAlert, clock: Clock) -> messages.QualityAlert:
    """An alert, as lists and pushes show it."""
    return messages.QualityAlert(
        id=record.id,
        product_code=record.product_code,
        product_name=record.product_name,
        alert_type=record.alert_type,
        priority=record.priority,
        title=record.title,
        message=record.message,
        status=record.status,
        created_at=clock.on_the_wall(record.created_at),
    )


def alert(record: QualityAlert, clock: Clock) -> messages.Alert:
    """The news that an alert was stored."""
    return messages.Alert(
        alert=quality_alert(record, clock),
        timestamp=clock.on_the_wall(record.created_at),
    )


def measurement(record: Measurement, clock: Clock) -> messages.Measurement:
    """The news of a value outside limits."""
    at = clock.on_the_wall(record.measured_at)
    value = messages.MeasuredValue(
        id=record.id,
        product_id=record.product.id,
        product_code=record.product.code,
        measurement_value=record.reading.value,
        sample_number=record.reading.sample_number,
        subgroup_number=record.reading.subgroup_number,
        is_within_spec=record.verdict.is_within_spec,
        is_within_control=record.verdict.is_within_control,
        measured_at=at,
    )
    return messages.Measurement(measurement=value, timestamp=at)


def run_rule_violation(record: Violation, clock: Clock) -> messages.RunRuleViolation:
    """The news that a measurement set off a rule."""
    at = clock.on_the_wall(record.detected_at)
    violation = messages.RuleViolation(
        rule=record.rule,
        rule_name=_RULE_NAMES[record.rule],
        product_id=record.product.id,
        product_code=record.product.code,
        sample_numbers=list(record.sample_numbers),
        detected_at=at,
    )
    return messages.RunRuleViolation(run_rule_violation=violation, timestamp=at)


def capability(record: CapabilityAnalysis, clock: Clock) -> messages.Capability:
    """The news that an analysis finished."""
    at = clock.on_the_wall(record.analyzed_at)
    analysis = messages.CapabilityAnalysis(
        id=record.id,
        product_id=record.product.id,
        product_code=record.product.code,
        cp=record.capability.cp,
        cpk=record.capability.cpk,
        pp=record.capability.pp,
        ppk=record.capability.ppk,
        analyzed_at=at,
    )
    return messages.Capability(capability=analysis, timestamp=at)
