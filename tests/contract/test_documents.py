"""The documents before the code: what they say of themselves holds."""

import pytest

from contract.documents import documents, web_sockets
from contract.judge import faults, fitting, validator

CHANNELS = [channel for document in documents() for channel in document.channels]
EXAMPLES = [
    pytest.param(channel, message, example, id=f"{channel}-{message}-{number}")
    for channel in CHANNELS
    for message in channel.messages.values()
    for number, example in enumerate(message.examples)
]


def test_there_is_something_to_test():
    assert CHANNELS
    assert web_sockets()


@pytest.mark.parametrize("channel", CHANNELS, ids=str)
def test_every_message_but_a_file_has_an_example(channel):
    lacking = [name for name, message in channel.messages.items() if message.is_json and not message.examples]

    assert lacking == []


@pytest.mark.parametrize(("channel", "message", "example"), EXAMPLES)
def test_every_example_is_its_message_and_no_other_of_its_direction(channel, message, example):
    directions = [each for each in (channel.received, channel.sent) if message in each]

    assert faults(example, message) == []
    if channel in web_sockets():
        assert directions
        assert all(fitting(example, direction) == [message.name] for direction in directions)


@pytest.mark.parametrize("channel", web_sockets(), ids=str)
def test_nothing_that_is_no_object_is_a_message(channel):
    for message in [*channel.received, *channel.sent]:
        assert not any(validator(message.payload).is_valid(each) for each in (None, [], "", 0, True, {}))
