"""What holds across the services of several documents, whether they are read now or were read before."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Protocol

from wirepact_codegen.addressing import Address, collision
from wirepact_codegen.errors import Findings, Place

_APART = 'change one of the two, or say "served-apart = true" under [tool.wirepact]'


class Named(Protocol):
    """A service as others see it: its name, and where it has that from."""

    @property
    def name(self) -> str:
        """The name of its package."""

    @property
    def document(self) -> str:
        """The file that describes it."""

    @property
    def place(self) -> Place:
        """Where that file begins."""


def check_names(services: Iterable[Named], findings: Findings) -> None:
    """A service is named after its file, so no two files may be called the same."""
    first: dict[str, Named] = {}
    for service in services:
        other = first.setdefault(service.name, service)
        if other is not service:
            sentence = f'the service would be called "{service.name}", as that of {other.document} is'
            findings.add("WP601", service.place, sentence, 'rename one of the files, or give one an "x-name"')


class Addressed(Named, Protocol):
    """A service that listens somewhere."""

    @property
    def addresses(self) -> Sequence[Address]:
        """Where it listens."""


def check_addresses(services: Iterable[Addressed], findings: Findings) -> None:
    """Services share a port, so a path may lead to one of them only."""
    for one, other in combinations(services, 2):
        for there in one.addresses:
            for here in other.addresses:
                if (path := collision(there, here)) is not None:
                    sentence = f'address "{here.path}" collides with "{there.path}" at {there.place}, which is served on the same port: "{path or "/"}" is both'
                    findings.add("WP321", here.place, sentence, _APART)
