"""That the judge really judges: what a broken server would send is seen, on the wire, by the recorder."""

import json

import pytest
from websockets.asyncio.server import serve

from contract.documents import web_sockets
from contract.recorder import Closed, NotInTheDocument, Recorder, judged

SENT = [
    pytest.param(channel, message.name, message.examples[0], id=f"{channel}-{message}")
    for channel in web_sockets()
    for message in channel.sent
]


def broken(example, required):
    """*example* with one thing wrong at a time: a field missing, or of another type, nested ones too."""
    yield from ({name: item for name, item in example.items() if name != key} for key in required)
    yield from mistyped(example)


def mistyped(example):
    for key, value in example.items():
        yield {**example, key: [[value]]}
        if isinstance(value, dict):
            yield from ({**example, key: inner} for inner in mistyped(value))


@pytest.mark.parametrize(("channel", "name", "example"), SENT)
def test_a_frame_as_documented_is_let_through(channel, name, example):
    assert judged(channel, json.dumps(example)) == (example, name)


@pytest.mark.parametrize(("channel", "name", "example"), SENT)
def test_a_frame_with_one_thing_wrong_is_caught(channel, name, example):
    required = channel.messages[name].payload.value["required"]

    for frame in broken(example, required):
        with pytest.raises(NotInTheDocument):
            judged(channel, json.dumps(frame))


@pytest.mark.parametrize("channel", web_sockets(), ids=str)
@pytest.mark.parametrize("frame", [b"{}", "", "no json", "NaN", "{}", "[]", '{"type": "unheard of"}'])
def test_what_is_no_message_at_all_is_caught(channel, frame):
    with pytest.raises(NotInTheDocument):
        judged(channel, frame)


@pytest.mark.parametrize("channel", web_sockets(), ids=str)
async def test_a_recorder_catches_a_broken_frame_on_the_wire(channel):
    example = channel.sent[0].examples[0]

    async def behaviour(socket):
        await socket.send(json.dumps(example))
        await socket.send(json.dumps(dict.fromkeys(example)))

    async with serve(behaviour, "127.0.0.1", 0) as server:
        recorder = await connected(server, channel)

        assert await recorder.hear() == example
        with pytest.raises(NotInTheDocument, match="no message of the server"):
            await recorder.hear()


@pytest.mark.parametrize(("code", "reason"), [(1000, ""), (1001, None)])
async def test_a_recorder_lets_declared_ends_through(code, reason):
    channel = web_sockets()[0]
    reason = channel.close_codes[code] if reason is None else reason

    assert await ended(channel, code, reason) == Closed(code, reason)


@pytest.mark.parametrize(
    ("code", "reason"), [(4500, ""), (1000, "bye"), (1001, "Traceback (most recent call last)")]
)
async def test_a_recorder_catches_other_ends(code, reason):
    with pytest.raises(NotInTheDocument):
        await ended(web_sockets()[0], code, reason)


async def ended(channel, code, reason):
    async with serve(lambda socket: socket.close(code, reason), "127.0.0.1", 0) as server:
        return await (await connected(server, channel)).end()


async def connected(server, channel):
    port = server.sockets[0].getsockname()[1]
    return await Recorder.connected(f"http://127.0.0.1:{port}", channel, dict.fromkeys(channel.parameters, 1))
