"""The emitted descriptors say what the documents say, as these tests read them."""

import pytest

from contract import emitted
from contract.documents import documents, web_sockets

ON_EACH_SIDE = pytest.mark.parametrize("side", emitted.SIDES)


@ON_EACH_SIDE
@pytest.mark.parametrize("channel", web_sockets(), ids=str)
def test_a_channel_is_where_the_document_says_and_carries_its_messages(side, channel):
    descriptor = emitted.channel(side, channel)

    assert descriptor.service == channel.service
    assert descriptor.address == channel.address
    assert [each.name for each in descriptor.parameters] == list(channel.parameters)
    assert {each.name for each in descriptor.receives.types} == {each.name for each in channel.received}
    assert {each.name for each in descriptor.sends.types} == {each.name for each in channel.sent}


@ON_EACH_SIDE
@pytest.mark.parametrize("channel", web_sockets(), ids=str)
def test_a_channel_has_the_limits_and_close_codes_of_the_document(side, channel):
    descriptor = emitted.channel(side, channel)

    assert descriptor.limits.message_bytes == channel.message_bytes
    assert {code: line.reason for code, line in descriptor.close_codes.items()} == {
        code: reason for code, reason in channel.close_codes.items() if code != 1000
    }


@pytest.mark.parametrize("document", documents(), ids=str)
def test_what_was_missed_can_be_recovered_as_the_document_says(document):
    assert {
        name: (each.recovery.mode, each.recovery.age, each.recovery.size)
        for name, each in emitted.send_operations("generated", document).items()
        if each.recovery is not None
    } == {
        each.name: (each.recovery["mode"], each.recovery["age"], each.recovery.get("size", 100))
        for channel in document.web_sockets
        for each in channel.operations
        if each.recovery
    }


@ON_EACH_SIDE
@pytest.mark.parametrize("channel", web_sockets(), ids=str)
def test_a_channel_knows_which_of_its_audiences_can_recover(side, channel):
    descriptor = emitted.channel(side, channel)

    assert bool(descriptor.recovers) == any(each.recovery for each in channel.operations)
    assert set(descriptor.recovers) <= set(descriptor.audiences)
    assert descriptor.contract


@pytest.mark.parametrize("document", documents(), ids=str)
def test_http_operations_are_those_of_the_document(document):
    assert {
        name: (each.method, each.path, each.roles)
        for name, each in emitted.http_operations("generated", document).items()
    } == {
        each.name: (each.method, each.channel.address, each.roles)
        for channel in document.endpoints
        for each in channel.operations
    }
