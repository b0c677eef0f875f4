import asyncio

import pytest

from handlers.chat.flag import Flag
from handlers.chat.provider import NewMessage, UnknownChannel, Unreachable

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

POD = "pod_123_chat"
OTHER = "pod_124_chat"

POD_ONLY = Flag(channels=frozenset({POD}))
STAFF = Flag(users=frozenset({"1", "2"}))


@pytest.fixture
async def there(hosted, platform):
    """A channel at Sendbird with something in it."""
    await hosted.create_group_channel(POD, "파티 채팅방", ["1", "2", "3"], {"pod_id": 123})
    platform.say(POD, "1", "Before")
    return platform.channels[POD]


def texts(messages):
    return [each.content.text for each in messages]


async def test_a_new_channel_is_made_where_it_belongs(chats, platform, websocket):
    chats = chats(POD_ONLY)

    for each in (POD, OTHER):
        await chats.create_group_channel(each, "Name", ["1"])

    assert [await websocket.has(each) for each in (POD, OTHER)] == [True, False]
    assert list(platform.channels) == [OTHER]


@pytest.mark.parametrize(("user_ids", "is_here"), [(["1", "2"], True), (["1", "3"], False)])
async def test_a_new_channel_of_users_who_are_listed_is_here(chats, websocket, user_ids, is_here):
    await chats(STAFF).create_group_channel(POD, "Name", user_ids)

    assert await websocket.has(POD) is is_here


@pytest.mark.usefixtures("there")
async def test_a_channel_that_does_not_belong_here_stays_at_sendbird(chats, platform, websocket):
    chats = chats(Flag(channels=frozenset({OTHER})))

    await chats.send_message(POD, "2", NewMessage("After"))

    assert texts(await chats.list_messages(POD)) == ["After", "Before"]
    assert not await websocket.has(POD)
    assert platform.channels[POD].texts == ["Before", "After"]


async def test_a_channel_that_belongs_here_is_brought_before_anything_is_done_in_it(chats, there, websocket):
    chats = chats(POD_ONLY)

    await chats.send_message(POD, "2", NewMessage("After"))

    assert texts(await websocket.list_messages(POD)) == ["After", "Before"]
    assert there.texts == ["Before"]


async def test_what_is_made_again_by_name_is_brought_and_not_made(chats, there, websocket):
    channel = await chats(POD_ONLY).create_group_channel(POD, "파티 채팅방", ["4"], {"pod_id": 123})

    assert channel.member_ids == ("1", "2", "3", "4")
    assert texts(await websocket.list_messages(POD)) == ["Before"]
    assert there.members == ["1", "2", "3"]


@pytest.mark.usefixtures("there")
async def test_who_is_in_a_channel_decides_whether_it_is_brought(chats, hosted, websocket):
    chats = chats(STAFF)
    await hosted.create_group_channel(OTHER, "Staff", ["1", "2"])

    for each in (POD, OTHER):
        await chats.list_messages(each)

    assert [await websocket.has(each) for each in (POD, OTHER)] == [False, True]


@pytest.mark.usefixtures("there")
async def test_a_channel_that_is_here_stays_when_the_flag_is_taken_back(chats, platform):
    await chats(POD_ONLY).send_message(POD, "2", NewMessage("After"))
    platform.asked.clear()

    assert texts(await chats(Flag(override=False)).list_messages(POD)) == ["After", "Before"]
    assert platform.asked == []


async def test_a_channel_that_takes_long_goes_on_at_sendbird(chats, there, platform, websocket):
    platform.misbehave("never")

    chats = chats(POD_ONLY, patience=0.01)
    await chats.send_message(POD, "2", NewMessage("Meanwhile"))

    assert there.texts == ["Before", "Meanwhile"]
    assert not await websocket.has(POD)
    with pytest.raises(Unreachable, match="on its way"):
        await chats.bring_here(POD)


@pytest.mark.usefixtures("there")
async def test_whoever_wants_to_listen_has_it_brought(chats, websocket):
    await chats(POD_ONLY).bring_here(POD)

    assert await websocket.has(POD)


@pytest.mark.usefixtures("there")
async def test_nothing_is_brought_for_whoever_listens_in_vain(chats, websocket):
    await chats(Flag()).bring_here(POD)

    assert not await websocket.has(POD)


async def test_a_channel_that_is_nowhere_can_not_be_listened_to(chats):
    with pytest.raises(UnknownChannel):
        await chats(POD_ONLY).bring_here(POD)


async def test_many_who_want_it_at_once_find_all_of_it_once(chats, there):
    chats = chats(POD_ONLY)

    await asyncio.gather(
        *(chats.send_message(POD, each, NewMessage(each)) for each in ("1", "2", "3") for _ in range(5))
    )

    assert there.texts == ["Before"]
    assert sorted(texts(await chats.list_messages(POD))) == sorted(["Before", *("1", "2", "3") * 5])


@pytest.mark.usefixtures("there")
async def test_code_that_speaks_to_sendbird_directly_is_heard_here(chats, mover, hosted, clock, ears):
    chats = chats(POD_ONLY)
    await chats.bring_here(POD)

    await hosted.send_message(POD, "3", NewMessage("From old code"))
    clock.passes(minutes=11)
    await mover.look()

    assert texts(await chats.list_messages(POD)) == ["From old code", "Before"]
    assert ears.heard == ["From old code"]
