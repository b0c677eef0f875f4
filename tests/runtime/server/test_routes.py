"""Which route an address leads to, where several could be meant."""

from dataclasses import replace

import pytest
from websockets.asyncio.client import connect

from sites import hear
from wirepact.broker_memory import MemoryBroker
from wirepact.descriptors import MessageSet, MessageType, Parameter
from wirepact.server import Node, build_app, websocket_route
from wirepact.testing import authenticator, serving
from works import HALL, HallPeer, Welcome

ADDRESSES = {
    "/halls/1/": ("/halls/{hall}/",),
    "/halls/main/": ("/halls/main/", "/halls/{hall}/"),
    "/halls/1/doors/": ("/halls/{name}/doors/", "/halls/{hall}/"),
    "/halls/main/doors/": ("/halls/main/{door}/", "/halls/{name}/doors/"),
}
"""An address, and the channels it could be of: the first is meant, the literal one before those with a parameter."""


@pytest.mark.parametrize("turned", [False, True])
async def test_what_is_said_literally_wins_over_a_parameter(turned):
    templates = sorted({each for those in ADDRESSES.values() for each in those}, reverse=turned)
    node = Node(MemoryBroker(), authenticator())
    app = build_app(node, [_route(node, number, each) for number, each in enumerate(templates)])

    async with serving(app) as url:
        for address, (meant, *_) in ADDRESSES.items():
            async with connect(url.replace("http", "ws", 1) + address) as client:
                assert templates[(await hear(client))["hall"]] == meant


def _route(node, number, address):
    """A channel at *address* that greets with its *number*."""
    names = [part.strip("{}") for part in address.split("/") if part.startswith("{")]
    channel = replace(
        HALL,
        name=f"hall{number}",
        address=address,
        parameters=tuple(map(Parameter, names)),
        receives=MessageSet(),
        sends=MessageSet((), (MessageType("welcome", Welcome),)),
        groups={},
        error=None,
    )

    async def greet(_peer):
        return Welcome(hall=number)

    return websocket_route(node, channel, HallPeer, admit=_anyone, on_connect=[greet], anonymous=True)


async def _anyone(_visitor, *_parameters):
    """Let in whoever comes."""
