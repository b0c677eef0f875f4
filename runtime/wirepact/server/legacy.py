"""A connection that speaks *legacy* (docs/wire.md, L): a frame is a message, and an error is one of the document's."""

import asyncio
import time
from math import inf
from random import random

from wirepact.announcements import farewell_of, ping_of
from wirepact.close_codes import TOO_LATE
from wirepact.core.server_pulse import Due, ServerPulse
from wirepact.core.session import Dispatch
from wirepact.descriptors import ToChannel
from wirepact.errors import Refusal, TooSlow, Unavailable
from wirepact.messages import Message
from wirepact.server.admission import Admission
from wirepact.server.anteroom import Anteroom
from wirepact.server.connection import Connection
from wirepact.server.endpoint import Endpoint
from wirepact.server.frames import Batch
from wirepact.server.node import Node
from wirepact.server.peer import Visitor

PATIENCE = 1.0
"""Seconds that a handshake waits for the broker."""


class LegacyConnection(Connection):
    """A peer that nothing is told but what the document says."""

    __slots__ = ("_anteroom", "_pulse")

    def __init__(self, node: Node, endpoint: Endpoint, admission: Admission, visitor: Visitor | None) -> None:
        self._pulse: ServerPulse | None = None
        self._anteroom: Anteroom | None = None
        super().__init__(node, endpoint, admission, visitor)

    async def prepare(self) -> None:
        """See `Connection`. Where it takes long the peer is let in all the same, and listens when it can be."""
        audiences = (ToChannel(), *self.endpoint.channel.audiences)
        topics = [self._place(each)[0] for each in audiences if self._belongs_to(each)]
        self._anteroom = Anteroom(self._node.fanout)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._anteroom.listen(dict.fromkeys(topics))
        except (TimeoutError, Unavailable):
            self.forget()
        except BaseException:
            self.forget()
            raise

    def forget(self) -> None:
        """See `Connection`."""
        if self._anteroom is not None:
            self._anteroom.leave()
            self._anteroom = None

    def hear(self, frame: str | bytes) -> None:
        """See `Connection`."""
        if self.is_closing:
            return
        now = asyncio.get_running_loop().time()
        decision = self._session.hear(frame, now)
        if self._pulse is not None:
            self._note(self._pulse, isinstance(decision, Dispatch) and self._is_pong(decision.message), now)
        self._act(decision)

    def tick(self, now: float) -> None:
        """See `Connection`."""
        heartbeat = self.endpoint.channel.heartbeat
        if self._pulse is not None and heartbeat is not None:
            match self._pulse.tick(now):
                case Due.PING:
                    self.send(ping_of(heartbeat, time.time()))
                case Due.GONE:
                    self.close(TOO_LATE.code)
        super().tick(now)

    def drain(self, delay: float) -> None:
        """See `Connection`. Says what the document has for it (L10)."""
        farewell = self.endpoint.channel.on_shutdown
        if farewell is not None and not self.is_closing:
            self.send(farewell_of(farewell))
        super().drain(delay)

    def _enter(self) -> None:
        if self._anteroom is not None:
            self._anteroom.hand_over(self._outlet)
            self._topics.update(self._anteroom.topics)
            self._anteroom = None

    def _begin(self) -> None:
        self._worker = asyncio.create_task(self._greet_and_work())

    async def _greet(self) -> None:
        await super()._greet()
        heartbeat = self.endpoint.channel.heartbeat
        if heartbeat is not None:
            now = asyncio.get_running_loop().time()
            # Those who came together are not pinged together.
            self._pulse = ServerPulse(heartbeat, now, heartbeat.interval * random())  # noqa: S311
            self.due = self._next_due()

    def _next_due(self) -> float:
        return min(super()._next_due(), inf if self._pulse is None else self._pulse.due)

    def _note(self, pulse: ServerPulse, is_pong: bool, now: float) -> None:
        pulse.hear(now, is_pong=is_pong)
        self.due = self._next_due()

    def _is_pong(self, message: Message) -> bool:
        heartbeat = self.endpoint.channel.heartbeat
        return heartbeat is not None and type(message) is heartbeat.pong

    def _answer(self, reply: Message | None, request: str) -> None:
        del request
        if reply is not None:
            self.send(reply)

    def _refuse(self, refusal: Refusal, request: str = "") -> None:
        del request
        if self.endpoint.errors is None:
            self.close(refusal.close_code)
        else:
            self._write(Batch.of(self.endpoint.errors.write(refusal).encode()))

    def _tell_dropped(self, publications: int) -> None:
        if self.endpoint.errors is not None:
            self._refuse(TooSlow(f"{publications} messages were left out"))
