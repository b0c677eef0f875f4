"""How somebody at the door is told why not: by an HTTP status before the upgrade, or by a close code behind it.

A browser can read a close code, but not the status of a refused upgrade, and would come back for ever. So what a client must
know to act rightly is told by a code (C2), and a status answers the rest. `docs/decisions/0003-refusals.md` has the table.
"""

import logging
from contextlib import suppress
from math import ceil
from typing import Any, TypeAlias

from litestar.connection import WebSocket
from litestar.exceptions import WebSocketDisconnect

from wirepact.close_codes import close_code, fitting_reason
from wirepact.descriptors import Channel
from wirepact.errors import Internal, Refusal, Unauthorized
from wirepact.lines import SUBPROTOCOL
from wirepact.server.endpoint import Endpoint
from wirepact.server.gate import Busy, TooManyAttempts
from wirepact.server.handshake import ForeignOrigin, UnknownVersion, chosen_subprotocol
from wirepact.server.identity import Scope, shows_header_token

Socket: TypeAlias = WebSocket[Any, Any, Any]
Headers: TypeAlias = list[tuple[bytes, bytes]]

GONE = (OSError, WebSocketDisconnect)
"""What sending raises when nobody is there any more."""

RESPONSE = "websocket.http.response"
"""The ASGI extension for an HTTP answer to an upgrade. Without it everything is told by a close code."""

_BEFORE_UPGRADE = (ForeignOrigin, UnknownVersion, Busy, TooManyAttempts)

logger = logging.getLogger("wirepact.server")


async def turn_away(endpoint: Endpoint, socket: Socket, error: Exception) -> int:
    """Tell whoever is at the door why not, *error* being why. What is no `Refusal` is a fault of ours.

    Gives the close code of the reason, also where a status told it.
    """
    if isinstance(error, Refusal):
        refusal = error
    else:
        refusal = Internal("it has been logged")
        logger.error("admission failed", exc_info=error, extra={"fields": {"channel": endpoint.name}})
    is_told_by_status = _is_told_by_status(refusal, endpoint.channel, socket.scope)
    told = {"status": refusal.status} if is_told_by_status else {"code": refusal.close_code}
    logger.info("turned away", extra={"fields": {"channel": endpoint.name, **told}})
    with suppress(*GONE):
        if is_told_by_status:
            await _answer(socket, refusal)
        else:
            await _close(endpoint.channel, socket, refusal.close_code)
    return refusal.close_code


def _is_told_by_status(refusal: Refusal, channel: Channel[Any, Any], scope: Scope) -> bool:
    """Whoever showed a token in a header can read a status, too: 401 tells them that it is no good (C1)."""
    if RESPONSE not in (scope.get("extensions") or {}):
        return False
    if isinstance(refusal, Unauthorized):
        return shows_header_token(scope, channel.credentials)
    return isinstance(refusal, _BEFORE_UPGRADE)


async def _answer(socket: Socket, refusal: Refusal) -> None:
    start: Any = {
        "type": f"{RESPONSE}.start",
        "status": refusal.status,
        "headers": [(b"content-type", b"text/plain; charset=utf-8"), *_headers(refusal)],
    }
    body: Any = {"type": f"{RESPONSE}.body", "body": refusal.text.encode()}
    await socket.send(start)
    await socket.send(body)


def _headers(refusal: Refusal) -> Headers:
    headers: Headers = []
    if refusal.status == Unauthorized.status:
        headers.append((b"www-authenticate", b'Bearer error="invalid_token"'))
    if refusal.status == UnknownVersion.status:
        headers += [(b"upgrade", b"websocket"), (b"sec-websocket-protocol", SUBPROTOCOL.encode())]
    if refusal.delay is not None:
        headers.append((b"retry-after", str(max(1, ceil(refusal.delay))).encode()))
    return headers


async def _close(channel: Channel[Any, Any], socket: Socket, code: int) -> None:
    """Let them in and close at once. A browser that offered subprotocols hears nothing else unless one is chosen."""
    line = close_code(code, channel.close_codes)
    await socket.accept(subprotocols=chosen_subprotocol(channel, socket.scope))
    await socket.close(code=code, reason=fitting_reason(line.reason))
