"""A client and an application, connected: without a network, or, the same test, with a server that runs elsewhere."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, overload

from wirepact.client import Client, Keeping, Reconnect, Transport
from wirepact.client.credentials import Token
from wirepact.server.app import App
from wirepact.testing.inside import Inside

ClientT = TypeVar("ClientT", bound=Client)

HERE = "ws://application.test"
"""The URL of an application that is reached without a network."""


@overload
def connected(
    app: App,
    *,
    token: Token = None,
    url: str | None = None,
    legacy: bool = False,
    transport: Transport | None = None,
    reconnect: Reconnect | None = None,
    keep: Keeping | None = None,
) -> AbstractAsyncContextManager[Client]: ...


@overload
def connected(
    app: App,
    client: type[ClientT],
    *,
    token: Token = None,
    url: str | None = None,
    legacy: bool = False,
    transport: Transport | None = None,
    reconnect: Reconnect | None = None,
    keep: Keeping | None = None,
) -> AbstractAsyncContextManager[ClientT]: ...


def connected(
    app: App,
    client: type[Client] = Client,
    *,
    token: Token = None,
    url: str | None = None,
    legacy: bool = False,
    transport: Transport | None = None,
    reconnect: Reconnect | None = None,
    keep: Keeping | None = None,
) -> AbstractAsyncContextManager[Any]:
    """A *client* of *app*, which runs in this event loop while the block lasts: no port, and everything else as it is in production.

        async with connected(app, SpcClient, token=token("kim")) as spc, spc.notifications() as live:
            await live.send(messages.SubscribeProduct(product_id=1))

    Several clients may be connected to one *app*, which starts with the first and ends, for good, with the last. With *legacy* no
    `wirepact.v1` is offered. *url*, or the environment variable `WIREPACT_TEST_URL`, names a server that runs elsewhere: then *app* is left alone.
    """
    there = url or os.environ.get("WIREPACT_TEST_URL")
    made = transport or Transport()
    made = replace(made, legacy=legacy or made.legacy)
    options: dict[str, Any] = {"token": token, "reconnect": reconnect, "keep": keep}
    if there:
        return client(there, transport=made, **options)
    return _connected(app, client, made, options)


@asynccontextmanager
async def _connected(
    app: App, kind: type[ClientT], transport: Transport, options: dict[str, Any]
) -> AsyncIterator[ClientT]:
    async with _running(app) as inside:
        transport = replace(transport, open_socket=inside.open_socket)
        async with kind(HERE, transport=transport, **options) as client:
            yield client


@dataclass(slots=True)
class _Shared:
    """An application that runs here, and for how many."""

    inside: Inside
    users: int = 0
    starting: asyncio.Lock = field(default_factory=asyncio.Lock)


_SHARED: dict[App, _Shared] = {}


@asynccontextmanager
async def _running(app: App) -> AsyncIterator[Inside]:
    """*app*, which runs for as long as anybody is here."""
    shared = _SHARED.setdefault(app, _Shared(Inside(app)))
    shared.users += 1
    try:
        async with shared.starting:
            if not shared.inside.is_started:
                await shared.inside.start()
        yield shared.inside
    finally:
        shared.users -= 1
        if not shared.users:
            del _SHARED[app]
            await shared.inside.stop()
