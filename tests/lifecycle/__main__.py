"""Writes the table of scenarios anew: `make lifecycle` does, when all of them have been played."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from lifecycle.table import PAGE, page

PAGE.write_text(page())
