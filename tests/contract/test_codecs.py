"""Every example of every document through the emitted codecs of both sides, judged without them."""

import json

import pytest

from contract import emitted
from contract.documents import documents, web_sockets
from contract.judge import fitting, validator
from wirepact import wire
from wirepact.client.reading import Reader


def frames(direction):
    return [
        pytest.param(channel, message, example, id=f"{channel}-{message}-{number}")
        for channel in web_sockets()
        for message in getattr(channel, direction)
        for number, example in enumerate(message.examples)
    ]


BODIES = [
    pytest.param(document, operation, message, example, id=f"{operation.name}-{message}-{number}")
    for document in documents()
    for channel in document.endpoints
    for operation in channel.operations
    for message in [*operation.messages, *operation.replies]
    for number, example in enumerate(message.examples)
]


def named(messages, name):
    return next(each.model for each in messages.types if each.name == name)


@pytest.mark.parametrize(("channel", "message", "example"), frames("received"))
def test_the_server_reads_what_a_client_may_say(channel, message, example):
    receives = emitted.channel("generated", channel).receives

    read = wire.decode(receives, json.dumps(example))

    assert type(read) is named(receives, message.name)
    assert_same(wire.encode(read), example, message)


@pytest.mark.parametrize(("channel", "message", "example"), frames("sent"))
def test_the_client_reads_what_a_server_may_say(channel, message, example):
    sends = emitted.channel("wirepact_clients", channel).sends

    read = Reader(sends).read(json.dumps(example))

    assert type(read) is named(sends, message.name)
    assert_same(wire.encode(read), example, message)


@pytest.mark.parametrize(
    ("side", "direction", "channel", "message", "example"),
    [pytest.param("generated", "sends", *each.values, id=f"server-{each.id}") for each in frames("sent")]
    + [
        pytest.param("wirepact_clients", "receives", *each.values, id=f"client-{each.id}")
        for each in frames("received")
    ],
)
def test_each_side_writes_what_it_may_say(side, direction, channel, message, example):
    messages = getattr(emitted.channel(side, channel), direction)
    written = wire.encode(named(messages, message.name).model_validate_json(json.dumps(example)))

    assert_same(written, example, message)
    assert fitting(
        json.loads(written), getattr(channel, {"sends": "sent", "receives": "received"}[direction])
    ) == [message.name]


@pytest.mark.parametrize(("document", "operation", "message", "example"), BODIES)
def test_bodies_and_answers_survive_their_models(document, operation, message, example):
    descriptor = emitted.http_operations("generated", document)[operation.name]
    models = (
        [descriptor.body] if message in operation.messages else [each.model for each in descriptor.replies]
    )

    written = [wire.encode(model.model_validate_json(json.dumps(example))) for model in models if model]

    assert example in [json.loads(each) for each in written]


def assert_same(written, example, message):
    """What was written is the example as JSON, and valid; where the schema has a default, absent and default are one."""
    assert with_defaults(json.loads(written), message.payload) == with_defaults(example, message.payload)
    assert validator(message.payload).is_valid(json.loads(written))


def with_defaults(value, schema):
    """*value*, with the defaults of *schema* where it says nothing."""
    if isinstance(value, list):
        return [with_defaults(each, schema / "items") for each in value]
    if not isinstance(value, dict) or "properties" not in schema.value:
        return value
    properties = {name: schema / "properties" / name for name in schema.value["properties"]}
    defaults = {
        name: place.value["default"] for name, place in properties.items() if "default" in place.value
    }
    known = {
        name: with_defaults(each, properties[name]) for name, each in value.items() if name in properties
    }
    return defaults | value | known
