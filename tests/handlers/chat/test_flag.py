from itertools import pairwise

import pytest

from handlers.chat.flag import Flag, share

CHANNELS = [f"pod_{each}_chat" for each in range(10_000)]


def on(flag):
    return {each for each in CHANNELS if flag.is_on(each)}


def test_without_anything_everyone_stays_at_sendbird():
    assert on(Flag()) == set()


def test_the_environment_turns_it_on_for_everyone():
    assert Flag(use_websocket=True).is_on("pod_1_chat", ["1"])


@pytest.mark.parametrize("is_on", [True, False])
def test_the_variable_wins_over_everything(is_on):
    flag = Flag(
        use_websocket=not is_on,
        override=is_on,
        channels=frozenset() if is_on else frozenset({"pod_1_chat"}),
        users=frozenset() if is_on else frozenset({"1"}),
        percentage=0 if is_on else 100,
    )

    assert flag.is_on("pod_1_chat", ["1"]) is is_on


def test_a_channel_that_is_named_is_on():
    flag = Flag(channels=frozenset({"pod_1_chat"}))

    assert [flag.is_on(each) for each in ("pod_1_chat", "pod_2_chat")] == [True, False]


@pytest.mark.parametrize(
    ("members", "is_on"), [(["1"], True), (["1", "2"], True), (["1", "3"], False), ([], False)]
)
def test_a_channel_is_on_when_all_of_its_members_are_listed(members, is_on):
    assert Flag(users=frozenset({"1", "2"})).is_on("pod_1_chat", members) is is_on


@pytest.mark.parametrize("percentage", [1, 12.5, 50, 99])
def test_a_percentage_is_about_that_many_channels(percentage):
    assert len(on(Flag(percentage=percentage))) / len(CHANNELS) * 100 == pytest.approx(percentage, abs=1)


def test_who_is_on_stays_on_when_the_percentage_is_raised():
    steps = [on(Flag(percentage=each)) for each in (0, 1, 10, 50, 100)]

    assert all(fewer < more for fewer, more in pairwise(steps))
    assert steps[-1] == set(CHANNELS)


def test_a_channel_has_the_same_share_on_every_machine():
    assert [share(each) for each in ("pod_123_chat", "pod_124_chat")] == [34.45, 66.71]


@pytest.mark.parametrize(
    ("flag", "looks"),
    [
        (Flag(users=frozenset({"1"})), True),
        (Flag(percentage=10), False),
        (Flag(users=frozenset({"1"}), use_websocket=True), False),
        (Flag(users=frozenset({"1"}), override=False), False),
    ],
)
def test_members_are_asked_for_only_where_they_can_make_a_difference(flag, looks):
    assert flag.looks_at_members is looks


def test_nobody_is_on_when_nothing_says_so():
    assert Flag().is_for_none
    assert Flag(percentage=50, override=False).is_for_none
    assert not Flag(percentage=50).is_for_none
