"""SPC as a program with the generated client sees it, on either wire.

Without a network; `WIREPACT_TEST_URL=http://…` has the same tests ask a server that runs, which trusts the key in `WIREPACT_TEST_KEY`.
"""

import pytest

from handlers.spc.service import spc
from handlers.spc.settings import SpcSettings
from wirepact.broker_memory import MemoryBroker
from wirepact.client import Connected
from wirepact.errors import ConnectionClosed, NotFound
from wirepact.server import Node, build_app
from wirepact.settings import Settings
from wirepact.testing import authenticator, connected, token
from wirepact_clients.spc import messages
from wirepact_clients.spc.client import SpcClient

NOWHERE = 9_007_199_254_740_991
"""The number of a product that no factory has."""


@pytest.fixture
def app(tmp_path):
    node = Node(MemoryBroker(), authenticator(), Settings(state_dir=tmp_path))
    service = spc(node, SpcSettings())
    return build_app(node, service.routes, lifespan=[service.lifespan])


@pytest.fixture(params=["wirepact.v1", "legacy"])
async def client(app, request):
    async with connected(app, SpcClient, token=token("kim"), legacy=request.param == "legacy") as client:
        yield client


async def test_who_comes_is_greeted(client):
    async with client.notifications() as notifications:
        opened, greeting = [await anext(notifications.events()) for _ in range(2)]

    assert isinstance(opened, Connected)
    assert isinstance(greeting, messages.Connection)


async def test_alerts_are_given_to_who_asks_for_them(client):
    async with client.notifications() as notifications:
        await notifications.send(messages.GetAlerts())

        async for message in notifications:
            if isinstance(message, messages.Alerts):
                break

    assert isinstance(message, messages.Alerts)


async def test_a_product_that_is_not_there_has_no_channel(client):
    with pytest.raises(ConnectionClosed) as raised:
        async with client.product(id_=NOWHERE) as product:
            await product.receive()

    assert raised.value.code == NotFound.close_code


async def test_a_token_that_is_none_is_sent_away(app):
    with pytest.raises(ConnectionClosed) as raised:
        async with connected(app, SpcClient, token="none") as client, client.notifications():
            pass

    assert raised.value.code == 4401
