from itertools import islice
from random import Random

import pytest

from handlers.spc.domain import Point, Specification, control_chart, newly_fired
from handlers.spc.life import DRIFTING, LINES, TOO_LARGE, TOO_SMALL, Analyzed, baseline, life

lines = pytest.mark.parametrize("line", LINES, ids=lambda line: line.code)


def a_while(line, seed=1, parts=2000):
    return list(islice(life(line, Random(seed)), parts))


@lines
def test_the_same_seed_gives_the_same_life(line):
    assert a_while(line, seed=7) == a_while(line, seed=7)
    assert a_while(line, seed=7) != a_while(line, seed=8)


@lines
def test_a_line_makes_what_its_specification_allows(line):
    specification = Specification(line.lsl, line.usl, line.target)

    off = [part for part in a_while(line) if part.value not in specification]

    assert 0 < len(off) < 2000 * 0.05


@lines
def test_whoever_meets_a_bad_part_says_on_which_side(line):
    for part in a_while(line):
        assert (TOO_LARGE in part.then) <= (part.value > line.usl)
        assert (TOO_SMALL in part.then) <= (part.value < line.lsl)


@lines
def test_every_kind_of_thing_happens(line):
    happened = {each for part in a_while(line) for each in part.then}

    assert happened == {TOO_LARGE, TOO_SMALL, DRIFTING, Analyzed()}


@lines
def test_a_drift_is_seen_by_the_run_rules_before_anybody_says_so(line):
    steady = [part.value for part in baseline(line, Random(1))]
    size = line.subgroup_size
    chart = control_chart([steady[start : start + size] for start in range(0, len(steady), size)])
    parts = a_while(line)
    points = [Point(number, part.value) for number, part in enumerate(parts)]
    drifts = [number for number, part in enumerate(parts) if DRIFTING in part.then]

    for end in drifts:
        fired = [newly_fired(points[:now], chart.values) for now in range(end - 14, end + 2)]
        assert any(fired)
