"""Every WebSocket channel of every document, over a real socket, against the real application.

What is sent is valid, or broken by hand, or made by schemathesis from the schemas; what comes back is judged by the
recorder, so that a test here says only which of the declared answers is due.
"""

import asyncio
import json

import pytest
import pytest_asyncio

from contract import frames
from contract.application import served
from contract.documents import web_sockets
from contract.recorder import Closed
from contract.stage import Stage

pytestmark = pytest.mark.usefixtures("quiet_log")

READING = {"bad_request", "unknown_message", "invalid_payload"}
"""The codes of frames that are no message, and of no other."""

SENTINEL = "this is no JSON"
GENERATED = 40
CHANNELS = pytest.mark.parametrize("channel", web_sockets(), ids=str)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(shared_application):
    return await Stage.built(shared_application)


async def answers(recorder, frame):
    """What is said to a frame that is a message, before the answer to one that is none."""
    await recorder.send_frame(frame)
    await recorder.send_frame(SENTINEL)
    start = len(recorder.heard)
    while error_code(recorder, await recorder.hear()) != "bad_request":
        pass
    return recorder.heard[start:-1]


async def verdict(recorder, frame):
    """The code of the one error that answers a broken frame, or the end; nothing else is said, now or later."""
    await recorder.send_frame(frame)
    first = await recorder.hear_or_end()
    if isinstance(first, Closed):
        return first
    await recorder.send_frame(SENTINEL)
    assert error_code(recorder, await recorder.hear()) == "bad_request"
    await recorder.close()
    assert await recorder.end() == Closed(1000, "")
    return error_code(recorder, first)


def error_code(recorder, message):
    """The code of *message* if it is the channel's error."""
    error, shape = recorder.channel.error, recorder.channel.place.value["x-error"]
    if recorder.heard[-1][0] != error.name:
        return None
    for key in shape["code"] if isinstance(shape["code"], list) else [shape["code"]]:
        message = message[key]
    return message


@CHANNELS
async def test_who_connects_is_told_first_what_the_document_says(channel, stage):
    async with stage.talk(channel) as recorder:
        assert channel.is_greeted_with([name for name, _ in recorder.heard])


@CHANNELS
@pytest.mark.parametrize("who", ["nobody", "forged", "expired"])
async def test_who_can_not_be_trusted_is_shown_out(channel, who, stage):
    recorder = await stage.connected(channel, who=who)

    assert (await recorder.end()).code == 4401


@CHANNELS
async def test_valid_messages_are_understood(channel, stage):
    for operation in (each for each in channel.operations if each.action == "receive"):
        for example in (example for message in operation.messages for example in message.examples):
            async with stage.talk(channel) as recorder:
                heard = await answers(recorder, json.dumps(example))

                replies = {message.name for message in operation.replies}
                assert not replies or replies & {name for name, _ in heard}, example


@CHANNELS
async def test_a_message_of_just_the_size_that_is_allowed_is_understood(channel, stage):
    async with stage.talk(channel) as recorder:
        await answers(recorder, frames.just_fitting(channel))


@CHANNELS
@pytest.mark.parametrize("frame", [pytest.param(frame, id=name) for name, frame in frames.UNREADABLE.items()])
async def test_what_is_no_message_is_answered_by_an_error_and_the_connection_stays(channel, frame, stage):
    async with stage.talk(channel) as recorder:
        assert await verdict(recorder, frame) in READING


@CHANNELS
@pytest.mark.parametrize("frame", [pytest.param(frame, id=name) for name, frame in frames.FATAL.items()])
async def test_a_binary_frame_ends_the_connection(channel, frame, stage):
    async with stage.talk(channel) as recorder:
        assert (await verdict(recorder, frame)).code == 1003


@CHANNELS
async def test_too_large_a_frame_ends_the_connection(channel, stage):
    for name, frame in frames.oversize(channel):
        async with stage.talk(channel) as recorder:
            assert (await verdict(recorder, frame)).code == 1009, name


@CHANNELS
async def test_damaged_messages_are_answered_by_an_error_and_the_connection_stays(channel, stage):
    for name, frame in frames.damaged(channel):
        async with stage.talk(channel) as recorder:
            assert await verdict(recorder, frame) in READING, name


@CHANNELS
async def test_near_misses_are_answered_by_an_error(channel, stage):
    for message in channel.received:
        for frame in frames.generated(channel, message, GENERATED):
            async with stage.talk(channel) as recorder:
                said = await verdict(recorder, frame)

            expected = {1003} if isinstance(frame, bytes) else READING
            assert (said.code if isinstance(said, Closed) else said) in expected, frame


@CHANNELS
async def test_a_flood_is_told_so_and_then_cut(channel, stage):
    async with stage.talk(channel) as recorder:
        codes = []
        for _ in range(2_000):
            await recorder.send_frame(SENTINEL)
        while not isinstance(said := await recorder.hear_or_end(), Closed):
            codes.append(error_code(recorder, said))

    assert said.code == 4429
    assert "rate_limited" in codes
    assert set(codes) <= {"bad_request", "rate_limited"}


@CHANNELS
async def test_everyone_is_told_when_the_server_stops(channel, tmp_path):
    with served(tmp_path) as application:
        stage = await Stage.built(application)
        async with stage.talk(channel) as recorder:
            stopping = asyncio.create_task(asyncio.to_thread(application.stop))

            if channel.on_shutdown is not None:
                await recorder.hear()
                assert recorder.heard[-1][0] == channel.on_shutdown
            assert (await recorder.end()).code == 1001
        await stopping
