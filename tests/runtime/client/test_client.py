import asyncio
import logging
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest

from room import ROOM
from wirepact.client import Client, Transport
from wirepact.errors import ConnectionClosed, ConnectionRefused

TOKEN = "eyJhbGciOiJIUzI1NiJ9.geheim.geheim"


class Requests:
    """A server that remembers the requests of its handshakes and keeps the connections open."""

    def __init__(self):
        self.all = []

    async def __call__(self, socket):
        self.all.append(socket.request)
        await socket.wait_closed()


async def test_a_connection_goes_to_the_address_of_its_channel(served):
    requests = Requests()

    async with served(requests) as url, Client(f"{url}/base/").open(ROOM, room="a b"):
        pass

    assert requests.all[0].path == "/base/ws/room/a%20b/"


async def test_wrong_parameters_are_told_without_a_connection():
    with pytest.raises(TypeError, match="room: parameters missing: room"):
        Client("ws://localhost:1").open(ROOM)


async def test_the_token_is_sent_as_the_document_says(served):
    requests = Requests()

    async with served(requests) as url, Client(url, token=TOKEN).open(ROOM, room="lobby"):
        pass

    assert requests.all[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in requests.all[0].path


async def test_without_a_token_nothing_is_sent(served):
    requests = Requests()

    async with served(requests) as url, Client(url, token="").open(ROOM, room="lobby"):
        pass

    assert "Authorization" not in requests.all[0].headers
    assert requests.all[0].path == "/ws/room/lobby/"


async def test_each_connection_asks_for_a_token_of_its_own(served):
    requests = Requests()
    tokens = iter(["first", "second"])

    async def fetch():
        return next(tokens)

    async with served(requests) as url:
        client = Client(url, token=fetch)
        async with client.open(ROOM, room="a"), client.open(ROOM, room="b"):
            pass

    assert [each.headers["Authorization"] for each in requests.all] == ["Bearer first", "Bearer second"]


async def test_leaving_the_client_closes_what_is_open(served):
    async def read(connection):
        return [message async for message in connection]

    async with served(Requests()) as url:
        async with Client(url) as client:
            first, second = client.open(ROOM, room="a"), client.open(ROOM, room="b")
            await first.__aenter__()
            await second.__aenter__()
            reading = asyncio.create_task(read(first))

        assert await reading == []
        assert not first.is_open
        assert not second.is_open


@pytest.mark.parametrize("status", [HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.OK])
async def test_an_http_answer_is_a_refusal_with_its_status(served, status):
    async def refuse(connection, _request):
        return connection.respond(status, "never mind")

    async with served(Requests(), process_request=refuse) as url:
        with pytest.raises(ConnectionRefused) as caught:
            await Client(url).open(ROOM, room="lobby").__aenter__()

    assert caught.value.status == status
    assert str(caught.value) == f"not connected: HTTP {status.value} {status.phrase}"
    assert isinstance(caught.value, ConnectionClosed)


async def test_nobody_listening_is_a_refusal(unused_tcp_port):
    with pytest.raises(ConnectionRefused, match="not connected: ") as caught:
        await Client(f"ws://127.0.0.1:{unused_tcp_port}").open(ROOM, room="lobby").__aenter__()

    assert caught.value.status is None


@asynccontextmanager
async def listening(answer):
    """A TCP server that takes one request and gives *answer*; after `None` it only waits for the end."""
    gone = asyncio.Event()

    async def behaviour(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)
        writer.close()
        await writer.wait_closed()
        gone.set()

    async with await asyncio.start_server(behaviour, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await gone.wait()


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9.2\r\n", b"", b"HTTP/1.1 101 Fine\r\n\r\n"])
async def test_a_server_of_another_kind_is_a_refusal(answer):
    async with listening(answer) as url:
        with pytest.raises(ConnectionRefused, match="not that of a WebSocket server"):
            await Client(url).open(ROOM, room="lobby").__aenter__()


async def test_a_server_that_does_not_answer_is_a_refusal():
    async with listening(None) as url:
        with pytest.raises(ConnectionRefused, match="no answer in time"):
            await Client(url, transport=Transport(open_timeout=0.05)).open(ROOM, room="lobby").__aenter__()


@pytest.mark.parametrize("place", ["query", "bearer"])
async def test_a_token_is_in_no_log_and_no_error(served, caplog, place):
    channel = type(ROOM)(
        service="chat",
        name="room",
        address="/ws/room/",
        credentials=tuple(each for each in ROOM.credentials if each.place == place),
    )

    async def refuse(connection, request):
        if "again" in request.path:
            return None
        answer = connection.respond(HTTPStatus.FOUND, "")
        answer.headers["Location"] = "http://127.0.0.1:1/?token=" + TOKEN
        return answer

    caplog.set_level(logging.DEBUG)
    servers = logging.getLogger("the server of this test")
    servers.setLevel(logging.CRITICAL)
    async with served(Requests(), process_request=refuse, logger=servers) as url:
        with pytest.raises(ConnectionRefused) as caught:
            await Client(url, token=TOKEN).open(channel).__aenter__()
        async with Client(f"{url}/again", token=TOKEN).open(channel):
            pass

    error = caught.value
    assert TOKEN not in caplog.text
    assert TOKEN not in f"{error} {error!r} {error.__cause__!r} {error.__context__!r}"
    assert TOKEN not in repr(Client("ws://localhost", token=TOKEN).open(channel))
