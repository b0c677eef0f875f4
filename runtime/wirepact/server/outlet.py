"""The way out to one peer. Nothing here waits: what a peer can't take yet stays in its outbox, up to a limit.

While a connection is being greeted, or finds its place in what was published, its outlet is held: publications wait, what
is sent to this peer alone goes first. So the greeting, a snapshot perhaps, comes before everything that happened since.
What was published passes the peer's sieve, if it has one, when it is let through and not before.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeAlias

from litestar.exceptions import WebSocketDisconnect

from wirepact.close_codes import TOO_SLOW
from wirepact.core.flow import Outbox
from wirepact.server.frames import Batch, Event
from wirepact.server.sieve import Sieve

PATIENCE = 1.0
"""Seconds that a peer has to take the last bytes before its connection is cut."""

Send: TypeAlias = Callable[[Any], Awaitable[None]]


class Keeper(Protocol):
    """Whoever an outlet belongs to, and what it is told."""

    def overflow(self) -> None:
        """More waits for the peer than it may leave waiting."""

    def dropped(self, publications: int) -> None:
        """The peer has caught up, having missed so many publications that may be dropped."""


class Outlet(ABC):
    """Takes what goes to one peer, in order, of which no more than *limit* bytes wait for it.

    `is_lined` says that the peer speaks `wirepact.v1`.
    """

    def __init__(self, keeper: Keeper, limit: int, *, is_lined: bool = False) -> None:
        self.is_lined = is_lined
        self._keeper = keeper
        self._limit = limit
        self._outbox: Outbox[Batch] = Outbox(limit)
        self._held: Outbox[Batch] = Outbox(limit)
        self._holds = 1
        self._sieve: Sieve | None = None
        self._is_open = True
        self._dropped = 0

    @property
    def is_open(self) -> bool:
        """Whether anything is still taken."""
        return self._is_open

    @property
    def is_held(self) -> bool:
        """Whether publications wait."""
        return self._holds > 0

    @property
    def waiting(self) -> int:
        """How many bytes wait for the peer here."""
        return self._outbox.size + self._held.size

    @abstractmethod
    def send(self, batch: Batch) -> None:
        """What is meant for this peer alone."""

    def deliver(self, batch: Batch) -> None:
        """What was published to an audience that this peer belongs to."""
        if not self._holds:
            self._pass(batch)
        elif self._is_open:
            self._put(self._held, batch)

    def hold(self) -> None:
        """Let publications wait from now on, until it is released as often; what is sent to this peer alone goes ahead of them."""
        self._holds += 1

    def release(self) -> None:
        """Let publications through, those that waited first, unless somebody else still holds them."""
        self._holds -= 1
        while self._held and not self._holds:
            self._pass(self._held.take())

    def narrow(self, sieve: Sieve | None) -> None:
        """Let through only what passes *sieve* from now on, or everything."""
        self._sieve = sieve

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
        self._held.clear()

    def _pass(self, batch: Batch) -> None:
        """Give what passes the sieve."""
        part = batch if self._sieve is None else batch.only(self._sieve)
        if part is not None:
            self._give(part)

    @abstractmethod
    def _give(self, batch: Batch) -> None:
        """Write what was published, or let it wait as its publications say."""

    def _wait(self, batch: Batch) -> None:
        """Let what is meant for this peer alone wait."""
        if self._is_open and not self._outbox.put(batch, self._size(batch)):
            self._keeper.overflow()

    def _put(self, outbox: Outbox[Batch], batch: Batch) -> None:
        """Let what was published wait in *outbox*, or act on it as its publications say."""
        if batch.may_wait:
            if not outbox.put(batch, self._size(batch)):
                self._keeper.overflow()
            return
        for single in batch.singles:
            if self._is_open and not self._put_single(outbox, single):
                self._keeper.overflow()

    def _put_single(self, outbox: Outbox[Batch], batch: Batch) -> bool:
        """Whether there was room, or none was needed."""
        (publication, position), *_ = batch.heard
        size = self._size(batch)
        if publication.slow == "latest":
            return outbox.put_latest((publication.topic, publication.key), batch, size)
        if outbox.put(batch, size):
            return True
        # Whoever can come back to where it was loses nothing by being sent away.
        if publication.slow == "drop" and not (self.is_lined and position is not None):
            self._dropped += 1
            return True
        return False

    def _caught_up(self) -> None:
        """Nothing waits any more: say what was dropped meanwhile."""
        if self._dropped and self._is_open:
            dropped, self._dropped = self._dropped, 0
            self._keeper.dropped(dropped)

    def _bytes(self, batch: Batch) -> bytes:
        return batch.lined if self.is_lined else batch.frames

    def _events(self, batch: Batch) -> Sequence[Event]:
        return batch.lined_events if self.is_lined else batch.events

    def _size(self, batch: Batch) -> int:
        """How much of the limit it takes."""
        return 0 if batch.is_owed else len(self._bytes(batch))


class AsgiOutlet(Outlet):
    """The way that every ASGI server offers: one awaited event after the other, by a task while there are any.

    `cut` ends the connection of a peer that takes nothing.
    """

    def __init__(
        self, send: Send, cut: Callable[[], None], keeper: Keeper, limit: int, *, is_lined: bool = False
    ) -> None:
        super().__init__(keeper, limit, is_lined=is_lined)
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

    def _give(self, batch: Batch) -> None:
        if self._is_open:
            self._put(self._outbox, batch)
            self._go_on()

    def _go_on(self) -> None:
        if self._sending is None:
            self._sending = asyncio.create_task(self._send_all())

    async def _send_all(self) -> None:
        try:
            while True:
                while self._outbox:
                    for event in self._events(self._outbox.take()):
                        await self._send(event)
                self._caught_up()
                if not self._outbox:
                    break
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
