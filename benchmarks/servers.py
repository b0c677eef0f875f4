"""Starting a server in a process of its own, on a core of its own, and reading the CPU time that it used."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile

import psutil

ROOT = Path(__file__).resolve().parent.parent
START = 30.0
STOP = 10.0
UVICORN = (
    *("-m", "uvicorn", "--host", "127.0.0.1", "--log-level", "warning", "--no-access-log"),
    # No keepalive ping falls into a measurement.
    *("--ws-ping-interval", "600"),
)


@dataclass(frozen=True, slots=True)
class Server:
    """A server to measure: its name in the table, and how Python starts it, short of the port."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class NotStarted(Exception):
    """The server did not start."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that accepts connections."""

    port: int
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """What it has used so far, in its own code and in the kernel's; the kernel counts in 10 ms."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


@contextmanager
def running(server: Server, core: int) -> Iterator[Running]:
    """*server*, pinned to *core*, until the block ends."""
    port = _free_port()
    with TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, *server.arguments, "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **server.environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        os.sched_setaffinity(process.pid, {core})
        try:
            if not _accepts(port, process):
                log.seek(0)
                raise NotStarted(f"{server.name} did not start:\n{log.read().decode(errors='replace')}")
            yield Running(port, psutil.Process(process.pid))
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _accepts(port: int, process: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + START
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
