"""The load: many subscribers on plain sockets, one of which publishes, and a check of every byte that arrives.

What a server must send is known to the byte beforehand: an unmasked frame is the same for everyone, and the message
differs only by a number of fixed width. So the work is done in C (`load.c`), compiled on first use, which takes a
fraction of what any of the servers takes for the other side of it.
"""

import base64
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

PATH = "/ws/fanout/"
FIRST = 1_000_000
"""The number of the first message of each measurement; all have as many digits."""

PATIENCE = 60.0
"""Seconds in which something must arrive, or the server is taken for stuck."""

SOURCE = Path(__file__).with_name("load.c")
COMPILER = (os.environ.get("CC", "cc"), "-O2", "-Wall")

BODY = {
    "author": {"id": 17, "name": "김하늘"},
    "text": "The torque of line 4 is back within limits: 48.2 Nm at the last subgroup, after the tool "
    "was changed. Please confirm the release of batch 2291.",
    "sent_at": "2026-01-11T12:00:00",
}

TEXT, LAST_FRAME, MASKED = 0x1, 0x80, 0x80


class InvalidRun(Exception):
    """The server did not do the job, so that its numbers mean nothing."""


@dataclass(frozen=True, slots=True)
class Heat:
    """One measurement: how many messages reached how many subscribers, in how many seconds."""

    messages: int
    subscribers: int
    seconds: float

    @property
    def deliveries(self) -> int:
        return self.messages * self.subscribers


@dataclass(frozen=True, slots=True)
class Delays:
    """How long deliveries took, in milliseconds from the moment that the message was sent."""

    median: float
    p99: float
    longest: float


def message(kind: str, sequence: object) -> bytes:
    """A message as compact JSON in UTF-8."""
    document = {"type": kind, "sequence": sequence, **BODY}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def header(size: int, masked: int) -> bytes:
    """The header of a text frame in one piece, short of its mask."""
    if size < 126:
        return bytes((LAST_FRAME | TEXT, masked | size))
    return bytes((LAST_FRAME | TEXT, masked | 126)) + size.to_bytes(2)


def said_frame(sequence: int) -> bytes:
    """What every subscriber must get."""
    payload = message("said", sequence)
    return header(len(payload), 0) + payload


def say_frame(sequence: object) -> bytes:
    """What the publisher sends, under a mask of zeros: the server's work with it is the same."""
    payload = message("say", sequence)
    return header(len(payload), MASKED) + bytes(4) + payload


def upgrade(port: int, protocol: str = "") -> bytes:
    """What asks for a WebSocket, without extensions."""
    key = base64.b64encode(os.urandom(16)).decode()
    asked = f"Sec-WebSocket-Protocol: {protocol}\r\n" if protocol else ""
    return (
        f"GET {PATH} HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{asked}\r\n"
    ).encode()


def connect(port: int, protocol: str = "") -> socket.socket:
    """An open WebSocket, without extensions."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    connection.sendall(upgrade(port, protocol))
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            raise InvalidRun(f"the connection was closed after {answer!r}")
        answer += byte
    if not answer.startswith(b"HTTP/1.1 101 "):
        raise InvalidRun(f"no WebSocket at {PATH}: {answer.splitlines()[0].decode()}")
    return connection


class Load:
    """The subscribers of one server. The first of them publishes."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._subscribers = 0

    def __enter__(self) -> Self:
        with TemporaryDirectory() as folder:
            frames = {"say": say_frame(FIRST), "said": said_frame(FIRST), "wrong": say_frame("one")}
            for name, frame in frames.items():
                Path(folder, name).write_bytes(frame)
            self._process = subprocess.Popen(
                [compiled(), PATH, *(str(Path(folder, name)) for name in frames)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
            self.grow(0)  # it has read the frames
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            self._process.kill()

    def grow(self, subscribers: int, port: int | None = None) -> None:
        """Connect until there are so many; the new ones to *port*, if it is another."""
        self._ask(f"grow {subscribers} {port or self._port}")
        self._subscribers = subscribers

    def be_refused(self) -> None:
        """Send something invalid: it must be answered with an error, and reach nobody else."""
        answer = json.loads(self._ask("refuse"))
        if answer.get("type") != "error":
            raise InvalidRun(f"an invalid message was answered with {answer}")

    def run(self, seconds: float, in_flight: int) -> Heat:
        """Publish for *seconds* with *in_flight* messages on the way; end when everyone has everything."""
        messages, took = self._ask(f"run {seconds} {in_flight}").split()
        return Heat(int(messages), self._subscribers, float(took))

    def pace(self, seconds: float, rate: float) -> Delays:
        """Publish *rate* messages a second, whatever becomes of them; end when everyone has everything."""
        return Delays(*map(float, self._ask(f"pace {seconds} {rate}").split()))

    def _ask(self, command: str) -> str:
        if self._process.stdin is None or self._process.stdout is None:
            raise InvalidRun("the load has no pipes")
        print(command, file=self._process.stdin, flush=True)
        kind, _, answer = self._process.stdout.readline().strip().partition(" ")
        if kind in {"", "invalid"}:
            raise InvalidRun(answer or "the load ended")
        return answer


@cache
def compiled() -> str:
    """The program that does the work."""
    program = SOURCE.parents[1] / "var" / "benchmarks" / "load"
    if not program.exists() or program.stat().st_mtime < SOURCE.stat().st_mtime:
        program.parent.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run([*COMPILER, "-o", program, SOURCE], check=True, stdout=sys.stderr)
        except (OSError, subprocess.CalledProcessError) as error:
            raise InvalidRun(f"the load could not be compiled: {error}") from None
    return str(program)
