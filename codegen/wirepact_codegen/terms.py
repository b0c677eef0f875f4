"""On what terms a document is read: whose view it takes where it does not say so, and how much is forgiven."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from wirepact_codegen.errors import Findings

Perspective: TypeAlias = Literal["server", "client"]
"""Whose view a document takes: what this side hears is `receive`, what it says is `send`."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the caller asks for."""

    perspective: Perspective | None = None
    strict: bool = False

    def judged(self, findings: Findings) -> Findings:
        """What was found, with warnings as errors if nothing is forgiven."""
        return findings.strictly() if self.strict else findings


LENIENT = Terms()
"""Warnings are listed, and the document says itself whose view it takes."""
