"""Uvicorn's HTTP protocol, in which every connection begins, with an end to its patience.

Uvicorn waits for the headers of a first request for ever: whoever opens connections and sends a header now and then holds
them all. Here a request has to be complete, but for its body, within a time; an upgrade is one, and then the
connection is a WebSocket's. Stands on attributes of uvicorn's class, as `protocol` does.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle


class HttpProtocol(H11Protocol):
    """One connection under uvicorn, until it is upgraded or over: `--http wirepact.server.handover:HttpProtocol`."""

    HEADERS_WITHIN = 10.0
    """Seconds from the first byte, or from the connection, to the end of the headers."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Somebody is there, who should say what they want."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what arrived, and go on waiting only for headers that are not complete."""
        super().data_received(data)
        is_upgraded = self.transport.get_protocol() is not self
        cycle: RequestResponseCycle | None = self.cycle
        is_answered = cycle is None or cycle.response_complete
        if is_answered and not is_upgraded:
            self._wait()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over, whoever ended it."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(self.HEADERS_WITHIN, self._give_up)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        if not self.transport.is_closing():
            self.transport.abort()
