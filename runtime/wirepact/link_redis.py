"""Two connections to Redis: one for commands, one that listens. Each lives once; `supervise` begins it again, for ever.

Both are plain connections of redis-py, without its retries: a connection that comes back in silence has lost messages
in silence. Commands that are asked for in one turn of the loop leave in one write, and each is answered in its turn, so
that what one process publishes is taken in in the order of its calls.
"""

import asyncio
import hashlib
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from random import Random
from typing import Any, TypeAlias

from redis.asyncio import Connection, ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, ReadOnlyError, RedisError, ResponseError

from wirepact.errors import Unavailable

logger = logging.getLogger("wirepact.broker")

Argument: TypeAlias = str | bytes | int | float
Reply: TypeAlias = Any

WAITING = 10_000
"""How many commands may wait for their answers; more are refused at once."""

CHANNELS = 500
"""How many channels are subscribed with one command."""


class Script:
    """A Lua script of `scripts/`, which begins with *before*."""

    def __init__(self, name: str, before: str = "") -> None:
        folder = files("wirepact") / "scripts"
        names = [before, name] if before else [name]
        self.text = "\n".join((folder / f"{each}.lua").read_text() for each in names)

    @cached_property
    def digest(self) -> str:
        """What Redis calls it."""
        return hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before trying again: a random time up to *first*, doubled each time, at most *longest*."""

    first: float = 0.1
    longest: float = 5.0

    def delay(self, attempt: int, random: Random) -> float:
        """Seconds before the attempt of this number, counted from 0."""
        return random.uniform(0, min(self.longest, self.first * 2 ** min(attempt, 30)))


DEFAULT_BACKOFF = Backoff()


def connections(url: str) -> ConnectionPool:
    """What makes connections to *url* (`redis://`, `rediss://`, `unix://`). Raises `ValueError` for another."""
    return ConnectionPool.from_url(
        url, protocol=2, socket_timeout=None, retry=Retry(NoBackoff(), 0), health_check_interval=0
    )


class Link:
    """One connection at a time. `run` is its life; `is_open` says whether it can be used."""

    name = ""

    def __init__(self, pool: ConnectionPool, timeout: float) -> None:
        self.is_open = False
        self.was_open = False
        """Whether the last life got as far as being open."""
        self.is_over = False
        """Whether there is to be no other life."""
        self.life = 0
        """Which of its lives this is."""
        self._pool = pool
        self._timeout = timeout
        self._connection: Connection | None = None

    def drop(self) -> None:
        """End this life of it: it does not work, though nobody says so."""
        if self._connection is not None and self._connection._writer is not None:  # noqa: SLF001 the public way waits for a peer that is gone
            self._connection._writer.transport.abort()  # noqa: SLF001

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Connection]:
        connection: Connection = self._pool.make_connection()  # type: ignore[no-untyped-call] # redis-py has not typed it
        self._connection = connection
        self.was_open = False
        self.life += 1
        try:
            async with asyncio.timeout(self._timeout):
                await connection.connect()  # type: ignore[no-untyped-call]
            yield connection
        finally:
            self.is_open = False
            self._connection = None
            await connection.disconnect(nowait=True)

    def _open(self) -> None:
        self.is_open = self.was_open = True


class Commands(Link):
    """The connection for commands. `run_id` names the server that answers, and its start."""

    name = "commands"

    def __init__(self, pool: ConnectionPool, timeout: float, scripts: Iterable[Script]) -> None:
        super().__init__(pool, timeout)
        self.run_id = ""
        self._scripts = tuple(scripts)
        self._asked: list[tuple[tuple[Argument, ...], asyncio.Future[Reply]]] = []
        self._sent: deque[tuple[float, asyncio.Future[Reply]]] = deque()
        self._wake = asyncio.Event()

    def call(self, *command: Argument) -> asyncio.Future[Reply]:
        """What the server answers to *command*. Raises `Unavailable`, here or when awaited, and `ResponseError` if it refuses."""
        if not self.is_open:
            raise Unavailable("redis", "not connected")
        if len(self._sent) + len(self._asked) >= WAITING:
            raise Unavailable("redis", "too many commands are waiting")
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._asked.append((command, future))
        self._wake.set()
        return future

    async def run_script(self, script: Script, keys: tuple[str, ...], *arguments: Argument) -> Reply:
        """What *script* gives. Raises `Unavailable`."""
        try:
            return await self.call("EVALSHA", script.digest, len(keys), *keys, *arguments)
        except NoScriptError:
            return await self.ask("EVAL", script.text, len(keys), *keys, *arguments)
        except ResponseError as error:
            raise self._refused(error) from error

    async def ask(self, *command: Argument) -> Reply:
        """What the server answers to *command*. Raises `Unavailable`, also if it refuses."""
        try:
            return await self.call(*command)
        except ResponseError as error:
            raise self._refused(error) from error

    async def run(self, opened: Callable[[], None]) -> None:
        """One life: connect, get to know the server, call *opened*, and answer until the connection is lost."""
        async with self._connected() as connection:
            try:
                async with asyncio.timeout(self._timeout):
                    await self._meet(connection)
                self._open()
                opened()
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._send(connection))
                    tasks.create_task(self._receive(connection))
                    tasks.create_task(self._watch())
            finally:
                self.is_open = False
                self._fail()

    def _refused(self, error: ResponseError) -> Unavailable:
        if isinstance(error, ReadOnlyError):
            self.drop()  # a master that became a replica: whoever is master now is found by connecting anew
        return Unavailable("redis", str(error))

    async def _meet(self, connection: Connection) -> None:
        await connection.send_command("INFO", "server")
        info = await connection.read_response()
        text = info.decode() if isinstance(info, bytes) else str(info)
        self.run_id = next(line[7:] for line in text.splitlines() if line.startswith("run_id:"))
        for script in self._scripts:
            await connection.send_command("SCRIPT", "LOAD", script.text)
            await connection.read_response()

    async def _send(self, connection: Connection) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            asked, self._asked = self._asked, []
            now = time.monotonic()
            self._sent.extend((now, future) for _, future in asked)
            packed = connection.pack_commands([command for command, _ in asked])
            await connection.send_packed_command(packed, check_health=False)

    async def _receive(self, connection: Connection) -> None:
        while True:
            reply: Reply
            try:
                reply = await connection.read_response()
            except ResponseError as error:
                reply = error
            _, future = self._sent.popleft()
            if future.done():
                continue
            if isinstance(reply, Exception):
                future.set_exception(reply)
            else:
                future.set_result(reply)

    async def _watch(self) -> None:
        """End this life if the server owes an answer for too long."""
        while True:
            await asyncio.sleep(self._timeout / 4)
            if self._sent and time.monotonic() - self._sent[0][0] > self._timeout:
                raise TimeoutError("the server does not answer")

    def _fail(self) -> None:
        futures = [future for _, future in self._sent] + [future for _, future in self._asked]
        self._sent.clear()
        self._asked.clear()
        for future in futures:
            if not future.done():
                future.set_exception(Unavailable("redis", "the connection was lost before it answered"))
                future.exception()  # who has stopped waiting for it is not to be told in the log


Hear: TypeAlias = Callable[[bytes, bytes], None]
"""Given the channel and the data of each message."""


class Listening(Link):
    """The connection that listens to channels. What it is to listen to it knows for longer than a life."""

    name = "listening"

    def __init__(self, pool: ConnectionPool, timeout: float, hear: Hear) -> None:
        super().__init__(pool, timeout)
        self._hear = hear
        self._channels: dict[bytes, None] = {}
        self._confirming: dict[bytes, deque[asyncio.Future[None]]] = {}

    def add(self, channel: bytes) -> None:
        """Listen to *channel* from the next life on."""
        self._channels[channel] = None

    async def subscribe(self, channel: bytes) -> None:
        """Listen to *channel*: what is published after this has returned is heard. Raises `Unavailable`."""
        if not self.is_open or self._connection is None:
            raise Unavailable("redis", "not connected")
        self._channels[channel] = None
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._confirming.setdefault(channel, deque()).append(future)
        try:
            async with asyncio.timeout(self._timeout):
                await self._send(self._connection, "SUBSCRIBE", [channel])
                await future
        except (TimeoutError, RedisError, OSError) as error:
            self.drop()
            raise Unavailable("redis", str(error) or "the server does not answer") from error

    async def unsubscribe(self, channel: bytes) -> None:
        """Listen to it no longer."""
        self._channels.pop(channel, None)
        if self.is_open and self._connection is not None:
            try:
                await self._send(self._connection, "UNSUBSCRIBE", [channel])
            except (RedisError, OSError):
                self.drop()

    async def run(self, opened: Callable[[], None]) -> None:
        """One life: connect, subscribe to everything again, call *opened*, and hear until the connection is lost."""
        async with self._connected() as connection:
            try:
                async with asyncio.timeout(self._timeout):
                    await self._subscribe_again(connection)
                self._open()
                opened()
                while True:
                    self._take(await connection.read_response())
            finally:
                self.is_open = False
                self._fail()

    async def _subscribe_again(self, connection: Connection) -> None:
        channels = list(self._channels)
        for start in range(0, len(channels), CHANNELS):
            await self._send(connection, "SUBSCRIBE", channels[start : start + CHANNELS])
        unconfirmed = set(channels)
        while unconfirmed:
            kind, channel, data = await connection.read_response()
            if kind == b"subscribe":
                unconfirmed.discard(channel)
            else:
                self._take((kind, channel, data))

    async def _send(self, connection: Connection, command: str, channels: list[bytes]) -> None:
        await connection.send_packed_command(connection.pack_command(command, *channels), check_health=False)

    def _take(self, reply: Reply) -> None:
        kind, channel, data = reply
        if kind == b"message":
            self._hear(channel, data)
        elif kind == b"subscribe" and (futures := self._confirming.get(channel)):
            future = futures.popleft()
            if not futures:
                del self._confirming[channel]
            if not future.done():
                future.set_result(None)

    def _fail(self) -> None:
        confirming, self._confirming = self._confirming, {}
        for futures in confirming.values():
            for future in futures:
                if not future.done():
                    future.set_exception(Unavailable("redis", "the connection was lost"))
                    future.exception()


async def supervise(
    link: Link,
    live: Callable[[], Awaitable[None]],
    closed: Callable[[], None],
    backoff: Backoff,
    random: Random,
) -> None:
    """Live, and live again whatever happens, until the link is over. *closed* is called after each life.

    To be cancelled is not enough: up to Python 3.12 a `TaskGroup` whose tasks fail in the same moment loses it.
    """
    attempt = 0
    while True:
        try:
            await live()
        except Exception as error:  # noqa: BLE001 whatever it is, it is tried again
            if link.was_open:
                attempt = 0
            if attempt == 0:
                fields: Mapping[str, object] = {"link": link.name, "error": _cause(error)}
                logger.warning("the link to the broker is lost", extra={"fields": fields})
        closed()
        if link.is_over:
            return
        await asyncio.sleep(backoff.delay(attempt, random))
        attempt += 1


def _cause(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"
