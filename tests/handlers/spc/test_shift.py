"""A shift in the factory: a tool wears, its process drifts until a Nelson rule fires, and it is set right."""

import asyncio
from contextlib import AsyncExitStack
from itertools import count

import pytest

from factory import BOLT, NUT, running
from wirepact.client import Reconnect
from wirepact.faults import FaultProxy
from wirepact.testing import token
from wirepact_clients.spc import messages
from wirepact_clients.spc.client import SpcClient

STEADY = (9.91, 10.06, 10.03, 9.93, 10.07, 10.02, 9.90, 10.08)
"""What the process makes while the tool is sharp, again and again."""

WEAR = 0.012
"""How much larger each part is than it would have been, once the tool wears: about an eighth of a sigma."""


class Line:
    """What a gauge measures of one product, part by part."""

    def __init__(self, factory, product):
        self._factory = factory
        self._product = product
        self._numbers = count(1)

    async def make(self, parts):
        """So many parts, of a sharp tool."""
        for _ in range(parts):
            await self._measure(next(self._numbers), worn=0)

    async def wear_until_a_rule_fires(self):
        """How many parts that takes."""
        for part in range(1, 100):
            await self._measure(next(self._numbers), worn=part * WEAR)
            if (await self._factory.get("statistics"))["run_rule_violations"]:
                return part
        pytest.fail("no rule fired")

    async def _measure(self, number, worn):
        value = round(STEADY[number % len(STEADY)] + worn, 4)
        await self._factory.measure(self._product, value, first=number)


class People:
    """Those who look at the factory, each with a client of their own."""

    def __init__(self, factory, stack):
        self._factory = factory
        self._stack = stack

    async def notified(self, sub, url=None, product=None):
        """Somebody at the notifications, subscribed to *product*."""
        client = SpcClient(
            url or self._factory.url.replace("http", "ws", 1),
            token=token(sub),
            reconnect=Reconnect(first=0.01, longest=0.1),
        )
        await self._stack.enter_async_context(client)
        here = await self._stack.enter_async_context(client.notifications())
        assert isinstance(await here.receive(), messages.Connection)
        if product is not None:
            await here.send(messages.SubscribeProduct(product_id=product))
            await here.send(messages.GetAlerts())
            assert isinstance(await here.receive(), messages.Alerts)
        return here


async def heard_until(here, last):
    """What somebody hears, up to the first message of the kind *last*; greetings of those who came back left out."""
    heard = []
    async with asyncio.timeout(20):
        while not heard or not isinstance(heard[-1], last):
            message = await here.receive()
            if not isinstance(message, messages.Connection):
                heard.append(message)
    return heard


@pytest.fixture
async def factory(tmp_path):
    async with running(tmp_path, anonymous=False) as factory:
        yield factory


async def test_a_drift_is_noticed_told_to_those_concerned_and_set_right(factory):
    bolt, nut = await factory.post("products", **BOLT), await factory.post("products", **NUT)
    await factory.put("access/visitor", products=[nut])
    line = Line(factory, bolt)
    await line.make(40)

    async with AsyncExitStack() as stack, FaultProxy(factory.url.replace("http", "ws", 1)) as proxy:
        people = People(factory, stack)
        foreman = await people.notified("foreman", product=bolt)
        engineer = await people.notified("engineer", url=proxy.url)
        visitor = await people.notified("visitor")

        # The tool wears; nobody is told of parts that are good.
        await line.make(8)
        worn = await line.wear_until_a_rule_fires()
        violation = (await heard_until(foreman, messages.RunRuleViolation))[-1].run_rule_violation
        seen = (await heard_until(engineer, messages.RunRuleViolation))[-1].run_rule_violation

        # Somebody says so while the engineer's tablet is between two halls.
        proxy.refuse()
        proxy.cut()
        warned = await factory.post("alerts", **about(bolt, "TREND", 3, "공정 추세 이상"))
        stopped = await factory.post("alerts", **about(bolt, "OUT_OF_CONTROL", 5, "공정 정지"))
        proxy.refuse(is_refusing=False)
        missed = [(await heard_until(engineer, messages.Alert))[-1].alert for _ in range(2)]

        # A new tool, and proof that it is one.
        await line.make(40)
        await factory.post("capability", product=bolt)
        told = await heard_until(foreman, messages.Capability)
        await factory.post("alerts", **about(nut, "TEST", 1, "교대"))
        visited = await heard_until(visitor, messages.Alert)

    figures = await factory.get("statistics", product=bolt)
    assert worn > 1
    assert violation == seen
    assert (violation.product_code, len(violation.sample_numbers) > 1) == ("BOLT-M10", True)
    assert max(violation.sample_numbers) == 48 + worn
    assert [each.id for each in missed] == [warned, stopped]
    assert [each.alert.id for each in told if isinstance(each, messages.Alert)] == [warned, stopped]
    assert told[-1].capability.cpk > 1
    assert [each.alert.product_code for each in visited] == ["NUT-M10"]
    assert figures["alerts"]["by_priority"] == [{"priority": 3, "count": 1}, {"priority": 5, "count": 1}]
    assert sum(each["count"] for each in figures["run_rule_violations"]) >= 1
    assert [(each["measurements"], each["cpk"]) for each in figures["products"]] == [
        (88 + worn, told[-1].capability.cpk)
    ]


def about(product, alert_type, priority, title):
    return {
        "product": product,
        "alert_type": alert_type,
        "priority": priority,
        "title": title,
        "message": "공구 마모를 점검하십시오",
    }
