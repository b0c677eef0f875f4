"""From a WebSocket handshake to a live connection, or to a close that says why not.

A refused visitor is let in and closed at once: a browser can read a close code, but not the status of a refused
upgrade, and would come back for ever.
"""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypeAlias, cast

from litestar.connection import WebSocket
from litestar.exceptions import WebSocketDisconnect

from wirepact.close_codes import GOING_AWAY, close_code, fitting_reason
from wirepact.errors import Internal, Refusal
from wirepact.server.connection import Connection
from wirepact.server.endpoint import Endpoint
from wirepact.server.node import Node
from wirepact.server.outlet import AsgiOutlet
from wirepact.server.parameters import read_parameters
from wirepact.server.peer import Visitor
from wirepact.server.protocol import EXTENSION, WebSocketProtocol

Socket: TypeAlias = WebSocket[Any, Any, Any]

_GONE = (OSError, WebSocketDisconnect)
"""What sending raises when nobody is there any more."""

logger = logging.getLogger("wirepact.server")


async def arrive(node: Node, endpoint: Endpoint, socket: Socket) -> None:
    """Serve one WebSocket from its handshake to its end."""
    if node.is_draining:
        await _turn_away(endpoint, socket, GOING_AWAY.code)
        return
    try:
        with node.place(endpoint):
            visitor = await _admitted(node, endpoint, socket)
            with suppress(*_GONE):
                await socket.accept()
                await _live(Connection(node, endpoint, visitor), endpoint, socket)
    except Refusal as refusal:
        await _turn_away(endpoint, socket, refusal.close_code)
    except Exception:
        logger.exception("admission failed", extra={"fields": {"channel": endpoint.name}})
        await _turn_away(endpoint, socket, Internal.close_code)


async def _admitted(node: Node, endpoint: Endpoint, socket: Socket) -> Visitor:
    """Whoever is at the door, if they may come in. Raises a `Refusal` if not."""
    channel = endpoint.channel
    async with asyncio.timeout(node.settings.handler_deadline):
        identity = await node.doorkeeper.identify(
            socket.scope, channel.credentials, anonymous=endpoint.anonymous
        )
        parameters = read_parameters(channel.parameters, socket.scope)
        handshake = endpoint.handshake(socket.scope)
        host = socket.client.host if socket.client else ""
        visitor = Visitor(identity, parameters, host, handshake.get("query"), handshake.get("headers"))
        await endpoint.admit(visitor, *parameters.values(), **handshake)
    return visitor


async def _live(connection: Connection, endpoint: Endpoint, socket: Socket) -> None:
    extensions = cast("Mapping[str, object]", socket.scope.get("extensions") or {})
    protocol = extensions.get(EXTENSION)
    if isinstance(protocol, WebSocketProtocol) and protocol.takes_frames:
        outlet = protocol.attach(endpoint.channel, connection)
        await connection.run(socket.receive, outlet)
        return
    cut = _Cut()
    slow = AsgiOutlet(socket.send, cut, endpoint.channel.limits.queue_bytes, connection.overflow)
    try:
        await connection.run(socket.receive, slow)
    except asyncio.CancelledError:
        if not cut.is_made:
            raise
        cut.task.uncancel()


class _Cut:
    """Ends the current task's connection from outside, where the server offers no other way."""

    def __init__(self) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - told to the type checker: this is called in a coroutine
        self.task = task
        self.is_made = False

    def __call__(self) -> None:
        self.is_made = True
        self.task.cancel()


async def _turn_away(endpoint: Endpoint, socket: Socket, code: int) -> None:
    line = close_code(code, endpoint.channel.close_codes)
    logger.info("turned away", extra={"fields": {"channel": endpoint.name, "code": code}})
    with suppress(*_GONE):
        await socket.accept()
        await socket.close(code=code, reason=fitting_reason(line.reason))
