"""What holds for every provider, and for the service before them."""

import pytest

from handlers.chat.flag import Flag
from handlers.chat.provider import (
    Attachment,
    ChannelTaken,
    MessageType,
    NewMessage,
    NotAMember,
    UnknownChannel,
    UnknownUser,
)

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

POD = "pod_123_chat"
MENU = Attachment("https://files.example/menu.pdf", "menu.pdf", 48213, "application/pdf")


@pytest.fixture(params=["websocket", "sendbird", "service at websocket", "service at sendbird"])
def provider(request, websocket, hosted, chats):
    return {
        "websocket": websocket,
        "sendbird": hosted,
        "service at websocket": chats(Flag(use_websocket=True)),
        "service at sendbird": chats(Flag()),
    }[request.param]


@pytest.fixture
async def channel(provider):
    return await provider.create_group_channel(POD, "파티 채팅방", ["1", "2", "3"], {"pod_id": 123})


async def test_a_channel_is_made_with_members_and_data(provider, channel):
    assert (channel.channel_url, channel.name, channel.data) == (POD, "파티 채팅방", {"pod_id": 123})
    assert channel.member_ids == ("1", "2", "3")
    assert await provider.channel(POD) == channel


@pytest.mark.usefixtures("channel")
async def test_making_it_again_adds_who_was_missing(provider):
    again = await provider.create_group_channel(POD, "파티 채팅방", ["3", "4"], {"pod_id": 123})

    assert again.member_ids == ("1", "2", "3", "4")


@pytest.mark.parametrize(("name", "data"), [("Another", {"pod_id": 123}), ("파티 채팅방", None)])
@pytest.mark.usefixtures("channel")
async def test_another_channel_is_not_taken_for_it(provider, name, data):
    with pytest.raises(ChannelTaken, match=POD):
        await provider.create_group_channel(POD, name, ["1"], data)


@pytest.mark.usefixtures("channel")
async def test_members_are_added(provider):
    added = await provider.add_members(POD, ["4", "1"])

    assert added.member_ids == ("1", "2", "3", "4")
    assert [await provider.is_member(POD, each) for each in ("4", "5", "nobody")] == [True, False, False]


@pytest.mark.usefixtures("channel")
async def test_what_is_said_is_listed_newest_first(provider, clock):
    said = [await provider.send_message(POD, each, NewMessage(f"I am {each}")) for each in ("1", "2", "3")]

    assert await provider.list_messages(POD) == said[::-1]
    assert await provider.list_messages(POD, limit=1) == [said[2]]
    assert await provider.list_messages(POD, before=said[2].id, limit=1) == [said[1]]
    assert await provider.list_messages(POD, before=said[0].id) == []
    assert [(each.user_id, each.sent_at, each.content.text) for each in said] == [
        (each, clock(), f"I am {each}") for each in ("1", "2", "3")
    ]


@pytest.mark.usefixtures("channel")
async def test_a_file_can_be_shown(provider):
    sent = await provider.send_message(POD, "1", NewMessage("", MessageType.FILE, MENU))

    shown = sent.content.attachment.url if sent.content.attachment else sent.content.text
    assert (sent.content.type, shown) == (MessageType.FILE, MENU.url)


@pytest.mark.usefixtures("channel")
async def test_reading_is_noted(provider, clock):
    assert await provider.mark_as_read(POD, "2") == clock()

    read = {each.user_id: each.read_until for each in (await provider.channel(POD)).members}
    assert read == {"1": None, "2": clock(), "3": None}


@pytest.mark.parametrize(
    "call",
    [
        lambda it: it.channel("nowhere"),
        lambda it: it.add_members("nowhere", ["1"]),
        lambda it: it.send_message("nowhere", "1", NewMessage("Hello")),
        lambda it: it.list_messages("nowhere"),
        lambda it: it.mark_as_read("nowhere", "1"),
        lambda it: it.is_member("nowhere", "1"),
    ],
)
async def test_a_channel_that_is_not_there_is_told_as_such(provider, call):
    with pytest.raises(UnknownChannel, match="nowhere"):
        await call(provider)


@pytest.mark.parametrize("user_id", ["4", "nobody"])
@pytest.mark.usefixtures("channel")
async def test_who_is_not_a_member_can_not_take_part(provider, user_id):
    for call in (
        provider.send_message(POD, user_id, NewMessage("Hello")),
        provider.mark_as_read(POD, user_id),
    ):
        with pytest.raises((NotAMember, UnknownUser)):
            await call


async def test_who_can_be_no_user_is_told_as_such(provider):
    with pytest.raises(UnknownUser, match="nobody"):
        await provider.create_group_channel(POD, "Name", ["1", "nobody"])
