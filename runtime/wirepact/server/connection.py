"""One live connection: a reader that limits and decodes, and beside it a task that handles, in order.

The reader never waits for a handler, so pings, pongs and closes are always seen. What it decides stands in
`core.session`. When the peer leaves, what it sent before is still handled; what it would be answered goes nowhere.

What differs between the two profiles of docs/wire.md stands in `legacy` and `lined`.
"""

import asyncio
import logging
import secrets
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from random import uniform
from typing import Any, TypeAlias

from wirepact.announcements import pong_to
from wirepact.auth import Identity
from wirepact.close_codes import (
    ABNORMAL,
    GOING_AWAY,
    TOO_LATE,
    TOO_SLOW,
    TRY_AGAIN,
    UNAUTHORIZED,
    close_code,
    fitting_reason,
)
from wirepact.core.session import Answer, Close, Dispatch, Session, Warn
from wirepact.descriptors import Audience, Key, ToChannel, ToGroup, ToRoles, ToUser
from wirepact.errors import (
    BadRequest,
    Internal,
    OutOfReach,
    PermissionDenied,
    RateLimited,
    Refusal,
    Unavailable,
)
from wirepact.messages import Message
from wirepact.server.admission import Admission
from wirepact.server.endpoint import Endpoint, Receiver
from wirepact.server.frames import Batch
from wirepact.server.node import Node
from wirepact.server.outlet import Outlet
from wirepact.server.peer import Visitor
from wirepact.server.protocol import BREATHER
from wirepact.server.sieve import Filter, Sieve
from wirepact.server.tracing import handling
from wirepact.topics import (
    OWN_USER,
    channel_topic,
    group_audience,
    group_topic,
    roles_audience,
    roles_topic,
    user_topic,
)
from wirepact.wire import encode

OUR_FAULT = "something went wrong; it has been logged"
OUT_OF_REACH = "this can't be done right now; try again later"

GRACE = 25.0
"""Seconds that a connection outlives its identity (V23)."""

RETRY = 1.0
"""Seconds, at most, until a broker that is out of reach is asked again."""

logger = logging.getLogger("wirepact.server")

Receive: TypeAlias = Callable[[], Awaitable[Any]]
Work: TypeAlias = Dispatch[Any] | Answer


