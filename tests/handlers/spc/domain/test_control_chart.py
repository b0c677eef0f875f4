from math import sqrt
from statistics import NormalDist, fmean

import pytest

from handlers.spc.domain.control_chart import CONSTANTS, ControlChart, Limits, control_chart

# Size, A2, d2, D3, D4 as printed: Montgomery, appendix VI; ASTM STP 15D, table 27.
PRINTED = [
    (2, 1.880, 1.128, 0, 3.267),
    (3, 1.023, 1.693, 0, 2.574),
    (4, 0.729, 2.059, 0, 2.282),
    (5, 0.577, 2.326, 0, 2.114),
    (6, 0.483, 2.534, 0, 2.004),
    (7, 0.419, 2.704, 0.076, 1.924),
    (8, 0.373, 2.847, 0.136, 1.864),
    (9, 0.337, 2.970, 0.184, 1.816),
    (10, 0.308, 3.078, 0.223, 1.777),
    (11, 0.285, 3.173, 0.256, 1.744),
    (12, 0.266, 3.258, 0.283, 1.717),
    (13, 0.249, 3.336, 0.307, 1.693),
    (14, 0.235, 3.407, 0.328, 1.672),
    (15, 0.223, 3.472, 0.347, 1.653),
    (16, 0.212, 3.532, 0.363, 1.637),
    (17, 0.203, 3.588, 0.378, 1.622),
    (18, 0.194, 3.640, 0.391, 1.608),
    (19, 0.187, 3.689, 0.403, 1.597),
    (20, 0.180, 3.735, 0.415, 1.585),
    (21, 0.173, 3.778, 0.425, 1.575),
    (22, 0.167, 3.819, 0.434, 1.566),
    (23, 0.162, 3.858, 0.443, 1.557),
    (24, 0.157, 3.895, 0.451, 1.548),
    (25, 0.153, 3.931, 0.459, 1.541),
]


@pytest.mark.parametrize(("size", "a2", "d2", "lower", "upper"), PRINTED)
def test_a_mean_range_of_one_gives_the_factors_that_tables_print(size, a2, d2, lower, upper):
    chart = ControlChart(center=0, range_center=1, subgroup_size=size)

    assert chart.means.limits.upper == pytest.approx(a2, abs=0.0006)
    assert 1 / chart.sigma == pytest.approx(d2, abs=0.0006)
    assert chart.ranges.lower == pytest.approx(lower, abs=0.0011)
    assert chart.ranges.upper == pytest.approx(upper, abs=0.0011)


def test_the_constants_cover_every_size_that_the_document_allows():
    assert list(CONSTANTS) == list(range(2, 26))


@pytest.mark.parametrize("size", [2, 3, 5, 10, 25])
def test_the_constants_are_the_moments_of_a_normal_range(size):
    mean, deviation = _moments_of_the_range(size)

    assert CONSTANTS[size].d2 == pytest.approx(mean, abs=1e-5)
    assert CONSTANTS[size].d3 == pytest.approx(deviation, abs=2e-5)


def test_the_piston_rings_are_held_to_the_limits_that_r_computes(piston_rings):
    """As printed by R's qcc 2.7 for this data, `type="xbar"` and `type="R"`."""
    chart = control_chart(piston_rings)

    assert chart.center == pytest.approx(74.00118, abs=5e-6)
    assert chart.sigma == pytest.approx(0.009785039, rel=1e-4)
    assert chart.means.limits.lower == pytest.approx(73.98805, abs=5e-6)
    assert chart.means.limits.upper == pytest.approx(74.0143, abs=5e-5)
    assert chart.range_center == pytest.approx(0.02276, abs=5e-7)
    assert chart.ranges.lower == 0
    assert chart.ranges.upper == pytest.approx(0.04812533, rel=1e-4)


def test_the_gap_widths_are_held_to_the_limits_that_sas_computes(gap_widths):
    """SAS/QC User's Guide, "Applying Tests for Special Causes", means chart summary."""
    chart = control_chart(gap_widths)

    assert chart.means.limits.lower == pytest.approx(242.08741, abs=2e-4)
    assert chart.center == pytest.approx(259.66667, abs=5e-6)
    assert chart.means.limits.upper == pytest.approx(277.24592, abs=2e-4)


def test_the_flow_widths_are_held_to_the_limits_of_the_textbook(flow_widths):
    """Montgomery, example 6.1; the book rounds A2 to 0.577 and D4 to 2.114."""
    chart = control_chart(flow_widths[:25])

    assert chart.center == pytest.approx(1.5056, abs=5e-5)
    assert chart.range_center == pytest.approx(0.32521, abs=5e-6)
    assert chart.means.limits.lower == pytest.approx(1.31795, abs=1e-4)
    assert chart.means.limits.upper == pytest.approx(1.69325, abs=1e-4)
    assert chart.ranges.lower == 0
    assert chart.ranges.upper == pytest.approx(0.68749, abs=3e-4)


def test_the_flow_widths_leave_control_where_the_textbook_says(flow_widths):
    """Montgomery, figure 6.4: the means of samples 43 and 45 are too large."""
    chart = control_chart(flow_widths[:25])

    off = [number for number, subgroup in enumerate(flow_widths, start=1) if not chart.holds(subgroup)]

    assert off == [43, 45]
    assert fmean(flow_widths[42]) == pytest.approx(1.69696)
    assert fmean(flow_widths[44]) == pytest.approx(1.77)


def test_a_subgroup_whose_values_lie_too_far_apart_is_out_of_control():
    chart = ControlChart(center=10, range_center=1, subgroup_size=2)

    assert chart.holds([8.5, 11.5])
    assert not chart.holds([8.3, 11.7])


def test_a_large_subgroup_whose_values_are_too_alike_is_out_of_control():
    chart = ControlChart(center=10, range_center=1, subgroup_size=10)

    assert not chart.holds([10.0] * 10)


def test_on_the_limit_is_within():
    limits = Limits(1.0, 2.0)

    assert 1.0 in limits
    assert 2.0 in limits
    assert 2.0000001 not in limits


def _moments_of_the_range(size, step=0.02, reach=8.0):
    """Mean and deviation of the range of *size* standard normal values, from the range's distribution.

    P(R <= r) = n * integral of f(x) (F(x + r) - F(x))^(n - 1), by the trapezoidal rule, as are the moments;
    those get the first Euler-Maclaurin correction, since their integrands have a slope at 0.
    """
    normal = NormalDist()
    grid = [-reach + index * step for index in range(int(2 * reach / step) + 1)]
    density = [normal.pdf(x) for x in grid]
    below = [normal.cdf(x) for x in grid]

    def at_most(steps):
        shifted = below[steps:] + [1.0] * steps
        inside = zip(density, below, shifted, strict=True)
        return size * step * sum(f * (high - low) ** (size - 1) for f, low, high in inside)

    tails = [1.0, *(max(0.0, 1 - at_most(steps)) for steps in range(1, int(14 / step)))]
    mean = step * (sum(tails) - 0.5 - (tails[0] - tails[1]) / 12)
    square = step * sum(2 * steps * step * tail for steps, tail in enumerate(tails)) + step**2 / 6
    return mean, sqrt(square - mean**2)
