"""Robodine as robots and legacy clients see it, over real sockets."""

import asyncio
import json
import logging
import time

import pytest
from websockets.exceptions import ConnectionClosed

from handlers.robodine.ingestion import LINE_BYTES
from handlers.robodine.service import robodine
from handlers.robodine.settings import RobodineSettings
from restaurant import running
from wirepact.broker_memory import MemoryBroker
from wirepact.errors import Misconfigured
from wirepact.server import Node, build_app, ticking
from wirepact.settings import Settings
from wirepact.testing import authenticator


@pytest.fixture(autouse=True)
def told(caplog, monkeypatch):
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(ticking, "PERIOD", 0.02)


@pytest.fixture
async def restaurant(tmp_path, caplog):
    async with running(tmp_path, caplog) as restaurant:
        yield restaurant


async def test_what_a_robot_reports_is_answered_and_told_byte_for_byte(restaurant):
    client = await restaurant.open("robots")
    assert await client.recv() == '{"type":"update","topic":"robots","data":[]}'
    async with restaurant.robot() as robot:
        robot.writer.write(b'{"topic": "robots", "id": "r1", "data": {"state": "idle"}}\n')
        assert await robot.reader.readline() == b'{"ok": true}\n'
        assert await client.recv() == '{"type":"update","topic":"robots","data":[{"id":"r1","state":"idle"}]}'

        robot.writer.write(b'{"topic": "robots", "id": "r1", "data": null}\n')
        assert await robot.reader.readline() == b'{"ok": true}\n'
        assert await client.recv() == '{"type":"update","topic":"robots","data":[{"id":"r1","removed":true}]}'


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"", "is not valid JSON"),
        (b"{", "is not valid JSON"),
        (b"[1]", "must be a JSON object"),
        (b"\xff\xfe", "is not valid JSON"),
        (b'{"topic": "drinks", "id": "r1", "data": {}}', "topic: must be one of customers, "),
        (b'{"topic": ["robots"], "id": "r1", "data": {}}', "topic: must be one of customers, "),
        (b'{"topic": "robots", "id": 1, "data": {}}', "id: must be 1 to 100 letters"),
        (b'{"topic": "robots", "id": "r1"}', "data: is required; null removes"),
        (b'{"topic": "robots", "id": "r1", "data": 1}', "data: must be an object, or null"),
        (b'{"topic": "robots", "id": "r1", "data": {"state": "dancing"}}', "state: must be 'idle'"),
        (b'{"topic": "robots", "id": "r1", "data": {"id": "r2", "state": "idle"}}', "data.id: stands"),
        (b'{"topic": "robots", "id": "r1", "data": null}', 'there is no "r1" in robots'),
        (b'{"topic": "robots", "id": "r1", "data": {}, "dta": 1}', "dta: is not known"),
        (b" " * (LINE_BYTES + 10), f"must be a line of at most {LINE_BYTES} bytes"),
        (b" " * (LINE_BYTES * 5), f"must be a line of at most {LINE_BYTES} bytes"),
    ],
    ids=range(15),
)
async def test_a_bad_line_is_answered_and_counted_and_the_next_one_is_read(restaurant, line, problem):
    async with restaurant.robot() as robot:
        answer = await robot.say(line)

        assert answer["ok"] is False
        assert answer["error"].startswith(problem)
        assert await robot.report("robots", "r1", {"state": "idle"}) == {"ok": True}
    registry = restaurant.node.metrics.registry
    assert registry.get_sample_value("robodine_lines_total", {"outcome": "refused"}) == 1
    assert registry.get_sample_value("robodine_lines_total", {"outcome": "taken"}) == 1


async def test_a_line_without_an_end_is_answered_too(restaurant):
    async with restaurant.robot() as robot:
        robot.writer.write(b'{"topic": "robots"')
        robot.writer.write_eof()

        assert json.loads(await robot.reader.readline())["ok"] is False
        assert await robot.reader.read() == b""


async def test_what_was_stored_is_there_after_a_restart(tmp_path, caplog):
    async with running(tmp_path, caplog) as restaurant, restaurant.robot() as robot:
        await robot.report("tables", "t4", {"state": "free"})
        await robot.report("tables", "t1", {"state": "occupied", "seats": 2})

    async with running(tmp_path, caplog) as restaurant:
        client = await restaurant.open("tables")
        snapshot = json.loads(await client.recv())

    assert snapshot["data"] == [
        {"id": "t4", "state": "free"},
        {"id": "t1", "state": "occupied", "seats": 2},
    ]


