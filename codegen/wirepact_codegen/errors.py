"""What can be wrong with a document, and with the way the generator was called.

CodegenError
├── Refused          documents have faults; carries the findings, each with its place
└── Misused          an option, a setting or the state of a folder is wrong; carries the sentence

A fault in a document is a `Finding`, not an exception: findings are collected, so that one run shows several.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: the file as it was named; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault: where, which rule, a sentence in the words of whoever wrote the document, and what may help."""

    place: Place
    rule: str
    sentence: str
    suggestion: str = ""

    def __str__(self) -> str:
        text = f"{self.place} {self.rule} {self.sentence}"
        return f"{text}; {self.suggestion}" if self.suggestion else text


class Findings:
    """The faults found so far, each once, in the order of the document when they are shown."""

    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}

    def add(self, rule: str, place: Place, sentence: str, suggestion: str = "") -> None:
        """Note a fault and go on."""
        self._found[Finding(place, rule, sentence, suggestion)] = None

    def extend(self, others: Iterable[Finding]) -> None:
        """Note what was found elsewhere."""
        self._found |= dict.fromkeys(others)

    def __iter__(self) -> Iterator[Finding]:
        return iter(sorted(self._found))

    def __len__(self) -> int:
        return len(self._found)

    def refuse_if_any(self) -> None:
        """Stop here if anything was found so far."""
        if self._found:
            raise Refused(self)


class CodegenError(Exception):
    """Base of everything that the generator raises on purpose."""


class Refused(CodegenError):
    """A document has faults; nothing is generated from it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


class Misused(CodegenError):
    """An option, a setting or the state of a folder does not let us go on."""


def did_you_mean(wrong: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """A suggestion for a name that does not exist; empty if nothing known comes near."""
    from difflib import get_close_matches  # noqa: PLC0415 - needed only when something is wrong

    near = get_close_matches(wrong, list(known), n=1, cutoff=cutoff)
    return f'did you mean "{near[0]}"?' if near else ""
