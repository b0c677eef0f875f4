"""Nobody hears another tenant's channel, however its name is written."""

import asyncio
from contextlib import asynccontextmanager
from urllib.parse import quote

import pytest
from websockets.asyncio.client import connect

from room import ROOM, Said, Say
from sites import WAYS, closed, hear
from wirepact.broker_memory import MemoryBroker
from wirepact.descriptors import ReceiveOperation, SendOperation, ToChannel
from wirepact.errors import PermissionDenied
from wirepact.publisher import Publisher
from wirepact.server import Node, Peer, build_app, receive, websocket_route
from wirepact.settings import Settings
from wirepact.testing import authenticator, serving, token

SAID = SendOperation("said", ROOM, (Said,), ToChannel())

OTHERS = [
    *("ACME", "Acme", "acme ", " acme", "acme.", "acme/", "acme\x00", "acme*", "*", "?", "acme?", "acme#"),
    *(
        "\uff41\uff43\uff4d\uff45",
        "a\u0301cme",
        "ac\u00adme",
        "\u0430cme",
        "acme\u200b",
        "beta/../acme",
        "./acme",
        "..",
        "acme%20",
        "acme&room=acme",
    ),
]


@asynccontextmanager
async def rooms(way):
    """Rooms, each of a tenant; who is there must be called like it."""
    node = Node(MemoryBroker(), authenticator(), Settings())
    publisher = Publisher(node.broker)

    async def admit(visitor, room):
        if visitor.identity.sub != room:
            raise PermissionDenied("this room is another tenant's")

    async def say(_, message):
        return Said(text=message.text)

    route = websocket_route(
        node,
        ROOM,
        Peer,
        admit=admit,
        on_connect=[],
        on_message=[receive(ReceiveOperation("say", ROOM, Say), say)],
        anonymous=False,
    )
    async with serving(build_app(node, [route]), ws=WAYS[way]) as url:
        yield url.replace("http", "ws"), publisher, node


@pytest.mark.faults(row=17)
@pytest.mark.parametrize("other", OTHERS)
async def test_another_spelling_is_another_room(way, other):
    async with rooms(way) as (url, publisher, node):
        path = f"{url}/ws/room/{quote(other, safe='')}/?token="
        async with connect(f"{path}{token('acme')}") as stranger:
            assert (await closed(stranger))[0] in {4403, 4404}

        async with (
            connect(f"{url}/ws/room/acme/?token={token('acme')}") as here,
            connect(f"{path}{token(other)}") as there,
        ):
            for client in (here, there):  # both have been let in
                await client.send('{"type":"say","text":"hello"}')
                assert (await hear(client))["text"] == "hello"
            assert len(node) == 2
            await publisher.publish(SAID, Said(text="secret"), parameters={"room": "acme"})
            assert (await hear(here))["text"] == "secret"
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(there.recv(), 0.05)


@pytest.mark.faults(row=17)
@pytest.mark.parametrize("path", ["/ws/room/acme/../beta/", "/ws/room/a/b/", "/ws/room/"])
async def test_a_path_that_is_no_address_leads_nowhere(way, path):
    async with rooms(way) as (url, *_):
        with pytest.raises(Exception, match="HTTP 404"):
            await connect(f"{url}{path}?token={token('acme')}")
