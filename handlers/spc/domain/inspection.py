"""What a measured value says about its product, and when a product has been measured enough to be held to limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from handlers.spc.domain.control_chart import ControlChart, control_chart
from handlers.spc.domain.errors import SubgroupFull
from handlers.spc.domain.product import Baseline, Product
from handlers.spc.domain.run_rules import Firing, Point, newly_fired

BASELINE_SUBGROUPS: Final = 20
"""So many whole subgroups make the chart that a product is held to from then on."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A measured value as a gauge reports it."""

    value: float
    sample_number: int
    subgroup_number: int


@dataclass(frozen=True, slots=True)
class History:
    """What was measured before a reading, as far as it matters for it.

    `subgroup` are the values of the reading's own subgroup, in any order; `monitored` the latest points
    after the baseline and before the reading's sample number, oldest first.
    """

    subgroup: Sequence[float] = ()
    monitored: Sequence[Point] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reading says. Without limits to be outside of, everything is within control."""

    is_within_spec: bool
    is_within_control: bool
    fired: tuple[Firing, ...] = ()
    completes_subgroup: bool = False

    @property
    def is_off(self) -> bool:
        """Whether the value is outside the specification or the control limits."""
        return not (self.is_within_spec and self.is_within_control)


def inspect(product: Product, reading: Reading, history: History) -> Verdict:
    """Judge *reading*; raises `SubgroupFull` if its subgroup takes no more.

    In control is a value within the natural limits that does not complete a subgroup whose mean or range
    is outside the limits of the X-bar and R charts.
    """
    subgroup = [*history.subgroup, reading.value]
    if len(subgroup) > product.subgroup_size:
        raise SubgroupFull(reading.subgroup_number, product.subgroup_size)
    is_whole = len(subgroup) == product.subgroup_size
    within_spec = reading.value in product.specification
    if product.baseline is None:
        return Verdict(within_spec, is_within_control=True, completes_subgroup=is_whole)
    chart = product.baseline.chart
    in_control = reading.value in chart.values.limits and (not is_whole or chart.holds(subgroup))
    return Verdict(within_spec, in_control, _fired(product.baseline, reading, history), is_whole)


def first_chart(subgroups: Sequence[Sequence[float]]) -> ControlChart | None:
    """The chart of a product's first whole *subgroups*, once they are enough and not all alike."""
    if len(subgroups) < BASELINE_SUBGROUPS:
        return None
    chart = control_chart(subgroups)
    return chart if chart.range_center > 0 else None


def _fired(baseline: Baseline, reading: Reading, history: History) -> tuple[Firing, ...]:
    if reading.sample_number <= baseline.last_sample:
        return ()
    return newly_fired(
        [*history.monitored, Point(reading.sample_number, reading.value)], baseline.chart.values
    )
