from dataclasses import replace

import pytest

from handlers.spc.domain.control_chart import ControlChart, control_chart
from handlers.spc.domain.errors import SubgroupFull
from handlers.spc.domain.inspection import BASELINE_SUBGROUPS, History, Reading, first_chart, inspect
from handlers.spc.domain.product import Baseline, Product, Specification
from handlers.spc.domain.run_rules import Point

NEW = Product(1, "BOLT-M10", "M10 볼트", Specification(9.5, 10.5, target=10.0), subgroup_size=2)
# A mean range of 0.112838 in subgroups of two is a sigma of 0.1: natural limits 9.7 to 10.3, means 9.79 to 10.21.
MONITORED = replace(NEW, baseline=Baseline(ControlChart(10.0, 0.112838, 2), last_sample=40))


def reading(value, sample_number=41, subgroup_number=21):
    return Reading(value, sample_number, subgroup_number)


def test_a_value_inside_everything_sets_nothing_off():
    verdict = inspect(MONITORED, reading(10.05), History())

    assert verdict.is_within_spec
    assert verdict.is_within_control
    assert not verdict.is_off
    assert verdict.fired == ()


def test_a_value_outside_the_specification_is_off():
    verdict = inspect(NEW, reading(10.65), History())

    assert not verdict.is_within_spec
    assert verdict.is_off


def test_without_limits_nothing_is_out_of_control():
    verdict = inspect(NEW, reading(10.65), History())

    assert verdict.is_within_control
    assert verdict.fired == ()


def test_a_value_outside_the_natural_limits_is_off_although_the_customer_would_take_it():
    verdict = inspect(MONITORED, reading(10.35), History())

    assert verdict.is_within_spec
    assert not verdict.is_within_control
    assert verdict.is_off
    assert [firing.rule.number for firing in verdict.fired] == [1]


def test_a_value_outside_the_limits_of_the_mean_is_in_control_by_itself():
    assert inspect(MONITORED, reading(10.25), History()).is_within_control


def test_the_value_that_completes_a_subgroup_answers_for_its_mean():
    verdict = inspect(MONITORED, reading(10.25), History(subgroup=[10.25]))

    assert not verdict.is_within_control
    assert verdict.completes_subgroup


def test_the_value_that_completes_a_subgroup_answers_for_its_range():
    assert not inspect(MONITORED, reading(9.8), History(subgroup=[10.28])).is_within_control
    assert inspect(MONITORED, reading(9.9), History(subgroup=[10.1])).is_within_control


def test_a_subgroup_takes_no_more_samples_than_it_has():
    with pytest.raises(SubgroupFull, match="subgroup 21 has all its 2 samples"):
        inspect(MONITORED, reading(10.0), History(subgroup=[10.0, 10.0]))


def test_a_pattern_names_its_samples():
    drifting = [Point(number, 10 + (number - 41) * 0.01) for number in range(41, 46)]

    verdict = inspect(MONITORED, reading(10.06, sample_number=46), History(monitored=drifting))

    assert [(each.rule.number, each.sample_numbers) for each in verdict.fired] == [
        (3, (41, 42, 43, 44, 45, 46))
    ]
    assert not verdict.is_off


def test_a_sample_of_the_baseline_that_comes_late_sets_off_no_rule():
    verdict = inspect(MONITORED, reading(10.35, sample_number=40), History())

    assert not verdict.is_within_control
    assert verdict.fired == ()


def test_the_first_whole_subgroups_make_the_chart():
    subgroups = [[9.9, 10.1]] * BASELINE_SUBGROUPS

    assert first_chart(subgroups) == control_chart(subgroups)


def test_fewer_subgroups_make_none():
    assert first_chart([[9.9, 10.1]] * (BASELINE_SUBGROUPS - 1)) is None


def test_subgroups_without_any_spread_make_none():
    assert first_chart([[10.0, 10.0]] * BASELINE_SUBGROUPS) is None
