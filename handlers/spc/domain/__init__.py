"""What SPC decides. Knows no wire, no database, no clock."""

from handlers.spc.domain.capability import FEWEST_SUBGROUPS, MOST_SUBGROUPS, Capability, capability
from handlers.spc.domain.control_chart import ControlChart, Limits, control_chart
from handlers.spc.domain.errors import (
    InvalidPeriod,
    InvalidSpecification,
    InvalidUser,
    NotAnalyzable,
    NotVisible,
    SpcError,
    SubgroupFull,
    Taken,
    UnknownProduct,
)
from handlers.spc.domain.figures import AlertFigures, DayFigures, Figures, Period, ProductFigures
from handlers.spc.domain.hearing import Access, Hearing, Kind, Notification, Preferences, check_user
from handlers.spc.domain.inspection import BASELINE_SUBGROUPS, History, Reading, Verdict, first_chart, inspect
from handlers.spc.domain.product import Baseline, NewProduct, Product, Specification
from handlers.spc.domain.records import CapabilityAnalysis, Measurement, NewAlert, QualityAlert, Violation
from handlers.spc.domain.run_rules import MEMORY, RUN_RULES, Firing, Point, RunRule, newly_fired

__all__ = [
    "BASELINE_SUBGROUPS",
    "FEWEST_SUBGROUPS",
    "MEMORY",
    "MOST_SUBGROUPS",
    "RUN_RULES",
    "Access",
    "AlertFigures",
    "Baseline",
    "Capability",
    "CapabilityAnalysis",
    "ControlChart",
    "DayFigures",
    "Figures",
    "Firing",
    "Hearing",
    "History",
    "InvalidPeriod",
    "InvalidSpecification",
    "InvalidUser",
    "Kind",
    "Limits",
    "Measurement",
    "NewAlert",
    "NewProduct",
    "NotAnalyzable",
    "NotVisible",
    "Notification",
    "Period",
    "Point",
    "Preferences",
    "Product",
    "ProductFigures",
    "QualityAlert",
    "Reading",
    "RunRule",
    "SpcError",
    "Specification",
    "SubgroupFull",
    "Taken",
    "UnknownProduct",
    "Verdict",
    "Violation",
    "capability",
    "check_user",
    "control_chart",
    "first_chart",
    "inspect",
    "newly_fired",
]
