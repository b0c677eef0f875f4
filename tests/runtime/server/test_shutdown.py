"""Stopping in order: the real command, real signals, and what clients are told."""

import asyncio
import json
import re
import signal
from dataclasses import replace
from typing import Literal

import httpx
import pytest

from served import hall, port_of, served
from sites import closed, hear, running
from wirepact.descriptors import MessageSet, MessageType
from wirepact.messages import Message
from wirepact.testing import token
from works import HALL, Alarm


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_closes_everyone_with_1001_in_the_documents_words(number):
    async with served() as server:
        port = await port_of(server)
        async with hall(port) as one, hall(port) as other:
            assert (await hear(one))["type"] == (await hear(other))["type"] == "welcome"

            server.process.send_signal(number)

            assert await closed(one) == await closed(other) == (1001, "The works closes")
        code, seconds = await server.ended()

    assert (code, "Traceback" in server.log) == (0, False)
    assert seconds < 3


@pytest.mark.faults(row=8)
async def test_what_is_being_handled_is_finished_and_newcomers_are_told_to_go(caplog):
    async with running() as site:
        client = await site.join()
        site.handlers.hold = asyncio.Event()
        await client.send('{"type":"get_notes"}')
        await (await client.ping())

        draining = asyncio.create_task(site.node.drain())
        assert await closed(client) == (1001, "The works closes")
        newcomer = await site.open()
        assert await closed(newcomer) == (1001, "The works closes")
        assert [each.getMessage() for each in caplog.records].count("opened") == 1
        assert not draining.done()
        site.handlers.hold.set()

        await asyncio.wait_for(draining, 5)


async def test_whoever_is_at_the_door_when_the_drain_begins_is_told_to_go(way):
    async with running(way=way) as site:
        site.handlers.door = asyncio.Event()
        arriving = asyncio.create_task(site.open())
        await site.handlers.visited.wait()

        await site.node.drain()
        site.handlers.door.set()

        assert await closed(await arriving) == (1001, "The works closes")


@pytest.mark.faults(row=9)
async def test_the_drain_ends_with_its_window(caplog):
    async with running(shutdown_window=0.2) as site:
        client = await site.join()
        site.handlers.hold = asyncio.Event()
        await client.send('{"type":"get_notes"}')
        await (await client.ping())

        await asyncio.wait_for(site.node.drain(), 2)

        assert "the shutdown window is over" in [each.getMessage() for each in caplog.records]
        site.handlers.hold.set()


@pytest.mark.faults(row=8)
async def test_a_publication_before_the_drain_arrives_before_the_close(way):
    async with running(way=way) as site:
        client = await site.join()

        await site.publisher.alarm(Alarm(text="last"), hall=1)
        await site.node.drain()

        assert (await hear(client))["text"] == "last"
        assert (await closed(client))[0] == 1001


@pytest.mark.faults(row=9)
async def test_a_second_signal_ends_the_wait():
    async with served(shutdown_window=60, handler_deadline=60) as server:
        port = await port_of(server)
        async with hall(port) as client:
            await hear(client)
            await client.send('{"type":"watch","machine":60}')
            await (await client.ping())

            server.process.send_signal(signal.SIGTERM)
            await server.logged("draining")
            async with httpx.AsyncClient() as http:
                ready = await http.get(f"http://127.0.0.1:{port}/health/ready")
            server.process.send_signal(signal.SIGTERM)
            _, seconds = await server.ended()

    assert ready.status_code == 503
    assert seconds < 3


async def test_the_log_of_the_command_shows_fields_and_neither_token_nor_query():
    async with served(log_level="debug") as server:
        port = await port_of(server)
        async with hall(port) as client, httpx.AsyncClient() as http:
            await hear(client)
            await http.get(f"http://127.0.0.1:{port}/api/notes/?token={token()}")
        await server.logged("closed")
        server.process.terminate()
        await server.ended()

    assert re.search(
        r"Z INFO wirepact\.server opened connection=\w+ channel=works\.hall user=tester\n", server.log
    )
    assert re.search(r'uvicorn\.access .* "GET /api/notes/ HTTP/1\.1" 200', server.log)
    assert "eyJ" not in server.log
    assert "token=" not in server.log


async def test_the_log_can_be_read_by_machines():
    async with served(log_format="json") as server:
        port = await port_of(server)
        async with hall(port) as client:
            await hear(client)
        await server.logged('"message": "closed"')
        server.process.terminate()
        await server.ended()

    told = [json.loads(line) for line in server.log.splitlines()]
    opened = next(each for each in told if each["message"] == "opened")
    assert (opened["level"], opened["logger"]) == ("info", "wirepact.server")
    assert (opened["channel"], opened["user"]) == ("works.hall", "tester")


async def test_more_workers_need_a_broker_that_they_share():
    async with served("--workers", "2") as server:
        code, _ = await server.ended()

    assert code == 2
    assert "--workers: the memory broker serves one process" in server.log


async def test_a_wrong_setting_stops_the_start_and_is_named():
    async with served(jwt_leeway="soon") as server:
        code, _ = await server.ended()

    assert code == 2
    assert "WIREPACT_JWT_LEEWAY: must be a number" in server.log
    assert "Traceback" not in server.log


class Reason(Message):
    reason: Literal["The works closes"] = "The works closes"


class Closing(Message):
    type: Literal["closing"] = "closing"
    data: Reason


async def test_a_farewell_of_the_document_comes_before_the_close(way):
    said = MessageType("closing", Closing, ("closing",))
    sends = MessageSet(HALL.sends.paths, (*HALL.sends.types, said))
    async with running(way=way, channel=replace(HALL, sends=sends, on_shutdown=Closing)) as site:
        client = await site.join()
        await site.publisher.alarm(Alarm(text="last"), hall=1)

        await site.node.drain()

        assert (await hear(client))["text"] == "last"
        assert await hear(client) == {"type": "closing", "data": {"reason": "The works closes"}}
        assert await closed(client) == (1001, "The works closes")
