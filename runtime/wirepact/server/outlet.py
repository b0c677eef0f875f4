"""The way out to one peer. Nothing here waits: what a peer can't take yet stays in its outbox, up to a limit.

While a connection is being greeted its outlet is held: publications wait, what is sent to this peer alone
goes first. So the greeting, a snapshot perhaps, comes before everything that happened since.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from litestar.exceptions import WebSocketDisconnect

from wirepact.close_codes import TOO_SLOW
from wirepact.core.flow import Outbox
from wirepact.server.frames import Batch

PATIENCE = 1.0
"""Seconds that a peer has to take the last bytes before its connection is cut."""

Send: TypeAlias = Callable[[Any], Awaitable[None]]


class Outlet(ABC):
    """Takes what goes to one peer, in order. `on_overflow` is called when more waits than *limit* bytes."""

    def __init__(self, limit: int, on_overflow: Callable[[], None]) -> None:
        self._outbox: Outbox[Batch] = Outbox(limit)
        self._held: Outbox[Batch] | None = Outbox(limit)
        self._on_overflow = on_overflow
        self._is_open = True

    @property
    def is_open(self) -> bool:
        """Whether anything is still taken."""
        return self._is_open

    @abstractmethod
    def send(self, batch: Batch) -> None:
        """What is meant for this peer alone."""

    def deliver(self, batch: Batch) -> None:
        """What was published to an audience that this peer belongs to."""
        if self._held is None:
            self.send(batch)
        elif self._is_open and not self._held.put(batch, batch.size):
            self._on_overflow()

    def release(self) -> None:
        """Let publications through from now on, those that waited first."""
        held, self._held = self._held, None
        while held:
            self.send(held.take())

    @abstractmethod
    def close(self, code: int, reason: str) -> None:
        """Send what waits, then the close. Whoever is too slow, or does not take it, is cut off."""

    def ended_with(self, told: int) -> int:
        """The close code of the connection when it is over, *told* being what the server says it is."""
        return told

    def stop(self) -> None:
        """The connection is gone: take nothing any more."""
        self._is_open = False
        self._outbox.clear()
        self._held = None

    def _wait(self, batch: Batch) -> None:
        if self._is_open and not self._outbox.put(batch, batch.size):
            self._on_overflow()


class AsgiOutlet(Outlet):
    """The way that every ASGI server offers: one awaited event after the other, by a task while there are any.

    `cut` ends the connection of a peer that takes nothing.
    """

    def __init__(
        self, send: Send, cut: Callable[[], None], limit: int, on_overflow: Callable[[], None]
    ) -> None:
        super().__init__(limit, on_overflow)
        self._send = send
        self._cut = cut
        self._farewell: dict[str, Any] | None = None
        self._sending: asyncio.Task[None] | None = None

    def send(self, batch: Batch) -> None:
        """See `Outlet`."""
        self._wait(batch)
        self._go_on()

    def close(self, code: int, reason: str) -> None:
        """See `Outlet`."""
        if self._farewell is not None or not self._is_open:
            return
        self._farewell = {"type": "websocket.close", "code": code, "reason": reason}
        if code == TOO_SLOW.code:
            self._outbox.clear()
        self._is_open = False
        self._go_on()
        asyncio.get_running_loop().call_later(PATIENCE, self._give_up)

    def stop(self) -> None:
        """See `Outlet`."""
        super().stop()
        if self._sending is not None:
            self._sending.cancel()

    def _go_on(self) -> None:
        if self._sending is None:
            self._sending = asyncio.create_task(self._send_all())

    async def _send_all(self) -> None:
        try:
            while self._outbox:
                for event in self._outbox.take().events:
                    await self._send(event)
            if self._farewell is not None:
                await self._send(self._farewell)
        except (OSError, WebSocketDisconnect):
            self.stop()  # the peer has left; the reader hears of it by itself
        finally:
            self._sending = None

    def _give_up(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._cut()
