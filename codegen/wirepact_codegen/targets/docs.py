"""`reference.md`: what a service says and hears, for whoever writes an app against it."""

from wirepact_codegen.model import Service
from wirepact_codegen.targets.files import File


def files(service: Service) -> list[File]:
    """The reference of a service."""
    _ = service
    return []
