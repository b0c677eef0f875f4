"""From documents to the model: what they say is resolved and checked, and what can't be promised is refused."""

from wirepact_codegen.reading.service import read_service, read_services

__all__ = ["read_service", "read_services"]
