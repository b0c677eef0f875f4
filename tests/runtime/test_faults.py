"""The proxy that fails as it is told to, between a plain client and a plain server."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus

from wirepact.faults import (
    CUT,
    DROP,
    Answer,
    CloseWith,
    Delay,
    FaultProxy,
    Open,
    Replace,
    Silence,
    Tear,
    after,
    once,
)


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


async def shaken_hands(proxy):
    """A connection after its handshake, byte by byte."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.url.rpartition(":")[2]))
    writer.write(
        b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
    return reader, writer


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


async def test_a_message_is_torn():
    async with echoing() as proxy:
        reader, writer = await shaken_hands(proxy)
        proxy.rule = once(lambda said: Tear(0.5) if said.side == "server" else None)

        writer.write(b"\x81\x84\0\0\0\0four")
        answer = await reader.read()
        writer.close()

    assert answer == b"\x81\x04f"


async def test_what_was_never_said_is_heard():
    async with echoing() as proxy, connect(proxy.url) as socket:
        proxy.say(b"a", b"b")
        assert [await socket.recv(), await socket.recv(), await echoed(socket, "c")] == ["a", "b", "c"]

        proxy.close(1012, "soon")
        with pytest.raises(ConnectionClosed) as caught:
            await socket.recv()

    assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (1012, "soon")


async def test_after_the_end_that_it_was_told_a_client_hears_nothing_of_the_server():
    async with echoing() as proxy:
        reader, writer = await shaken_hands(proxy)
        proxy.close(1012)

        writer.write(b"\x81\x81\0\0\0\0x\x88\x82\0\0\0\0\x03\xf4")
        answer = await reader.read()
        writer.close()

    assert answer == b"\x88\x02\x03\xf4"


async def test_a_handshake_is_answered_by_somebody_else():
    async with echoing() as proxy:
        proxy.door = Answer(503, {"Retry-After": "7"})

        with pytest.raises(InvalidStatus) as caught:
            await connect(proxy.url)

        assert caught.value.response.status_code == 503
        assert caught.value.response.headers["Retry-After"] == "7"
        assert [each.kind for each in proxy.events] == ["refused"]


async def test_a_handshake_is_torn():
    async with echoing() as proxy:
        proxy.door = Tear()

        with pytest.raises(InvalidMessage):
            await connect(proxy.url)

        proxy.door = Open()
        async with connect(proxy.url) as socket:
            assert await echoed(socket, "whole") == "whole"


async def test_nobody_answers_a_handshake():
    async with echoing() as proxy:
        proxy.door = Silence()

        with pytest.raises(TimeoutError):
            await connect(proxy.url, open_timeout=0.1)

        await proxy.until(lambda: [each.kind for each in proxy.events] == ["opened", "closed"])


def either_way(_, offered):
    return offered[0] if offered else None


async def test_a_header_of_the_handshake_is_lost():
    async with serve(
        lambda socket: socket.wait_closed(),
        "127.0.0.1",
        0,
        subprotocols=["chess"],
        select_subprotocol=either_way,
    ) as server:
        port = server.sockets[0].getsockname()[1]
        async with FaultProxy(f"ws://127.0.0.1:{port}") as proxy:
            async with connect(proxy.url, subprotocols=["chess"]) as socket:
                assert socket.subprotocol == "chess"
            proxy.door = Open(without=("Sec-WebSocket-Protocol",))
            async with connect(proxy.url, subprotocols=["chess"]) as socket:
                assert socket.subprotocol is None


async def test_another_server_takes_over():
    async with echoing() as proxy, echoing() as other:
        proxy.target = other.target
        async with connect(proxy.url) as socket:
            assert await echoed(socket, "hello") == "hello"
            proxy.target = "ws://127.0.0.1:1"
            assert await echoed(socket, "still here") == "still here"


async def test_a_slow_network_takes_its_time():
    async with echoing() as proxy, connect(proxy.url, compression=None) as socket:
        proxy.rate = 400_000
        began = asyncio.get_running_loop().time()

        assert await echoed(socket, "x" * 40_000) == "x" * 40_000

        assert asyncio.get_running_loop().time() - began >= 0.2  # there and back


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
        reader, writer = await shaken_hands(proxy)
        writer.write(b"\xff\xff\xff\xff")
        answer = await reader.read()
        writer.close()

    assert answer[:1] + answer[2:4] == b"\x88\x03\xea"  # a close frame, 1002


async def test_waiting_for_what_does_not_happen_ends():
    async with echoing() as proxy:
        with pytest.raises(TimeoutError):
            await proxy.until(lambda: proxy.links == 9, within=0.01)
