"""What a service gives to the application that serves it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from litestar import Litestar

from handlers.schema import Schema
from handlers.settings import ServiceSettings
from wirepact.server import Node, Route

SettingsT = TypeVar("SettingsT", bound=ServiceSettings)


@dataclass(frozen=True, slots=True)
class Service:
    """The routes of one service, and what must be open while they are served."""

    routes: Sequence[Route]
    lifespan: Callable[[Litestar], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Offer(Generic[SettingsT]):
    """A service that can be served: what it keeps, what can be set, and how it is put together."""

    schema: Schema
    settings: type[SettingsT]
    make: Callable[[Node, SettingsT], Service]

    def served(self, node: Node) -> Service:
        """The service as the environment wants it. Raises `Misconfigured`."""
        return self.make(node, self.settings.load())

    def database_at(self, state_dir: Path) -> str:
        """Where its database is, as the environment wants it. Raises `Misconfigured`."""
        return self.settings.load().database_at(state_dir)
