"""The scale of these tests has its center at 0 and a sigma of 1, so a point's value is its distance in sigmas."""

from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.spc.domain.control_chart import Scale, control_chart
from handlers.spc.domain.run_rules import (
    MEMORY,
    RUN_RULES,
    Point,
    alternation,
    away_from_center,
    beyond_three_sigma,
    close_to_center,
    four_beyond_one_sigma,
    newly_fired,
    one_side,
    trend,
    two_beyond_two_sigma,
)

SCALE = Scale(center=0.0, sigma=1.0)


def points(*values):
    return [Point(number, value) for number, value in enumerate(values, start=1)]


def pattern(rule, *values):
    """The sample numbers that *rule* finds, the first value being that of sample 1."""
    return [point.sample_number for point in rule(points(*values), SCALE)]


def signals(values, scale):
    """What each point sets off, as the points come in: (sample number, rule)."""
    plotted = points(*values)
    return [
        (point.sample_number, firing.rule.number)
        for count, point in enumerate(plotted, start=1)
        for firing in newly_fired(plotted[max(0, count - MEMORY - 1) : count], scale)
    ]


class TestRule1:
    def test_a_point_beyond_three_sigma_is_a_pattern_of_its_own(self):
        assert pattern(beyond_three_sigma, 0, 3.01) == [2]
        assert pattern(beyond_three_sigma, 0, -3.01) == [2]

    def test_a_point_at_three_sigma_is_in_control(self):
        assert pattern(beyond_three_sigma, 3.0) == []
        assert pattern(beyond_three_sigma, -3.0) == []

    def test_an_older_point_beyond_is_not_the_newest_ones_doing(self):
        assert pattern(beyond_three_sigma, 3.5, 0) == []


class TestRule2:
    def test_nine_points_on_one_side_are_a_pattern(self):
        assert pattern(one_side, *[0.1] * 9) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
        assert pattern(one_side, 1, *[-0.1] * 9) == [2, 3, 4, 5, 6, 7, 8, 9, 10]

    def test_eight_are_none(self):
        assert pattern(one_side, *[0.1] * 8) == []

    def test_a_point_on_the_center_line_is_on_neither_side(self):
        assert pattern(one_side, *[0.1] * 4, 0, *[0.1] * 5) == []
        assert pattern(one_side, *[0.0] * 9) == []

    def test_a_point_on_the_other_side_ends_the_run(self):
        assert pattern(one_side, *[0.1] * 9, -0.1) == []


class TestRule3:
    def test_six_points_rising_are_a_pattern(self):
        assert pattern(trend, -2, -1, 0, 0.5, 1, 2) == [1, 2, 3, 4, 5, 6]

    def test_six_points_falling_are_a_pattern(self):
        assert pattern(trend, 0, 2, 1, 0.5, 0, -1, -2) == [2, 3, 4, 5, 6, 7]

    def test_five_are_none(self):
        assert pattern(trend, -2, -1, 0, 1, 2) == []

    def test_equal_neighbours_end_the_trend(self):
        assert pattern(trend, -2, -1, 0, 0, 1, 2) == []
        assert pattern(trend, -2, -1, 0, 0, 1, 2, 3, 4) == []
        assert pattern(trend, -2, -1, 0, 0, 1, 2, 3, 4, 5) == [4, 5, 6, 7, 8, 9]

    def test_where_the_points_lie_does_not_matter(self):
        assert pattern(trend, 0.00, 0.01, 0.02, 0.03, 0.04, 0.05) == [1, 2, 3, 4, 5, 6]


class TestRule4:
    def test_fourteen_points_that_go_up_and_down_in_turn_are_a_pattern(self):
        assert pattern(alternation, *[0.5, -0.5] * 7) == list(range(1, 15))

    def test_thirteen_are_none(self):
        assert pattern(alternation, *[0.5, -0.5] * 6, 0.5) == []

    def test_the_turns_need_not_cross_the_center_line(self):
        assert pattern(alternation, *[1.5, 1.4] * 7) == list(range(1, 15))

    def test_equal_neighbours_end_the_turns(self):
        assert pattern(alternation, *[0.5, -0.5] * 3, 0.5, 0.5, *[-0.5, 0.5] * 3) == []

    def test_two_steps_the_same_way_end_the_turns(self):
        assert pattern(alternation, *[0.5, -0.5] * 3, 0.5, 0.6, *[-0.5, 0.5] * 3) == []

    def test_steps_too_small_to_multiply_count(self):
        assert pattern(alternation, *[1e-200, -1e-200] * 7) == list(range(1, 15))


class TestRule5:
    def test_two_of_three_beyond_two_sigma_are_a_pattern(self):
        assert pattern(two_beyond_two_sigma, 2.1, 0, 2.1) == [1, 3]
        assert pattern(two_beyond_two_sigma, 0, -2.1, -2.1) == [2, 3]

    def test_the_pattern_needs_no_third_point(self):
        assert pattern(two_beyond_two_sigma, 2.1, 2.1) == [1, 2]

    def test_all_three_belong_to_the_pattern(self):
        assert pattern(two_beyond_two_sigma, 2.1, 2.2, 2.3) == [1, 2, 3]

    def test_opposite_sides_do_not_add_up(self):
        assert pattern(two_beyond_two_sigma, 2.1, 0, -2.1) == []

    def test_a_point_at_two_sigma_is_not_beyond(self):
        assert pattern(two_beyond_two_sigma, 2.0, 0, 2.1) == []

    def test_the_newest_point_completes_the_pattern(self):
        assert pattern(two_beyond_two_sigma, 2.1, 2.1, 0) == []

    def test_two_of_four_are_none(self):
        assert pattern(two_beyond_two_sigma, 2.1, 0, 0, 2.1) == []


