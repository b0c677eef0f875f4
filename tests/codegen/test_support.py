"""`docs/support.md` says what the code does. `make cases` writes it anew."""

from pathlib import Path

from wirepact_codegen.support import support

DOCUMENT = Path(__file__).parents[2] / "docs" / "support.md"


def test_the_table_of_what_is_supported_is_current(rewrite):
    if rewrite:
        DOCUMENT.write_text(support(), "utf-8")

    assert DOCUMENT.read_text("utf-8") == support()
