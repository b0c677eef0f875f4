"""Names of topics."""

import pytest

from wirepact.descriptors import Channel, Parameter
from wirepact.topics import channel_topic, group_topic, parameters_of

LOBBY = Channel(service="s", name="lobby", address="/lobby/")
ROOM = Channel(
    service="s",
    name="room",
    address="/{house}/{room}/",
    parameters=(Parameter("house"), Parameter("room", "integer")),
    groups={"table": "integer", "side": "string"},
)


def test_a_topic_reads_like_a_url():
    at = {"room": 2, "house": "north wing"}

    assert channel_topic(LOBBY, {}) == "s/lobby"
    assert channel_topic(ROOM, at) == "s/room?house=north%20wing&room=2"
    assert group_topic(ROOM, at, "table", 7) == "s/room?house=north%20wing&room=2#table=7"


@pytest.mark.parametrize("house", ["north wing", "a&room=3", "a#table=7", "방", "a=b", ""])
def test_a_topic_has_the_parameters_that_it_was_made_of(house):
    at = {"house": house, "room": 2}

    assert parameters_of(ROOM, channel_topic(ROOM, at)) == at
    assert parameters_of(LOBBY, channel_topic(LOBBY, {})) == {}


@pytest.mark.parametrize("value", ["a&room=3", "a#table=7", "a/b", "%61", "방", "a=b", ""])
def test_no_value_makes_the_name_of_another_topic(value):
    names = {channel_topic(ROOM, {"house": house, "room": 2}) for house in (value, "a", "b")}

    assert len(names) == (3 if value not in ("a", "b") else 2)
    assert group_topic(ROOM, {"house": "a", "room": 2}, "side", value).count("#") == 1


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"house": "a"},
        {"house": "a", "room": 1, "more": 2},
        {"house": "a", "room": "1"},
        {"house": 1, "room": 1},
    ],
)
def test_parameters_that_are_not_the_channels_are_a_mistake_in_the_code(parameters):
    with pytest.raises(TypeError):
        channel_topic(ROOM, parameters)


def test_a_boolean_is_no_integer():
    with pytest.raises(TypeError, match="must be int, not True"):
        group_topic(ROOM, {"house": "a", "room": 1}, "table", key=True)


def test_a_group_that_the_channel_does_not_have_is_a_mistake_in_the_code():
    with pytest.raises(TypeError, match='the channel "lobby" has no group "table"'):
        group_topic(LOBBY, {}, "table", 1)
