"""The official parser's verdict on each document, from one Node process."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.corpus.documents import Document

ORACLE = Path(__file__).parents[1] / "contract" / "oracle"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the official parser says. `crashed` is what it threw, if it did not come to an end."""

    errors: Sequence[str]
    warnings: Sequence[str]
    examples: int
    crashed: str = ""

    @property
    def accepts(self) -> bool:
        """Whether it has nothing against the document."""
        return not self.errors and not self.crashed


class NoOracle(Exception):
    """The official parser is not installed."""


def verdicts(found: Sequence[Document]) -> Mapping[Document, Verdict]:
    """The verdict on each document."""
    if not (ORACLE / "node_modules").exists():
        raise NoOracle(
            'the official parser is not installed: "make corpus" does it, or "npm ci" in tests/contract/oracle'
        )
    paths = {str(each.folder / each.path): each for each in found}
    asked = subprocess.run(
        ["node", str(ORACLE / "verdicts.mjs"), *paths], check=True, capture_output=True, text=True
    )
    said = json.loads(asked.stdout)
    return {document: Verdict(**said[path]) for path, document in paths.items()}
