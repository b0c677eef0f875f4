"""One live connection: a reader that limits and decodes, and beside it a task that handles, in order.

The reader never waits for a handler, so pings, pongs and closes are always seen. What it decides stands in
`core.session`. When the peer leaves, what it sent before is still handled; what it would be answered goes nowhere.
"""

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from wirepact.close_codes import GOING_AWAY, TOO_SLOW, close_code, fitting_reason
from wirepact.core.session import Answer, Close, Dispatch, Session, Warn
from wirepact.descriptors import Key
from wirepact.errors import Internal, Refusal
from wirepact.messages import Message
from wirepact.server.endpoint import Endpoint
from wirepact.server.frames import Batch, Binary
from wirepact.server.node import Node
from wirepact.server.outlet import Outlet
from wirepact.server.peer import Visitor
from wirepact.server.protocol import BREATHER
from wirepact.topics import channel_topic, group_topic
from wirepact.wire import encode

OUR_FAULT = "something went wrong; it has been logged"

logger = logging.getLogger("wirepact.server")

Receive = Callable[[], Awaitable[Any]]


class Connection:
    """What is known and held for one peer while it is connected."""

    __slots__ = (
        "_closed_with",
        "_endpoint",
        "_inbox",
        "_node",
        "_outlet",
        "_peer",
        "_session",
        "_topics",
        "_worker",
        "id",
        "visitor",
    )

    def __init__(self, node: Node, endpoint: Endpoint, visitor: Visitor) -> None:
        self.id = secrets.token_hex(4)
        self.visitor = visitor
        self._node = node
        self._endpoint = endpoint
        self._outlet: Outlet
        self._topics: set[str] = set()
        self._peer = endpoint.peer(self)
        self._inbox: deque[Dispatch[Any] | Answer] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._closed_with: int | None = None
        self._session = Session(
            endpoint.channel,
            endpoint.decoder,
            required=endpoint.roles,
            roles=visitor.identity.roles if visitor.identity else frozenset(),
            inbox=node.settings.inbox_messages,
        )

    async def run(self, receive: Receive, outlet: Outlet) -> None:
        """Live until the connection is over."""
        self._outlet = outlet
        with self._node.holding(self):
            self._log(logging.INFO, "opened")
            if self._node.is_draining:
                self.close(GOING_AWAY.code)
            self._worker = asyncio.create_task(self._greet_and_work())
            try:
                told = await self._read(receive)
                self._log(logging.INFO, "closed", code=self._closed_with or outlet.ended_with(told))
            finally:
                self._node.fanout.leave(self._topics, outlet)
                outlet.stop()
                await self._finish()

    # What a peer, as handlers see it, can do.

    def send(self, message: Message) -> None:
        """Send *message* to this peer, behind what was published to its topics before."""
        if type(message) not in self._endpoint.sendable:
            raise TypeError(f"{self._endpoint.name} does not send {type(message).__name__}")
        frame = encode(message)
        self._write(Binary(frame) if isinstance(frame, bytes) else frame.encode())

    async def join(self, group: str, key: Key) -> None:
        """Listen to a group's topic."""
        topic = group_topic(self._endpoint.channel, self.visitor.parameters, group, key)
        await self._listen(topic)

    def leave(self, group: str, key: Key) -> None:
        """Listen to it no longer."""
        topic = group_topic(self._endpoint.channel, self.visitor.parameters, group, key)
        self._topics.discard(topic)
        self._node.fanout.leave([topic], self._outlet)

    def close(self, code: int) -> None:
        """End the connection with *code*, and the reason that the document or the standard has for it."""
        if self._closed_with is None:
            self._closed_with = code
            self._node.fanout.flush(self._topics)
            line = close_code(code, self._endpoint.channel.close_codes)
            self._outlet.close(code, fitting_reason(line.reason))

    def overflow(self) -> None:
        """More waits for the peer than it may leave waiting."""
        self._log(logging.WARNING, "too slow")
        self.close(TOO_SLOW.code)

    # The reader.

    def hear(self, frame: str | bytes) -> None:
        """Act on a frame, a text or a binary one. Never waits."""
        if self._closed_with is None:
            match self._session.hear(frame, asyncio.get_running_loop().time()):
                case Dispatch() | Answer() as item:
                    self._inbox.append(item)
                    if self._worker is None:
                        self._worker = asyncio.create_task(self._work())
                case Warn(refusal):
                    self._refuse(refusal)
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
        except Exception as error:  # noqa: BLE001 - logged, and the peer told
            self._turn_away(error)
            self._inbox.clear()
        await self._work()

    async def _work(self) -> None:
        while self._inbox:
            item = self._inbox.popleft()
            if isinstance(item, Answer):
                self._refuse(item.refusal)
            else:
                await self._handle(item.message)
            self._session.done()
        self._worker = None

    async def _greet(self) -> None:
        async with asyncio.timeout(self._node.settings.handler_deadline):
            await self._listen(channel_topic(self._endpoint.channel, self.visitor.parameters))
            for greeting in self._endpoint.on_connect:
                self.send(await greeting(self._peer))
        self._outlet.release()

    async def _handle(self, message: Message) -> None:
        receiver = self._endpoint.receivers[type(message)]
        try:
            async with asyncio.timeout(self._node.settings.handler_deadline):
                reply = await receiver.handler(self._peer, message)
            if reply is not None:
                self.send(reply)
        except Refusal as refusal:
            self._refuse(refusal)
        except Exception:  # noqa: BLE001 - logged, and the peer told
            self._log(logging.ERROR, "handler failed", operation=receiver.operation.name, exc_info=True)
            self._refuse(Internal(OUR_FAULT))

    def _turn_away(self, error: Exception) -> None:
        if isinstance(error, Refusal):
            self.close(error.close_code)
        else:
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

    # Both.

    async def _listen(self, topic: str) -> None:
        """Join *topic*, unless the peer has left meanwhile: nothing of it may stay behind."""
        self._topics.add(topic)
        await self._node.fanout.join(topic, self._outlet)
        if not self._outlet.is_open:
            self._node.fanout.leave([topic], self._outlet)

    def _refuse(self, refusal: Refusal) -> None:
        if self._endpoint.errors is None:
            self.close(refusal.close_code)
        else:
            self._write(self._endpoint.errors.write(refusal).encode())

    def _write(self, payload: bytes) -> None:
        self._node.fanout.flush(self._topics)
        self._outlet.send(Batch([payload]))

    def _log(self, level: int, text: str, *, exc_info: bool = False, **fields: object) -> None:
        if not logger.isEnabledFor(level):
            return
        identity = self.visitor.identity
        about = {
            "connection": self.id,
            "channel": self._endpoint.name,
            "user": None if identity is None else identity.sub,
        }
        logger.log(level, text, exc_info=exc_info, extra={"fields": about | fields})
