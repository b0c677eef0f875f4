"""The proxy that fails as it is told to, between a plain client and a plain server."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed, InvalidMessage

from wirepact.faults import CUT, DROP, CloseWith, Delay, FaultProxy, Replace, after, once


@asynccontextmanager
async def echoing():
    """A server that says everything back, and a proxy before it."""

    async def echo(socket):
        async for message in socket:
            await socket.send(message)

    async with serve(echo, "127.0.0.1", 0, ping_interval=None) as server:
        port = server.sockets[0].getsockname()[1]
        async with FaultProxy(f"ws://127.0.0.1:{port}") as proxy:
            yield proxy


async def echoed(socket, text):
    await socket.send(text)
    return await socket.recv()


async def test_without_a_rule_nothing_changes():
    async with echoing() as proxy, connect(proxy.url, compression=None) as socket:
        big = "ä" * 200_000

        assert await echoed(socket, "one") == "one"
        assert await echoed(socket, b"\x00\xff") == b"\x00\xff"
        assert await echoed(socket, big) == big
        assert proxy.payloads("client")[0] == proxy.payloads("server")[0] == "one"
        assert proxy.links == 1
    assert [each.kind for each in proxy.events if each.kind in {"opened", "closed"}] == ["opened", "closed"]


async def test_a_close_goes_through_as_it_is():
    async with echoing() as proxy:
        async with connect(proxy.url) as socket:
            await socket.close(4001, "enough")
        assert (socket.close_code, socket.close_reason) == (4001, "enough")
        await proxy.until(lambda: proxy.links == 0)


async def test_a_link_is_cut_after_so_many_messages():
    async with echoing() as proxy, connect(proxy.url) as socket:
        proxy.rule = after(2, CUT)

        assert [await echoed(socket, "1"), await echoed(socket, "2")] == ["1", "2"]
        with pytest.raises(ConnectionClosed) as caught:
            await echoed(socket, "3")

        assert caught.value.rcvd is None
        await proxy.until(lambda: proxy.links == 0)


async def test_a_frame_is_dropped_replaced_or_held_back():
    async with echoing() as proxy, connect(proxy.url) as socket:
        proxy.rule = once(lambda said: DROP if said.text == "lost" else None)
        await socket.send("lost")
        assert await echoed(socket, "lost") == "lost"

        proxy.rule = lambda said: Replace((b"a", b"b")) if said.side == "server" else None
        assert [await echoed(socket, "x"), await socket.recv()] == ["a", "b"]

        proxy.rule = lambda said: Delay(0.05) if said.side == "client" else None
        began = asyncio.get_running_loop().time()
        assert await echoed(socket, "late") == "late"
        assert asyncio.get_running_loop().time() - began >= 0.05


async def test_a_close_is_said_in_the_name_of_the_server():
    async with echoing() as proxy, connect(proxy.url) as socket:
        proxy.rule = after(0, CloseWith(1013, "later"))
        await socket.send("x")

        with pytest.raises(ConnectionClosed) as caught:
            await socket.recv()
        assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (1013, "later")


async def test_a_frozen_network_says_nothing_and_loses_nothing():
    async with echoing() as proxy, connect(proxy.url) as socket:
        proxy.freeze()
        await socket.send("1")
        await proxy.until(lambda: proxy.payloads("client") == ["1"])
        waiting = asyncio.create_task(socket.recv())

        assert not (await asyncio.wait([waiting], timeout=0.05))[0]
        proxy.thaw()
        assert await waiting == "1"


async def test_whoever_connects_is_refused_while_those_who_are_there_stay():
    async with echoing() as proxy, connect(proxy.url) as socket:
        proxy.refuse()
        with pytest.raises((OSError, InvalidMessage)):
            await connect(proxy.url)
        assert await echoed(socket, "still here") == "still here"

        proxy.refuse(is_refusing=False)
        async with connect(proxy.url) as other:
            assert await echoed(other, "back") == "back"


async def test_a_server_that_is_away_is_refused_too():
    async with FaultProxy("ws://127.0.0.1:1") as proxy:
        with pytest.raises((OSError, InvalidMessage)):
            await connect(proxy.url)
        assert [each.kind for each in proxy.events] == ["refused"]


async def test_what_is_no_frame_passes_as_it_is():
    async with echoing() as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.url.rpartition(":")[2]))
        writer.write(
            b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
        writer.write(b"\xff\xff\xff\xff")
        answer = await reader.read()
        writer.close()

    assert answer[:1] + answer[2:4] == b"\x88\x03\xea"  # a close frame, 1002


async def test_waiting_for_what_does_not_happen_ends():
    async with echoing() as proxy:
        with pytest.raises(TimeoutError):
            await proxy.until(lambda: proxy.links == 9, within=0.01)
