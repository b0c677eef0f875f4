"""One process's share of the service: its live connections, what they listen to, and their orderly end."""

import asyncio
import logging
import os
import secrets
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from random import uniform
from typing import Any, Generic, Literal, Protocol, TypeAlias

from wirepact import close_codes
from wirepact.auth import Authenticator, Directory
from wirepact.broker import Broker
from wirepact.core.leaving import STEP, leaving
from wirepact.descriptors import Channel
from wirepact.errors import Unavailable
from wirepact.nodes import Drain, Kick, NodeMessage, Recheck
from wirepact.report import MOST_USERS, BrokerReport, Report, encode
from wirepact.roster import EVERY
from wirepact.server.attendance import Attendances, UserWatch
from wirepact.server.endpoint import Endpoint, PeerT
from wirepact.server.fanout import Fanout
from wirepact.server.gate import Gate
from wirepact.server.identity import Doorkeeper
from wirepact.server.lag import LoopWatch
from wirepact.server.metrics import Metrics
from wirepact.server.paces import Paces
from wirepact.server.peer import Visitor
from wirepact.server.places import Places
from wirepact.server.sieve import Filter
from wirepact.server.ticking import ticking
from wirepact.settings import Settings

VERSION = version("wirepact")

State: TypeAlias = Literal["starting", "ready", "deaf", "draining"]

logger = logging.getLogger("wirepact.server")


def _nothing() -> None:
    """What is done where nobody asked for more."""


class Guest(Protocol):
    """A live connection, as far as its node has to know it."""

    id: str
    visitor: Visitor
    endpoint: Endpoint
    due: float

    @property
    def waiting(self) -> int:
        """How many bytes wait for it."""

    def close(self, code: int) -> None:
        """End it with *code*."""

    def tick(self, now: float) -> None:
        """Do what is due at *now*."""

    def tell_degraded(self, is_degraded: bool) -> None:
        """Say that the broker is out of reach, or that it is back."""

    def drain(self, delay: float) -> None:
        """Say that it is to come back after *delay* seconds, and end it with 1001."""

    def recheck(self) -> Coroutine[None, None, None]:
        """Find out again whether its user may be here, what they may do and are to hear. What is published waits from the call on."""


@dataclass(frozen=True, slots=True)
class Watch(Generic[PeerT]):
    """Who is told of the peers of a channel: `arrived` before anything that a peer says is handled, `left` after all of it was."""

    arrived: Callable[[PeerT], Awaitable[None]]
    left: Callable[[PeerT], Awaitable[None]]


FilterOf: TypeAlias = Callable[[Visitor], Awaitable[Filter | None]]
"""What somebody at a channel is to hear of what is published there; `None` is everything."""


