"""The rows of the report, and the promises that a row may break."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.corpus.documents import Document
from tests.corpus.generating import Attempt
from tests.corpus.oracle import Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """Everything that is known of one document. `complaints` are what each compiler says, by its name."""

    document: Document
    attempt: Attempt
    verdict: Verdict
    imports: Sequence[str] = ()
    complaints: Mapping[str, Sequence[str]] = field(default_factory=dict)
    examples: int = 0
    kept: int = 0
    example_faults: Sequence[str] = ()
    unread: str = ""

    def broken(self) -> Iterator[str]:
        """The promises that are not kept, each with what shows it."""
        if self.attempt.crash:
            yield f"crashes: {self.attempt.crash.strip().splitlines()[-1]}"
        elif not self.attempt.generated:
            if self.verdict.accepts:
                yield f"is not generated, and the official parser accepts it: {self.attempt.errors[0]}"
            return
        for fault in self.imports:
            yield f"does not import: {fault}"
        for tool, said in self.complaints.items():
            yield from (f"{tool}: {each}" for each in said)
        yield from (f"example {each}" for each in self.example_faults)

    def cells(self) -> tuple[str, ...]:
        """What stands in the table."""
        attempt = self.attempt
        return (
            str(self.document),
            _ours(attempt),
            _official(self.verdict),
            "yes" if attempt.generated else _why(attempt),
            *(
                (_count(self.imports), *map(_count, self.complaints.values()))
                if attempt.generated
                else "-" * (1 + len(self.complaints))
            ),
            self._examples() if attempt.generated else "-",
            f"{attempt.seconds:.1f}",
        )

    def _examples(self) -> str:
        return "unread" if self.unread else f"{self.kept}/{self.examples} of {self.verdict.examples}"


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The rows below their headings."""
    tools = list(rows[0].complaints)
    headings = ("document", "ours", "official", "generated", "imports", *tools, "examples", "s")
    lines = [headings, *(each.cells() for each in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def totals(rows: Sequence[Row]) -> str:
    """All rows in a line."""
    made = [each for each in rows if each.attempt.generated]
    parts = [
        f"{len(rows)} documents",
        f"{sum(each.verdict.accepts for each in rows)} accepted by the official parser",
        f"{len(made)} generated",
        f"{sum(bool(each.attempt.crash) for each in rows)} crashed",
        f"{sum(not each.imports for each in made)} import",
        *(f"{sum(not each.complaints[tool] for each in made)} pass {tool}" for tool in rows[0].complaints),
        f"{sum(each.kept for each in made)} of {sum(each.examples for each in made)} examples kept",
        *(
            [f"of {unread} the examples could not be read"]
            if (unread := sum(bool(each.unread) for each in rows))
            else []
        ),
        f"{sum(any(each.broken()) for each in rows)} break a promise",
        f"{sum(each.attempt.seconds for each in rows):.0f} s of generating",
    ]
    return " · ".join(parts)


def reasons(rows: Sequence[Row]) -> Iterator[str]:
    """The rules that documents are refused by, the most frequent first: in how many documents, and how often."""
    refused = [each.attempt.rules for each in rows if not each.attempt.generated]
    documents = Counter(rule for rules in refused for rule in set(rules))
    findings = Counter(rule for rules in refused for rule in rules)
    for rule, count in documents.most_common():
        yield f"{rule}  {count:>4} documents  {findings[rule]:>5} findings"


def _ours(attempt: Attempt) -> str:
    if attempt.crash:
        return "crash"
    counts = {"errors": len(attempt.errors), "warnings": attempt.others}
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "good"


def _official(verdict: Verdict) -> str:
    if verdict.crashed:
        return "crash"
    return f"{len(verdict.errors)} errors" if verdict.errors else "good"


def _why(attempt: Attempt) -> str:
    if attempt.crash:
        return "crash"
    first = attempt.rules[0]
    return f"{first} ({attempt.rules.count(first)} times, {len(set(attempt.rules))} rules)"


def _count(faults: Sequence[str]) -> str:
    return str(len(faults)) if faults else "ok"
