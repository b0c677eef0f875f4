"""Python and TypeScript have the same table for close codes that a document does not declare."""

import re
from pathlib import Path

from wirepact.close_codes import STANDARD

TYPESCRIPT = Path(__file__).parents[2] / "clients/typescript/runtime/src/close-codes.ts"
LINE = re.compile(r'(\d{4}): \{ reason: "(.*)", reconnect: "(\w+)" \}')


def test_both_tables_say_the_same():
    lines = LINE.findall(TYPESCRIPT.read_text("utf-8"))

    assert {(each.code, each.reason, each.reconnect) for each in STANDARD.values()} == {
        (int(code), reason, reconnect) for code, reason, reconnect in lines
    }
