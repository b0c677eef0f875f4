"""The load: many subscribers on plain sockets, one of which publishes, and a check of every byte that arrives.

What a server must send is known to the byte beforehand: an unmasked frame is the same for everyone, and the
message differs only by a number of fixed width. So a subscriber is an offset into one expected stream, and
checking what came is one comparison of memory. That keeps the load lighter than any server it drives.
"""

import base64
import json
import os
import select
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Self

PATH = "/ws/fanout/"
CHUNK = 32 * 1024
EVENTS = 128
PATIENCE = 30.0
"""Seconds in which something must arrive, or the server is taken for stuck."""

FIRST = 1_000_000
MOST = 40_000
"""Messages a measurement at most, so that the expected stream stays small."""

BODY = {
    "author": {"id": 17, "name": "김하늘"},
    "text": "The torque of line 4 is back within limits: 48.2 Nm at the last subgroup, after the tool "
    "was changed. Please confirm the release of batch 2291.",
    "sent_at": "2026-01-11T12:00:00",
}

TEXT, CLOSE, PING, LAST_FRAME, MASKED = 0x1, 0x8, 0x9, 0x80, 0x80


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


def numbered(frame: bytes) -> Iterator[bytes]:
    """The frame of the number FIRST, and those after it."""
    before, after = frame.split(b"%d" % FIRST)
    return (b"%b%d%b" % (before, FIRST + index, after) for index in range(MOST))


def connect(port: int) -> socket.socket:
    """An open WebSocket, without extensions."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET {PATH} HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            raise InvalidRun(f"the connection was closed after {answer!r}")
        answer += byte
    if not answer.startswith(b"HTTP/1.1 101 "):
        raise InvalidRun(f"no WebSocket at {PATH}: {answer.splitlines()[0].decode()}")
    return connection


def received(connection: socket.socket) -> dict[str, Any]:
    """The next frame, which must be a short text frame of JSON."""
    with closing(connection.makefile("rb", buffering=0)) as stream:
        first, size = stream.read(2) or b"\0\0"
        if first != LAST_FRAME | TEXT or size > 125:
            raise InvalidRun(f"a text frame was expected, there came one that begins with {first:#x}")
        document: dict[str, Any] = json.loads(stream.read(size) or b"")
        return document


class Load:
    """The subscribers of one server. The first of them publishes."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._poll = select.epoll()
        self._connections: dict[int, socket.socket] = {}
        self._offsets: dict[int, int] = {}
        frame = said_frame(FIRST)
        self._size = len(frame)
        self._expected = b"".join(numbered(frame))
        self._say = list(numbered(say_frame(FIRST)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._poll.close()
        for connection in self._connections.values():
            connection.close()

    def grow(self, subscribers: int) -> None:
        """Connect until there are so many."""
        while len(self._connections) < subscribers:
            connection = connect(self._port)
            self._connections[connection.fileno()] = connection
            self._poll.register(connection.fileno(), select.EPOLLIN)

    def be_refused(self) -> None:
        """Send something invalid: it must be answered with an error, and reach nobody else."""
        publisher = self._publisher()
        publisher.sendall(say_frame("one"))
        answer = received(publisher)
        if answer.get("type") != "error":
            raise InvalidRun(f"an invalid message was answered with {answer}")
        self._expect_silence()

    def run(self, seconds: float, in_flight: int) -> Heat:
        """Publish for *seconds* with *in_flight* messages on the way; end when everyone has everything."""
        self._offsets = dict.fromkeys(self._connections, 0)
        at = [0] * (MOST + 1)  # how many subscribers have so many messages
        at[0] = len(self._connections)
        publish = self._publisher().sendall
        sent = done = 0
        start = time.perf_counter()
        while (goes_on := time.perf_counter() < start + seconds) or done < sent:
            if goes_on:
                for frame in self._say[sent : done + in_flight]:
                    publish(frame)
                    sent += 1
            if sent == MOST and done == sent:
                break
            self._take(at)
            while at[done] == 0:
                done += 1
        heat = Heat(done, len(self._connections), time.perf_counter() - start)
        self._expect_silence()
        return heat

    def _take(self, at: list[int]) -> None:
        """Take and check what has arrived, and count in *at* how far each subscriber came."""
        events = self._poll.poll(PATIENCE, EVENTS)
        if not events:
            raise InvalidRun(f"nothing arrived for {PATIENCE:g} seconds")
        connections, offsets, expected, size = self._connections, self._offsets, self._expected, self._size
        for number, _ in events:
            data = connections[number].recv(CHUNK)
            before = offsets[number]
            if not data or not expected.startswith(data, before):
                raise InvalidRun(_difference(data, expected[before : before + len(data)]))
            after = offsets[number] = before + len(data)
            at[before // size] -= 1
            at[after // size] += 1

    def _expect_silence(self) -> None:
        if self._poll.poll(0.02, 1):
            raise InvalidRun("more arrived than was sent")

    def _publisher(self) -> socket.socket:
        return next(iter(self._connections.values()))


def _difference(data: bytes, expected: bytes) -> str:
    if not data:
        return "the server closed a connection"
    place = next((i for i, (a, b) in enumerate(zip(data, expected, strict=False)) if a != b), len(expected))
    start = max(place - 20, 0)
    return f"expected {expected[start : place + 40]!r}, there came {data[start : place + 40]!r}"
