"""The one place that opens sockets: `websockets`, with our bounds, our errors, and a log without secrets."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from socket import socket
from ssl import SSLContext
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidStatus, InvalidURI, WebSocketException
from websockets.typing import Subprotocol

from wirepact.errors import ConnectionRefused


@dataclass(frozen=True, slots=True)
class Transport:
    """How connections are made. Times are in seconds; `None` means without end.

    `buffered_frames` bounds what is received before it is read. Beyond it the network holds the rest back, and
    in the end the server, which closes with the code for being too slow. Pongs wait behind it, too: a program that
    reads nothing for longer than `ping_interval` and `ping_timeout` loses the connection. While a request waits for its answer there may be 16 times
    as many. With `discard` it is read on, for a program that wants what is new: a message beyond the bound pushes out the oldest one, and
    `Dropped` says in its place how many. `tls` is for certificates of one's
    own; without it those of the system are trusted. `open_socket` gives a connected socket, where the URL's host is not to be looked
    for: a tunnel, a Unix socket, a test. With `legacy` no `wirepact.v1` is offered: for a proxy that lets no subprotocol through.
    """

    open_timeout: float | None = 10
    close_timeout: float | None = 10
    ping_interval: float | None = 20
    ping_timeout: float | None = 20
    message_bytes: int = 1024 * 1024
    buffered_frames: int = 64
    discard: bool = False
    tls: SSLContext | None = None
    open_socket: Callable[[], Awaitable[socket]] | None = None
    legacy: bool = False


async def dial(
    url: str, headers: Sequence[tuple[str, str]], protocols: Sequence[str], transport: Transport
) -> ClientConnection:
    """An open socket to *url*, where *protocols* are offered, or `ConnectionRefused`.

    Neither the URL nor the headers are in the error or chained to it: they may carry a token.
    """
    options: dict[str, Any] = {"ssl": transport.tls} if transport.tls and url.startswith("wss:") else {}
    try:
        if transport.open_socket is not None:
            options["sock"] = await transport.open_socket()
        return await connect(
            url,
            additional_headers=headers,
            subprotocols=[Subprotocol(each) for each in protocols] or None,
            compression=None,
            open_timeout=transport.open_timeout,
            close_timeout=transport.close_timeout,
            ping_interval=transport.ping_interval,
            ping_timeout=transport.ping_timeout,
            max_size=transport.message_bytes,
            max_queue=transport.buffered_frames,
            logger=_Discreet(logging.getLogger("wirepact.client"), {}),
            **options,
        )
    except (OSError, WebSocketException) as error:
        refusal = _refusal(error)
    except ValueError:
        if transport.open_socket is None:
            raise
        refusal = ConnectionRefused("the server is elsewhere, where a socket of one's own does not lead")
    raise refusal


def _refusal(error: OSError | WebSocketException) -> ConnectionRefused:
    match error:
        case InvalidStatus(response=response):
            delay = _seconds(response.headers.get("Retry-After", ""))
            return ConnectionRefused(_status_line(response.status_code), response.status_code, delay)
        case TimeoutError():
            return ConnectionRefused("no answer in time")
        case OSError():
            return ConnectionRefused(str(error) or type(error).__name__)
        case InvalidHandshake() | InvalidURI():
            return ConnectionRefused("the answer is not that of a WebSocket server")
        case _:
            return ConnectionRefused("the proxy that the environment names can't be used")


def _seconds(retry_after: str) -> float | None:
    """What a server asks for, if in seconds, as ours do; a date would need a clock that is right."""
    return float(retry_after) if retry_after.isascii() and retry_after.isdecimal() else None


def _status_line(status: int) -> str:
    known = {each.value: each.phrase for each in HTTPStatus}
    return f"HTTP {status} {known.get(status, '')}".rstrip()


class _Discreet(logging.LoggerAdapter[logging.Logger]):
    """A logger that is never at DEBUG, where `websockets` writes out the handshake with its token."""

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802  the name is the standard library's
        return level > logging.DEBUG and super().isEnabledFor(level)
