"""Uvicorn's WebSocket protocol, with a short way out: finished frames go straight to the transport.

Nothing is framed anew for a peer, nothing is awaited, and a peer that takes nothing is cut, which uvicorn
alone never does. A connection finds the protocol under `scope["extensions"][EXTENSION]`; under another server
it sends by ASGI events (`AsgiOutlet`). Stands on attributes of uvicorn's class that are public but promised to
nobody: `tests/runtime/server` notices when one moves.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol, cast

from uvicorn._types import ASGISendEvent
from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import CloseCode as StandardCode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from wirepact import close_codes
from wirepact.close_codes import CloseCode, close_code, fitting_reason
from wirepact.descriptors import Channel
from wirepact.lines import FRAME_BYTES
from wirepact.server.frames import Batch
from wirepact.server.outlet import PATIENCE, Keeper, Outlet
from wirepact.server.sieve import Sieve

EXTENSION = "wirepact.protocol"
BREATHER = 16
"""How many messages that arrive at once are heard before everyone else has a turn."""
_HIGH_WATER = 64 * 1024
_CLOSE_TIMEOUT = 5.0


class Listener(Keeper, Protocol):
    """What takes the messages of one connection, and keeps the way out."""

    def hear(self, frame: str | bytes) -> None:
        """Act on a message, a text or a binary one. Does not wait, and does not raise."""


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """One WebSocket connection under uvicorn: `--ws wirepact.server.protocol:WebSocketProtocol`."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.conn: _Conversation = _Conversation(
            extensions=self.conn.available_extensions, max_size=config.ws_max_size
        )
        self.outlet: DirectOutlet | None = None
        self._listener: Listener | None = None
        self._is_over = False
        self._heard = 0
        self._owed_pong = b""

    @property
    def takes_frames(self) -> bool:
        """Whether finished frames may be written: with an extension each peer has frames of its own."""
        return not self.conn.extensions

    def attach(
        self, channel: Channel[Any, Any], listener: Listener, *, is_lined: bool = False
    ) -> "DirectOutlet":
        """Give messages to *listener* from now on, with the limits and words of *channel*. Gives the way out."""
        allowed = channel.limits.message_bytes
        self.conn.max_message_size = max(allowed, FRAME_BYTES) if is_lined else allowed
        self.conn.declared = channel.close_codes
        self._listener = listener
        self.outlet = DirectOutlet(self, listener, channel.limits.queue_bytes, is_lined=is_lined)
        return self.outlet

    def close(self, code: int, reason: str) -> None:
        """Start the closing handshake, behind all that was written. Never waits."""
        if self.conn.state is not State.OPEN or self.transport.is_closing():
            return
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(_CLOSE_TIMEOUT, self.transport.abort)
        self.loop.call_later(PATIENCE, self._cut_if_stuck)

    @property
    def ended_with(self) -> int:
        """The close code of a connection that is over: the peer's, or ours, or 1006 if it broke off."""
        close = self.conn.close_rcvd or self.conn.close_sent
        return StandardCode.ABNORMAL_CLOSURE if close is None else close.code

    # What uvicorn calls.

    async def send(self, message: ASGISendEvent) -> None:
        """Take an ASGI event; a handshake that was answered by an HTTP response is complete, too."""
        await super().send(message)
        if self.initial_response is not None and self.close_sent:
            self.handshake_complete = True

    def handle_connect(self, event: Request) -> None:
        """Offer the short way to the application."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            self.transport.set_write_buffer_limits(high=_HIGH_WATER)
            extensions = cast("dict[str, object]", self.scope["extensions"])
            extensions[EXTENSION] = self

    def pause_writing(self) -> None:
        """The peer is behind: what follows waits in its outbox."""
        super().pause_writing()
        if self.outlet is not None:
            self.outlet.pause()

    def resume_writing(self) -> None:
        """The peer has caught up with the transport: go on with what waited."""
        super().resume_writing()
        if self._owed_pong:
            self.transport.write(self._owed_pong)
            self._owed_pong = b""
        if self.outlet is not None:
            self.outlet.resume()

    def handle_ping(self) -> None:
        """Answer, but to a peer that does not read only its latest ping (section 5.5.3)."""
        if self.writable.is_set():
            super().handle_ping()
        elif pongs := self.conn.data_to_send():
            self._owed_pong = pongs[-1]

    def data_received(self, data: bytes) -> None:
        """Take what arrived."""
        self._heard = 0
        super().data_received(data)

    def send_receive_event_to_app(self) -> None:
        """Hand a message on: straight to the listener, without a queue and a task in between.

        Of many that arrive at once the later ones go by uvicorn's queue, which lets others have their turn. One
        that is not UTF-8 is the peer's fault and no exception of ours.
        """
        message = b"".join(self.frames)
        try:
            frame = message.decode() if self.curr_msg_data_type == "text" else message
        except UnicodeDecodeError:
            self.conn.fail(StandardCode.INVALID_DATA)
            self.handle_parser_exception()
            return
        is_direct = self._listener is not None and self._heard < BREATHER and self.queue.empty()
        if self._listener is None or not is_direct:
            super().send_receive_event_to_app()
        elif not self.close_sent:
            self._heard += 1
            self._listener.hear(frame)

    def handle_close(self, event: Any) -> None:
        """The peer closes: it takes no more frames, and has a moment to take what is underway."""
        self._stop_outlet()
        super().handle_close(event)
        self._hang_up_soon()

    def handle_parser_exception(self) -> None:
        """The peer broke the protocol."""
        self._stop_outlet()
        super().handle_parser_exception()
        self._hang_up_soon()

    def keepalive_timeout(self) -> None:
        """The peer did not answer a ping: cut it, even if bytes for it are still waiting."""
        self._stop_outlet()
        super().keepalive_timeout()
        self._hang_up_soon()

    def shutdown(self) -> None:
        """The server stops, and whoever is still connected is told so in the document's words, not 1012."""
        if self.handshake_complete and self.outlet is not None:
            going_away = close_code(close_codes.GOING_AWAY.code, self.conn.declared)
            self.outlet.close(going_away.code, fitting_reason(going_away.reason))
        super().shutdown()
        self._hang_up_soon()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over, whoever ended it."""
        self._is_over = True
        self._stop_outlet()
        self._listener = None
        super().connection_lost(exc)

    def _stop_outlet(self) -> None:
        if self.outlet is not None:
            self.outlet.stop()

    def _hang_up_soon(self) -> None:
        self.loop.call_later(PATIENCE, self._hang_up)

    def _hang_up(self) -> None:
        """Wait no longer. A transport of asyncio fails when it is aborted after it closed with something still to write."""
        if not self._is_over:
            self.transport.abort()

    def _cut_if_stuck(self) -> None:
        if self.transport.get_write_buffer_size():
            self.transport.abort()


class DirectOutlet(Outlet):
    """Writes finished frames to the transport of one peer while it takes them, and keeps them while it doesn't."""

    def __init__(
        self, protocol: WebSocketProtocol, listener: Listener, limit: int, *, is_lined: bool = False
    ) -> None:
        super().__init__(listener, limit, is_lined=is_lined)
        self._protocol = protocol
        self._write = protocol.transport.write
        self._is_paused = False
        self._flows = False

    def deliver(self, batch: Batch) -> None:
        """See `Outlet`. This is the hot path: one call and one write for each peer."""
        if self._flows:
            self._write(batch.lined if self.is_lined else batch.frames)
        else:
            super().deliver(batch)

    def send(self, batch: Batch) -> None:
        """See `Outlet`."""
        if self._takes:
            self._write(self._bytes(batch))
        else:
            self._wait(batch)

    def hold(self) -> None:
        """See `Outlet`."""
        super().hold()
        self._look()

    def release(self) -> None:
        """See `Outlet`."""
        super().release()
        self._look()

    def narrow(self, sieve: Sieve | None) -> None:
        """See `Outlet`."""
        super().narrow(sieve)
        self._look()

    def ended_with(self, told: int) -> int:
        """See `Outlet`. Uvicorn tells 1005 of connections that broke off."""
        del told
        return self._protocol.ended_with

    def close(self, code: int, reason: str) -> None:
        """See `Outlet`."""
        if not self._is_open:
            return
        if code != close_codes.TOO_SLOW.code:
            self._write(b"".join(self._taken()))
        self.stop()
        self._protocol.close(code, reason)

    def stop(self) -> None:
        """See `Outlet`."""
        super().stop()
        self._flows = False

    def pause(self) -> None:
        """The transport has enough."""
        self._is_paused = True
        self._flows = False

    def resume(self) -> None:
        """The transport takes more: write until it has enough again."""
        self._is_paused = False
        while self._outbox and not self._is_paused:
            self._write(self._bytes(self._outbox.take()))
        if not self._outbox:
            self._caught_up()
        self._look()

    @property
    def _takes(self) -> bool:
        return self._is_open and not self._is_paused and not self._outbox

    def _give(self, batch: Batch) -> None:
        if self._takes:
            self._write(self._bytes(batch))
        elif self._is_open:
            self._put(self._outbox, batch)

    def _look(self) -> None:
        self._flows = self._takes and self._sieve is None and not self.is_held

    def _taken(self) -> list[bytes]:
        return [self._bytes(self._outbox.take()) for _ in range(len(self._outbox))]


class _Conversation(ServerProtocol):
    """What is said on the wire by rule. A peer that breaks it is told in our words, not the library's."""

    declared: Mapping[int, CloseCode] = {}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.debug = False  # or it would log headers and frames: tokens and payloads

    def fail(self, code: int, reason: str = "") -> None:
        """End the connection for a fault of the peer."""
        del reason
        super().fail(code, fitting_reason(close_code(code, self.declared).reason))
