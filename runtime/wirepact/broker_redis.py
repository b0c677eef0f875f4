"""The broker of many processes and machines, on Redis 6.2 or newer, or Valkey.

A stream for each topic is its history, Pub/Sub delivers, and one script does both at once. What is heard is followed by
position (`core.recovery`), so that a gap is read from the history once for the whole process. Nothing is believed about a
connection because it is open: tops are compared at intervals and after each reconnect, and where nothing is heard an echo is
sent through the server.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from random import Random

from wirepact import nodes, presence_redis, tallies_redis
from wirepact.broker import Broker, Health, History, Keep, Position, Publication, new_epoch
from wirepact.errors import Unavailable
from wirepact.following_redis import Followed, Following
from wirepact.keys_redis import channel_of, keys, read_kept, written_key, written_kind
from wirepact.link_redis import (
    DEFAULT_BACKOFF,
    Backoff,
    Commands,
    Link,
    Listening,
    Script,
    connections,
    supervise,
)
from wirepact.nodes import NodeMessage, Recheck
from wirepact.presence import TTL as PRESENCE_TTL
from wirepact.presence_redis import RedisPresence
from wirepact.roster_redis import RedisRoster
from wirepact.tallies import TTL as TALLIES_TTL
from wirepact.tallies_redis import RedisTallies

logger = logging.getLogger("wirepact.broker")

NODES = "!nodes"
"""The topic of what nodes say to each other; the topics of services begin with no such sign."""

NODES_KEEP = Keep("stream", age=3600, size=1000)
TOP = Script("top", before="place")
PUBLISH = Script("publish", before="place")
RECOVER = Script("recover", before="place")


@dataclass(frozen=True, slots=True)
class RedisOptions:
    """What can be set; times are in seconds.

    `secret` signs what nodes say to each other. An answer is waited for `timeout`; after `probe` without anything heard
    an echo is sent, and after two that did not come back the connection is made anew; tops are compared after
    a random time within `check`. A topic is forgotten after `forget` without a publication, `idle` if it never had one.
    `repair` is the largest gap that is read from the history, `presence` how long a connection is there that nobody speaks of, `tallies` how long a
    place is taken by a node that says nothing.
    """

    prefix: str = "wirepact"
    secret: bytes | None = field(default=None, repr=False)
    timeout: float = 5.0
    probe: float = 15.0
    check: tuple[float, float] = (30.0, 40.0)
    backoff: Backoff = DEFAULT_BACKOFF
    idempotency: float = 300.0
    forget: float = 30 * 86_400.0
    idle: float = 3600.0
    repair: int = 10_000
    presence: float = PRESENCE_TTL
    tallies: float = TALLIES_TTL


class RedisBroker(Broker):
    """Carries publications between all processes that use the same server and prefix."""

    is_shared = True

    def __init__(
        self,
        url: str,
        options: RedisOptions = RedisOptions(),
        *,
        clock: Callable[[], float] = time.monotonic,
        random: Random | None = None,
    ) -> None:
        super().__init__(
            RedisPresence(self._ready, prefix=options.prefix, ttl=options.presence),
            RedisTallies(self._ready, prefix=options.prefix, ttl=options.tallies),
        )
        self.roster = RedisRoster(self._ready, prefix=options.prefix)
        self._options = options
        self._clock = clock
        self._random = random or Random()  # noqa: S311 it spreads load
        self._pool = connections(url)
        self._commands: Commands | None = None
        self._listening: Listening | None = None
        self._is_stopped = False
        self._tried = asyncio.Event()
        self._is_linked = True
        self._restoring: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        followed = Followed(self._hand, self._lose, self.counts)
        self._following = Following(
            options.prefix,
            self,
            followed,
            repair=options.repair,
            backoff=options.backoff,
            random=self._random,
        )
        self._echo_channel = self._name(f"!echo-{secrets.token_hex(8)}").encode()
        self._echoed = asyncio.Event()
        self._heard_at: float | None = None
        self._lag: float | None = None

    async def subscribe(self, topic: str) -> Position:
        """See `Broker`."""
        if self._listening is None:
            raise Unavailable("redis", "the broker was not started")
        return await self._following.subscribe(topic, self._listening)

    async def unsubscribe(self, topic: str) -> None:
        """See `Broker`."""
        if self._listening is not None:
            await self._following.unsubscribe(topic, self._listening)

    async def publish(self, publication: Publication) -> Position | None:
        """See `Broker`."""
        commands = await self._ready()
        options = self._options
        keep, once = publication.keep, publication.idempotency_key
        kind, key = written_kind(publication), written_key(publication)
        channel = self._name(publication.topic)
        if keep is None and once is None:
            await commands.ask("PUBLISH", channel, f"1 {kind} - {key}\n".encode() + publication.payload)
            return None
        age = 0 if keep is None else max(1, round(keep.age * 1000))
        reply = await commands.run_script(
            PUBLISH,
            (*keys(channel), f"{channel}:r:{once or ''}"),
            commands.run_id,
            new_epoch(),
            max(_ms(options.forget), age),
            channel,
            keep.mode if keep else "",
            keep.size if keep else 0,
            age,
            kind,
            key,
            publication.payload,
            "" if publication.version is None else publication.version,
            0 if once is None else _ms(options.idempotency),
        )
        return None if reply == b"-" else Position.parse(reply.decode())

    async def recover(self, topic: str, since: Position, limit: int = 300) -> History:
        """See `Broker`."""
        commands = await self._ready()
        channel = self._name(topic)
        reply = await commands.run_script(
            RECOVER,
            keys(channel),
            commands.run_id,
            new_epoch(),
            _ms(self._options.idle),
            since.epoch,
            since.offset,
            limit,
        )
        top = Position(reply[0].decode(), reply[1])
        if not reply[2]:
            return History(top, is_complete=False)
        try:
            kept = sorted(
                (read_kept(topic, data) for data in reply[3:]), key=lambda each: each.position.offset
            )
        except ValueError:
            self.counts["undecodable"] += 1
            return History(top, is_complete=False)
        return History(top, is_complete=True, kept=tuple(kept))

    async def top(self, topic: str) -> Position:
        """The position of the last publication that *topic* kept. Raises `Unavailable`."""
        commands = await self._ready()
        idle, forget = _ms(self._options.idle), _ms(self._options.forget)
        topic_keys = keys(self._name(topic))
        reply = await commands.run_script(TOP, topic_keys, commands.run_id, new_epoch(), idle, forget)
        return Position(reply[0].decode(), reply[1])

    async def tell(self, message: NodeMessage) -> None:
        """See `Broker`. It is kept for an hour, so that a node that was away hears of it when it is back."""
        await self.publish(Publication(NODES, nodes.encode(message, self._options.secret), keep=NODES_KEEP))

    def health(self) -> Health:
        """See `Broker`."""
        silence = None if self._heard_at is None else self._clock() - self._heard_at
        is_connected = bool(
            self._commands and self._commands.is_open and self._listening and self._listening.is_open
        )
        is_silent = silence is None or silence > 2 * self._options.probe + self._options.timeout
        return Health(is_connected, is_deaf=not is_connected or is_silent, silence=silence, lag=self._lag)

    async def _started(self) -> None:
        self._is_stopped = False
        self._is_linked = True
        self._tried.clear()
        self._listening = Listening(self._pool, self._options.timeout, self._hear)
        self._listening.add(self._echo_channel)
        self._supervise(self._listening, self._listening.run)
        if self._commands is None:
            self._start_commands()
        _ = self._spawn(self._probe(self._listening))
        _ = self._spawn(self._compare_at_intervals())
        await self._tried.wait()

    async def _stopped(self) -> None:
        self._is_stopped = True
        for link in (self._listening, self._commands):
            if link is not None:
                link.is_over = True
        tasks, self._tasks = self._tasks, set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._following.stop()
        self._commands = self._listening = self._restoring = None

    def _name(self, topic: str) -> str:
        return channel_of(self._options.prefix, topic)

    async def _ready(self) -> Commands:
        """The connection for commands, after its first attempt to be one."""
        if self._is_stopped:
            raise Unavailable("redis", "the broker was stopped")
        commands = self._commands or self._start_commands()
        if not commands.is_open and not self._tried.is_set():
            await self._tried.wait()
        return commands

    def _start_commands(self) -> Commands:
        commands = self._commands = Commands(
            self._pool,
            self._options.timeout,
            (TOP, PUBLISH, RECOVER, *presence_redis.SCRIPTS, *tallies_redis.SCRIPTS),
        )
        self._supervise(commands, commands.run)
        return commands

    def _supervise(self, link: Link, run: Callable[[Callable[[], None]], Awaitable[None]]) -> None:
        _ = self._spawn(
            supervise(
                link,
                lambda: run(self._opened),
                lambda: self._closed(link),
                self._options.backoff,
                self._random,
            )
        )

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _are_open(self) -> bool:
        return bool(self._commands and self._commands.is_open) and (
            self._listening is None or self._listening.is_open
        )

    def _opened(self) -> None:
        if not self._are_open():
            return
        if self._listening is None:
            self._tried.set()
            return
        self._heard_at = self._clock()
        if self._restoring is not None:
            self._restoring.cancel()
        self._restoring = self._spawn(self._restore())

    def _closed(self, link: Link) -> None:
        self.counts["reconnects" if link.was_open else "unreachable"] += 1
        if self._is_linked:
            self._is_linked = False
            if self._listening is not None:
                self._linked(False)
        self._tried.set()

    async def _restore(self) -> None:
        """Be where the topics are, after the links were down; only then are we back."""
        attempt = 0
        while self._are_open():
            try:
                if NODES not in self._following:
                    await self.subscribe(NODES)
                await self._following.catch_up()
            except Exception as error:  # noqa: BLE001 a loop goes on
                _log_unless_away(error, "the topics could not be compared")
                await asyncio.sleep(self._options.backoff.delay(attempt, self._random))
                attempt += 1
                continue
            if not self._is_linked:
                self._is_linked = True
                logger.info("the broker is there again", extra={"fields": {"topics": len(self._following)}})
                self._linked(True)
            self._tried.set()
            return

    async def _probe(self, listening: Listening) -> None:
        """Send an echo at intervals; two that did not come back end a connection that looks well."""
        missed = 0
        while True:
            await asyncio.sleep(self._options.probe)
            if not listening.is_open or await self._hears_an_echo():
                missed = 0
            else:
                missed += 1
                self.counts["echoes_missed"] += 1
                if missed > 1:
                    listening.drop()

    async def _hears_an_echo(self) -> bool:
        self._echoed.clear()
        sent = self._clock()
        try:
            async with asyncio.timeout(min(self._options.probe, self._options.timeout)):
                commands = await self._ready()
                await commands.ask("PUBLISH", self._echo_channel, b"")
                await self._echoed.wait()
        except Exception as error:  # noqa: BLE001 a loop goes on
            _log_unless_away(error, "no echo could be sent")
            return self._heard_at is not None and self._heard_at > sent
        self._lag = self._clock() - sent
        return True

    async def _compare_at_intervals(self) -> None:
        while True:
            await asyncio.sleep(self._random.uniform(*self._options.check))
            try:
                await self._following.compare_quiet()
            except Exception as error:  # noqa: BLE001 a loop goes on
                _log_unless_away(error, "the topics could not be compared")

    def _hear(self, channel: bytes, data: bytes) -> None:
        self._heard_at = self._clock()
        if channel == self._echo_channel:
            self._echoed.set()
        else:
            self._following.hear(channel, data)

    def _hand(self, publication: Publication, position: Position | None) -> None:
        if publication.topic == NODES:
            self._hear_node(publication)
        else:
            self._deliver(publication, position)

    def _lose(self, topic: str, position: Position) -> None:
        if topic == NODES:
            self._told(Recheck())  # whatever was said, it was about who may do what
        else:
            self._lost(topic, position)

    def _hear_node(self, publication: Publication) -> None:
        try:
            message = nodes.decode(publication.payload, self._options.secret)
        except nodes.NotANodeMessage as error:
            self.counts["not_believed"] += 1
            logger.warning(
                "a message between nodes is not believed", extra={"fields": {"reason": str(error)}}
            )
            return
        self._told(message)


def _log_unless_away(error: Exception, what: str) -> None:
    """A broker that is away is nothing to explain; anything else is a fault of ours, and no reason to end a loop."""
    if not isinstance(error, Unavailable | TimeoutError):
        logger.error(what, exc_info=error)


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))
