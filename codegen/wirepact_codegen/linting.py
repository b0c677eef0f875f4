"""What is wrong with documents. Each of them is read again only if something has changed that it depends on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from wirepact_codegen.addressing import Address
from wirepact_codegen.cache import kept_run
from wirepact_codegen.errors import Finding, Findings, Place
from wirepact_codegen.services import check_addresses, check_names
from wirepact_codegen.terms import Perspective, today

if TYPE_CHECKING:
    from wirepact_codegen.model import Json, Parameter, Service


def found_in(documents: Sequence[str], perspective: Perspective | None = None) -> Findings:
    """What is found in *documents*, on no terms yet."""
    return found_in_all([_known(each, perspective) for each in documents])


@dataclass(frozen=True, slots=True)
class Title:
    """What the others must know of a service."""

    name: str
    document: str
    place: Place
    addresses: Sequence[Address] = ()


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
    titles = [each.title for each in documents if each.title is not None]
    check_names(titles, findings)
    check_addresses(titles, findings)
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
    title: Json = None if service is None else _kept_title(service)
    return {"title": title, "findings": [[*astuple(each.place), *astuple(each)[1:]] for each in findings]}


def from_kept(kept: Any) -> Known:
    """What JSON was made of."""
    return Known(_title(kept["title"]), [Finding(Place(*each[:3]), *each[3:]) for each in kept["findings"]])


def _kept_title(service: "Service") -> "Json":
    addresses: list[Json] = [
        [
            each.method,
            each.path,
            [*astuple(each.place)],
            {name: [*values] for name, values in each.values.items()},
        ]
        for each in _addresses(service)
    ]
    return [service.name, service.document, [*astuple(service.place)], addresses]


def _title(kept: Any) -> Title | None:
    if kept is None:
        return None
    name, document, place, addresses = kept
    listening = [Address(method, path, Place(*at), values) for method, path, at, values in addresses]
    return Title(name, document, Place(*place), listening)


def _addresses(service: "Service") -> "Iterator[Address]":
    """Where *service* listens; the values of a parameter where the document names them."""
    for channel in service.channels:
        yield Address("WebSocket", channel.address, channel.place, _values(channel.parameters))
    for request in service.http_operations:
        yield Address(request.method, request.path, request.place, _values(request.parameters))


def _values(parameters: "Sequence[Parameter]") -> dict[str, list[str]]:
    return {each.name: [*each.enum] for each in parameters if each.enum}
