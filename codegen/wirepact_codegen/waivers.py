"""Waivers: warnings that a document declares to be known, each with a reason and a day on which it ends.

An error can't be waived: it says that nothing right can be generated, and no reason changes that.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from wirepact_codegen.errors import Finding, Findings, Place, did_you_mean
from wirepact_codegen.rules import RULES
from wirepact_codegen.source import Document, Node

_OWN = frozenset({"WP220", "WP221", "WP222"})
"""What is wrong with waivers is not waived."""


def waived(document: Document, found: Findings, today: date) -> Findings:
    """*found* without what *document* waives, and with what is wrong with its waivers."""
    waivers = list(_waivers(document.root))
    left = Findings()
    left.extend(each for each in found if not any(waiver.covers(each, today) for waiver in waivers))
    for waiver in waivers:
        _check(waiver, list(found), today, left)
    return left


@dataclass(frozen=True, slots=True)
class _Waiver:
    """One entry of `x-waivers`. `places` are all below the one that it names, `None` if it names none."""

    node: Node
    rule: str
    until: date
    places: frozenset[Place] | None

    def covers(self, finding: Finding, today: date) -> bool:
        return self.matches(finding) and finding.severity != "error" and today <= self.until

    def matches(self, finding: Finding) -> bool:
        """Whether the waiver is about *finding*, whatever its severity and the day."""
        here = self.places is None or finding.place in self.places
        return here and finding.rule == self.rule and self.rule not in _OWN


def _waivers(root: Node) -> Iterator[_Waiver]:
    """The waivers that are written as they should be; what others lack is told by the vocabulary's schema."""
    said = root.get("x-waivers")
    for entry in said.elements() if said is not None else ():
        until = _day(entry.text("until"))
        if until is not None and entry.text("rule") and entry.text("reason"):
            yield _Waiver(entry, entry.text("rule"), until, _places(root, entry.text("at")))


def _check(waiver: _Waiver, found: Sequence[Finding], today: date, findings: Findings) -> None:
    """Whether *waiver* is still needed, and may be."""
    rule = waiver.node.at(("rule",))
    about = [each for each in found if waiver.matches(each)]
    if waiver.rule not in RULES:
        sentence = f'there is no rule "{waiver.rule}" to waive'
        findings.add("WP222", rule.place, sentence, did_you_mean(waiver.rule, RULES))
    elif waiver.rule in _OWN or any(each.severity == "error" for each in about):
        findings.add("WP222", rule.place, f"a finding of {waiver.rule} can't be waived", "mend it")
    elif not about and not any(each.severity == "error" for each in found):
        where = f" at {waiver.node.text('at')}" if "at" in waiver.node else ""
        findings.warn(
            "WP221", waiver.node.place, f"nothing of {waiver.rule} is found{where}", "remove the waiver"
        )
    elif about and today > waiver.until:
        sentence = f"the waiver of {waiver.rule} ended on {waiver.until}"
        findings.warn(
            "WP220", waiver.node.at(("until",)).place, sentence, "mend what it waived, or say why not"
        )


def _places(root: Node, pointer: str) -> frozenset[Place] | None:
    """Where everything at and below *pointer* stands."""
    if not pointer:
        return None
    node: Node | None = root
    for step in pointer.removeprefix("#").split("/")[1:]:
        node = _below(node, unquote(step).replace("~1", "/").replace("~0", "~")) if node is not None else None
    return frozenset(_all_places(node)) if node is not None else frozenset()


def _below(node: Node, step: str) -> Node | None:
    return node.get(step) or next((each for each in node.elements() if each.key == step), None)


def _all_places(node: Node) -> Iterator[Place]:
    yield node.key_place
    yield node.place
    for child in (*node.values(), *node.elements()):
        yield from _all_places(child)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