class Connection(ABC):
    """What is known and held for one peer while it is connected."""

    __slots__ = (
        *("_admission", "_closed_with", "_expires", "_filters", "_idle", "_inbox", "_is_watched", "_looks"),
        *("_metrics", "_node", "_outlet", "_peer", "_session", "_topics", "_worker"),
        *("due", "endpoint", "id", "visitor"),
    )

    is_lined = False
    forgives: int | None = None
    """How many errors a minute end nothing, where the document does not say it; `None` for any number."""

    def __init__(self, node: Node, endpoint: Endpoint, admission: Admission, visitor: Visitor | None) -> None:
        self.id = secrets.token_hex(4)
        self.endpoint = endpoint
        self.visitor = visitor or Visitor(None)
        """Who it is; nobody yet where that is known from the hello only."""
        self.due = float("inf")
        """When `tick` has something to do, by the clock of the loop."""
        self._node = node
        self._metrics = node.metrics.channel(endpoint.channel)
        self._admission = admission
        self._outlet: Outlet
        self._topics: set[str] = set()
        self._peer = endpoint.peer(self)
        self._inbox: deque[Work] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._closed_with: int | None = None
        self._is_watched = False
        self._filters: tuple[Filter | None, Filter | None] = None, None
        """What the service lets the peer hear, and what of it the peer asked for."""
        self._looks = 0
        self._expires = float("inf")
        self._idle = endpoint.channel.limits.idle or float("inf")
        self._session = Session(
            endpoint.channel,
            endpoint.decoder,
            inbox=node.settings.inbox_messages,
            forgives=self.forgives,
            may_say=admission.may_say,
            now=asyncio.get_running_loop().time(),
        )

    async def prepare(self) -> None:  # noqa: B027 - wirepact.v1 says itself from where on it hears
        """Do what must be done before the handshake is answered."""

    def forget(self) -> None:  # noqa: B027 - as above
        """Undo it, unless it was of use."""

    async def run(self, receive: Receive, outlet: Outlet) -> None:
        """Live until the connection is over."""
        self._outlet = outlet
        self._enter()
        with self._node.holding(self):
            self._log(logging.INFO, "opened")
            self._metrics.opened("wirepact.v1" if self.is_lined else "legacy")
            if self._node.is_draining:
                self.close(GOING_AWAY.code)
            self._expect_end(self.visitor.identity)
            self._begin()
            code = ABNORMAL.code
            try:
                told = await self._read(receive)
                code = self._closed_with or outlet.ended_with(told)
                self._log(logging.INFO, "closed", code=code)
            finally:
                self._metrics.closed(code)
                self._node.fanout.leave(self._topics, outlet)
                outlet.stop()
                await self._finish()
                await self._depart()
                await self._node.presence.leave(self)

    @property
    def is_closing(self) -> bool:
        """Whether the close has been sent, or is about to be."""
        return self._closed_with is not None

    @property
    def waiting(self) -> int:
        """How many bytes wait for the peer."""
        return self._outlet.waiting

    # What a peer, as handlers see it, can do.

    @property
    def silence(self) -> float:
        """Seconds since the peer was last heard of."""
        return asyncio.get_running_loop().time() - self._heard

    @property
    def _heard(self) -> float:
        """When it was, by the clock of the loop."""
        return self._session.heard

    def send(self, message: Message) -> None:
        """Send *message* to this peer, behind what was published to its topics before."""
        frame = self._encoded(message)
        self._metrics.sent(message)
        self._write(
            Batch.of(
                frame if isinstance(frame, bytes) else frame.encode(), is_binary=isinstance(frame, bytes)
            )
        )

    async def join(self, group: str, key: Key) -> None:
        """Listen to a group's topic."""
        channel = self.endpoint.channel
        topic = group_topic(channel, self.visitor.parameters, group, key)
        await self._listen(topic, group_audience(channel, group, key), ToGroup(group))

    def leave(self, group: str, key: Key) -> None:
        """Listen to it no longer."""
        topic = group_topic(self.endpoint.channel, self.visitor.parameters, group, key)
        self._leave(topic)

    def hear_only(self, wanted: Filter | None) -> None:
        """Of what the peer may hear let through what is *wanted* from now on, or everything."""
        self._narrow(self._filters[0], wanted)

    def close(self, code: int) -> None:
        """End the connection with *code*, and the reason that the document or the standard has for it."""
        if self._closed_with is None:
            self._closed_with = code
            self._node.fanout.flush(self._topics)
            line = close_code(code, self.endpoint.channel.close_codes)
            self._outlet.close(code, fitting_reason(line.reason))

    # What its outlet says.

    def overflow(self) -> None:
        """More waits for the peer than it may leave waiting."""
        self._log(logging.WARNING, "too slow")
        self.close(TOO_SLOW.code)

    def dropped(self, publications: int) -> None:
        """The peer has caught up, having missed so many publications that may be dropped."""
        self._log(logging.WARNING, "dropped", publications=publications)
        self._metrics.dropped("slow", publications)
        self._tell_dropped(publications)

    # What its node says.

    def tick(self, now: float) -> None:
        """Do what is due at *now*, by the clock of the loop."""
        if now >= self._expires + GRACE:
            self.close(UNAUTHORIZED.code)
        elif self._worker is None and now >= self._session.heard + self._idle and not self.is_closing:
            self._log(logging.INFO, "idle")
            self.close(TOO_LATE.code)
        self.due = self._next_due()

    def drain(self, delay: float) -> None:
        """Send the peer away, to come back after *delay* seconds if it can be told so."""
        del delay
        self.close(GOING_AWAY.code)

    def tell_degraded(self, is_degraded: bool) -> None:  # noqa: B027 - legacy has no word for it
        """Say that the broker is out of reach, or no longer is, if the peer can be told so."""

    def recheck(self) -> Coroutine[None, None, None]:
        """See whether the peer may still be here, what it may do now and is to hear. What is published waits until that is known."""
        self._node.fanout.flush(self._topics)
        self._outlet.hold()
        return self._look_again()

    # The reader.

    @abstractmethod
    def hear(self, frame: str | bytes) -> None:
        """Act on a frame, a text or a binary one. Never waits."""

    def _act(self, decision: Dispatch[Any] | Answer | Warn | Close) -> None:
        match decision:
            case Dispatch(message, request) if self._may_beat(message):
                self._beat(message, request)
            case Dispatch() | Answer() as item:
                self._inbox.append(item)
                if self._worker is None:
                    self._worker = asyncio.create_task(self._work())
            case Warn(refusal, request):
                self._reject(refusal, request)
                self._count_fault(refusal)
            case Close(code):
                self.close(code)

    async def _read(self, receive: Receive) -> int:
        """Hear frames until the connection is over. Gives the close code as the server tells it."""
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return int(event.get("code") or 1005)
            frame = event.get("text")
            self.hear(event["bytes"] if frame is None else frame)
            if len(self._inbox) % BREATHER == BREATHER - 1:
                await asyncio.sleep(0)

    # The worker: there is one while there is anything to handle.

    async def _greet_and_work(self) -> None:
        try:
            await self._greet()
            await self._node.presence.enter(self)
        except Exception as error:  # noqa: BLE001 - logged, and the peer told
            self._turn_away(error)
            self._inbox.clear()
        await self._work()

    async def _work(self) -> None:
        while self._inbox:
            item = self._inbox.popleft()
            if isinstance(item, Answer):
                self._reject(item.refusal, item.id)
                self._count_fault(item.refusal)
            elif type(item.message) in self.endpoint.heartbeat:
                self._beat(item.message, item.id)
                continue
            else:
                await self._handle(item.message, item.id)
            self._done(item.id)
        self._worker = None

    def _enter(self) -> None:  # noqa: B027 - as above
        """Take over what was prepared."""

    @abstractmethod
    def _begin(self) -> None:
        """Start, now that frames can go out."""

    async def _greet(self) -> None:
        """Let the peer hear what it is to hear from the start, and say what comes first."""
        async with asyncio.timeout(self._node.settings.handler_deadline):
            await self._choose()
            for audience in (ToChannel(), *self.endpoint.channel.audiences):
                await self._listen_to(audience)
            for greeting in self.endpoint.on_connect:
                self.send(await greeting(self._peer))
            await self._arrive()
        self._outlet.release()

    async def _arrive(self) -> None:
        """Show the peer to whoever watches its channel."""
        watch = self._node.watch_of(self.endpoint.channel)
        if watch is not None:
            self._is_watched = True
            await watch.arrived(self._peer)

    async def _depart(self) -> None:
        """Say that the peer is gone to whoever was shown it."""
        watch = self._node.watch_of(self.endpoint.channel)
        if watch is None or not self._is_watched:
            return
        try:
            async with asyncio.timeout(self._node.settings.handler_deadline):
                await watch.left(self._peer)
        except Exception:  # noqa: BLE001 - logged; there is nobody to tell
            self._log(logging.ERROR, "leave failed", exc_info=True)

    async def _handle(self, message: Message, request: str) -> None:
        receiver = self.endpoint.receivers[type(message)]
        self._metrics.received(message)
        begun = time.perf_counter()
        try:
            await self._handle_by(receiver, message, request)
        finally:
            self._metrics.handled(receiver.operation.name, time.perf_counter() - begun)

    async def _handle_by(self, receiver: Receiver[Any], message: Message, request: str) -> None:
        deadline = self.endpoint.channel.limits.deadline or self._node.settings.handler_deadline
        try:
            self._check_roles(type(message))
            with handling(receiver.operation, self.id, request):
                async with asyncio.timeout(deadline):
                    reply = await receiver.handler(self._peer, message)
            self._answer(reply, request)
        except Refusal as refusal:
            self._reject(refusal, request)
        except Unavailable as error:
            self._log(logging.WARNING, "out of reach", operation=receiver.operation.name, error=str(error))
            self._reject(OutOfReach(OUT_OF_REACH), request)
        except Exception:  # noqa: BLE001 - logged, and the peer told
            self._log(logging.ERROR, "handler failed", operation=receiver.operation.name, exc_info=True)
            self._reject(Internal(OUR_FAULT), request)

    def _check_roles(self, kind: type[Message]) -> None:
        """Raises `PermissionDenied`. Roles are those that the peer has now, not those that it came with."""
        required = self.endpoint.roles[kind]
        identity = self.visitor.identity
        if required and (identity is None or not identity.has_one_of(required)):
            raise PermissionDenied(f"needs one of the roles {', '.join(sorted(required))}")

    def _turn_away(self, error: Exception) -> None:
        match error:
            case Refusal():
                self.close(error.close_code)
            case Unavailable():
                self._log(logging.WARNING, "out of reach", error=str(error))
                self.close(TRY_AGAIN.code)
            case _:
                self._log(logging.ERROR, "greeting failed", exc_info=True)
                self.close(Internal.close_code)

    async def _finish(self) -> None:
        """Let what was received be handled, within the deadline of one handler."""
        worker = self._worker
        if worker is None:
            return
        try:
            await asyncio.wait([worker], timeout=self._node.settings.handler_deadline)
        finally:
            if not worker.done():
                self._log(logging.WARNING, "left work undone", messages=len(self._inbox))
                worker.cancel()
                await asyncio.wait([worker])

    def _may_beat(self, message: Message) -> bool:
        """Whether *message* is of the heartbeat, and is not to wait for the greeting, which comes first (L6)."""
        return type(message) in self.endpoint.heartbeat and not self._outlet.is_held

    def _beat(self, message: Message, request: str) -> None:
        """Answer a ping at once, before what waits to be handled. A pong has been noted."""
        heartbeat = self.endpoint.channel.heartbeat
        is_ping = heartbeat is not None and type(message) is heartbeat.ping and heartbeat.by == "client"
        self._answer(pong_to(heartbeat, message) if is_ping and heartbeat else None, request)
        self._done(request)

    # What it hears.

    async def _listen_to(self, audience: Audience) -> None:
        """Listen to one of the audiences that a peer belongs to without joining, if this one does."""
        topic, name = self._place(audience)
        if topic and self._belongs_to(audience):
            await self._listen(topic, name, audience)
        elif topic:
            self._leave(topic)

    def _belongs_to(self, audience: Audience) -> bool:
        """Whether the peer is one of *audience*, which nobody joins."""
        identity = self.visitor.identity
        match audience:
            case ToUser():
                return identity is not None
            case ToRoles(roles):
                return identity is not None and identity.has_one_of(roles)
        return isinstance(audience, ToChannel)

    def _place(self, audience: Audience) -> tuple[str, str]:
        """The topic of an audience that nobody joins, and what peers call it; empty if there is none for this peer."""
        channel, visitor = self.endpoint.channel, self.visitor
        match audience:
            case ToChannel():
                return channel_topic(channel, visitor.parameters), ""
            case ToUser() if visitor.identity is not None:
                return user_topic(channel, visitor.parameters, visitor.identity.sub), OWN_USER
            case ToRoles(roles):
                return roles_topic(channel, visitor.parameters, roles), roles_audience(roles)
        return "", ""

    async def _listen(self, topic: str, audience: str, kind: Audience) -> None:
        """Join *topic*, unless the peer has left meanwhile: nothing of it may stay behind.

        While the broker is out of reach it is asked again, until whoever waits for this has waited long enough.
        """
        if topic in self._topics:
            return
        self._topics.add(topic)
        try:
            while True:
                try:
                    await self._find(topic, audience, is_recovered=kind in self.endpoint.channel.recovers)
                    break
                except Unavailable:
                    await asyncio.sleep(uniform(RETRY / 2, RETRY))  # noqa: S311 - nobody guesses at it
        except BaseException:
            self._topics.discard(topic)
            raise
        if not self._outlet.is_open:
            self._node.fanout.leave([topic], self._outlet)

    async def _find(self, topic: str, audience: str, *, is_recovered: bool) -> None:
        """Join *topic*. Raises `Unavailable`."""
        del is_recovered
        await self._node.fanout.join(topic, self._outlet, audience)

    def _leave(self, topic: str) -> None:
        self._topics.discard(topic)
        self._node.fanout.leave([topic], self._outlet)

    async def _choose(self) -> None:
        """Find out what the peer is to hear. Of several who do so at once the last one to begin knows best."""
        filter_of = self._node.filter_of(self.endpoint.channel)
        if filter_of is None:
            return
        self._looks = look = self._looks + 1
        chosen = await filter_of(self.visitor)
        if look == self._looks:
            self._narrow(chosen, self._filters[1])

    def _narrow(self, given: Filter | None, asked: Filter | None) -> None:
        """Let through what both want. What was published before goes out as it would have."""
        self._node.fanout.flush(self._topics)
        self._filters = given, asked
        filters = [each for each in self._filters if each is not None]
        self._outlet.narrow(Sieve(self.endpoint.reader, filters) if filters else None)

    # Who it is.

    async def _look_again(self) -> None:
        try:
            await self._readmit(self.visitor.identity)
        finally:
            self._outlet.release()

    async def _readmit(self, identity: Identity | None) -> None:
        """Go on as *identity*, as whom the peer may be here and hear other things than before. Does not raise a `Refusal`."""
        try:
            self.visitor = await self._admission.readmit(identity)
            await self._choose()
            for audience in self.endpoint.channel.audiences:
                if isinstance(audience, ToRoles):
                    await self._listen_to(audience)
        except Refusal as refusal:
            self.close(refusal.close_code)
        except Exception:  # noqa: BLE001 - logged, and the peer told
            self._log(logging.ERROR, "looking again failed", exc_info=True)
            self.close(Internal.close_code)
        else:
            self._expect_end(self.visitor.identity)

    def _expect_end(self, identity: Identity | None) -> None:
        """Note when *identity* ends."""
        expires = None if identity is None else identity.expires
        now = asyncio.get_running_loop().time()
        self._expires = float("inf") if expires is None else now + expires - time.time()
        self.due = self._next_due()

    def _next_due(self) -> float:
        """When `tick` has something to do again."""
        return min(self._expires + GRACE, self._session.heard + self._idle)

    # Both.

    def _reject(self, refusal: Refusal, request: str) -> None:
        self._metrics.rejected(refusal.code)
        self._refuse(refusal, request)

    @abstractmethod
    def _refuse(self, refusal: Refusal, request: str) -> None:
        """Tell the peer why not; *request* is the id of what it asked, if it gave one."""

    @abstractmethod
    def _answer(self, reply: Message | None, request: str) -> None:
        """Tell the peer what came of what it asked."""

    def _count_fault(self, refusal: Refusal) -> None:
        """Note that the peer sent something that could not be taken, and send away who does so too often."""
        if not self.is_closing and not self._session.may_err(asyncio.get_running_loop().time()):
            self._log(logging.WARNING, "too many errors", error=refusal.code)
            hasty = isinstance(refusal, RateLimited)
            self.close(RateLimited.close_code if hasty else BadRequest.close_code)

    def _done(self, request: str) -> None:
        """What was dispatched, or was to be answered, has been."""
        del request
        self._session.done()

    @abstractmethod
    def _tell_dropped(self, publications: int) -> None:
        """Tell the peer how many publications it missed for being slow."""

    def _encoded(self, message: Message) -> str | bytes:
        if type(message) not in self.endpoint.sendable:
            raise TypeError(f"{self.endpoint.name} does not send {type(message).__name__}")
        return encode(message)

    def _write(self, batch: Batch) -> None:
        self._node.fanout.flush(self._topics)
        self._outlet.send(batch)

    def _log(self, level: int, text: str, *, exc_info: bool = False, **fields: object) -> None:
        if not logger.isEnabledFor(level):
            return
        identity = self.visitor.identity
        about = {
            "connection": self.id,
            "channel": self.endpoint.name,
            "user": None if identity is None else identity.sub,
        }
        logger.log(level, text, exc_info=exc_info, extra={"fields": about | fields})
