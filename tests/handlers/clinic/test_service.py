"""Clinic as a whole: doors, what survives a restart, what is told when it could not be told at first."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from websockets.asyncio.client import connect

from hospital import running
from sites import until
from wirepact.auth import mint_token
from wirepact.broker_memory import MemoryBroker
from wirepact.broker_sqlite import SqliteBroker
from wirepact.client import Reconnect
from wirepact.errors import Unavailable
from wirepact.faults import FaultProxy
from wirepact.testing import KEY, token
from wirepact_clients.clinic import messages
from wirepact_clients.clinic.client import ClinicClient

CHANNELS = ["permissions", "user-permissions", "presence", "ocs", "ai-inference"]
QUICK = Reconnect(first=0.01, longest=0.1)


class Faint(MemoryBroker):
    """A broker that takes nothing in for a while; *answers_late* means that it did, and its answer was lost."""

    def __init__(self, *, answers_late=False):
        super().__init__()
        self.is_away = False
        self._answers_late = answers_late

    async def publish(self, publication):
        if not self.is_away:
            return await super().publish(publication)
        if self._answers_late:
            await super().publish(publication)
        raise Unavailable("broker", "not connected")


@pytest.fixture
async def hospital(tmp_path):
    async with running(tmp_path) as hospital:
        yield hospital


# Doors.


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_session_cookie_opens_too(hospital, channel):
    shown = token("2", claims={"departments": ["*"]})
    url = f"{hospital.url.replace('http', 'ws', 1)}/ws/{channel}/"
    async with connect(url, proxy=None, additional_headers={"cookie": f"session={shown}"}) as socket:
        await socket.send("?")
        while '"ERROR"' not in (said := await socket.recv()):
            pass

    assert said == '{"type":"ERROR","code":"bad_request","message":"is not valid JSON"}'


# What was stored, and could not be told.


@pytest.mark.parametrize("answers_late", [False, True])
async def test_what_could_not_be_told_is_told_once_when_it_is_said_again(tmp_path, answers_late):
    broker = Faint(answers_late=answers_late)
    async with running(tmp_path, broker=broker) as hospital, AsyncExitStack() as stack:
        ann = await stack.enter_async_context(hospital.listening("ai-inference"))
        orders = await stack.enter_async_context(hospital.listening("ocs", departments=["radiology"]))
        await ann.settled()
        await orders.settled()
        order = {"order_id": "ORD-1", "patient_id": "P-1", "department": "radiology", "order_type": "ANY"}

        broker.is_away = True
        statuses = [await hospital.job("job-1", "completed")]
        statuses += [(await hospital.feed("ocs/orders", **order)).status_code]
        broker.is_away = False
        statuses += [await hospital.job("job-1", "completed") for _ in range(2)]
        statuses += [(await hospital.feed("ocs/orders", **order)).status_code for _ in range(2)]
        await hospital.job("job-2", "completed")
        await hospital.order("ORD-2")

        assert statuses == [503, 503, 200, 200, 201, 201]
        assert [(await ann.hear())["job_id"] for _ in range(2)] == ["job-1", "job-2"]
        assert [(await orders.hear())["order_id"] for _ in range(2)] == ["ORD-1", "ORD-2"]


# A restart.


async def test_orders_jobs_and_who_was_here_survive_a_restart(tmp_path):
    async with running(tmp_path) as hospital:
        await hospital.order("ORD-1")
        await hospital.advance("ORD-1", "in_progress")
        await hospital.job("job-1", "completed", result={"label": "normal"})
        async with hospital.listening("presence", "2") as ann:
            await ann.settled()
            async with hospital.listening("presence", "3") as bob:
                await bob.settled()
            while (await ann.hear())["type"] != "USER_OFFLINE":
                pass

    async with running(tmp_path) as hospital, AsyncExitStack() as stack:
        orders = await stack.enter_async_context(hospital.listening("ocs", departments=["*"]))
        presence = await stack.enter_async_context(hospital.listening("presence", "4"))
        results = await stack.enter_async_context(hospital.listening("ai-inference"))
        await results.settled()
        await hospital.job("job-1", "completed", result={"label": "normal"})
        await hospital.job("job-2", "completed")
        snapshot, there = await orders.hear(), await presence.hear()

        assert [(each["order_id"], each["status"]) for each in snapshot["orders"]] == [
            ("ORD-1", "in_progress")
        ]
        assert there["online"] == []
        assert sorted(each["user_id"] for each in there["offline"]) == ["2", "3"]
        assert (await results.hear())["job_id"] == "job-2"
        job = (await hospital.http.get("/api/ai/jobs/job-1/")).json()
        assert (job["status"], job["result"]) == ("completed", {"label": "normal"})


async def test_nothing_is_lost_over_a_cut_and_a_restart(tmp_path):
    def opened(port=0):
        return running(tmp_path, broker=SqliteBroker(tmp_path / "broker.sqlite"), port=port)

    async def heard(here, count):
        async with asyncio.timeout(20):
            return [await here.receive() for _ in range(count)]

    async with AsyncExitStack() as stack:
        server = AsyncExitStack()
        hospital = await server.enter_async_context(opened())
        proxy = await stack.enter_async_context(FaultProxy(hospital.url.replace("http", "ws")))
        shown = token("2", claims={"departments": ["radiology"]})
        client = await stack.enter_async_context(ClinicClient(proxy.url, token=shown, reconnect=QUICK))
        results = await stack.enter_async_context(client.ai_inference())
        orders = await stack.enter_async_context(client.ocs())
        own = await stack.enter_async_context(client.user_permissions())
        await heard(orders, 1)
        grant = {"type": "PERMISSION_GRANTED", "user_id": "2", "permission": "view"}

        async def happen(number):
            await hospital.job(f"job-{number}", "completed")
            await hospital.order(f"ORD-{number}")
            await hospital.order(f"LAB-{number}", "laboratory")
            await hospital.feed("user-permissions/events", event_id=f"evt-{number}", **grant)

        await happen(1)
        first = [*await heard(results, 1), *await heard(orders, 1), *await heard(own, 1)]
        proxy.refuse()
        proxy.cut()
        await happen(2)
        await happen(3)
        port = int(hospital.url.rpartition(":")[2])
        await server.aclose()
        hospital = await stack.enter_async_context(opened(port))
        await happen(4)
        proxy.refuse(is_refusing=False)
        jobs = [each.job_id for each in await heard(results, 3)]
        snapshot, *changed = await heard(orders, 4)
        permissions = await heard(own, 3)

    assert [type(each).__name__ for each in first] == [
        "AiInferenceResult",
        "OrderCreated",
        "PermissionGranted",
    ]
    assert jobs == ["job-2", "job-3", "job-4"]
    assert isinstance(snapshot, messages.OcsSnapshot)
    assert [each.order_id for each in changed] == ["ORD-2", "ORD-3", "ORD-4"]
    assert len(permissions) == 3


# Departments.


async def test_a_token_with_other_departments_is_heard_of_them_and_not_of_those_before(hospital):
    tokens = [
        mint_token(KEY, "2", ttl=timedelta(seconds=2), claims={"departments": ["radiology", "surgery"]}),
        token("2", claims={"departments": ["laboratory", "surgery"]}),
    ]

    async def current():
        return tokens.pop(0)

    async with AsyncExitStack() as stack:
        client = ClinicClient(hospital.url.replace("http", "ws"), token=current)
        await stack.enter_async_context(client)
        here = await stack.enter_async_context(client.ocs())
        assert isinstance(await here.receive(), messages.OcsSnapshot)

        (connection,) = hospital.node.connections
        await until(lambda: "laboratory" in connection.visitor.identity.claims["departments"])
        await until(lambda: connection._renewing is None)
        for department in ("radiology", "surgery", "laboratory"):
            await hospital.order(f"ORD-{department}", department)

        assert [(await here.receive()).department for _ in range(2)] == ["surgery", "laboratory"]


# Who is here.


async def test_a_reload_of_the_page_is_no_leave(tmp_path):
    async with running(tmp_path, presence_grace=60) as hospital, hospital.listening("presence", "2") as ann:
        await ann.settled()
        async with hospital.listening("presence", "3") as bob:
            await bob.hear()
            assert (await ann.hear())["type"] == "USER_ONLINE"
        await until(lambda: len(hospital.node) == 1)
        await hospital.node.presence.reap()
        async with hospital.listening("presence", "3") as bob:
            snapshot = await bob.hear()
            async with hospital.listening("presence", "4"):
                told = await ann.hear()

    assert [each["user_id"] for each in snapshot["online"]] == ["2", "3"]
    assert (told["type"], told["user_id"]) == ("USER_ONLINE", "4")


async def test_who_stays_away_for_longer_is_gone_since_they_left(tmp_path):
    async with running(tmp_path, presence_grace=0.2) as hospital, hospital.listening("presence", "2") as ann:
        await ann.settled()
        async with hospital.listening("presence", "3"):
            assert (await ann.hear())["type"] == "USER_ONLINE"
        told = await ann.hear()

    assert (told["type"], told["user_id"]) == ("USER_OFFLINE", "3")
