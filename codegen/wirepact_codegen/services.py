"""What holds across the services of several documents, whether they are read now or were read before."""

from collections.abc import Iterable
from typing import Protocol

from wirepact_codegen.errors import Findings, Place


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
