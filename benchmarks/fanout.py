"""Fan-out: what it costs to bring one message to many subscribers, beside others that do the same job.

    python -m benchmarks.fanout [--rounds 5] [--seconds 1]

The table goes to standard output, the progress to standard error. README.md says how to read it.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import product
from statistics import median

from benchmarks.contenders import (
    CHANNELS,
    FASTAPI,
    Redis,
    channels_on,
    digits,
    naming,
    prepared,
    redis,
    versions,
    wirepact,
)
from benchmarks.load import FIRST, InvalidRun, Load, message
from benchmarks.servers import NotStarted, Running, Server, running

SUBSCRIBERS = (100, 1000)
IN_FLIGHT = (8, 1)
WARM_UP = 0.2
FILES = max(SUBSCRIBERS) + 200


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of one line of the table."""

    server: str
    subscribers: int
    in_flight: int


@dataclass(frozen=True, slots=True)
class Result:
    """What one measurement gave."""

    deliveries_a_second: float
    cpu_microseconds: float
    """Of the server's process, and of Redis, a delivery."""


def main() -> int:
    options = _options()
    try:
        core = prepared(FILES)[0]
        with wirepact() as ours, redis(core) as between:
            servers = (ours, FASTAPI, CHANNELS, channels_on(between))
            results = measured(servers, options.rounds, options.seconds, core, between)
    except (InvalidRun, NotStarted, OSError) as error:
        print(f"benchmark invalid: {error}", file=sys.stderr)
        return 1
    print("\n".join(table(results)))
    return 0


def measured(
    servers: Sequence[Server], rounds: int, seconds: float, core: int, between: Redis
) -> dict[Cell, list[Result]]:
    """The results of *rounds*, in each of which every server has one turn."""
    results: dict[Cell, list[Result]] = defaultdict(list)
    for number, server in product(range(rounds), servers):
        print(f"round {number + 1} of {rounds}: {server.name}", file=sys.stderr)
        with ExitStack() as stack, naming(server):
            target = stack.enter_context(running(server, core))
            load = stack.enter_context(Load(target.port))
            for subscribers in SUBSCRIBERS:
                load.grow(subscribers)
                load.be_refused()
                for in_flight in IN_FLIGHT:
                    cell = Cell(server.name, subscribers, in_flight)
                    results[cell].append(_heat(load, (target, between), seconds, in_flight))
    return results


def _heat(load: Load, busy: Sequence[Running | Redis], seconds: float, in_flight: int) -> Result:
    load.run(WARM_UP, in_flight=1)
    before = sum(each.cpu_seconds() for each in busy)
    heat = load.run(seconds, in_flight)
    cpu = sum(each.cpu_seconds() for each in busy) - before
    return Result(heat.deliveries / heat.seconds, cpu / heat.deliveries * 1e6)


def table(results: dict[Cell, list[Result]]) -> Iterator[str]:
    """The lines of the report."""
    rounds = len(next(iter(results.values())))
    names = list(dict.fromkeys(cell.server for cell in results))
    size = len(message("say", FIRST))
    yield f"Fan-out of a JSON message of {size} bytes, validated with pydantic v2 by every server."
    yield f"Medians of {rounds} rounds; µs of the server's CPU a delivery, also as a multiple of {FASTAPI.name}'s."
    yield ""
    yield _line("", [f"{count:,} subscribers".center(34) for count in SUBSCRIBERS])
    yield _line("", [f"{'deliveries/s':>14}{'µs':>9}{'ratio':>11}"] * len(SUBSCRIBERS))
    for in_flight in IN_FLIGHT:
        yield f"{in_flight} in flight"
        for name in names:
            yield _line(
                f"  {name}", [_columns(results, Cell(name, count, in_flight)) for count in SUBSCRIBERS]
            )
    yield ""
    yield f"Half of the rounds lie within {_spread(results):.0%} of the median, or closer."
    yield versions()


def _line(title: str, columns: Sequence[str]) -> str:
    return " │".join([f"{title:<24}", *columns]).rstrip()


def _columns(results: dict[Cell, list[Result]], cell: Cell) -> str:
    own = results[cell]
    fastapi = results[Cell(FASTAPI.name, cell.subscribers, cell.in_flight)]
    deliveries = median(result.deliveries_a_second for result in own)
    cpu = median(result.cpu_microseconds for result in own)
    ratio = median(a.cpu_microseconds / b.cpu_microseconds for a, b in zip(own, fastapi, strict=True))
    return f"{deliveries:>14,.0f}{digits(cpu):>9}{digits(ratio):>11}"


def _spread(results: dict[Cell, list[Result]]) -> float:
    """The largest distance that half of the rounds of a cell keep from its median, relative to it."""
    return max(_deviation([result.cpu_microseconds for result in cell]) for cell in results.values())


def _deviation(values: Sequence[float]) -> float:
    middle = median(values)
    return median(abs(value - middle) for value in values) / middle


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fanout", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--rounds", type=int, default=5, help="turns of each server (default: 5)")
    parser.add_argument("--seconds", type=float, default=1.0, help="of publishing a measurement (default: 1)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
