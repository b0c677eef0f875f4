import asyncio
from datetime import timedelta

import pytest

from handlers.chat.domain import (
    ChannelTaken,
    File,
    Kind,
    Member,
    NewChannel,
    NewMessage,
    NotAMember,
    NotAnImage,
    UnknownChannel,
    UnknownFile,
)

pytestmark = pytest.mark.usefixtures("pod")

POD = "pod_123_chat"
MENU = File("a" * 32, "menu.pdf", 4821, "application/pdf")


@pytest.fixture
def say(store, noon):
    async def say(text, user_id=1, **options):
        return await store.add_message(POD, NewMessage(user_id, text, **options), noon)

    return say


async def test_a_channel_is_kept_with_its_members_and_its_data(store, pod, noon):
    assert await store.channel(POD) == pod
    assert pod.data == {"pod_id": 123}
    assert await store.members(POD) == [Member(1, noon), Member(2, noon), Member(3, noon)]


async def test_two_channels_can_not_have_one_name(store, pod, noon):
    with pytest.raises(ChannelTaken):
        await store.add_channel(NewChannel(POD, "Other", [], {}), noon)

    assert (await store.channel(POD)).name == pod.name


@pytest.mark.parametrize("url", ["pod_124_chat", "", "pod\0", "x" * 200])
async def test_a_channel_that_there_is_none_has_nothing(store, noon, url):
    for asked in (
        store.channel(url),
        store.members(url),
        store.check_member(url, 1),
        store.add_members(url, [1], noon),
        store.add_message(url, NewMessage(1, "Hi"), noon),
        store.messages(url, limit=1),
        store.mark_as_read(url, 1, noon),
        store.add_file(url, 1, MENU, noon),
        store.file(url, MENU.key),
    ):
        with pytest.raises(UnknownChannel):
            await asked


async def test_members_are_added_once(store, noon):
    later = noon + timedelta(minutes=1)

    members = await store.add_members(POD, [3, 4, 4], later)

    assert members == await store.members(POD)
    assert members == [Member(1, noon), Member(2, noon), Member(3, noon), Member(4, later)]


async def test_two_who_add_the_same_user_at_once_add_them_once(store, noon):
    await asyncio.gather(*(store.add_members(POD, [4, 5], noon) for _ in range(8)))

    assert [each.user_id for each in await store.members(POD)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("user_id", [4, None])
async def test_who_is_not_a_member_can_do_nothing(store, user_id):
    with pytest.raises(NotAMember):
        await store.check_member(POD, user_id)


async def test_who_is_not_a_member_can_not_speak_read_or_upload(store, noon):
    for refused in (
        store.add_message(POD, NewMessage(4, "Hi"), noon),
        store.mark_as_read(POD, 4, noon),
        store.add_file(POD, 4, MENU, noon),
    ):
        with pytest.raises(NotAMember):
            await refused
    assert (await store.messages(POD, limit=1)).messages == []


async def test_the_history_is_read_back_page_by_page(store, say, noon):
    said = [await say(f"{number}", 1 + number % 3) for number in range(5)]
    await store.add_channel(NewChannel("elsewhere", "Elsewhere", [1], {}), noon)
    await store.add_message("elsewhere", NewMessage(1, "Not here"), noon)

    first = await store.messages(POD, limit=2)
    second = await store.messages(POD, before=first.next, limit=2)
    third = await store.messages(POD, before=second.next, limit=2)

    assert [*first.messages, *second.messages, *third.messages] == said[::-1]
    assert third.next is None


async def test_the_last_page_may_be_full(store, say):
    for number in range(2):
        await say(f"{number}")

    assert (await store.messages(POD, limit=2)).next is None


async def test_what_is_said_at_once_is_kept_once_each(store, say):
    said = await asyncio.gather(*(say(f"{number}") for number in range(20)))

    kept = (await store.messages(POD, limit=100)).messages
    assert {each.id for each in kept} == {each.id for each in said}
    assert len(kept) == 20


async def test_a_file_is_shown_with_what_the_upload_said_of_it(store, say, noon):
    await store.add_file(POD, 2, MENU, noon)

    said = await say("Menu", kind=Kind.FILE, file=MENU.key)

    assert said.file == MENU == await store.file(POD, MENU.key)
    assert (await store.messages(POD, limit=1)).messages == [said]


async def test_a_file_of_another_channel_is_not_shown(store, say, noon):
    await store.add_channel(NewChannel("elsewhere", "Elsewhere", [1], {}), noon)
    await store.add_file("elsewhere", 1, MENU, noon)

    with pytest.raises(UnknownFile):
        await say("Menu", kind=Kind.FILE, file=MENU.key)
    with pytest.raises(UnknownFile):
        await store.file(POD, MENU.key)


async def test_what_is_no_image_is_not_shown_as_one(store, say, noon):
    await store.add_file(POD, 1, MENU, noon)

    with pytest.raises(NotAnImage):
        await say("Menu", kind=Kind.IMAGE, file=MENU.key)
    assert (await store.messages(POD, limit=1)).messages == []


async def test_who_has_read_does_not_unread(store, noon):
    await store.mark_as_read(POD, 2, noon)

    earlier = await store.mark_as_read(POD, 2, noon - timedelta(minutes=1))
    later = await store.mark_as_read(POD, 2, noon + timedelta(minutes=1))

    assert (earlier.until, later.until) == (noon, noon + timedelta(minutes=1))
    assert [each.read_until for each in await store.members(POD)] == [None, later.until, None]
