"""What every emitted client class is: a server's URL, an identity, and the connections opened with them."""

import asyncio
import secrets
from asyncio import TaskGroup
from collections.abc import Mapping
from functools import cache, partial
from importlib import metadata
from types import TracebackType
from typing import Any, ClassVar, Self, TypeVar
from weakref import WeakSet

from wirepact.client.addresses import channel_url, server_url, with_query
from wirepact.client.connection import ChannelConnection
from wirepact.client.credentials import Placed, Token, current, place
from wirepact.client.forms import filled, header_pairs, query_pairs
from wirepact.client.inbox import Inbox
from wirepact.client.line import Dialled, Reach
from wirepact.client.transport import Transport, dial
from wirepact.core.attempts import Reconnect
from wirepact.core.backlog import Keeping
from wirepact.core.life import Dial, Rules, TokenReason
from wirepact.core.pulse import Beat
from wirepact.core.visit import Manners
from wirepact.descriptors import Channel, Credential, Key
from wirepact.errors import ConnectionRefused, Refusal
from wirepact.messages import Message

SaysT = TypeVar("SaysT", bound=Message)
HearsT = TypeVar("HearsT", bound=Message)


class Client:
    """A client of one service. The emitted subclass has a method for each channel.

    `url` is where the service is: `wss://factory.example`, with a path if the service is mounted below one.
    `token` is sent where the document says; a function is asked anew for each connection, so that it can
    refresh what expires. With `reconnect` connections come back by themselves where the close code allows it, and with `keep`
    what is sent while one is away waits for it. Leaving `async with` closes every connection that is still open.

    `refusals` are the classes for the codes that only this service refuses with.
    """

    refusals: ClassVar[Mapping[str, type[Refusal]]] = {}

    def __init__(
        self,
        url: str,
        *,
        token: Token = None,
        transport: Transport | None = None,
        reconnect: Reconnect | None = None,
        keep: Keeping | None = None,
    ) -> None:
        if keep is not None and reconnect is None:
            raise TypeError("keep: nothing comes back that it could be kept for; say how to reconnect")
        self._server = server_url(url)
        self._token = token
        self._transport = transport or Transport()
        self._reconnect = reconnect
        self._keep = keep
        self._session = secrets.token_urlsafe(12)
        self._connections: WeakSet[ChannelConnection[Any, Any]] = WeakSet()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def open(
        self,
        channel: Channel[SaysT, HearsT],
        query: Message | None = None,
        headers: Message | None = None,
        /,
        **parameters: Key,
    ) -> ChannelConnection[SaysT, HearsT]:
        """A connection to *channel*, which `async with` opens, with what its document puts into the handshake.

        Wrong parameters raise `TypeError` or `ValueError` at once.
        """
        asked = query_pairs(filled(channel, "query", query, channel.query))
        told = header_pairs(filled(channel, "headers", headers, channel.headers))
        url = with_query(channel_url(self._server, channel, parameters), asked)
        reach = Reach(
            partial(self._dial, url, told, channel.credentials), partial(current, self._token, "expiring")
        )
        inbox: Inbox[Any] = Inbox(self._transport.buffered_frames, discards=self._transport.discard)
        connection = ChannelConnection(channel, self._rules(channel), reach, inbox)
        self._connections.add(connection)
        return connection

    async def close(self) -> None:
        """Close what is still open."""
        async with TaskGroup() as closing:
            for connection in list(self._connections):
                closing.create_task(connection.close())

    def _rules(self, channel: Channel[Any, Any]) -> Rules:
        beat = channel.heartbeat
        return Rules(
            Manners(self._session, f"wirepact-python/{_version()}", channel.contract),
            self._reconnect,
            self._keep,
            channel.close_codes,
            has_lines=channel.has_lines and not self._transport.legacy,
            has_fresh_tokens=callable(self._token),
            welcome_within=self._transport.open_timeout,
            refusals=self.refusals,
            beat=None if beat is None else Beat(beat.by, beat.interval, beat.timeout),
        )

    async def _dial(
        self, url: str, headers: tuple[tuple[str, str], ...], credentials: tuple[Credential, ...], step: Dial
    ) -> Dialled:
        token = await self._current_token(step.reason)
        placed = place(token, credentials, is_spoken=step.is_spoken) if token else Placed()
        socket = await dial(
            with_query(url, placed.query),
            (*headers, *placed.headers),
            (*step.protocols, *placed.protocols),
            self._transport,
        )
        return Dialled(socket, placed.spoken)

    async def _current_token(self, reason: TokenReason) -> str | None:
        """The token to use now. Raises `ConnectionRefused` if it takes longer than a handshake may."""
        deadline = asyncio.timeout(self._transport.open_timeout)
        try:
            async with deadline:
                return await current(self._token, reason)
        except TimeoutError:
            if not deadline.expired():
                raise
        raise ConnectionRefused("there was no token in time")


@cache
def _version() -> str:
    """Ours, for logs of servers."""
    try:
        return metadata.version("wirepact")
    except metadata.PackageNotFoundError:
        return "?"
