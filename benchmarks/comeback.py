"""A thousand clients come back at once, each a hundred messages behind, and get what they missed.

    python -m benchmarks.comeback [--rounds 3]

They speak `wirepact.v1`: each says in its hello where it was. FastAPI and Django Channels have nothing of the kind; their
lines are what connecting again costs there, with the hundred messages lost.
"""

import json
import select
import socket
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

from benchmarks.contenders import FASTAPI, Rows, channels_on, naming, redis, run, table, wirepact
from benchmarks.load import (
    FIRST,
    LAST_FRAME,
    MASKED,
    TEXT,
    InvalidRun,
    connect,
    header,
    message,
    say_frame,
    upgrade,
)
from benchmarks.servers import running

CLIENTS = 1000
MISSED = 100
FILES = CLIENTS + 200
PATIENCE = 60.0
V1 = "wirepact.v1"
SAID = [message("said", FIRST + index).decode() for index in range(MISSED)]


@dataclass(slots=True)
class Client:
    """One who comes back: what it has read, and how many of the missed messages it has."""

    connection: socket.socket
    hello: bytes
    unread: bytearray = field(default_factory=bytearray)
    is_open: bool = False
    got: int = 0

    def take(self) -> bool:
        """Read what is there; whether everything has come that was missed."""
        self.unread += _some(self.connection)
        if not self.is_open:
            head, end, rest = self.unread.partition(b"\r\n\r\n")
            if not end:
                return False
            if b" 101 " not in head:
                raise InvalidRun(f"no WebSocket: {bytes(head[:40])!r}")
            self.is_open, self.unread = True, rest
            if not self.hello:
                return True
            self.connection.sendall(self.hello)
        for line in _lines(self.unread):
            self._hear(line)
        return self.got == MISSED

    def _hear(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        if name == "!position" and json.loads(rest).get("recovered") is not True:
            raise InvalidRun(f"not recovered: {line}")
        if name.startswith("@"):
            if self.got == MISSED or rest != SAID[self.got]:
                raise InvalidRun(f"after {self.got} messages came {rest}")
            self.got += 1


def measured(rounds: int, core: int) -> Iterator[str]:
    rows: Rows = defaultdict(list)
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
        with redis(core) as between, ExitStack() as stack:
            ours = (
                stack.enter_context(wirepact("wirepact, memory", keeps=True)),
                stack.enter_context(wirepact("wirepact, Redis", keeps=True, broker=between.url)),
            )
            for server in (*ours, FASTAPI, channels_on(between)):
                with naming(server), running(server, core) as target:
                    hello = _missing(target.port) if server in ours else b""
                    before = between.cpu_seconds() + target.cpu_seconds()
                    seconds = _all_back(target.port, hello)
                    cpu = between.cpu_seconds() + target.cpu_seconds() - before
                    rows[server.name].append((seconds, cpu / CLIENTS * 1e6))
    title = f"{CLIENTS:,} clients come back at once; with wirepact each gets the {MISSED} messages that it missed."
    yield from table(title, ("seconds for all", "µs of CPU each"), rows)


def _missing(port: int) -> bytes:
    """Have messages be said that nobody hears; the hello of whoever was there before them."""
    with connect(port, V1) as early:
        early.sendall(_text(b"!hello {}"))
        position = _position(early)
    with connect(port) as publisher:
        for number in range(FIRST, FIRST + MISSED):
            publisher.sendall(say_frame(number))
            _await(publisher, message("said", number))
    return _text(b"!hello " + json.dumps({"positions": {"": position}}).encode())


def _all_back(port: int, hello: bytes) -> float:
    """Seconds until everyone has everything."""
    with select.epoll() as poll, ExitStack() as stack:
        start = time.perf_counter()
        clients = {}
        for _ in range(CLIENTS):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
            connection.sendall(upgrade(port, V1 if hello else ""))
            clients[connection.fileno()] = Client(connection, hello)
            poll.register(connection.fileno(), select.EPOLLIN)
        left = set(clients)
        while left:
            events = poll.poll(PATIENCE)
            if not events:
                raise InvalidRun(f"{len(left)} clients still wait after {PATIENCE:g} seconds of silence")
            for number, _ in events:
                if clients[number].take():
                    left.discard(number)
        return time.perf_counter() - start


def _lines(unread: bytearray) -> Iterator[str]:
    """The lines of the frames that are there as a whole, which are taken out of *unread*."""
    while len(unread) >= 2:
        size, start = unread[1], 2
        if size > 125:
            start = 4 if size == 126 else 10
            size = int.from_bytes(unread[2:start])
        if len(unread) < start + size:
            return
        kind, text = unread[0], bytes(unread[start : start + size])
        del unread[: start + size]
        if kind != LAST_FRAME | TEXT:
            raise InvalidRun(f"a text frame was expected, there came {kind:#x}")
        yield from text.decode().split("\n")


def _text(payload: bytes) -> bytes:
    """A frame of a client, under a mask of zeros."""
    return header(len(payload), MASKED) + bytes(4) + payload


def _position(connection: socket.socket) -> str:
    """The position that a server tells after a hello."""
    unread = bytearray()
    while True:
        unread += _some(connection)
        for line in _lines(unread):
            name, _, rest = line.partition(" ")
            if name == "!position":
                said = json.loads(rest)
                return f"{said['epoch']}.{said['offset']}"


def _await(connection: socket.socket, last: bytes) -> None:
    """Read on until the *last* message has come."""
    seen = b""
    while last not in seen:
        seen = seen[-len(last) :] + _some(connection)


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(1 << 18)
    if not data:
        raise InvalidRun("the server closed a connection")
    return data


if __name__ == "__main__":
    sys.exit(run("comeback", __doc__, measured, FILES))
