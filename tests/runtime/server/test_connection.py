"""A live connection, over both ways out: greeting, messages, refusals, and its end."""

import asyncio
import json
import logging
from contextlib import suppress
from dataclasses import replace

import pytest
from websockets.exceptions import ConnectionClosed

from sites import closed, hear, received, running, until
from works import HALL, Alarm, Reading

ASK = '{"type":"get_notes"}'


async def test_whoever_connects_is_greeted_first(site):
    client = await site.open("/ws/hall/7/")

    assert await client.recv() == '{"type":"welcome","hall":7}'


async def test_an_answer_goes_to_whoever_asked(site):
    site.handlers.notes += ["a", "b", "값"]
    asking, other = await site.join(), await site.join()

    await asking.send('{"type":"get_notes","limit":2}')
    await other.send('{"type":"get_notes","limit":1}')

    assert await hear(asking) == {"type": "notes", "notes": ["b", "값"]}
    assert await hear(other) == {"type": "notes", "notes": ["값"]}


async def test_answers_and_refusals_come_in_the_order_of_the_questions(site):
    client = await site.join()

    for frame in (ASK, "{", ASK, '{"type":"dance"}', '{"type":"watch","machine":404}', ASK):
        await client.send(frame)

    heard = [await hear(client) for _ in range(6)]
    codes = [each.get("code", "ok") for each in heard]
    assert codes == ["ok", "bad_request", "ok", "unknown_message", "not_found", "ok"]


async def test_an_alarm_reaches_everyone_in_the_hall_and_nobody_else(site):
    here, too, elsewhere = await site.join(), await site.join(), await site.join("/ws/hall/2/")

    await site.publisher.alarm(Alarm(text="불"), hall=1)
    await site.publisher.alarm(Alarm(text="flood"), hall=2)

    assert await hear(here) == await hear(too) == {"type": "alarm", "text": "불"}
    assert await hear(elsewhere) == {"type": "alarm", "text": "flood"}


async def test_a_reading_reaches_those_who_watch_the_machine(site):
    watching, other = await site.join(), await site.join()
    await watching.send('{"type":"watch","machine":7}')
    await watching.send(ASK)
    assert (await hear(watching))["type"] == "notes"

    await site.publisher.reading(Reading(value=1.5), hall=1, machine=7)
    await site.publisher.reading(Reading(value=2.5), hall=1, machine=8)
    await site.publisher.alarm(Alarm(text="last"), hall=1)

    assert await hear(watching) == {"type": "reading", "value": 1.5}
    assert (await hear(watching))["text"] == "last"
    assert (await hear(other))["text"] == "last"


async def test_whoever_no_longer_watches_hears_nothing_more(site):
    client = await site.join()
    for frame in ('{"type":"watch","machine":7}', '{"type":"unwatch","machine":7}', ASK):
        await client.send(frame)
    assert (await hear(client))["type"] == "notes"

    await site.publisher.reading(Reading(value=1.5), hall=1, machine=7)
    await site.publisher.alarm(Alarm(text="last"), hall=1)

    assert (await hear(client))["text"] == "last"


async def test_watching_twice_is_heard_once(site):
    client = await site.join()
    for frame in ('{"type":"watch","machine":7}', '{"type":"watch","machine":7}', ASK):
        await client.send(frame)
    assert (await hear(client))["type"] == "notes"

    await site.publisher.reading(Reading(value=1.5), hall=1, machine=7)
    await site.publisher.alarm(Alarm(text="last"), hall=1)

    assert (await hear(client))["type"] == "reading"
    assert (await hear(client))["type"] == "alarm"


async def test_publications_come_in_order_and_an_answer_does_not_overtake_them(site):
    foreman, other = await site.join(roles=["FOREMAN"]), await site.join()

    # "stop" publishes while the question behind it waits in the same loop tick.
    for _ in range(20):
        await foreman.send('{"type":"stop"}')
        await foreman.send(ASK)
    for number in range(100):
        await site.publisher.alarm(Alarm(text=str(number)), hall=1)

    heard = [await hear(foreman) for _ in range(140)]
    kinds = [each["type"] for each in heard if each.get("text", "stopped") == "stopped"]
    assert kinds == ["alarm", "notes"] * 20
    numbers = [each["text"] for each in heard if each.get("text", "").isdigit()]
    assert numbers == [str(number) for number in range(100)]
    assert len([await hear(other) for _ in range(120)]) == 120