async def test_of_logs_the_newest_are_told(tmp_path, caplog):
    async with running(tmp_path, caplog, log_lines=2) as restaurant, restaurant.robot() as robot:
        for number in range(4):
            await robot.report("systemlogs", f"l{number}", {"level": "info", "message": "on"})
        client = await restaurant.open("systemlogs")

        snapshot = json.loads(await client.recv())

    assert [each["id"] for each in snapshot["data"]] == ["l2", "l3"]


async def test_one_connection_too_many_is_closed_and_other_topics_have_room(tmp_path, caplog):
    async with running(tmp_path, caplog, topic_connections=1) as restaurant:
        first = await restaurant.open("robots")
        second = await restaurant.open("robots")
        with pytest.raises(ConnectionClosed) as caught:
            await second.recv()
        other = await restaurant.open("tables")

        assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (1008, "Too many connections")
        assert json.loads(await other.recv())["topic"] == "tables"
        assert json.loads(await first.recv())["topic"] == "robots"


async def test_who_stops_is_told_before_and_after_and_newcomers_are(restaurant):
    client = await restaurant.open("orders")
    await client.recv()

    await restaurant.node.drain()

    assert await client.recv() == (
        '{"type":"shutdown","topic":"status","data":{"reason":"Server is shutting down"}}'
    )
    for each in (client, await restaurant.open("orders")):
        with pytest.raises(ConnectionClosed) as caught:
            await each.recv()
        assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (1001, "Server is shutting down")


async def test_pings_are_as_the_original_has_them_and_who_answers_stays(tmp_path, caplog):
    async with running(tmp_path, caplog, ping_interval=0.1) as restaurant:
        client = await restaurant.open("robots")
        await client.recv()
        for _ in range(3):
            frame = await client.recv()
            at = json.loads(frame)["data"]["timestamp"]
            assert frame == f'{{"type":"ping","topic":"status","data":{{"timestamp":{json.dumps(at)}}}}}'
            assert abs(at - time.time()) < 60
            await client.send(f'{{"type":"pong","topic":"robots","data":{{"timestamp":{at}}}}}')


async def test_a_quiet_topic_is_told_all_that_there_is(tmp_path, caplog):
    async with running(tmp_path, caplog, poll_interval=0.2) as restaurant, restaurant.robot() as robot:
        await robot.report("inventory", "i1", {"name": "쌀", "quantity": 3})
        client = await restaurant.open("inventory")

        told = [json.loads(await client.recv()) for _ in range(3)]

    assert {json.dumps(each) for each in told} == {json.dumps(told[0])}
    assert told[0]["data"] == [{"id": "i1", "name": "쌀", "quantity": 3}]


async def test_changes_of_one_record_are_told_in_the_order_in_which_they_were_stored(restaurant):
    client = await restaurant.open("robots")
    await client.recv()

    async def drive(robot, number):
        for step in range(10):
            await robot.report("robots", "r1", {"state": "moving", "battery": number * 10 + step})

    async with restaurant.robot() as one, restaurant.robot() as other:
        await asyncio.gather(drive(one, 1), drive(other, 2))
    told = [json.loads(await client.recv())["data"] for _ in range(20)]
    late = json.loads(await (await restaurant.open("robots")).recv())["data"]

    assert told[-1] == late


async def test_a_subscriber_that_dies_does_not_disturb_the_others(restaurant):
    dying, living = await restaurant.open("robots"), await restaurant.open("robots")
    await living.recv()
    dying.transport.abort()

    async with restaurant.robot() as robot:
        for number in range(20):
            assert await robot.report("robots", f"r{number}", {"state": "idle"}) == {"ok": True}

    for number in range(20):
        assert json.loads(await living.recv())["data"][0]["id"] == f"r{number}"


async def test_a_port_that_is_taken_stops_the_start_and_is_named(tmp_path, restaurant):
    node = Node(MemoryBroker(), authenticator(), Settings(state_dir=tmp_path))
    service = robodine(node, RobodineSettings(tcp_port=restaurant.port))

    with pytest.raises(Misconfigured, match="ROBODINE_TCP_PORT: nobody can report there"):
        async with service.lifespan(build_app(node, service.routes)):
            pass


async def test_a_robot_that_is_connected_does_not_hold_up_the_stop(tmp_path, caplog):
    async with running(tmp_path, caplog) as restaurant:
        async with restaurant.robot() as robot:
            await robot.report("robots", "r1", {"state": "idle"})
            reading = asyncio.create_task(robot.reader.read())
            await restaurant.node.drain()
        await reading
