"""What a document promises, kept between what is emitted for both ends, over real sockets."""

import asyncio
import json

import pytest
from websockets.asyncio.client import connect

from tests.codegen.emission import CASES, imported
from wirepact.broker_memory import MemoryBroker
from wirepact.client import Reconnect
from wirepact.faults import FaultProxy
from wirepact.server import Node, build_app
from wirepact.settings import Settings
from wirepact.testing import authenticator, serving, token
from wirepact_codegen.generating import generation
from wirepact_codegen.project import Project
from wirepact_codegen.terms import Terms
from wirepact_codegen.writing import write

SOON = Reconnect(first=0.001, longest=0.01)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The packages of both ends of the cases that promise something."""
    folder = tmp_path_factory.mktemp("promises")
    with pytest.MonkeyPatch.context() as patch:
        for case, name in (
            ("promises_to_who_was_away", "board"),
            ("older_names_of_messages", "chat"),
            ("heartbeats_and_presence", "lesson"),
        ):
            patch.chdir(CASES / case)
            folders = {"server": folder / f"{name}_server", "python-client": folder / f"{name}_client"}
            write(generation(["spec.yaml"], folders, Project(), Terms("server")).changes)
    return folder


@pytest.fixture
def board(folder):
    """The client's package of the board, the server's messages, and its publisher's class."""
    return (
        imported(folder, "board_client.spec"),
        imported(folder, "board_server.spec.messages"),
        imported(folder, "board_server.spec.publisher").SpecPublisher,
    )


@pytest.fixture
async def site(folder):
    """A running board: its URL, and its broker."""
    server = imported(folder, "board_server.spec.server")

    class Handlers(server.SpecHandlers):
        async def admit_board(self, visitor, user):
            pass

        async def admit_plain(self, visitor):
            pass

    broker = MemoryBroker()
    node = Node(broker, authenticator(), Settings())
    async with serving(build_app(node, server.routes(Handlers(), node))) as url:
        yield url.replace("http", "ws"), broker


async def test_who_was_away_gets_what_was_published_meanwhile(site, board):
    url, broker = site
    package, messages, publisher_class = board
    publisher = publisher_class(broker)

    async with (
        FaultProxy(url) as proxy,
        package.SpecClient(proxy.url, token=token(), reconnect=SOON).board(user="a") as here,
    ):
        await publisher.alert(messages.Alert(), user="a")
        heard = [await heard_by(here)]
        proxy.refuse()
        proxy.cut()
        await publisher.alert(messages.Alert(), user="a")
        await publisher.cursor(messages.Cursor(), user="a")
        await publisher.weather(messages.Weather(), user="a")
        proxy.refuse(is_refusing=False)
        heard += [await heard_by(here), await heard_by(here)]

    assert heard == ["alert", "alert", "weather"]


async def test_what_goes_to_a_user_or_to_roles_goes_to_nobody_else(site, board):
    url, broker = site
    package, messages, publisher_class = board
    publisher = publisher_class(broker)

    def joined(sub, *roles):
        return package.SpecClient(url, token=token(sub, roles=roles)).board(user="a")

    async with (
        joined("ada", "ADMIN", "QUALITY") as ada,
        joined("bob", "QUALITY") as bob,
        joined("eve") as eve,
    ):
        await publisher.note(messages.Note(), user="a", to_user="ada")
        await publisher.audit(messages.Audit(), user="a")
        await publisher.alert(messages.Alert(), user="a")
        heard = [
            {await heard_by(each) for _ in range(count)} for each, count in ((ada, 3), (bob, 2), (eve, 1))
        ]

    assert heard == [{"note", "audit", "alert"}, {"audit", "alert"}, {"alert"}]


async def heard_by(connection):
    """The name of the next message."""
    async with asyncio.timeout(5):
        return (await connection.receive()).type


async def test_an_older_name_reaches_the_handler_of_today(folder):
    server = imported(folder, "chat_server.spec.server")
    said = asyncio.Queue()

    class Handlers(server.SpecHandlers):
        async def admit_room(self, visitor):
            pass

        async def say(self, peer, message):
            said.put_nowait((message.header.type, message.text))

        async def leave(self, peer, message):
            pass

    node = Node(MemoryBroker(), authenticator(), Settings())
    async with (
        serving(build_app(node, server.routes(Handlers(), node, anonymous=True))) as url,
        connect(f"{url.replace('http', 'ws')}/room") as client,
    ):
        await client.send('{"header":{"type":"talk"},"text":"hello"}')

        assert await asyncio.wait_for(said.get(), 5) == ("say", "hello")


async def test_heartbeats_are_answered_and_a_join_is_told_without_a_handler(folder):
    server = imported(folder, "lesson_server.spec.server")

    class Handlers(server.SpecHandlers):
        async def admit_lesson(self, visitor, lesson):
            pass

        async def raise_hand(self, peer, message):
            pass

        async def admit_robot(self, visitor):
            pass

        async def admit_door(self, visitor):
            pass

        async def pong(self, peer, message):
            pass

    node = Node(MemoryBroker(), authenticator(), Settings())
    async with (
        serving(build_app(node, server.routes(Handlers(), node))) as url,
        connect(f"{url.replace('http', 'ws')}/lessons/1?token={token()}") as client,
    ):
        await client.send('{"type":"heartbeat","timestamp":1234567890}')
        async with asyncio.timeout(5):
            heard = [json.loads(await client.recv()) for _ in range(2)]

    assert {"type": "heartbeat_ack", "timestamp": 1234567890} in heard
    assert {"type": "user_joined", "user": {"id": "tester"}} in heard
