"""What is emitted for the two ends of a document, put together over a real socket: server, Python client."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from tests.codegen.emission import CASES, imported
from wirepact.broker_memory import MemoryBroker
from wirepact.server import Node, build_app
from wirepact.testing import authenticator, serving
from wirepact_codegen.generating import generation
from wirepact_codegen.project import Project
from wirepact_codegen.terms import Terms
from wirepact_codegen.writing import write


@pytest.fixture
def both_ends(monkeypatch, tmp_path):
    """The server's and the client's package of a case, as modules by their names."""

    def emit(feature, *modules):
        monkeypatch.chdir(CASES / feature)
        folders = {"server": tmp_path / f"{feature}_server", "python-client": tmp_path / f"{feature}_client"}
        write(generation(["spec.yaml"], folders, Project(), Terms("server")).changes)
        return [imported(tmp_path, f"{feature}_{each}") for each in modules]

    return emit


@asynccontextmanager
async def connected(server, client, handlers):
    """A client of a service whose *handlers* get a broker."""
    broker = MemoryBroker()
    node = Node(broker, authenticator())
    routes = server.routes(handlers(broker), node, anonymous=True)
    async with serving(build_app(node, routes)) as url, client.SpecClient(url) as spec:
        yield spec


async def test_bytes_and_text_go_as_they_are_through_server_broker_and_client(both_ends):
    server, said, publisher, client, says = both_ends(
        "binary_and_text_frames",
        "server.spec.server",
        "server.spec.messages",
        "server.spec.publisher",
        "client.spec.client",
        "client.spec.messages",
    )
    sound = bytes(range(256)) * 2

    class Handlers(server.SpecHandlers):
        def __init__(self, broker):
            self.publisher = publisher.SpecPublisher(broker)

        async def admit_speech(self, visitor):
            """Anyone may come."""

        async def admit_console(self, visitor):
            """Anyone may come."""

        async def speak_start(self, peer, message):
            await peer.send(said.Heard(bytes=message.rate))

        async def speak_add_audio(self, peer, message):
            await self.publisher.play(said.Chunk(data=message.data))
            await peer.send(said.Chunk(data=b""))

        async def type_line(self, peer, message):
            await self.publisher.print_(said.Output(message.root))

        async def type_keys(self, peer, message):
            await self.publisher.print_(said.Output(repr(message.data)))

    async with connected(server, client, Handlers) as spec:
        async with spec.speech() as speech:
            await speech.send(says.AddAudio(data=sound))
            await speech.send(says.Start())
            heard = [await anext(speech) for _ in range(3)]
        async with spec.console() as console:
            await console.send(says.Line('"ls"'))
            await console.send(says.Keys(data=b"\x00"))
            printed = [await anext(console) for _ in range(2)]

    assert heard == [says.Chunk(data=sound), says.Chunk(data=b""), says.Heard(bytes=16000)]
    assert printed == [says.Output('"ls"'), says.Output("b'\\x00'")]


async def test_payloads_that_are_no_objects_are_told_apart_on_both_ends(both_ends):
    server, said, publisher, client, says = both_ends(
        "payloads_that_are_no_objects",
        "server.spec.server",
        "server.spec.messages",
        "server.spec.publisher",
        "client.spec.client",
        "client.spec.messages",
    )
    relayed = asyncio.Queue()

    class Handlers(server.SpecHandlers):
        def __init__(self, broker):
            self.publisher = publisher.SpecPublisher(broker)

        async def admit_feed(self, visitor):
            """Anyone may come."""

        async def admit_raw(self, visitor):
            """Anyone may come."""

        async def heard_ping(self, peer, message):
            await peer.send(said.Pong(None))

        async def heard_subscribe(self, peer, message):
            await peer.send(said.Status(said.Status0(status=message.pairs[0])))
            await peer.send(said.Book((1, said.Levels(bids=[]), "book", message.pairs[0])))

        async def heard_limit(self, peer, message):
            await self.publisher.counted(said.Counts({"count": message.root}))

        async def relay(self, peer, message):
            await relayed.put(message.root)

    async with connected(server, client, Handlers) as spec:
        async with spec.feed() as feed:
            for each in (says.Ping("ping"), says.Subscribe(pairs=["XBT/USD"]), says.Limit(3)):
                await feed.send(each)
            heard = [await anext(feed) for _ in range(4)]
        async with spec.raw() as raw:
            await raw.send(says.Anything([1, None]))
            await raw.send(says.Anything("text"))

            assert [await relayed.get(), await relayed.get()] == [[1, None], "text"]

    assert heard == [
        says.Pong(None),
        says.Status(says.Status0(status="XBT/USD")),
        says.Book((1, says.Levels(bids=[]), "book", "XBT/USD")),
        says.Counts({"count": 3}),
    ]
