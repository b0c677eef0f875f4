"""Process capability: how well what is made fits what was specified.

Cp and Cpk take the spread within subgroups, what the process could do; Pp and Ppk the spread of all
values, what it did. Formulas after the NIST/SEMATECH e-Handbook of Statistical Methods, section 6.1.6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import inf, isfinite
from statistics import fmean, stdev
from typing import Final

from handlers.spc.domain.control_chart import control_chart
from handlers.spc.domain.errors import NotAnalyzable
from handlers.spc.domain.product import Specification

FEWEST_SUBGROUPS: Final = 20
"""Fewer whole subgroups give indices that vary too much to act upon."""

MOST_SUBGROUPS: Final = 100
"""An analysis is of the process as it is: it looks at the latest whole subgroups, this many at the most."""


@dataclass(frozen=True, slots=True)
class Capability:
    """The four indices; 1 means that the specification is six standard deviations wide."""

    cp: float
    cpk: float
    pp: float
    ppk: float


def capability(specification: Specification, subgroups: Sequence[Sequence[float]]) -> Capability:
    """The indices of whole *subgroups*; raises `NotAnalyzable` if they are too few or all alike."""
    if len(subgroups) < FEWEST_SUBGROUPS:
        missing = f"{len(subgroups)} of {FEWEST_SUBGROUPS}"
        raise NotAnalyzable(f"a capability analysis needs more whole subgroups: there are {missing}")
    values = list(chain.from_iterable(subgroups))
    mean = fmean(values)
    cp, cpk = _indices(specification, mean, control_chart(subgroups).sigma)
    pp, ppk = _indices(specification, mean, stdev(values))
    return Capability(cp, cpk, pp, ppk)


def _indices(specification: Specification, mean: float, sigma: float) -> tuple[float, float]:
    """The index of the width of the specification, and that of the distance to its nearer limit."""
    width = specification.usl - specification.lsl
    nearer = min(specification.usl - mean, mean - specification.lsl)
    indices = (width / (6 * sigma), nearer / (3 * sigma)) if sigma > 0 else (inf, inf)
    if not all(isfinite(index) for index in indices):
        raise NotAnalyzable("a capability analysis needs values that differ")
    return indices