async def test_the_greeting_comes_before_what_is_published_meanwhile_and_nothing_is_lost(way):
    async with running(way=way) as site:
        site.handlers.hold, site.handlers.is_greeting_held = asyncio.Event(), True
        client = await site.open()
        await site.handlers.greeting.wait()

        for number in range(3):
            await site.publisher.alarm(Alarm(text=str(number)), hall=1)
        site.handlers.hold.set()

        heard = [await hear(client) for _ in range(4)]
        assert [each["type"] for each in heard] == ["welcome", "alarm", "alarm", "alarm"]
        assert [each["text"] for each in heard[1:]] == ["0", "1", "2"]


@pytest.mark.faults(row=24)
@pytest.mark.faults(row=22)
@pytest.mark.parametrize(
    ("frame", "code", "text"),
    [
        ("{", "bad_request", "is not valid JSON"),
        ("[" * 3000, "bad_request", "is nested too deeply"),
        ('{"type":"watch","machine":NaN}', "bad_request", "is not valid JSON"),
        ("{}", "bad_request", 'the field "type" is missing'),
        ('{"type":"dance"}', "unknown_message", 'there is no message with type "dance"'),
        ('{"type":"watch"}', "invalid_payload", "machine: is required"),
        ('{"type":"get_notes","limit":-1}', "invalid_payload", "limit: must be at least 1"),
        ('{"type":"get_notes","limit":"10"}', "invalid_payload", "limit: must be an integer"),
        ('{"type":"stop"}', "permission_denied", "needs one of the roles FOREMAN"),
        ('{"type":"watch","machine":404}', "not_found", "there is no machine 404"),
    ],
)
async def test_a_bad_message_is_answered_and_the_connection_stays(site, frame, code, text):
    client = await site.join()

    await client.send(frame)
    await client.send(ASK)

    assert await hear(client) == {"type": "error", "code": code, "message": text}
    assert (await hear(client))["type"] == "notes"


@pytest.mark.faults(row=23)
async def test_a_hundred_thousand_nested_arrays_are_a_bad_request(way):
    channel = replace(HALL, limits=replace(HALL.limits, message_bytes=1024 * 1024))
    async with running(way=way, channel=channel) as site:
        client = await site.join()

        await client.send("[" * 100_000)
        await client.send('{"type":"watch","machine":' * 30_000)

        assert [(await hear(client))["message"] for _ in range(2)] == ["is nested too deeply"] * 2


@pytest.mark.faults(row=35)
async def test_a_broken_handler_is_our_fault_and_says_nothing_about_it(site, faults, caplog):
    client = await site.join()

    await client.send('{"type":"watch","machine":13}')
    await client.send(ASK)

    error = await hear(client)
    assert error == {
        "type": "error",
        "code": "internal",
        "message": "something went wrong; it has been logged",
    }
    assert (await hear(client))["type"] == "notes"
    assert faults() == ["handler failed"]
    record = next(each for each in caplog.records if each.exc_info)
    assert record.fields["operation"] == "watch"


@pytest.mark.faults(row=35)
async def test_a_handler_that_takes_too_long_is_ended(way, faults):
    async with running(way=way, handler_deadline=0.05) as site:
        site.handlers.hold = asyncio.Event()
        client = await site.join()

        await client.send(ASK)

        assert (await hear(client))["code"] == "internal"
        assert faults() == ["handler failed"]


@pytest.mark.faults(row=35)
async def test_a_slow_handler_holds_up_neither_pings_nor_others(site):
    slow, other = await site.join(), await site.join()
    site.handlers.hold = asyncio.Event()
    await slow.send(ASK)

    await (await slow.ping())
    await site.publisher.alarm(Alarm(text="now"), hall=1)

    assert (await hear(slow))["text"] == (await hear(other))["text"] == "now"
    site.handlers.hold.set()
    assert (await hear(slow))["type"] == "notes"


async def test_what_was_sent_before_leaving_is_still_handled(site):
    client = await site.join(roles=["FOREMAN"])
    other = await site.join()

    for _ in range(5):
        await client.send('{"type":"stop"}')
    await client.close()

    assert [(await hear(other))["text"] for _ in range(5)] == ["stopped"] * 5
    assert site.handlers.stopped == ["tester"] * 5


async def test_more_than_fits_the_inbox_is_refused_at_once(way):
    async with running(way=way, inbox_messages=3) as site:
        site.handlers.hold = asyncio.Event()
        client = await site.join()

        for _ in range(4):
            await client.send(ASK)

        assert await hear(client) == {
            "type": "error",
            "code": "rate_limited",
            "message": "3 messages are still waiting to be handled",
        }
        site.handlers.hold.set()
        assert [(await hear(client))["type"] for _ in range(3)] == ["notes"] * 3


