"""On what terms a document is read: whose view it takes where it does not say so, and how much is forgiven."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal, TypeAlias

from wirepact_codegen.errors import Finding, Findings

Perspective: TypeAlias = Literal["server", "client"]
"""Whose view a document takes: what this side hears is `receive`, what it says is `send`."""


UNPROVEN = frozenset({"WP501", "WP502"})
"""The rules whose breach leaves a direction without a proof, and all else as it is."""

COLLIDING = "WP321"
"""The rule whose breach matters only where services share a port."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the caller asks for. Services that are `served_apart` may listen at one address."""

    perspective: Perspective | None = None
    strict: bool = False
    allow_ambiguous: bool = False
    served_apart: bool = False

    def judged(self, findings: Findings) -> Findings:
        """What was found, with warnings as errors if nothing is forgiven, and what is allowed no error."""
        found: Iterable[Finding] = findings.strictly() if self.strict else findings
        if self.allow_ambiguous:
            found = [replace(each, severity="warning") if each.rule in UNPROVEN else each for each in found]
        if self.served_apart:
            found = [each for each in found if each.rule != COLLIDING]
        judged = Findings()
        judged.extend(found)
        return judged


LENIENT = Terms()
"""Warnings are listed, and the document says itself whose view it takes."""


def today() -> date:
    """The day on which waivers are judged, the same everywhere."""
    return datetime.now(UTC).date()
