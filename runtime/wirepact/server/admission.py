"""Whether somebody may come in: a place, who it is, what the address means, and what the handlers say.

There is one `Admission` for each arrival, entered for as long as the connection lives. A refusal leaves it as an exception; how
whoever stands at the door hears of it is told in `rejection`.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Literal, Self, TypeAlias

from wirepact.auth import Identity
from wirepact.core.rate import Pace
from wirepact.descriptors import Key
from wirepact.errors import Draining, OutOfReach, Unavailable
from wirepact.lines import SUBPROTOCOL
from wirepact.server.addresses import client_host, counted_as
from wirepact.server.endpoint import Endpoint
from wirepact.server.handshake import check_handshake, offers
from wirepact.server.identity import Scope
from wirepact.server.node import Node
from wirepact.server.parameters import read_parameters
from wirepact.server.peer import Visitor
from wirepact.topics import channel_topic

logger = logging.getLogger("wirepact.server")

Kind: TypeAlias = Literal["channel", "ip", "address", "user"]
"""What a limit counts the connections of."""


class Admission:
    """One arrival at *endpoint*, with the *scope* of its handshake.

        async with Admission(node, endpoint, scope) as admission:
            visitor = await admission.admit()
            ...  # the connection's life

    To enter and to be admitted takes places, which leaving gives back. Entering, `admit` and `readmit` raise a `Refusal`.
    """

    __slots__ = ("_endpoint", "_host", "_node", "_pace", "_pacing", "_scope", "_taken")

    def __init__(self, node: Node, endpoint: Endpoint, scope: Scope) -> None:
        self._node = node
        self._endpoint = endpoint
        self._scope = scope
        self._host = client_host(scope, node.settings.trusted_proxies)
        self._taken: dict[Kind, str] = {}
        self._pace: Pace | None = None
        self._pacing = ""

    async def __aenter__(self) -> Self:
        """Look at all that needs no token, what costs least first."""
        if self._node.is_draining:
            raise Draining("this server stops")
        address = counted_as(self._host)
        self._node.gate.enter(address)
        limits = self._endpoint.channel.limits
        try:
            check_handshake(self._node.doorkeeper, self._endpoint.channel, self._scope)
            await self._take("ip", address, limits.connections_per_ip)
            await self._take("channel", "", limits.connections)
        except BaseException:
            self._leave()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

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
        """Whoever is at the door, if they may come in. *token* goes before the one of the handshake.

        May be asked again, with another token: then the places are those of whoever it is now.
        """
        async with self._time():
            identity = await self._node.doorkeeper.current(await self._identify(token))
            parameters = self._parameters()
            await self._take_places(identity, parameters)
            return await self._visitor(identity, parameters)

    async def readmit(self, identity: Identity | None) -> Visitor:
        """The same visitor as *identity* now, if they may still be here. Takes no other place."""
        async with self._time():
            return await self._visitor(await self._node.doorkeeper.current(identity), self._parameters())

    def may_say(self, now: float) -> bool:
        """Whether who was admitted may say one message more at *now*, as a user, with all of their connections."""
        return self._pace is None or self._pace.take(now)

    @asynccontextmanager
    async def _time(self) -> AsyncIterator[None]:
        """As long as a handler has. What is out of reach meanwhile is nobody's fault, and told as `OutOfReach`."""
        limits = self._endpoint.channel.limits
        try:
            async with asyncio.timeout(limits.deadline or self._node.settings.handler_deadline):
                yield
        except Unavailable as error:
            fields = {"channel": self._endpoint.name, "error": str(error)}
            logger.warning("out of reach", extra={"fields": fields})
            raise OutOfReach("nobody can be let in right now; try again later") from error

    async def _identify(self, token: str | None) -> Identity | None:
        doorkeeper, channel = self._node.doorkeeper, self._endpoint.channel
        if token is not None:
            return await doorkeeper.authenticate(token)
        return await doorkeeper.identify(self._scope, channel.credentials, anonymous=self._endpoint.anonymous)

    def _parameters(self) -> Mapping[str, Key]:
        return read_parameters(self._endpoint.channel.parameters, self._scope)

    async def _visitor(self, identity: Identity | None, parameters: Mapping[str, Key]) -> Visitor:
        handshake = self._endpoint.handshake(self._scope)
        visitor = Visitor(identity, parameters, self._host, handshake.get("query"), handshake.get("headers"))
        await self._endpoint.admit(visitor, *parameters.values(), **handshake)
        return visitor

    async def _take_places(self, identity: Identity | None, parameters: Mapping[str, Key]) -> None:
        limits, channel = self._endpoint.channel.limits, self._endpoint.channel
        if limits.connections_per_address is not None:
            await self._take("address", channel_topic(channel, parameters), limits.connections_per_address)
        if identity is not None:
            await self._take("user", identity.sub, limits.connections_per_user)
            self._keep_pace(f"said:{self._endpoint.name}:{identity.sub}", limits.user_messages_per_second)

    def _keep_pace(self, name: str, rate: float | None) -> None:
        if rate is None or name == self._pacing:
            return
        pace = self._node.paces.join(name, rate)
        self._leave_pace()
        self._pace, self._pacing = pace, name

    def _leave_pace(self) -> None:
        if self._pacing:
            self._node.paces.leave(self._pacing)
        self._pace, self._pacing = None, ""

    async def _take(self, kind: Kind, whose: str, limit: int | None) -> None:
        """Take the place of *kind* that *whose* connections count for, instead of the one that was taken before."""
        if limit is None:
            return
        name = f"{kind}:{self._endpoint.name}:{whose}"
        if self._taken.get(kind) == name:
            return
        await self._node.places.take(name, limit)
        if (other := self._taken.get(kind)) is not None:
            self._node.places.give_back(other)
        self._taken[kind] = name

    def _leave(self) -> None:
        self._node.gate.leave()
        self._leave_pace()
        taken, self._taken = self._taken, {}
        for name in taken.values():
            self._node.places.give_back(name)
