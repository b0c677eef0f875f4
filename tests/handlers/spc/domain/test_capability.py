from math import sqrt

import pytest

from handlers.spc.domain.capability import FEWEST_SUBGROUPS, capability
from handlers.spc.domain.errors import NotAnalyzable
from handlers.spc.domain.product import Specification


def test_the_piston_rings_are_as_capable_as_r_computes(piston_rings):
    """As printed by R's qcc 2.7, `process.capability(q, spec.limits=c(73.95, 74.05))`: Cp and Cp_k."""
    found = capability(Specification(73.95, 74.05, target=74.0), piston_rings)

    assert found.cp == pytest.approx(1.703, abs=1e-3)
    assert found.cpk == pytest.approx(1.663, abs=1e-3)


def test_the_flow_widths_are_as_capable_as_the_textbook_computes(flow_widths):
    """Montgomery, example 6.1: sigma 0.1398 and Cp 1.192 for 1.50 +- 0.50 microns."""
    found = capability(Specification(1.0, 2.0, target=1.5), flow_widths[:25])

    assert found.cp == pytest.approx(1.192, abs=1e-3)


def test_the_overall_indices_are_those_of_the_handbook():
    """NIST/SEMATECH e-Handbook, section 6.1.6: USL 20, LSL 8, mean 16 and s 2 give 1.0 and 0.6667."""
    away = 2 * sqrt(39 / 40)
    subgroups = [[16 - away, 16 + away]] * 20

    found = capability(Specification(8, 20, target=14), subgroups)

    assert found.pp == pytest.approx(1.0)
    assert found.ppk == pytest.approx(0.6667, abs=5e-5)


def test_a_shift_between_subgroups_shows_overall_and_not_within():
    steady = [[9.9, 10.1]] * 20
    shifting = [[9.5, 9.7], [10.3, 10.5]] * 10
    specification = Specification(9, 11, target=10)

    assert capability(specification, shifting).cp == pytest.approx(capability(specification, steady).cp)
    assert capability(specification, shifting).pp < capability(specification, steady).pp / 3


def test_a_process_off_center_is_judged_by_the_nearer_limit():
    specification = Specification(0, 10, target=5)

    low = capability(specification, [[1.0, 3.0]] * 20)
    high = capability(specification, [[7.0, 9.0]] * 20)

    assert low.cpk == pytest.approx(high.cpk) == pytest.approx(low.cp * 2 / 5)


def test_a_mean_outside_the_specification_gives_a_negative_index():
    found = capability(Specification(0, 10, target=5), [[11.0, 12.0]] * 20)

    assert found.cpk < 0
    assert found.ppk < 0
    assert found.cp > 0


def test_too_few_whole_subgroups_are_not_analyzed():
    few = [[9.9, 10.1]] * (FEWEST_SUBGROUPS - 1)

    with pytest.raises(NotAnalyzable, match=r"needs more whole subgroups: there are 19 of 20"):
        capability(Specification(9, 11, target=10), few)


@pytest.mark.parametrize(
    ("specification", "spread"),
    [
        (Specification(-1, 1, target=0), 0.0),
        (Specification(-1e12, 1e12, target=0), 5e-324),
        (Specification(1e11, 1e11 + 1, target=1e11), 1e-305),
    ],
    ids=["equal", "too close to divide the width by", "too close to divide the distance by"],
)
def test_values_that_hardly_differ_are_not_analyzed(specification, spread):
    with pytest.raises(NotAnalyzable, match="needs values that differ"):
        capability(specification, [[0.0, spread]] * 20)
