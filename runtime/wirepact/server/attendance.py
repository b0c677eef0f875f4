"""Who is at the channels that have presence (`x-presence`): of this node's connections, told to the broker's `Presence`.

A connection enters when it has been greeted and leaves when it is over; what follows for its user is published to all at the
address. Every `REFRESH` seconds the node says that all of its connections are still there, and every second it asks who has
gone since, at any node.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from wirepact import announcements
from wirepact.broker import Broker, Publication
from wirepact.descriptors import Channel, Key
from wirepact.errors import Unavailable
from wirepact.messages import Message
from wirepact.presence import PAGE, REFRESH, Attendance, Departure, Member
from wirepact.server.endpoint import Endpoint
from wirepact.server.peer import Visitor
from wirepact.topics import channel_topic, parameters_of, place_of
from wirepact.wire import encode

REAP = 1.0
"""Seconds between two questions who has gone."""

logger = logging.getLogger("wirepact.server")


Told: TypeAlias = Callable[[Mapping[str, Key], Member], Awaitable[None]]
"""Is told of a user at the address of a channel that these parameters make."""


class Attendant(Protocol):
    """A connection, as far as it is of interest here."""

    id: str
    endpoint: Endpoint
    visitor: Visitor


@dataclass(frozen=True, slots=True)
class UserWatch:
    """Who is told of the users of a channel that has presence: each time at one node, and with the parameters of the address.

    `came` tells of who was at no node before, `gone` of who has been at none for the grace. When a user comes and goes at
    different nodes at once they may be told in another order; `Attendances.has` says what is so by then.
    """

    came: Told
    gone: Told


class Attendances:
    """The connections of *node* at the channels that have presence.

    Handlers ask it who is there: `await node.presence.count(CHANNEL, {"id": 1})`.
    """

    def __init__(self, broker: Broker, node: str, refreshed: Callable[[float], None]) -> None:
        self._broker = broker
        self._presence = broker.presence
        self._node = node
        self._refreshed = refreshed
        self._channels: dict[tuple[str, str], Channel[Any, Any]] = {}
        self._here: dict[str, Attendance] = {}
        self._watches: dict[tuple[str, str], UserWatch] = {}

    def watch(self, channel: Channel[Any, Any], watch: UserWatch) -> None:
        """Let *watch* be told of the users of *channel*. To be said before anybody comes; one can watch."""
        self._watches[channel.service, channel.name] = watch

    async def has(
        self, channel: Channel[Any, Any], user: str, parameters: Mapping[str, Key] | None = None
    ) -> bool:
        """Whether *user* is at an address of *channel*, at any node. Raises `Unavailable`."""
        return await self._presence.has(channel_topic(channel, parameters or {}), user)

    async def members(
        self,
        channel: Channel[Any, Any],
        parameters: Mapping[str, Key] | None = None,
        *,
        after: str = "",
        limit: int = PAGE,
    ) -> Sequence[Member]:
        """The users at an address of *channel*, by name, beginning behind *after*. Raises `Unavailable`."""
        return await self._presence.members(channel_topic(channel, parameters or {}), after, limit)

    async def count(self, channel: Channel[Any, Any], parameters: Mapping[str, Key] | None = None) -> int:
        """How many users are there, without listing them. Raises `Unavailable`."""
        return await self._presence.count(channel_topic(channel, parameters or {}))

    def expect(self, channel: Channel[Any, Any]) -> None:
        """Connections of *channel* may come."""
        if channel.presence is not None:
            self._channels[channel.service, channel.name] = channel

    async def enter(self, connection: Attendant) -> None:
        """*connection* is there from now on. Where the broker is out of reach the next refresh says so."""
        channel, visitor = connection.endpoint.channel, connection.visitor
        if channel.presence is None or visitor.identity is None:
            return
        topic = channel_topic(channel, visitor.parameters)
        identity = visitor.identity
        attendance = Attendance(topic, f"{self._node}:{connection.id}", identity.sub, identity.name)
        self._here[connection.id] = attendance
        try:
            if await self._presence.enter(attendance):
                await self._say_join(attendance)
        except Unavailable as error:
            _log_away("enter", error)

    async def leave(self, connection: Attendant) -> None:
        """*connection* is there no longer. Where the broker is out of reach it is forgotten in time."""
        attendance = self._here.pop(connection.id, None)
        presence = connection.endpoint.channel.presence
        if attendance is None or presence is None:
            return
        try:
            if await self._presence.leave(attendance.topic, attendance.connection, presence.grace):
                await self._say_leave(Departure(attendance.topic, attendance.user, attendance.info))
        except Unavailable as error:
            _log_away("leave", error)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """While the block lasts, those who are here are known to be, and those who have gone are missed."""
        tasks = [
            asyncio.create_task(_at_intervals(REFRESH, self.refresh)),
            asyncio.create_task(_at_intervals(REAP, self.reap)),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def refresh(self) -> None:
        """Say that all who are here still are. Raises `Unavailable`."""
        if not self._here:
            return
        loop = asyncio.get_running_loop()
        begun = loop.time()
        again = await self._presence.refresh(list(self._here.values()))
        self._refreshed(loop.time() - begun)
        for attendance in again:
            await self._say_join(attendance)

    async def reap(self) -> None:
        """Say who has gone since. Raises `Unavailable`."""
        if self._channels:
            for departure in await self._presence.reap():
                await self._say_leave(departure)

    async def _say_join(self, attendance: Attendance) -> None:
        if (channel := self._channel(attendance.topic)) is not None and channel.presence is not None:
            said = announcements.join_of(channel.presence, attendance.user, attendance.info)
            await self._say(attendance.topic, said)
            if (watch := self._watch_of(channel)) is not None:
                member = Member(attendance.user, attendance.info)
                await _tell(watch.came, parameters_of(channel, attendance.topic), member)

    async def _say_leave(self, departure: Departure) -> None:
        if (channel := self._channel(departure.topic)) is not None and channel.presence is not None:
            said = announcements.leave_of(channel.presence, departure.user, departure.info)
            await self._say(departure.topic, said)
            if (watch := self._watch_of(channel)) is not None:
                member = Member(departure.user, departure.info)
                await _tell(watch.gone, parameters_of(channel, departure.topic), member)

    async def _say(self, topic: str, message: Message | None) -> None:
        if message is not None:
            frame = encode(message)
            payload = frame if isinstance(frame, bytes) else frame.encode()
            await self._broker.publish(Publication(topic, payload, isinstance(frame, bytes)))

    def _watch_of(self, channel: Channel[Any, Any]) -> UserWatch | None:
        return self._watches.get((channel.service, channel.name))

    def _channel(self, topic: str) -> Channel[Any, Any] | None:
        channel = self._channels.get(place_of(topic))
        if channel is None:
            logger.warning(
                "somebody has gone from a channel that is not served here", extra={"fields": {"topic": topic}}
            )
        return channel


async def _tell(tell: Told, parameters: Mapping[str, Key], member: Member) -> None:
    """Tell a watch; what it can't do is no reason to let a connection fall, or others who came or went."""
    try:
        await tell(parameters, member)
    except Exception:
        logger.exception("who watches the users of a channel failed")


async def _at_intervals(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Unavailable as error:
            _log_away("look", error)
        except Exception:
            logger.exception("presence could not be kept")


def _log_away(what: str, error: Unavailable) -> None:
    logger.info("presence is out of reach", extra={"fields": {"to": what, "error": str(error)}})
