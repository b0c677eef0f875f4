"""What the run of the WebSocket test suite is judged by."""

from tests.conformance.__main__ import EXPLAINED, failed, report


def test_a_case_that_the_suite_has_a_word_of_its_own_for_is_failed():
    verdicts = {"1.1.1": "OK", "7.1.5": "WRONG CODE", "3.2": "NON-STRICT", "9.1.1": "FAILED"}

    assert failed(verdicts) == {"7.1.5", "9.1.1"}


def test_a_failed_case_is_told_with_its_reason_or_as_not_explained():
    (explained,) = EXPLAINED

    lines = list(report({explained: "WRONG CODE", "9.1.1": "FAILED"}))

    assert f"{explained} WRONG CODE: {EXPLAINED[explained]}" in lines
    assert "9.1.1 FAILED: NOT EXPLAINED" in lines
