"""Python and TypeScript come back after the same close codes that a document does not declare."""

import re
from pathlib import Path

from wirepact.close_codes import STANDARD

TYPESCRIPT = Path(__file__).parents[2] / "clients/typescript/runtime/src/close-codes.ts"


def numbers(constant):
    return {
        int(each)
        for each in re.search(rf"const {constant} = (.*);", TYPESCRIPT.read_text("utf-8"))[1]
        .strip("[]")
        .split(",")
    }


def coming_back(how):
    return {each.code for each in STANDARD.values() if each.reconnect == how}


def test_both_say_the_same():
    assert numbers("COME_BACK") == coming_back("yes")
    assert numbers("COME_BACK_ONCE") == coming_back("once")
