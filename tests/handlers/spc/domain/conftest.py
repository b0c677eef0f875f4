"""Published worked examples: a subgroup a line, the figures as printed.

Montgomery is D. C. Montgomery, Introduction to Statistical Quality Control, 7th edition, Wiley.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

Subgroups = Sequence[Sequence[float]]


@pytest.fixture
def piston_rings() -> Subgroups:
    """Inside diameters in mm of forged piston rings: R's qcc, data set pistonrings, samples 1 to 25."""
    return _read("piston_rings")


@pytest.fixture
def flow_widths() -> Subgroups:
    """Flow widths in microns of a hard-bake process: Montgomery, tables 6.1 and 6.2."""
    return _read("flow_widths")


@pytest.fixture
def gap_widths() -> Subgroups:
    """Gap widths in mm of metal parts: SAS/QC User's Guide, SHEWHART, data set Partgaps."""
    return _read("gap_widths")


def _read(name: str) -> Subgroups:
    with Path(__file__).with_name(f"{name}.csv").open(newline="") as file:
        return [[float(value) for value in line] for line in csv.reader(file)]