class Node:
    """Holds the connections of this process and carries publications from the broker to them."""

    def __init__(
        self,
        broker: Broker,
        authenticator: Authenticator,
        settings: Settings | None = None,
        *,
        directory: Directory | None = None,
    ) -> None:
        self.broker = broker
        self.settings = settings or Settings()
        self.doorkeeper = Doorkeeper(authenticator, self.settings.origins, directory)
        self.metrics = Metrics()
        self.fanout = Fanout(broker, self.metrics.delivering)
        broker.on_published = self.metrics.published
        self.gate = Gate(self.settings)
        self.places = Places(broker.tallies)
        self.paces = Paces(broker.tallies, time.monotonic)
        self.is_started = False
        self.is_draining = False
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
        """What `wirepact status` and `wirepact drain` call it."""
        self.is_degraded = False
        """Whether the broker is out of reach."""
        self._tuned: dict[tuple[str, str], Channel[Any, Any]] = {}
        self._watches: dict[tuple[str, str], Watch[Any]] = {}
        self._filters: dict[tuple[str, str], FilterOf] = {}
        self._connections: set[Guest] = set()
        self.presence = Attendances(broker, self.name, self.metrics.presence.observe)
        """Who is where, at the channels that have presence."""
        self.endpoints: list[Endpoint] = []
        """Those whose connections are held here."""
        self._since = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        self._changed = asyncio.Event()
        self.on_drain: Callable[[], None] = _nothing
        """Called when the drain begins; whoever runs the server sets it."""
        self._drained = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._empty = asyncio.Event()
        self._empty.set()

    def __len__(self) -> int:
        return len(self._connections)

    @property
    def connections(self) -> Sequence[Guest]:
        """Those who are here."""
        return tuple(self._connections)

    @property
    def state(self) -> State:
        """How it is. Only one that is ready wants new connections; one that is deaf has them, and hears nothing of the broker."""
        if self.is_draining:
            return "draining"
        if not self.is_started:
            return "starting"
        return "deaf" if self.broker.health().is_deaf else "ready"

    @property
    def is_ready(self) -> bool:
        """Whether new connections are welcome."""
        return self.state == "ready"

    def sample(self) -> None:
        """Measure what has a value at each moment."""
        self.metrics.sample(
            self.broker.health(), self.broker.counts, len(self.fanout), is_draining=self.is_draining
        )
        self.metrics.waiting.set(sum(each.waiting for each in self._connections))

    def watch(self, channel: Channel[Any, Any], watch: Watch[Any]) -> None:
        """Let *watch* be told who comes to *channel* at this node, and who goes. To be said before anybody comes; one can watch."""
        self._watches[channel.service, channel.name] = watch

    def watch_users(self, channel: Channel[Any, Any], watch: UserWatch) -> None:
        """Let *watch* be told of the users of *channel*, which has presence (`x-presence`): each once, at one of all nodes."""
        self.presence.watch(channel, watch)

    def watch_of(self, channel: Channel[Any, Any]) -> Watch[Any] | None:
        """Whoever watches *channel*."""
        return self._watches.get((channel.service, channel.name))

    def filter(self, channel: Channel[Any, Any], filter_of: FilterOf) -> None:
        """Let *filter_of* say what each peer of *channel* is to hear. To be said before anybody comes.

        It is asked when somebody comes, and again when the node is told to look again (`recheck`).
        """
        self._filters[channel.service, channel.name] = filter_of

    def filter_of(self, channel: Channel[Any, Any]) -> FilterOf | None:
        """Whoever says what peers of *channel* are to hear."""
        return self._filters.get((channel.service, channel.name))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Takes part in the service while the block lasts, and ends with every connection closed."""
        await self.broker.start(self.fanout.deliver, self.fanout.lose, self._told, self._linked)
        self.is_started = True
        self._spawn(self._report_at_intervals())
        try:
            with LoopWatch(self._lagged, self.metrics.blocked.inc):
                async with ticking(lambda: self.connections), self._kept():
                    yield
                    await self.drain()
        finally:
            await self.drain()
            await self.places.settled()
            self.is_started = False
            await self._finished()
            await self._leave_the_roster()
            await self.broker.stop()

    @asynccontextmanager
    async def _kept(self) -> AsyncIterator[None]:
        """Other nodes know what is here while the block lasts."""
        async with self.places.kept(), self.paces.settling(), self.presence.kept():
            yield

    async def kick(self, user: str, code: int = close_codes.PERMISSION_DENIED.code) -> None:
        """End every connection of *user*, at all nodes. Raises `Unavailable`."""
        await self.broker.tell(Kick(user, code))

    async def recheck(self, user: str | None = None) -> None:
        """Let all nodes find out again what *user* may do and is to hear; anybody, if `None`. Raises `Unavailable`.

        What is published after this has returned reaches them as they are then: until that is known, it waits.
        """
        await self.broker.tell(Recheck(user))

    def serve(self, endpoint: Endpoint) -> None:
        """Expect connections to *endpoint*."""
        self.endpoints.append(endpoint)
        self.presence.expect(endpoint.channel)

    def report(self) -> Report:
        """How this node is, for `wirepact status`."""
        health = self.broker.health()
        here = Counter({each.name: 0 for each in self.endpoints})
        here.update(each.endpoint.name for each in self._connections)
        users = Counter(each.visitor.identity.sub for each in self._connections if each.visitor.identity)
        return Report(
            node=self.name,
            state=self.state,
            since=self._since,
            version=VERSION,
            broker=BrokerReport(
                health.is_connected, health.is_deaf, health.silence, health.lag, dict(self.broker.counts)
            ),
            connections=len(self),
            anonymous=len(self) - users.total(),
            channels=dict(here),
            contracts={each.channel.service: each.channel.contract for each in self.endpoints},
            users=dict(users.most_common(MOST_USERS)),
            codes=dict(self.metrics.codes),
        )

    def tune(self, channel: Channel[Any, Any]) -> None:
        """Serve *channel* in place of the one of its service that has its name: with limits or a heartbeat that were set.

        To be called before the routes are made.
        """
        self._tuned[channel.service, channel.name] = channel

    def tuned(self, channel: Channel[Any, Any]) -> Channel[Any, Any]:
        """*channel* as it is served here."""
        return self._tuned.get((channel.service, channel.name), channel)

    @contextmanager
    def holding(self, connection: Guest) -> Iterator[None]:
        """Counts *connection* among those that are here."""
        self._connections.add(connection)
        self._empty.clear()
        try:
            yield
        finally:
            self._connections.discard(connection)
            if not self._connections:
                self._empty.set()

    async def drain(self) -> None:
        """Let nobody in any more, close everyone with 1001, and wait for them, at most the shutdown window.

        Once is enough: who calls it a second time waits for the first.
        """
        if self.is_draining:
            await self._drained.wait()
            return
        self.is_draining = True
        self.on_drain()
        self._changed.set()
        try:
            await self._send_away()
        finally:
            self._drained.set()

    async def _send_away(self) -> None:
        if self._connections:
            logger.info("draining", extra={"fields": {"connections": len(self)}})
        try:
            async with asyncio.timeout(self.settings.shutdown_window):
                await self._say_goodbye()
                await self._empty.wait()
                await self.fanout.settled()
        except TimeoutError:
            logger.warning("the shutdown window is over", extra={"fields": {"connections": len(self)}})

    async def _say_goodbye(self) -> None:
        """Tell everyone, a batch at a time, when to come back."""
        there = self.connections
        plan = leaving(len(there), self.settings.shutdown_window)
        for start in range(0, len(there), plan.batch):
            if start:
                await asyncio.sleep(STEP)
            for connection in there[start : start + plan.batch]:
                connection.drain(uniform(0, plan.delay))  # noqa: S311 - nobody guesses at it

    def _told(self, message: NodeMessage) -> None:
        """A node, this one perhaps, or a command has said something to all nodes."""
        fields = {name: value for name, value in asdict(message).items() if value is not None}
        logger.info("told to %s", type(message).__name__.lower(), extra={"fields": fields})
        match message:
            case Kick(user, code):
                for connection in self._of(user):
                    connection.close(code)
            case Recheck(user):
                for connection in self._of(user):
                    self._spawn(connection.recheck())
            case Drain(node) if node in (None, self.name):
                self._spawn(self.drain())

    def _of(self, user: str | None) -> Sequence[Guest]:
        """The connections of *user*; all that there are, if `None`."""
        if user is None:
            return self.connections
        known = ((each, each.visitor.identity) for each in self._connections)
        return [each for each, identity in known if identity is not None and identity.sub == user]

    def _linked(self, is_linked: bool) -> None:
        """The broker is out of reach, or back with everything that was missed delivered."""
        if self.is_degraded is not is_linked:
            return
        self.is_degraded = not is_linked
        self._changed.set()
        level = logging.WARNING if self.is_degraded else logging.INFO
        logger.log(
            level, "degraded" if self.is_degraded else "restored", extra={"fields": {"node": self.name}}
        )
        for connection in self.connections:
            connection.tell_degraded(self.is_degraded)

    async def _report_at_intervals(self) -> None:
        while True:
            with suppress(Unavailable):
                await self.broker.roster.enter(self.name, encode(self.report()))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), EVERY)
            self._changed.clear()

    async def _leave_the_roster(self) -> None:
        with suppress(Unavailable, TimeoutError):
            async with asyncio.timeout(1):
                await self.broker.roster.leave(self.name)

    def _lagged(self, seconds: float) -> None:
        self.metrics.lagged(seconds)
        self.sample()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("what a node was told to do failed", exc_info=error)

    async def _finished(self) -> None:
        """Leave no task behind."""
        tasks = [each for each in self._tasks if each is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
