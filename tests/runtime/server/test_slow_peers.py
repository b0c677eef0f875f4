"""Peers that don't read, don't answer, or are gone: they are cut, freed, and disturb nobody."""

import asyncio
import base64
import logging
import os
import socket
import time
from contextlib import asynccontextmanager, suppress

import pytest

from sites import hear, running, until
from wirepact.server.outlet import PATIENCE
from wirepact.testing import token
from works import Alarm

BIG = Alarm(text="x" * 16 * 1024)
MASK = b"\0\0\0\0"


class Stalled:
    """A client that shakes hands and then reads nothing by itself."""

    def __init__(self, connection):
        self.socket = connection
        self._loop = asyncio.get_running_loop()

    async def send(self, data):
        await self._loop.sock_sendall(self.socket, data)

    async def rest(self):
        """Everything that still comes, until the end or a reset."""
        received = bytearray()
        with suppress(ConnectionResetError):
            while chunk := await asyncio.wait_for(self._loop.sock_recv(self.socket, 65536), 5):
                received += chunk
        return bytes(received)


@asynccontextmanager
async def stalled(site, *, roles=(), others=0):
    """A stalled client that the site has let in beside *others*."""
    host, port = site.url.removeprefix("ws://").split(":")
    key = base64.b64encode(os.urandom(16)).decode()
    lines = (
        f"GET /ws/hall/1/?token={token(roles=roles)} HTTP/1.1",
        "Host: x",
        "Connection: Upgrade",
        "Upgrade: websocket",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
    )
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, (host, int(port)))
        client = Stalled(connection)
        await client.send(("\r\n".join(lines) + "\r\n\r\n").encode())
        await until(lambda: len(site.node) == 1 + others and len(site.node.fanout) > 0)
        yield client


def protocol_of(site):
    (connection,) = site.node._connections
    return connection._outlet._protocol


async def fill_buffers(site):
    """Publish until the kernel and the transport of the only connection have enough, and some waits."""
    protocol = protocol_of(site)
    protocol.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
    while protocol.outlet._outbox.size < 100 * 1024:
        await site.publisher.alarm(BIG, hall=1)
        await asyncio.sleep(0)
    return protocol


async def test_what_waits_for_peers_is_measured():
    async with running() as site, stalled(site):
        protocol = await fill_buffers(site)

        site.node.sample()

        waiting = site.node.metrics.registry.get_sample_value("wirepact_waiting_bytes")
        assert waiting == protocol.outlet._outbox.size > 0


@pytest.mark.faults(row=11)
async def test_a_peer_that_does_not_read_is_cut_and_disturbs_nobody(site, caplog):
    async with stalled(site):
        healthy = await site.join()
        longest = 0.0
        while len(site.node) == 2:
            start = time.perf_counter()
            await site.publisher.alarm(BIG, hall=1)
            assert (await hear(healthy))["type"] == "alarm"
            longest = max(longest, time.perf_counter() - start)

        await site.publisher.alarm(BIG, hall=1)
        assert (await hear(healthy))["type"] == "alarm"
        assert longest < 0.5
        texts = [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]
        assert texts == ["too slow"]


@pytest.mark.faults(row=11)
async def test_a_peer_that_does_not_even_take_the_close_is_cut():
    async with running() as site, stalled(site):
        protocol = await fill_buffers(site)

        protocol.outlet._keeper.overflow()

        await until(lambda: protocol.disconnected)
        assert len(site.node) == 0


async def test_a_peer_that_falls_behind_and_catches_up_misses_nothing():
    async with running() as site:
        client = await site.join(max_queue=1)
        protocol, count = protocol_of(site), 0
        while protocol.writable.is_set():
            await site.publisher.alarm(Alarm(text=f"{count} {'x' * 8192}"), hall=1)
            await asyncio.sleep(0)
            count += 1
        for _ in range(5):
            await site.publisher.alarm(Alarm(text=f"{count}"), hall=1)
            count += 1
        assert protocol.outlet._outbox or site.node.fanout._pending

        heard = [int((await hear(client))["text"].split()[0]) for _ in range(count)]

        assert heard == list(range(count))
        await site.publisher.alarm(Alarm(text="now"), hall=1)
        assert (await hear(client))["text"] == "now"


