"""The application: routes of one or more services in one Litestar app, with what every server needs beside them.

    def create_app() -> Litestar:
        settings = Settings.load()
        broker = MemoryBroker()
        node = Node(broker, settings.authenticator(), settings)
        handlers = MyHandlers(storage, MyPublisher(broker))
        return build_app(node, routes(handlers, node), lifespan=[storage.lifespan], handlers=[page])

`wirepact serve` calls such a function, named in `[tool.wirepact] app` of `pyproject.toml`. Any ASGI server can run
what it returns; only `wirepact serve` has the short write path and drains before it stops.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias

from litestar import Litestar
from litestar.types import ControllerRouterHandler

from wirepact.descriptors import Channel, HttpOperation
from wirepact.logs import keep_queries_out
from wirepact.server.node import Node
from wirepact.server.openapi import openapi_config
from wirepact.server.probes import probes
from wirepact.server.refusals import exception_handlers, head_routes, other_methods, refuse_upgrade
from wirepact.server.routes import Route
from wirepact.server.shutdown import running
from wirepact.server.signposts import Signposts

Lifespan: TypeAlias = Callable[[Litestar], AbstractAsyncContextManager[None]]
"""Entered before the first connection and left after the last one."""


class App(Litestar):
    """A Litestar app with the node that holds its connections."""

    node: Node
    channels: tuple[Channel[Any, Any], ...] = ()
    signposts = Signposts(())
    checks: tuple[Callable[[], None], ...] = ()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve as Litestar does, but find addresses in the path as it came over the wire.

        And tell a WebSocket that nobody serves why: 404, where Litestar says 403.
        """
        shown: Any = scope if scope["type"] == "lifespan" else self.signposts.shown(scope)
        await super().__call__(shown, receive, refuse_upgrade(scope, send))


def build_app(
    node: Node,
    routes: Sequence[Route],
    *,
    lifespan: Sequence[Lifespan] = (),
    handlers: Sequence[ControllerRouterHandler] = (),
    checks: Sequence[Callable[[], None]] = (),
    title: str = "Wirepact",
    version: str = "1.0.0",
) -> App:
    """The application that serves *routes*.

    *lifespan* is entered in order before the node starts, and left in reverse after it has closed every connection:
    storage outlives the connections that use it. *handlers* are further Litestar routes: files, pages, anything. *checks*
    are called by `wirepact serve` before there is a process that serves; one that raises `Misconfigured` stops it, in a sentence.
    """
    keep_queries_out()
    operations: list[HttpOperation] = [each.opt["operation"] for each in routes if "operation" in each.opt]
    app = App(
        [*other_methods(operations), *routes, *head_routes(routes), *probes(node), *handlers],
        lifespan=[*lifespan, lambda _: running(node)],
        openapi_config=openapi_config(title, version, operations),
        exception_handlers=exception_handlers(),
        logging_config=None,
    )
    for route in routes:
        if "endpoint" in route.opt:
            node.serve(route.opt["endpoint"])
    app.node = node
    app.checks = tuple(checks)
    app.channels = tuple(each.opt["channel"] for each in routes if "channel" in each.opt)
    app.signposts = Signposts([*(each.address for each in app.channels), *(each.path for each in operations)])
    return app