@pytest.mark.faults(row=32)
async def test_a_flood_is_warned_then_closed(way):
    channel = replace(HALL, limits=replace(HALL.limits, messages_per_second=5))
    async with running(way=way, channel=channel) as site:
        client = await site.join()

        with suppress(ConnectionClosed):
            for _ in range(100):
                await client.send(ASK)

        heard = [json.loads(frame) async for frame in received(client)]
        assert await closed(client) == (4429, "Too many messages")
        assert "rate_limited" in [each.get("code") for each in heard]


@pytest.mark.faults(row=19)
async def test_a_bomb_that_unpacks_to_more_than_the_limit_ends_the_connection(way):
    async with running(way=way, uvicorn={"ws_per_message_deflate": True}) as site:
        client = await site.join(compression="deflate")

        with suppress(ConnectionClosed):
            await client.send(" " * 16_000_000)

        code, _ = await closed(client)
        assert code == 1009


@pytest.mark.faults(row=32)
async def test_who_joins_and_leaves_without_end_disturbs_nobody_and_leaves_nothing(site):
    busy, other = await site.join(), await site.join()
    topics = len(site.node.fanout)

    for machine in range(1000, 1300):
        await busy.send(f'{{"type":"watch","machine":{machine}}}')
        await busy.send(f'{{"type":"unwatch","machine":{machine}}}')
        if machine % 10 == 0:
            await (await busy.ping())
            await other.send(ASK)
            assert (await hear(other))["type"] == "notes"

    await busy.close()
    await until(lambda: len(site.node) == 1)
    await site.node.fanout.settled()
    assert len(site.node.fanout) == topics


@pytest.mark.faults(row=21)
async def test_a_binary_frame_ends_the_connection(site):
    client = await site.join()

    await client.send(b'{"type":"get_notes"}')

    assert await closed(client) == (1003, "Text frames only")


@pytest.mark.faults(row=19)
async def test_a_frame_at_the_limit_is_heard_and_one_above_ends_the_connection(site):
    client = await site.join()
    await client.send(ASK + " " * (4096 - len(ASK)))
    assert (await hear(client))["type"] == "notes"

    await client.send(ASK + " " * (4097 - len(ASK)))

    code, _ = await closed(client)
    assert code == 1009


@pytest.mark.faults(row=19)
async def test_a_message_in_many_fragments_is_limited_too(site):
    client = await site.join()

    with suppress(ConnectionClosed):
        await client.send(" " * 100 for _ in range(1000))

    code, _ = await closed(client)
    assert code == 1009


async def test_everything_about_a_connection_is_freed(site):
    clients = [await site.join(f"/ws/hall/{number}/") for number in range(1, 6)]
    for client in clients:
        await client.send('{"type":"watch","machine":7}')
        await client.send(ASK)
        await hear(client)
    assert (len(site.node), len(site.node.fanout)) == (5, 15)

    for client in clients[:-1]:
        await client.close()
    clients[-1].transport.abort()

    await until(lambda: len(site.node) == 0)
    await site.node.fanout.settled()
    assert len(site.node.fanout) == 0


async def test_a_channel_without_an_error_message_closes_instead(way):
    async with running(way=way, channel=replace(HALL, error=None)) as site:
        client = await site.join()

        await client.send('{"type":"dance"}')

        assert await closed(client) == (4400, "Bad request")


async def test_the_log_knows_connections_by_id_and_user_and_shows_no_token_or_payload(site, caplog):
    caplog.set_level(logging.DEBUG)
    client = await site.join(roles=["FOREMAN"])
    await client.send('{"type":"get_notes","secret":"hunter2"}')
    await hear(client)
    await client.close()
    await until(lambda: len(site.node) == 0)

    opened = [each for each in caplog.records if each.getMessage() == "opened"]
    gone = [each for each in caplog.records if each.getMessage() == "closed"]
    assert opened[0].fields["channel"] == "works.hall"
    assert opened[0].fields["user"] == "tester"
    assert opened[0].fields["connection"] == gone[0].fields["connection"]
    assert gone[0].fields["code"] == 1000
    theirs = [each for each in caplog.records if each.name == "websockets.client"]
    shown = [
        f"{each.getMessage()} {each.__dict__.get('fields')}" for each in caplog.records if each not in theirs
    ]
    assert not [line for line in shown if "eyJ" in line or "token" in line or "hunter2" in line]


async def test_json_on_the_wire_is_compact_text(site):
    client = await site.open()

    frame = await client.recv()

    assert isinstance(frame, str)
    assert frame == json.dumps(json.loads(frame), separators=(",", ":"))
