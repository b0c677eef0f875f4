"""What a service gives to the application that serves it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from litestar import Litestar

from wirepact.server import Route


@dataclass(frozen=True, slots=True)
class Service:
    """The routes of one service, and what must be open while they are served."""

    routes: Sequence[Route]
    lifespan: Callable[[Litestar], AbstractAsyncContextManager[None]]
