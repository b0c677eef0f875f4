"""Every folder in `rejected/` is one mistake: `spec.yaml`, what may be served beside it, and the exact sentences that its writer is told.

`make cases` writes the sentences anew; read the diff before you commit it.
"""

import re
from pathlib import Path

import pytest

from wirepact_codegen.linting import found_in
from wirepact_codegen.rules import RULES

REJECTED = Path(__file__).parent / "rejected"
MISTAKES = sorted(folder.name for folder in REJECTED.iterdir())


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_in_so_many_words(mistake, monkeypatch, rewrite):
    monkeypatch.chdir(REJECTED / mistake)

    findings = found_in(sorted(map(str, Path().glob("spec*.yaml"))))

    told = "".join(f"{each}\n" for each in findings)
    says = REJECTED / mistake / "says.txt"
    if rewrite:
        says.write_text(told, "utf-8")
    assert told
    assert told == says.read_text("utf-8")


def test_every_rule_has_a_mistake_that_breaks_it():
    told = "".join((REJECTED / mistake / "says.txt").read_text("utf-8") for mistake in MISTAKES)

    assert set(re.findall(r" (WP\d{3}) ", told)) == set(RULES)


def test_every_rule_that_is_used_is_in_the_table():
    source = Path(__file__).parents[2] / "codegen" / "wirepact_codegen"
    used = {
        rule for file in source.rglob("*.py") for rule in re.findall(r'"(WP\d{3})"', file.read_text("utf-8"))
    }

    assert used == set(RULES)
