"""What is emitted, one thing a module: each target lays out a service as files.

A target is a function from the model to files. It decides names and shapes and leaves the layout to a
template; comparing, formatting and writing are `writing.py`'s.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from wirepact_codegen.model import Service
from wirepact_codegen.targets import docs, python_client, schemas, server, typescript
from wirepact_codegen.targets.files import File


@dataclass(frozen=True, slots=True)
class Target:
    """Everything that goes into one folder: what each service gives, and what stands around all of them."""

    parts: Sequence[Callable[[Service], Sequence[File]]]
    shared: Callable[[], Sequence[File]] = tuple

    def of(self, service: Service) -> list[File]:
        """The files of one service, in order."""
        return [file for part in self.parts for file in part(service)]


TARGETS: Mapping[str, Target] = {
    "server": Target((server.files, schemas.files, docs.files), server.shared),
    "python-client": Target((python_client.files,), python_client.shared),
    "typescript-client": Target((typescript.typescript,)),
}
"""The targets by the names that settings and options give them."""

__all__ = ["TARGETS", "File", "Target"]
