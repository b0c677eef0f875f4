"""On what terms a document is read: whose view it takes where it does not say so, and how much is forgiven."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal, TypeAlias

from wirepact_codegen.errors import Findings

Perspective: TypeAlias = Literal["server", "client"]
"""Whose view a document takes: what this side hears is `receive`, what it says is `send`."""


UNPROVEN = frozenset({"WP501", "WP502"})
"""The rules whose breach leaves a direction without a proof, and all else as it is."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the caller asks for."""

    perspective: Perspective | None = None
    strict: bool = False
    allow_ambiguous: bool = False

    def judged(self, findings: Findings) -> Findings:
        """What was found, with warnings as errors if nothing is forgiven, and a missing proof as a warning if it is."""
        found = findings.strictly() if self.strict else findings
        if not self.allow_ambiguous:
            return found
        allowed = Findings()
        allowed.extend(replace(each, severity="warning") if each.rule in UNPROVEN else each for each in found)
        return allowed


LENIENT = Terms()
"""Warnings are listed, and the document says itself whose view it takes."""


def today() -> date:
    """The day on which waivers are judged, the same everywhere."""
    return datetime.now(UTC).date()
