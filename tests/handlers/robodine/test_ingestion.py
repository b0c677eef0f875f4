"""Where robots report, without the rest of Robodine."""

import asyncio
import socket

import pytest

from handlers.robodine import ingestion
from handlers.robodine.ingestion import Ingestion, keep_alive

REPORT = b'{"topic": "robots", "id": "r1", "data": null}\n'


class Desk:
    """Takes reports, unless it can't."""

    def __init__(self):
        self.taken, self.outcomes = [], []
        self.may_take = asyncio.Event()
        self.may_take.set()
        self.is_asked = asyncio.Event()

    async def take(self, record):
        self.is_asked.set()
        await self.may_take.wait()
        if record.id == "broken":
            raise OSError("disk full at /var/lib/secret")
        self.taken.append(record.id)

    def ingestion(self):
        return Ingestion(frozenset({"robots"}), self.take, self.outcomes.append)


@pytest.fixture
def desk():
    return Desk()


async def test_a_fault_of_ours_is_logged_and_the_robot_told_nothing_of_it(desk, caplog):
    listener = desk.ingestion()
    async with listener.listening("127.0.0.1", 0):
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(REPORT.replace(b"r1", b"broken") + REPORT)

        answers = [await reader.readline() for _ in range(2)]
        writer.close()

    assert answers == [
        b'{"ok": false, "error": "something went wrong; it has been logged"}\n',
        b'{"ok": true}\n',
    ]
    assert desk.outcomes == ["failed", "taken"]
    assert [each.getMessage() for each in caplog.records if each.exc_info] == ["a report could not be stored"]


async def test_what_was_read_before_the_stop_is_still_answered(desk):
    listener = desk.ingestion()
    desk.may_take.clear()
    async with listener.listening("127.0.0.1", 0):
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(REPORT)
        await desk.is_asked.wait()
        asyncio.get_running_loop().call_soon(desk.may_take.set)

    assert await reader.read() == b'{"ok": true}\n'
    writer.close()


async def test_one_robot_too_many_is_told_so(desk, monkeypatch):
    monkeypatch.setattr(ingestion, "CONNECTIONS", 1)
    listener = desk.ingestion()
    async with listener.listening("127.0.0.1", 0):
        first, one = await asyncio.open_connection("127.0.0.1", listener.port)
        one.write(REPORT)
        assert await first.readline() == b'{"ok": true}\n'
        second, other = await asyncio.open_connection("127.0.0.1", listener.port)

        assert await second.read() == b'{"ok": false, "error": "too many connections"}\n'
        one.close()
        other.close()


async def test_processes_can_share_the_port(desk):
    one, other = desk.ingestion(), desk.ingestion()
    async with (
        one.listening("127.0.0.1", 0, is_shared=True),
        other.listening("127.0.0.1", one.port, is_shared=True),
    ):
        assert one.port == other.port


async def test_a_port_that_is_not_shared_is_taken(desk):
    one, other = desk.ingestion(), desk.ingestion()
    async with one.listening("127.0.0.1", 0):
        with pytest.raises(OSError, match="address already in use"):
            await other.listening("127.0.0.1", one.port).__aenter__()


def test_a_robot_that_vanishes_is_noticed_by_the_system():
    with socket.socket() as connection:
        keep_alive(connection)

        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
