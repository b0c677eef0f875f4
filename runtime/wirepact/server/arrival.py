"""From a WebSocket handshake to a live connection, or to a close that says why not.

Whoever offers `wirepact.v1` gets it (C3), where the channel has it (C4). Who it is may then be said in its hello only, so
it is let in first.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import cast

from wirepact.lines import SUBPROTOCOL
from wirepact.server.admission import Admission
from wirepact.server.connection import Connection
from wirepact.server.endpoint import Endpoint
from wirepact.server.handshake import chosen_subprotocol
from wirepact.server.legacy import LegacyConnection
from wirepact.server.lined import LinedConnection
from wirepact.server.node import Node
from wirepact.server.outlet import AsgiOutlet
from wirepact.server.protocol import EXTENSION, WebSocketProtocol
from wirepact.server.rejection import GONE, Socket, turn_away


async def arrive(node: Node, endpoint: Endpoint, socket: Socket) -> None:
    """Serve one WebSocket from its handshake to its end."""
    chosen = chosen_subprotocol(endpoint.channel, socket.scope)
    kind = LinedConnection if chosen == SUBPROTOCOL else LegacyConnection
    try:
        async with Admission(node, endpoint, socket.scope) as admission:
            visitor = None if admission.needs_hello else await admission.admit()
            connection = kind(node, endpoint, admission, visitor)
            try:
                await connection.prepare()
                with suppress(*GONE):
                    await socket.accept(subprotocols=chosen)
                    await _live(connection, endpoint, socket)
            finally:
                connection.forget()
    except Exception as error:  # noqa: BLE001 - it is told, and logged where it is a fault of ours
        code = await turn_away(endpoint, socket, error)
        node.metrics.channel(endpoint.channel).refused(code)


async def _live(connection: Connection, endpoint: Endpoint, socket: Socket) -> None:
    extensions = cast("Mapping[str, object]", socket.scope.get("extensions") or {})
    protocol = extensions.get(EXTENSION)
    is_lined, limit = connection.is_lined, endpoint.channel.limits.queue_bytes
    if isinstance(protocol, WebSocketProtocol) and protocol.takes_frames:
        await connection.run(socket.receive, protocol.attach(endpoint.channel, connection, is_lined=is_lined))
        return
    cut = _Cut()
    slow = AsgiOutlet(socket.send, cut, connection, limit, is_lined=is_lined)
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
