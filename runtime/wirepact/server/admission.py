"""Whether somebody may come in: a place on the channel, who it is, what the address means, and what the handlers say.

There is one `Admission` for each arrival, entered for as long as the connection lives. A refusal leaves it as an exception; how
whoever stands at the door hears of it is told in `turn_away`.
"""

import asyncio
import logging
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Any, Self, TypeAlias

from litestar.connection import WebSocket
from litestar.exceptions import WebSocketDisconnect

from wirepact.auth import Identity
from wirepact.close_codes import close_code, fitting_reason
from wirepact.errors import Draining, Internal, Refusal
from wirepact.server.endpoint import Endpoint
from wirepact.server.identity import Scope
from wirepact.server.node import Node
from wirepact.server.parameters import read_parameters
from wirepact.server.peer import Visitor

Socket: TypeAlias = WebSocket[Any, Any, Any]

GONE = (OSError, WebSocketDisconnect)
"""What sending raises when nobody is there any more."""

PROFILE = "wirepact.v1"

logger = logging.getLogger("wirepact.server")


class Admission:
    """One arrival at *endpoint*, with the *scope* of its handshake.

        async with Admission(node, endpoint, scope) as admission:
            visitor = await admission.admit()
            ...  # the connection's life

    To enter takes a place, which leaving gives back. Entering, `admit` and `readmit` raise a `Refusal`.
    """

    def __init__(self, node: Node, endpoint: Endpoint, scope: Scope) -> None:
        self._node = node
        self._endpoint = endpoint
        self._scope = scope
        self._places = ExitStack()

    async def __aenter__(self) -> Self:
        if self._node.is_draining:
            raise Draining("this server stops")
        self._places.enter_context(self._node.place(self._endpoint))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._places.close()

    @property
    def needs_hello(self) -> bool:
        """Whether who it is can be known only from `!hello`: `wirepact.v1` was offered, and no token came along.

        Then the connection is accepted first, and `admit` called with the token of the hello, if it has one.
        """
        channel = self._endpoint.channel
        offered = self._scope.get("subprotocols") or ()
        return PROFILE in offered and not self._node.doorkeeper.has_token(self._scope, channel.credentials)

    async def admit(self, token: str | None = None) -> Visitor:
        """Whoever is at the door, if they may come in. *token* goes before the one of the handshake."""
        async with asyncio.timeout(self._node.settings.handler_deadline):
            return await self._visitor(await self._identify(token))

    async def readmit(self, identity: Identity | None) -> Visitor:
        """The same visitor as *identity* now, if they may still be here. Takes no other place."""
        async with asyncio.timeout(self._node.settings.handler_deadline):
            return await self._visitor(identity)

    async def _identify(self, token: str | None) -> Identity | None:
        doorkeeper, channel = self._node.doorkeeper, self._endpoint.channel
        if token is not None:
            return await doorkeeper.authenticate(token)
        return await doorkeeper.identify(self._scope, channel.credentials, anonymous=self._endpoint.anonymous)

    async def _visitor(self, identity: Identity | None) -> Visitor:
        parameters = read_parameters(self._endpoint.channel.parameters, self._scope)
        handshake = self._endpoint.handshake(self._scope)
        client = self._scope.get("client")
        host = client[0] if client else ""
        visitor = Visitor(identity, parameters, host, handshake.get("query"), handshake.get("headers"))
        await self._endpoint.admit(visitor, *parameters.values(), **handshake)
        return visitor


async def turn_away(endpoint: Endpoint, socket: Socket, error: Exception) -> None:
    """Tell whoever is at the door why not, *error* being why. What is no `Refusal` is a fault of ours.

    They are let in and closed at once: a browser can read a close code, but not the status of a refused upgrade, and
    would come back for ever.
    """
    if not isinstance(error, Refusal):
        logger.error("admission failed", exc_info=error, extra={"fields": {"channel": endpoint.name}})
    code = error.close_code if isinstance(error, Refusal) else Internal.close_code
    line = close_code(code, endpoint.channel.close_codes)
    logger.info("turned away", extra={"fields": {"channel": endpoint.name, "code": code}})
    with suppress(*GONE):
        await socket.accept()
        await socket.close(code=code, reason=fitting_reason(line.reason))
