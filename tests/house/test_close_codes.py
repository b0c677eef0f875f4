"""Python and the emitted TypeScript come back after the same close codes that a document does not declare."""

from wirepact.close_codes import STANDARD
from wirepact_codegen.close_codes import USUAL, completed
from wirepact_codegen.model import CloseCode


def test_both_say_the_same():
    coming_back = {each.code: each.reconnect for each in STANDARD.values() if each.reconnect != "no"}

    assert {each.code: each.reconnect for each in USUAL} == coming_back


def test_a_document_has_the_last_word():
    declared = (CloseCode(4410, "Over", "no"), CloseCode(1011, "Broken", "no"))

    table = {each.code: each for each in completed(declared)}

    assert table.keys() == {each.code for each in USUAL} | {4410}
    assert (table[1011], table[4410]) == (declared[1], declared[0])
