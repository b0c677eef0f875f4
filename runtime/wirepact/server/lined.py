"""A connection that speaks `wirepact.v1` (docs/wire.md, V): hello first, then lines, positions and answers with ids."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from math import inf
from random import random
from typing import Any

from wirepact.auth import Identity
from wirepact.broker import Position
from wirepact.close_codes import GOING_AWAY, PERMISSION_DENIED, TOO_LATE
from wirepact.core.dialogue import ERRORS, Dialogue, Hello, Pong, Renew, Step
from wirepact.errors import Refusal, Unauthorized
from wirepact.lines import answering, control_line
from wirepact.messages import Message
from wirepact.server.admission import Admission
from wirepact.server.connection import Connection
from wirepact.server.endpoint import Endpoint
from wirepact.server.fanout import position_line
from wirepact.server.frames import Batch
from wirepact.server.node import Node
from wirepact.server.peer import Visitor

NOTICE = 30.0
"""Seconds before its identity ends that a client is told, or half of what is left if that is less (V22)."""

OWED = 4
"""How many queues full of what it missed a client is sent at most (V15): who was closed for being too slow missed one at least."""

LEAVING = 1.0
"""Seconds between `!draining` and the close: what the client had underway still arrives (V25)."""


class LinedConnection(Connection):
    """A peer that is told where it is, who it is, and what became of what it asked."""

    __slots__ = ("_dialogue", "_is_welcome", "_notice", "_owed", "_ping", "_positions", "_renewing")

    is_lined = True
    forgives = ERRORS

    def __init__(self, node: Node, endpoint: Endpoint, admission: Admission, visitor: Visitor | None) -> None:
        now = asyncio.get_running_loop().time()
        self._is_welcome = False
        self._notice = self._ping = inf
        self._positions: dict[str, Position] = {}
        self._owed = OWED * endpoint.channel.limits.queue_bytes
        """How many bytes of what it missed it may still be sent. They take no room in the queue."""
        self._renewing: asyncio.Task[None] | None = None
        super().__init__(node, endpoint, admission, visitor)
        limit = endpoint.channel.limits.message_bytes
        self._dialogue = Dialogue(self._session, message_bytes=limit, now=now)
        self.due = self._next_due()

    # What it hears.

    def hear(self, frame: str | bytes) -> None:
        """See `Connection`."""
        for step in self._dialogue.hear(frame, asyncio.get_running_loop().time()):
            if self.is_closing:
                return
            self._take(step)

    def _take(self, step: Step) -> None:
        match step:
            case Hello():
                self._worker = asyncio.create_task(self._welcome(step))
            case Pong():
                self._say("pong")
            case Renew(token):
                self._renew(token)
            case _:
                self._act(step)

    def _begin(self) -> None:
        """Nothing happens before the hello."""

    async def _welcome(self, hello: Hello) -> None:
        try:
            if hello.token is not None or self._admission.needs_hello:
                self.visitor = await self._admission.admit(hello.token)
                self._expect_end(self.visitor.identity)
        except Exception as error:  # noqa: BLE001 - logged, and the peer told
            self._turn_away(error)
            self._inbox.clear()
            self._worker = None
            return
        self._log(logging.INFO, "welcome", session=hello.session, client=hello.client)
        self._positions = {**hello.positions}
        self._is_welcome = True
        now = asyncio.get_running_loop().time()
        self._ping = now + random() * self._heartbeat  # noqa: S311 - nobody guesses at it
        self.due = self._next_due()
        self._say("welcome", **self._terms(now))
        await self._greet_and_work()

    def _terms(self, now: float) -> Mapping[str, Any]:
        """What the client is told of how things are done here (V10)."""
        channel, settings = self.endpoint.channel, self._node.settings
        return {
            "connection": self.id,
            "heartbeat": settings.ping_interval,
            "timeout": settings.ping_timeout,
            "message_bytes": channel.limits.message_bytes,
            "messages_per_second": channel.limits.messages_per_second,
            "expires": self._left(now),
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "contract": channel.contract or None,
        }

    async def _find(self, topic: str, audience: str, *, is_recovered: bool) -> None:
        if not is_recovered:
            await super()._find(topic, audience, is_recovered=is_recovered)
            return
        since = self._positions.get(audience)
        if since is None:
            await self._take_place(topic, audience)
        else:
            await self._return_to(topic, audience, since)

    async def _take_place(self, topic: str, audience: str) -> None:
        """Begin to hear *topic*, and say from where on."""
        self._outlet.hold()
        try:
            position = await self._node.fanout.join(topic, self._outlet, audience)
            self._tell_position(audience, position)
        finally:
            self._outlet.release()

    async def _return_to(self, topic: str, audience: str, since: Position) -> None:
        """Go on with *topic* after *since*, if nothing is missing (V14, V15)."""
        found = await self._node.fanout.recover(topic, self._outlet, audience, since)
        self._positions.pop(audience, None)
        size = len(found.missed.lined)
        if size > self._owed:
            found = replace(found, position=found.top, is_recovered=False, missed=Batch([]))
        self._tell_position(audience, found.position, is_recovered=found.is_recovered)
        if found.missed.heard:
            self._owed -= size
            self._outlet.deliver(found.missed)
        self._metrics.recovered(is_complete=found.is_recovered, replayed=len(found.missed.heard))
        self._log(
            logging.INFO,
            "recovered" if found.is_recovered else "not recovered",
            audience=audience,
            publications=len(found.missed.heard),
        )

    def _tell_position(
        self, audience: str, position: Position | None, *, is_recovered: bool | None = None
    ) -> None:
        if position is not None:
            self._write_line(position_line(audience, position, is_recovered=is_recovered))

    # What it is told.

    def drain(self, delay: float) -> None:
        """See `Connection`."""
        if not self._is_welcome:
            super().drain(delay)
            return
        self._say("draining", delay=round(delay, 3))
        asyncio.get_running_loop().call_later(LEAVING, self.close, GOING_AWAY.code)

    def recheck(self) -> Coroutine[None, None, None]:
        """See `Connection`. Who has not said hello yet is looked at then."""
        return super().recheck() if self._is_welcome else _nothing()

    def tell_degraded(self, is_degraded: bool) -> None:
        """See `Connection`."""
        if self._is_welcome:
            self._say("degraded" if is_degraded else "restored")

    def tick(self, now: float) -> None:
        """See `Connection`."""
        if self._dialogue.is_late(now) or now >= self._silent_at:
            self.close(TOO_LATE.code)
        elif now >= self._ping:
            self._ping = now + self._heartbeat
            self._say("ping")
        if now >= self._notice:
            self._notice = inf
            self._say("expiring", **{"in": self._left(now)})
        super().tick(now)

    def _answer(self, reply: Message | None, request: str) -> None:
        if reply is None:
            if request:
                self._say("done", id=request)
            return
        frame = self._encoded(reply)
        if not request:
            self.send(reply)
        elif isinstance(frame, bytes):  # which takes no tag (V4)
            self.send(reply)
            self._say("done", id=request)
        else:
            self._metrics.sent(reply)
            self._write_line(answering(frame, request))

    def _refuse(self, refusal: Refusal, request: str = "") -> None:
        self._say(
            "error",
            code=refusal.code,
            text=refusal.text,
            id=request or None,
            temporary=refusal.is_temporary or None,
            delay=refusal.delay,
        )

    def _done(self, request: str) -> None:
        self._dialogue.done(request)

    def _tell_dropped(self, publications: int) -> None:
        self._say("dropped", messages=publications)

    # Who it is.

    def _renew(self, token: str) -> None:
        """Go on with a new *token*, one at a time: who sends another before that is answered is not heard."""
        if self._renewing is None and self._is_welcome:
            self._renewing = asyncio.create_task(self._renewed(token))

    async def _renewed(self, token: str) -> None:
        was = self.visitor.identity
        try:
            identity = await self._node.doorkeeper.authenticate(token)
            if was is None or identity.sub != was.sub:
                self.close(PERMISSION_DENIED.code)
                return
            await self._readmit(identity)
            if not self.is_closing:
                self._say("renewed", expires=self._left(asyncio.get_running_loop().time()))
        except Unauthorized as refusal:
            self._refuse(refusal)
        except Exception as error:  # noqa: BLE001 - logged, and the peer told
            self._turn_away(error)
        finally:
            self._renewing = None

    def _expect_end(self, identity: Identity | None) -> None:
        super()._expect_end(identity)
        left = self._left(asyncio.get_running_loop().time())
        self._notice = inf if left is None else self._expires - min(NOTICE, left / 2)
        self.due = self._next_due()

    # When something is to be done.

    @property
    def _heard(self) -> float:
        return self._dialogue.heard

    @property
    def _heartbeat(self) -> float:
        return self._node.settings.ping_interval

    @property
    def _silent_at(self) -> float:
        """When the client is given up if nothing is heard of it (V20)."""
        if not self._is_welcome:
            return inf
        return self._dialogue.heard + self._heartbeat + self._node.settings.ping_timeout

    def _next_due(self) -> float:
        late = self._dialogue.hello_by if not self._is_welcome else inf
        return min(super()._next_due(), self._silent_at, self._ping, self._notice, late)

    def _left(self, now: float) -> float | None:
        """Seconds until the identity ends."""
        return None if self._expires == inf else max(0.0, round(self._expires - now, 3))

    # Both.

    def _say(self, control: str, **fields: object) -> None:
        self._write_line(control_line(control, **fields))

    def _write_line(self, line: str) -> None:
        self._write(Batch.of(line.encode()))


async def _nothing() -> None:
    """What there is to do for nobody."""
