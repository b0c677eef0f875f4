"""Publishing, from anywhere."""

import subprocess
import sys

import pytest

from wirepact.broker import Publication
from wirepact.broker_memory import MemoryBroker
from wirepact.publisher import Publisher
from works import ALARM, GREET, READING, Alarm, Reading, Welcome


@pytest.fixture
async def heard():
    return []


@pytest.fixture
async def publisher(heard):
    broker = MemoryBroker()
    await broker.start(lambda publication, _: heard.append(publication))
    for topic in ("works/hall?hall=1", "works/hall?hall=1#machine=7"):
        await broker.subscribe(topic)
    return Publisher(broker)


async def test_a_message_goes_to_everyone_at_the_address(publisher, heard):
    await publisher.publish(ALARM, Alarm(text="불"), parameters={"hall": 1})
    await publisher.publish(ALARM, Alarm(text="elsewhere"), parameters={"hall": 2})

    assert heard == [Publication("works/hall?hall=1", '{"type":"alarm","text":"불"}'.encode())]


async def test_a_message_goes_to_a_group_under_its_key(publisher, heard):
    await publisher.publish(READING, Reading(value=1.5), parameters={"hall": 1}, key=7)
    await publisher.publish(READING, Reading(value=1.5), parameters={"hall": 1}, key=8)

    assert [each.topic for each in heard] == ["works/hall?hall=1#machine=7"]


@pytest.mark.parametrize(
    ("operation", "message", "key", "problem"),
    [
        (ALARM, Reading(value=1), None, '"alarm" sends Alarm, not Reading'),
        (ALARM, Alarm(text=""), 7, '"alarm" goes to all at the address, so it takes no key'),
        (READING, Reading(value=1), None, '"reading" goes to the group "machine", so it needs a key'),
        (GREET, Welcome(hall=1), None, '"greet" answers one client; send it with peer.send'),
    ],
)
async def test_what_the_document_does_not_provide_for_is_a_mistake_in_the_code(
    publisher, operation, message, key, problem
):
    with pytest.raises(TypeError, match=problem):
        await publisher.publish(operation, message, parameters={"hall": 1}, key=key)


def test_publishing_needs_nothing_of_the_server():
    code = "import sys, wirepact.publisher, wirepact.broker_memory; sys.exit('litestar' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
