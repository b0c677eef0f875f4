"""Whether somebody may come in: a place on the channel, who it is, what the address means, and what the handlers say.

There is one `Admission` for each arrival, entered for as long as the connection lives. A refusal leaves it as an exception; how
whoever stands at the door hears of it is told in `rejection`.
"""

import asyncio
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from wirepact.auth import Identity
from wirepact.errors import Draining
from wirepact.lines import SUBPROTOCOL
from wirepact.server.endpoint import Endpoint
from wirepact.server.handshake import check_handshake, offers
from wirepact.server.identity import Scope
from wirepact.server.node import Node
from wirepact.server.parameters import read_parameters
from wirepact.server.peer import Visitor


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
        check_handshake(self._node.doorkeeper, self._endpoint.channel, self._scope)
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
        if not channel.has_lines or SUBPROTOCOL not in offers(self._scope):
            return False
        return not self._node.doorkeeper.has_token(self._scope, channel.credentials)

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
