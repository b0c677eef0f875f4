"""The same conversations without a network, and over one: an application and its clients in the test's event loop."""

import asyncio
import socket
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

import works as words
from wirepact.client import Client, Connected, Disconnected, Reconnect, Transport
from wirepact.errors import ConnectionClosed, ConnectionRefused, NotFound
from wirepact.testing import connected, serving, token
from wirepact.testing.inside import Inside
from works import HALL, works


class WorksClient(Client):
    """As the generator would write it."""

    def hall(self, hall):
        return self.open(HALL, hall=hall)


@pytest.fixture(params=["inside", "over a port"])
def meeting(request):
    """`connected`, for an application here and for one behind a URL."""

    @asynccontextmanager
    async def meet(app, *arguments, **options):
        if request.param == "inside":
            async with connected(app, *arguments, **options) as client:
                yield client
            return
        async with serving(app) as url, connected(app, *arguments, url=url, **options) as client:
            yield client

    return meet


@pytest.mark.parametrize(("legacy", "protocol"), [(False, "wirepact.v1"), (True, "")])
async def test_a_client_speaks_with_the_application_on_either_wire(meeting, legacy, protocol):
    async with (
        meeting(works().app, WorksClient, token=token(), legacy=legacy) as client,
        client.hall(1) as hall,
    ):
        events = hall.events()
        opened, greeted = await anext(events), await anext(events)
        await hall.send(words.GetNotes())

        assert isinstance(opened, Connected)
        assert opened.protocol == protocol
        assert greeted == words.Welcome(hall=1)
        assert await hall.receive() == words.Notes(notes=[])


async def test_a_request_is_answered(meeting):
    async with meeting(works().app, token=token()) as client, client.open(HALL, hall=1) as hall:
        answer = await hall.request(words.GetNotes(), words.Notes)

        assert answer.notes == []


async def test_a_refusal_is_raised_by_its_class(meeting):
    async with meeting(works().app, token=token()) as client, client.open(HALL, hall=1) as hall:
        with pytest.raises(NotFound, match="there is no machine 404"):
            await hall.request(words.Watch(machine=404))


async def test_who_has_no_token_is_closed_with_the_code_for_it(meeting):
    async with meeting(works().app) as client:
        with pytest.raises(ConnectionClosed) as raised:
            await client.open(HALL, hall=1).__aenter__()

    assert raised.value.code == 4401


async def test_what_is_published_arrives(meeting):
    here = works()
    async with meeting(here.app, token=token()) as client, client.open(HALL, hall=1) as hall:
        assert await hall.receive() == words.Welcome(hall=1)

        await here.publisher.alarm(words.Alarm(text="fire"), hall=1)

        assert await hall.receive() == words.Alarm(text="fire")


async def test_limits_are_those_of_the_document(meeting):
    here = works()
    async with meeting(here.app, token=token()) as client, client.open(HALL, hall=1) as hall:
        await hall.receive()
        await hall._expect_opened().speak("x" * (HALL.limits.message_bytes + 1))

        with pytest.raises(ConnectionClosed) as raised:
            await hall.receive()

    assert raised.value.code == 1009


async def test_clients_of_one_application_hear_of_each_other():
    here = works()
    async with (
        connected(here.app, WorksClient, token=token("kim", roles=["FOREMAN"])) as kim,
        connected(here.app, WorksClient, token=token("lee")) as lee,
        kim.hall(1) as one,
        lee.hall(1) as other,
    ):
        await one.send(words.Stop())

        assert [await other.receive() for _ in range(2)] == [
            words.Welcome(hall=1),
            words.Alarm(text="stopped"),
        ]
    assert here.handlers.stopped == ["kim"]


async def test_two_that_come_at_once_start_it_once():
    lives = []

    @asynccontextmanager
    async def storage(_):
        lives.append("open")
        await asyncio.sleep(0)
        yield
        lives.append("closed")

    app = works(lifespan=[storage]).app

    async def visit():
        async with connected(app, token=token()) as client, client.open(HALL, hall=1) as hall:
            return await hall.receive()

    assert await asyncio.gather(visit(), visit()) == [words.Welcome(hall=1)] * 2
    assert lives == ["open", "closed"]


async def test_who_is_still_there_when_it_ends_is_sent_away():
    app = works().app
    inside = Inside(app)
    await inside.start()
    there = await inside.open_socket()
    async with connect(f"ws://here/ws/hall/1/?token={token()}", sock=there) as visitor:
        await visitor.recv()
        await inside.stop()

        await visitor.wait_closed()

    assert visitor.close_code == 1001


async def test_an_application_starts_only_once():
    app = works().app
    async with connected(app):
        pass

    with pytest.raises(RuntimeError, match="starts only once"):
        await connected(app).__aenter__()


async def test_what_keeps_it_from_starting_is_raised_as_it_is():
    @asynccontextmanager
    async def broken(_):
        raise LookupError("no disk")
        yield

    with pytest.raises(LookupError, match="no disk"):
        await connected(works(lifespan=[broken]).app).__aenter__()


async def test_a_cut_connection_comes_back():
    here = works()
    async with (
        connected(here.app, token=token("kim"), reconnect=Reconnect(first=0.001)) as client,
        client.open(HALL, hall=1) as hall,
    ):
        events = hall.events()
        assert not (await anext(events)).is_again
        await here.node.kick("kim", 1012)

        assert isinstance(await anext(events), words.Welcome)
        assert isinstance(await anext(events), Disconnected)
        assert (await anext(events)).is_again


async def test_the_environment_names_the_server_and_its_key(monkeypatch):
    monkeypatch.setenv("WIREPACT_TEST_KEY", "the key of a server that runs elsewhere")
    here = works()
    async with serving(here.app) as url:
        monkeypatch.setenv("WIREPACT_TEST_URL", url)
        untouched = works().app
        async with connected(untouched, token=token("kim")) as client, client.open(HALL, hall=7) as hall:
            assert await hall.receive() == words.Welcome(hall=7)

    assert not untouched.node.is_draining


async def test_a_client_may_bring_a_socket_of_its_own(tmp_path):
    path = str(tmp_path / "socket")
    app = works().app

    async def dial():
        ours = socket.socket(socket.AF_UNIX)
        ours.setblocking(False)
        await asyncio.get_running_loop().sock_connect(ours, path)
        return ours

    async with serving(app, uds=path, port=1):
        client = Client("ws://anywhere", token=token(), transport=Transport(open_socket=dial))
        async with client.open(HALL, hall=1) as hall:
            assert await hall.receive() == words.Welcome(hall=1)


async def test_a_redirect_is_not_followed_with_a_socket_of_ones_own():
    def elsewhere(connection, _request):
        response = connection.respond(HTTPStatus.FOUND, "")
        response.headers["Location"] = "/elsewhere"
        return response

    async with serve(asyncio.Event().wait, "127.0.0.1", 0, process_request=elsewhere) as server:

        async def dial():
            ours = socket.socket()
            ours.setblocking(False)
            await asyncio.get_running_loop().sock_connect(ours, server.sockets[0].getsockname())
            return ours

        with pytest.raises(ConnectionRefused, match="the server is elsewhere"):
            await (
                Client("ws://anywhere", transport=Transport(open_socket=dial)).open(HALL, hall=1).__aenter__()
            )


async def test_a_socket_that_can_not_be_opened_is_a_connection_refused():
    async def dial():
        raise OSError("no tunnel")

    with pytest.raises(ConnectionRefused, match="not connected: no tunnel"):
        await Client("ws://anywhere", transport=Transport(open_socket=dial)).open(HALL, hall=1).__aenter__()
