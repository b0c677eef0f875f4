"""The generator's list of error codes is the runtime's: neither imports the other, so this holds them together."""

from wirepact import errors
from wirepact_codegen.error_codes import ERROR_CODES

CLOSE_ONLY = {"too_many"}
"""Told by a close code only; the connection never lives to hear a message."""

CONTROL_ONLY = {"duplicate_id"}
"""About the requests of `wirepact.v1`, whose errors are control lines and no message of the document."""

UNLISTED = {"unavailable", "too_slow"}
"""Of `wirepact.v1` as they are; a document that does not list them says `internal` instead."""


def test_every_code_that_the_runtime_may_send_is_known():
    refusals = [
        each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.Refusal)
    ]
    codes = {each.code for each in refusals if each is not errors.Refusal}

    assert codes - CLOSE_ONLY - CONTROL_ONLY - UNLISTED == set(ERROR_CODES)