async def test_a_peer_that_closes_before_it_takes_the_rest_is_not_cut_when_it_is_gone(caplog):
    async with running() as site, stalled(site) as client:
        protocol = await fill_buffers(site)
        await client.send(b"\x88\x80" + MASK)
        await until(lambda: protocol.close_sent or protocol.transport.is_closing())
        loop, patience = asyncio.get_running_loop(), asyncio.Event()
        loop.call_later(PATIENCE, patience.set)

        await client.rest()

        await until(lambda: protocol.disconnected)
        await patience.wait()
        assert "Exception in callback" not in caplog.text


@pytest.mark.faults(row=12)
async def test_a_peer_that_does_not_answer_pings_is_cut():
    async with running(ping_interval=0.1, ping_timeout=0.1) as site, stalled(site) as silent:
        received = await silent.rest()

        assert received.endswith(b"Internal error")
        await until(lambda: len(site.node) == 0 and len(site.node.fanout) == 0)


async def test_a_peer_with_full_buffers_that_does_not_answer_pings_is_cut_too():
    async with running(ping_interval=0.3, ping_timeout=0.3) as site, stalled(site):
        protocol = await fill_buffers(site)

        await until(lambda: len(site.node) == 0 and protocol.disconnected)


async def test_many_messages_and_the_close_in_one_piece_are_all_handled_in_order(site):
    count = 300  # more than are heard at once, and more than fit the inbox
    listener = await site.join()
    async with stalled(site, roles=["FOREMAN"], others=1) as client:
        message = b'{"type":"stop"}'
        frame = bytes([0x81, 0x80 | len(message)]) + MASK + message

        await client.send(frame * count + b"\x88\x82" + MASK + b"\x03\xe8")

        assert [(await hear(listener))["text"] for _ in range(count)] == ["stopped"] * count
        assert len(site.handlers.stopped) == count
        assert b"rate_limited" not in await client.rest()


@pytest.mark.faults(row=13)
async def test_a_reset_in_the_middle_of_a_frame_leaves_nothing_behind(site, caplog):
    async with stalled(site) as client:
        await client.send(b"\x81\xfe\x10\x00mask{")
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        client.socket.close()

        await until(lambda: len(site.node) == 0 and len(site.node.fanout) == 0)
        assert [each.getMessage() for each in caplog.records if each.levelno > logging.INFO] == []


async def test_a_connection_that_broke_off_is_logged_as_1006(caplog):
    async with running() as site:
        async with stalled(site):
            pass

        await until(lambda: len(site.node) == 0)
        assert [each.fields["code"] for each in caplog.records if each.getMessage() == "closed"] == [1006]


@pytest.mark.faults(row=32)
async def test_the_pings_of_a_peer_that_does_not_read_pile_up_no_pongs():
    async with running() as site, stalled(site) as client:
        protocol = await fill_buffers(site)
        before = protocol.transport.get_write_buffer_size()

        await client.send((b"\x89\xfd" + MASK + b"p" * 125) * 1000)
        await until(lambda: protocol._owed_pong)

        assert protocol.transport.get_write_buffer_size() <= before
        received = await asyncio.gather(client.rest(), until_caught_up(protocol))
        assert received[0].count(b"\x8a\x7d") == 1


async def until_caught_up(protocol):
    await until(lambda: not protocol._owed_pong and not protocol.transport.get_write_buffer_size())
    protocol.transport.abort()


@pytest.mark.faults(row=20)
@pytest.mark.parametrize(
    ("data", "close"),
    [
        pytest.param(b"\x81\x82" + MASK + b"\xff\xfe", b"\x88\x02\x03\xef", id="text that is not UTF-8"),
        pytest.param(b"\xff\xff", b"\x88\x02\x03\xea", id="a frame that is none"),
        pytest.param(b"\x81\x02{}", b"\x88\x02\x03\xea", id="a frame that is not masked"),
        pytest.param(b"\x80\x80" + MASK, b"\x88\x02\x03\xea", id="the rest of nothing"),
        pytest.param(
            b"\x81\xff" + b"\0" * 4 + b"\xff" * 4 + MASK, b"That is too much", id="four gigabytes announced"
        ),
    ],
)
async def test_whoever_breaks_the_protocol_is_told_in_our_words(data, close):
    async with running() as site, stalled(site) as client:
        await client.send(data)

        assert (await client.rest()).endswith(close)
        await until(lambda: len(site.node) == 0)
