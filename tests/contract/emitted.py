"""The emitted code of a document, found by its service's name: descriptors of the server's side and the client's."""

from importlib import import_module

from contract.documents import Channel as DocumentedChannel
from contract.documents import Document
from wirepact.descriptors import Channel, HttpOperation, SendOperation

SIDES = ("generated", "wirepact_clients")


def channel(side: str, documented: DocumentedChannel) -> Channel:
    """The descriptor of a WebSocket channel."""
    return next(each for each in _all(side, documented.service, Channel) if each.name == documented.name)


def http_operations(side: str, document: Document) -> dict[str, HttpOperation]:
    """The descriptors of the HTTP operations, by their names."""
    return {each.name: each for each in _all(side, document.service, HttpOperation)}


def send_operations(side: str, document: Document) -> dict[str, SendOperation]:
    """The descriptors of what the server sends, by the names of the operations."""
    return {each.name: each for each in _all(side, document.service, SendOperation)}


def _all(side: str, service: str, kind: type) -> list:
    module = import_module(f"{side}.{service}.channels")
    return [value for value in vars(module).values() if isinstance(value, kind)]
