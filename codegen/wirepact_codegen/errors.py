"""What can be wrong with a document, and with the way the generator was called.

CodegenError
├── Refused          documents have faults; carries the findings, each with its place
└── Misused          an option, a setting or the state of a folder is wrong; carries the sentence

A fault in a document is a `Finding`, not an exception: findings are collected, so that one run shows several.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning", "info"]
"""An error refuses the document, a warning is listed and generation goes on, an info says what was made of it."""


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
    severity: Severity = "error"

    def __str__(self) -> str:
        severity = "" if self.severity == "error" else f"{self.severity}: "
        text = f"{self.place} {self.rule} {severity}{self.sentence}"
        return f"{text}; {self.suggestion}" if self.suggestion else text


class Findings:
    """The faults found so far, each once, in the order of the document when they are shown."""

    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}

    def add(self, rule: str, place: Place, sentence: str, suggestion: str = "") -> None:
        """Note a fault that refuses the document, and go on."""
        self._found[Finding(place, rule, sentence, suggestion)] = None

    def warn(self, rule: str, place: Place, sentence: str, suggestion: str = "") -> None:
        """Note a fault with which the document can still be used."""
        self._found[Finding(place, rule, sentence, suggestion, "warning")] = None

    def inform(self, rule: str, place: Place, sentence: str, suggestion: str = "") -> None:
        """Note what was made of something that could be made more of, or meant otherwise."""
        self._found[Finding(place, rule, sentence, suggestion, "info")] = None

    def extend(self, others: Iterable[Finding]) -> None:
        """Note what was found elsewhere."""
        self._found |= dict.fromkeys(others)

    def forget_after(self, number: int) -> None:
        """Keep the first *number* of them: what they are about is looked at anew."""
        self._found = dict.fromkeys(list(self._found)[:number])

    def __iter__(self) -> Iterator[Finding]:
        return iter(sorted(self._found))

    def __len__(self) -> int:
        return len(self._found)

    @property
    def errors(self) -> int:
        """How many of them refuse the document."""
        return sum(each.severity == "error" for each in self._found)

    def refuse_apart_from(self, rules: Collection[str]) -> bool:
        """Whether any of them refuses the document, those of *rules* not counted."""
        return any(each.severity == "error" and each.rule not in rules for each in self._found)

    @property
    def faults(self) -> int:
        """How many of them are more than a note."""
        return sum(each.severity != "info" for each in self._found)

    def strictly(self) -> "Findings":
        """The same, with every warning an error."""
        strict = Findings()
        strict.extend(
            replace(each, severity="error") if each.severity == "warning" else each for each in self
        )
        return strict

    def refuse_if_errors(self) -> None:
        """Stop here if anything was found that refuses the document."""
        if self.errors:
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
