"""Fan-out: what it costs to bring one message to many subscribers, beside others that do the same job.

    python -m benchmarks.fanout [--rounds 5] [--seconds 1]

The table goes to standard output, the progress to standard error. README.md says how to read it.
"""

import argparse
import os
import resource
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from itertools import product
from pathlib import Path
from platform import python_version
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.load import FIRST, InvalidRun, Load, message
from benchmarks.servers import ROOT, UVICORN, NotStarted, Running, Server, running

SUBSCRIBERS = (100, 1000)
IN_FLIGHT = (8, 1)
WARM_UP = 0.2
FILES = max(SUBSCRIBERS) + 200

FASTAPI = "FastAPI"
PEERS = (
    Server(FASTAPI, (*UVICORN, "benchmarks.peers.fastapi_app:app")),
    Server("Django Channels", (*UVICORN, "benchmarks.peers.channels_app:app")),
)
WIREPACT = Path(sys.executable).with_name("wirepact")
VERSIONS = ("uvicorn", "litestar", "fastapi", "channels", "pydantic", "websockets")


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
    """Of the server's process, a delivery."""


def main() -> int:
    options = _options()
    try:
        cores = _prepare()
        with TemporaryDirectory() as folder:
            servers = (wirepact(Path(folder)), *PEERS)
            results = measured(servers, options.rounds, options.seconds, cores)
    except (InvalidRun, NotStarted, OSError) as error:
        print(f"benchmark invalid: {error}", file=sys.stderr)
        return 1
    print("\n".join(table(results)))
    return 0


def wirepact(folder: Path) -> Server:
    """This server, with what `wirepact generate` writes into *folder*."""
    generate = [
        sys.executable,
        str(WIREPACT),
        "generate",
        "benchmarks/fanout.yaml",
        "--server",
        str(folder / "emitted"),
    ]
    outcome = subprocess.run(generate, cwd=ROOT, capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise NotStarted(f"wirepact generate failed:\n{outcome.stderr}")
    return Server(
        "wirepact",
        (str(WIREPACT), "serve", "--app", "benchmarks.service:create_app"),
        {
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(folder))),
            "WIREPACT_STATE_DIR": str(folder / "state"),
            "WIREPACT_LOG_LEVEL": "warning",
            "WIREPACT_PING_INTERVAL": "600",
        },
    )


def measured(
    servers: Sequence[Server], rounds: int, seconds: float, cores: tuple[int, int]
) -> dict[Cell, list[Result]]:
    """The results of *rounds*, in each of which every server has one turn."""
    results: dict[Cell, list[Result]] = defaultdict(list)
    os.sched_setaffinity(0, {cores[1]})
    for number, server in product(range(rounds), servers):
        print(f"round {number + 1} of {rounds}: {server.name}", file=sys.stderr)
        with ExitStack() as stack, _naming(server):
            target = stack.enter_context(running(server, cores[0]))
            load = stack.enter_context(Load(target.port))
            for subscribers in SUBSCRIBERS:
                load.grow(subscribers)
                load.be_refused()
                for in_flight in IN_FLIGHT:
                    cell = Cell(server.name, subscribers, in_flight)
                    results[cell].append(_heat(load, target, seconds, in_flight))
    return results


def _heat(load: Load, target: Running, seconds: float, in_flight: int) -> Result:
    load.run(WARM_UP, in_flight=1)
    before = target.cpu_seconds()
    heat = load.run(seconds, in_flight)
    cpu = target.cpu_seconds() - before
    return Result(heat.deliveries / heat.seconds, cpu / heat.deliveries * 1e6)


def table(results: dict[Cell, list[Result]]) -> Iterator[str]:
    """The lines of the report."""
    rounds = len(next(iter(results.values())))
    names = list(dict.fromkeys(cell.server for cell in results))
    size = len(message("say", FIRST))
    yield f"Fan-out of a JSON message of {size} bytes, validated with pydantic v2 by every server."
    yield f"Medians of {rounds} rounds; µs of the server's CPU a delivery, also as a multiple of {FASTAPI}'s."
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
    yield f"Python {python_version()}, " + ", ".join(f"{name} {version(name)}" for name in VERSIONS)


def _line(title: str, columns: Sequence[str]) -> str:
    return " │".join([f"{title:<18}", *columns]).rstrip()


def _columns(results: dict[Cell, list[Result]], cell: Cell) -> str:
    own = results[cell]
    fastapi = results[Cell(FASTAPI, cell.subscribers, cell.in_flight)]
    deliveries = median(result.deliveries_a_second for result in own)
    cpu = median(result.cpu_microseconds for result in own)
    ratio = median(a.cpu_microseconds / b.cpu_microseconds for a, b in zip(own, fastapi, strict=True))
    return f"{deliveries:>14,.0f}{_digits(cpu):>9}{_digits(ratio):>11}"


def _digits(value: float) -> str:
    """The first three digits, which is more than the noise leaves meaning to."""
    return f"{value:#.3g}" if value < 100 else f"{value:.0f}"


def _spread(results: dict[Cell, list[Result]]) -> float:
    """The largest distance that half of the rounds of a cell keep from its median, relative to it."""
    return max(_deviation([result.cpu_microseconds for result in cell]) for cell in results.values())


def _deviation(values: Sequence[float]) -> float:
    middle = median(values)
    return median(abs(value - middle) for value in values) / middle


@contextmanager
def _naming(server: Server) -> Iterator[None]:
    """Say in an error which server it is about."""
    try:
        yield
    except (InvalidRun, OSError) as error:
        raise InvalidRun(f"{server.name}: {error}") from error


def _prepare() -> tuple[int, int]:
    """Allow enough open files; the core of the servers, and that of the load."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FILES:
        raise NotStarted(
            f"{FILES} open files are needed and {hard} allowed; raise the limit with: ulimit -Hn {FILES}"
        )
    if soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, FILES), hard))
    if not hasattr(os, "sched_getaffinity"):
        raise NotStarted("Linux is needed, to keep the server and the load on cores of their own")
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise NotStarted("two cores are needed, one for the server and one for the load")
    return cores[0], cores[1]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fanout", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--rounds", type=int, default=5, help="turns of each server (default: 5)")
    parser.add_argument("--seconds", type=float, default=1.0, help="of publishing a measurement (default: 1)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
