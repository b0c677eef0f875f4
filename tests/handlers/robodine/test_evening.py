"""An evening in the restaurant: five robots, a kitchen display that loses the network, and a server that is restarted."""

import asyncio
import logging
import socket
from contextlib import AsyncExitStack

import pytest

from restaurant import running
from wirepact.broker_sqlite import SqliteBroker
from wirepact.client import Reconnect
from wirepact.faults import FaultProxy
from wirepact_clients.robodine import messages
from wirepact_clients.robodine.client import RobodineClient

ROBOTS = 5
STATES = ("new", "cooking", "done")


@pytest.fixture(autouse=True)
def told(caplog):
    caplog.set_level(logging.INFO)


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def serve(restaurant, course):
    """Each robot takes an order to the kitchen and waits until it is done."""

    async def one(number):
        async with restaurant.robot() as robot:
            for state in STATES:
                order = {"state": state, "lines": [{"item": "비빔밥", "quantity": 1}]}
                assert await robot.report("orders", f"{course}-{number}", order) == {"ok": True}

    await asyncio.gather(*(one(number) for number in range(ROBOTS)))


def orders(*courses):
    return {
        (f"{course}-{number}", state) for course in courses for number in range(ROBOTS) for state in STATES
    }


async def test_the_kitchen_sees_every_state_of_every_order(tmp_path, caplog, port):
    seen = set()

    async def watch(display, expected):
        async with asyncio.timeout(30):
            while seen != expected:
                message = await display.receive()
                assert isinstance(message, messages.Orders)
                seen.update(
                    (each.id, each.state) for each in message.data if isinstance(each, messages.Order)
                )

    def opened():
        return running(tmp_path, caplog, broker=SqliteBroker(tmp_path / "broker.sqlite"), port=port)

    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(FaultProxy(f"ws://127.0.0.1:{port}"))
        client = RobodineClient(proxy.url, reconnect=Reconnect(first=0.01, longest=0.1))
        await stack.enter_async_context(client)
        async with opened() as restaurant:
            display = await stack.enter_async_context(client.topic(topic="orders"))
            await serve(restaurant, "starter")
            await watch(display, orders("starter"))

            proxy.refuse()
            proxy.cut()
            await serve(restaurant, "main")
            proxy.refuse(is_refusing=False)
            await watch(display, orders("starter", "main"))
        async with opened() as restaurant:
            await serve(restaurant, "dessert")
            await watch(display, orders("starter", "main", "dessert"))
