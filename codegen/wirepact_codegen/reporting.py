"""Findings as text for people, and in the forms that machines read: JSON, GitHub's commands, SARIF 2.1.0."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from wirepact_codegen.errors import Finding
from wirepact_codegen.rules import RULES

if TYPE_CHECKING:
    from wirepact_codegen.model import Json

_SARIF: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}
_COMMANDS: Final = {"error": "error", "warning": "warning", "info": "notice"}


def reported(findings: Iterable[Finding], form: str) -> str:
    """*findings* in one of `FORMS`; empty if there are none and the form has no words for that."""
    return FORMS[form](list(findings))


def _as_text(findings: Sequence[Finding]) -> str:
    return "\n".join(map(str, _folded(findings)))


_MANY: Final = 5
"""How many warnings or notes of one rule people are shown of one file."""


def _folded(findings: Sequence[Finding]) -> Iterator[Finding]:
    """*findings*, where what comes again and again is only counted. Errors are all told."""
    seen: Counter[tuple[str, str, str]] = Counter()
    everything = Counter(map(_sort, findings))
    for each in findings:
        sort = _sort(each)
        seen[sort] += 1
        left = everything[sort] - _MANY
        if each.severity == "error" or left <= 1 or seen[sort] <= _MANY:
            yield each
        elif seen[sort] == _MANY + 1:
            sentence = f"and {left} more findings of this rule from here on"
            yield replace(each, sentence=sentence, suggestion='"--format json" tells all')


def _sort(finding: Finding) -> tuple[str, str, str]:
    return finding.place.file, finding.rule, finding.severity


def _as_json(findings: Sequence[Finding]) -> str:
    return _laid_out([_as_data(each) for each in findings])


def _as_github(findings: Sequence[Finding]) -> str:
    return "\n".join(map(_as_command, findings))


def _as_sarif(findings: Sequence[Finding]) -> str:
    """One run of one tool; the rules that have findings are told along, so that a viewer can explain them."""
    used = sorted({each.rule for each in findings})
    rules: list[Json] = [{"id": rule, "shortDescription": {"text": RULES[rule]}} for rule in used]
    results: list[Json] = [_as_result(each, used.index(each.rule)) for each in findings]
    driver: Json = {"name": "wirepact", "rules": rules}
    run: Json = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return _laid_out({"$schema": _SARIF, "version": "2.1.0", "runs": [run]})


FORMS: Mapping[str, Callable[[Sequence[Finding]], str]] = {
    "text": _as_text,
    "json": _as_json,
    "github": _as_github,
    "sarif": _as_sarif,
}
"""The forms by the names that `--format` gives them."""


def _as_data(finding: Finding) -> "Json":
    return {
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "rule": finding.rule,
        "sentence": finding.sentence,
        "suggestion": finding.suggestion,
        "severity": finding.severity,
    }


def _as_command(finding: Finding) -> str:
    """A workflow command, which shows the finding beside the line."""
    place, command = finding.place, _COMMANDS[finding.severity]
    where = f"file={_property(place.file)},line={place.line},col={place.column},title={finding.rule}"
    return f"::{command} {where}::{_escaped(_told(finding))}"


def _as_result(finding: Finding, index: int) -> "Json":
    place = finding.place
    region: Json = {"startLine": place.line, "startColumn": place.column}
    location: Json = {"artifactLocation": {"uri": _uri(place.file)}, "region": region}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _told(finding)},
        "locations": [{"physicalLocation": location}],
    }


def _told(finding: Finding) -> str:
    return f"{finding.sentence}; {finding.suggestion}" if finding.suggestion else finding.sentence


def _uri(file: str) -> str:
    """A path as a relative URI, or as one of a file."""
    from pathlib import PurePosixPath  # noqa: PLC0415 - needed for one form only
    from urllib.parse import quote  # noqa: PLC0415 - as above

    path = PurePosixPath(file)
    return path.as_uri() if path.is_absolute() else quote(file)


def _escaped(text: str) -> str:
    for character, escape in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(character, escape)
    return text


def _property(text: str) -> str:
    """A value before the text of a command, where a comma and a colon part things."""
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _laid_out(data: "Json") -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
