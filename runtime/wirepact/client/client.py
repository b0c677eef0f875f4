"""What every emitted client class is: a server's URL, an identity, and the connections opened with them."""

from asyncio import TaskGroup
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar
from weakref import WeakSet

from websockets.asyncio.client import ClientConnection

from wirepact.client.addresses import channel_url, server_url, with_query
from wirepact.client.connection import ChannelConnection
from wirepact.client.credentials import Placed, Token, current, place
from wirepact.client.forms import filled, header_pairs, query_pairs
from wirepact.client.transport import Transport, dial
from wirepact.descriptors import Channel, Credential, Key
from wirepact.messages import Message

SaysT = TypeVar("SaysT", bound=Message)
HearsT = TypeVar("HearsT", bound=Message)


class Client:
    """A client of one service. The emitted subclass has a method for each channel.

    `url` is where the service is: `wss://factory.example`, with a path if the service is mounted below one.
    `token` is sent where the document says; a function is asked anew for each connection, so that it can
    refresh what expires. Leaving `async with` closes every connection that is still open.
    """

    def __init__(self, url: str, *, token: Token = None, transport: Transport | None = None) -> None:
        self._server = server_url(url)
        self._token = token
        self._transport = transport or Transport()
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
        dial = partial(self._dial, url, told, channel.credentials)
        connection = ChannelConnection(channel, dial)
        self._connections.add(connection)
        return connection

    async def close(self) -> None:
        """Close what is still open."""
        async with TaskGroup() as closing:
            for connection in list(self._connections):
                closing.create_task(connection.close())

    async def _dial(
        self, url: str, headers: tuple[tuple[str, str], ...], credentials: tuple[Credential, ...]
    ) -> ClientConnection:
        token = await current(self._token)
        placed = Placed() if token is None else place(token, credentials)
        return await dial(with_query(url, placed.query), (*headers, *placed.headers), self._transport)
