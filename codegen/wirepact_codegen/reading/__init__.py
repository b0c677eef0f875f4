"""From a document to the model: what it says is resolved and checked, and what can't be promised is refused."""

from wirepact_codegen.reading.service import read_service

__all__ = ["read_service"]
