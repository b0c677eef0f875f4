"""X-bar and R charts: what a process in control looks like, learnt from subgroups.

The constants are those of the range of a normal sample; everything else follows from them. Formulas
after D. C. Montgomery, Introduction to Statistical Quality Control, section 6.2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean
from typing import Final

SIGMAS: Final = 3
"""How far from its center a control limit stands, in standard deviations of what is plotted."""


@dataclass(frozen=True, slots=True)
class Constants:
    """Mean (`d2`) and standard deviation (`d3`) of the range of n independent standard normal values."""

    d2: float
    d3: float


CONSTANTS: Final[Mapping[int, Constants]] = {
    2: Constants(1.12838, 0.85250),
    3: Constants(1.69257, 0.88837),
    4: Constants(2.05875, 0.87981),
    5: Constants(2.32593, 0.86408),
    6: Constants(2.53441, 0.84804),
    7: Constants(2.70436, 0.83321),
    8: Constants(2.84720, 0.81983),
    9: Constants(2.97003, 0.80783),
    10: Constants(3.07751, 0.79705),
    11: Constants(3.17287, 0.78731),
    12: Constants(3.25846, 0.77848),
    13: Constants(3.33598, 0.77042),
    14: Constants(3.40676, 0.76302),
    15: Constants(3.47183, 0.75621),
    16: Constants(3.53198, 0.74991),
    17: Constants(3.58788, 0.74405),
    18: Constants(3.64006, 0.73859),
    19: Constants(3.68896, 0.73348),
    20: Constants(3.73495, 0.72869),
    21: Constants(3.77834, 0.72417),
    22: Constants(3.81938, 0.71991),
    23: Constants(3.85832, 0.71589),
    24: Constants(3.89535, 0.71207),
    25: Constants(3.93063, 0.70844),
}
"""By subgroup size. Five digits, so that the factors that tables print with three follow from them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Two values and what lies between them. On the limit is within."""

    lower: float
    upper: float

    def __contains__(self, value: float) -> bool:
        return self.lower <= value <= self.upper


@dataclass(frozen=True, slots=True)
class Scale:
    """What one kind of point is plotted on: a center line, and the standard deviation of such points."""

    center: float
    sigma: float

    @property
    def limits(self) -> Limits:
        """The control limits."""
        return self.zone(SIGMAS)

    def zone(self, sigmas: int) -> Limits:
        """The band that reaches *sigmas* standard deviations from the center, each way."""
        return Limits(self.center - sigmas * self.sigma, self.center + sigmas * self.sigma)


@dataclass(frozen=True, slots=True)
class ControlChart:
    """The limits that a product is held to, from the grand mean and the mean range of its subgroups."""

    center: float
    range_center: float
    subgroup_size: int

    @property
    def sigma(self) -> float:
        """The standard deviation of single values, estimated within subgroups: R-bar / d2."""
        return self.range_center / CONSTANTS[self.subgroup_size].d2

    @property
    def values(self) -> Scale:
        """Where single values lie; its limits are the natural limits of the process."""
        return Scale(self.center, self.sigma)

    @property
    def means(self) -> Scale:
        """The X-bar chart: where the means of whole subgroups lie. Its limits are A2 R-bar from the center."""
        return Scale(self.center, self.sigma / sqrt(self.subgroup_size))

    @property
    def ranges(self) -> Limits:
        """The limits of the R chart, D3 R-bar and D4 R-bar; a range is never negative."""
        deviation = SIGMAS * CONSTANTS[self.subgroup_size].d3 * self.sigma
        return Limits(max(0.0, self.range_center - deviation), self.range_center + deviation)

    def holds(self, subgroup: Sequence[float]) -> bool:
        """Whether a whole subgroup is in control on both charts, by its mean and by its range."""
        return fmean(subgroup) in self.means.limits and spread(subgroup) in self.ranges


def control_chart(subgroups: Sequence[Sequence[float]]) -> ControlChart:
    """The chart that *subgroups* make: at least one, all of one size between 2 and 25."""
    return ControlChart(
        center=fmean(fmean(each) for each in subgroups),
        range_center=fmean(spread(each) for each in subgroups),
        subgroup_size=len(subgroups[0]),
    )


def spread(subgroup: Sequence[float]) -> float:
    """R: the distance between the smallest and the largest value."""
    return max(subgroup) - min(subgroup)
