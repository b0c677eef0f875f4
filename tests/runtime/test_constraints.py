"""Patterns as JSON Schema means them, whichever engine reads them."""

import pytest

from wirepact.constraints import fits


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"^\d+$", "12", "\u0661"),
        (r"^a$", "a", "a\n"),
        (r"^\p{Lu}\w*$", "\u00dcber"[:1], "\u00fcber"),
        (r"^(?i)ok$", "OK", "no"),
        (r"^(?!x).+$", "yes", "xyz"),
        (r"^[[&|~]+$", "[~", "&]"),
    ],
)
def test_a_pattern_is_held_up_by_whichever_engine_can_read_it(pattern, good, bad):
    assert fits(good, {"pattern": pattern})
    assert not fits(bad, {"pattern": pattern})
