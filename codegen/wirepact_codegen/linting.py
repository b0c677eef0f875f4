"""What is wrong with documents. Each of them is read again only if something has changed that it depends on."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from wirepact_codegen.cache import kept_run
from wirepact_codegen.errors import Finding, Findings, Place
from wirepact_codegen.services import check_names
from wirepact_codegen.terms import Perspective, today

if TYPE_CHECKING:
    from wirepact_codegen.model import Json, Service


def found_in(documents: Sequence[str], perspective: Perspective | None = None) -> Findings:
    """What is found in *documents*, on no terms yet."""
    return found_in_all([_known(each, perspective) for each in documents])


@dataclass(frozen=True, slots=True)
class Title:
    """What the others must know of a service."""

    name: str
    document: str
    place: Place


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a document that was read: its service, if anything could be made of it, and its faults."""

    title: Title | None
    findings: Sequence[Finding]


def found_in_all(documents: Sequence[Known]) -> Findings:
    """What is found in *documents*, each by itself and all together."""
    findings = Findings()
    for each in documents:
        findings.extend(each.findings)
    check_names((each.title for each in documents if each.title is not None), findings)
    return findings


def _known(document: str, perspective: Perspective | None) -> Known:
    def read() -> "Json":
        from wirepact_codegen.reading import read_service  # noqa: PLC0415 - only where something has changed

        findings = Findings()
        return to_keep(read_service(document, findings, perspective), findings)

    # Findings that are waived come back on a day.
    return from_kept(kept_run("lint", document, [perspective, today().isoformat()], read))


def to_keep(service: "Service | None", findings: Iterable[Finding]) -> "dict[str, Json]":
    """What is known of a document, as JSON."""
    title = [service.name, service.document, *astuple(service.place)] if service is not None else None
    return {"title": title, "findings": [[*astuple(each.place), *astuple(each)[1:]] for each in findings]}


def from_kept(kept: Any) -> Known:
    """What JSON was made of."""
    return Known(_title(kept["title"]), [Finding(Place(*each[:3]), *each[3:]) for each in kept["findings"]])


def _title(kept: Any) -> Title | None:
    if kept is None:
        return None
    name, document, *place = kept
    return Title(name, document, Place(*place))