class TestRule6:
    def test_four_of_five_beyond_one_sigma_are_a_pattern(self):
        assert pattern(four_beyond_one_sigma, 1.1, 1.1, 0, 1.1, 1.1) == [1, 2, 4, 5]
        assert pattern(four_beyond_one_sigma, -1.1, -1.1, -1.1, -1.1) == [1, 2, 3, 4]

    def test_three_of_five_are_none(self):
        assert pattern(four_beyond_one_sigma, 1.1, 0, 1.1, 0, 1.1) == []

    def test_opposite_sides_do_not_add_up(self):
        assert pattern(four_beyond_one_sigma, 1.1, 1.1, -1.1, 1.1, -1.1) == []

    def test_a_point_at_one_sigma_is_not_beyond(self):
        assert pattern(four_beyond_one_sigma, 1.0, 1.1, 1.1, 0, 1.1) == []


class TestRule7:
    def test_fifteen_points_within_one_sigma_are_a_pattern(self):
        assert pattern(close_to_center, *[0.9, -0.9, 0.0] * 5) == list(range(1, 16))

    def test_fourteen_are_none(self):
        assert pattern(close_to_center, *[0.9, -0.9] * 7) == []

    def test_a_point_at_one_sigma_is_within(self):
        assert pattern(close_to_center, *[1.0, -1.0, 0.0] * 5) == list(range(1, 16))

    def test_a_point_beyond_ends_the_run(self):
        assert pattern(close_to_center, *[0.0] * 7, 1.1, *[0.0] * 7) == []


class TestRule8:
    def test_eight_points_beyond_one_sigma_on_both_sides_are_a_pattern(self):
        assert pattern(away_from_center, *[1.1, -1.1] * 4) == list(range(1, 9))

    def test_seven_are_none(self):
        assert pattern(away_from_center, 1.1, *[-1.1, 1.1] * 3) == []

    def test_eight_on_one_side_are_none(self):
        assert pattern(away_from_center, *[1.1] * 8) == []

    def test_a_point_at_one_sigma_ends_the_run(self):
        assert pattern(away_from_center, 1.1, -1.1, 1.1, 1.0, -1.1, 1.1, -1.1, 1.1) == []


class TestSignals:
    def test_a_run_that_goes_on_is_told_once(self):
        assert signals([0.5] * 20, SCALE) == [(9, 2), (15, 7)]

    def test_a_run_that_starts_again_is_told_again(self):
        assert signals([*[0.5] * 10, -0.5, *[0.5] * 9], SCALE) == [(9, 2), (15, 7), (20, 2)]

    def test_each_point_beyond_three_sigma_is_news(self):
        assert signals([3.5, 0, 0, -3.5, 0, 0, 3.5, 3.5], SCALE) == [(1, 1), (4, 1), (7, 1), (8, 1), (8, 5)]

    def test_one_point_can_set_off_several_rules(self):
        assert signals([0, 0.3, 0.6, 0.9, 1.2, 3.1], SCALE) == [(6, 1), (6, 3)]

    @given(st.lists(st.sampled_from([-2.5, -1.5, -0.5, 0, 0.5, 1.5, 2.5]), min_size=MEMORY, max_size=60))
    def test_what_lies_further_back_than_the_memory_does_not_matter(self, values):
        plotted = points(*values)

        assert newly_fired(plotted, SCALE) == newly_fired(plotted[-MEMORY - 1 :], SCALE)

    def test_the_rules_are_numbered_as_in_the_article(self):
        assert [rule.number for rule in RUN_RULES] == [1, 2, 3, 4, 5, 6, 7, 8]

    @pytest.mark.parametrize("rule", RUN_RULES, ids=lambda rule: rule.number)
    def test_no_points_set_nothing_off(self, rule):
        assert rule.pattern([], SCALE) == ()


# Means of 30 subgroups of assembly offsets, judged by a given mean of 20 and sigma of 2.24 for subgroups of 5:
# SAS/QC User's Guide, SHEWHART, "Requesting Standard Tests", data set Assembly.
OFFSETS = [
    *[19.80, 17.16, 20.11, 20.89, 20.83, 18.87, 20.84, 23.33, 19.21, 20.48],
    *[22.05, 20.02, 17.58, 19.11, 20.03, 20.56, 20.86, 21.10, 19.05, 21.76],
    *[21.76, 20.54, 20.04, 19.94, 20.70, 21.40, 21.32, 20.03, 22.02, 21.32],
]


def test_the_offsets_signal_after_the_new_tool_and_when_the_tool_was_reset():
    """SAS requests tests 1 to 4 and marks subgroup 8 ("New Tool") and subgroup 18 ("Reset Tool")."""
    found = signals(OFFSETS, Scale(center=20, sigma=2.24 / 5**0.5))

    assert [each for each in found if each[1] <= 4] == [(8, 1), (18, 3)]


def test_the_gap_widths_signal_a_shift_at_sample_14(gap_widths):
    """SAS/QC User's Guide, "Applying Tests for Special Causes": of tests 1 to 5, test 5 at sample 14."""
    means = [fmean(subgroup) for subgroup in gap_widths]

    found = signals(means, control_chart(gap_widths).means)

    assert [each for each in found if each[1] <= 5] == [(14, 5)]


def test_the_flow_widths_signal_from_sample_43_on(flow_widths):
    """Montgomery, figure 6.4: a shift upwards that starts about sample 34 to 38 and leaves the limits at 43."""
    means = [fmean(subgroup) for subgroup in flow_widths]

    found = signals(means, control_chart(flow_widths[:25]).means)

    assert [number for number, rule in found if rule == 1] == [43, 45]
    assert min(number for number, _ in found) > 25
