import asyncio
from datetime import timedelta

import pytest

from brokers import until
from handlers.chat.mover import LONGEST, Mover
from handlers.chat.moves import OVERLAP
from handlers.chat.provider import NewMessage, UnknownChannel, Unreachable
from handlers.chat.sendbird import PAGE

POD = "pod_123_chat"


@pytest.fixture
async def there(hosted, platform):
    """A channel at Sendbird."""
    await hosted.create_group_channel(POD, "파티 채팅방", ["1", "2", "3"], {"pod_id": 123})
    return platform.channels[POD]


@pytest.fixture
def other(hosted, moves, conversation, clock):
    """The mover of another process."""
    return Mover(hosted, moves, conversation, clock, timedelta(seconds=5))


@pytest.fixture
def say(platform, clock):
    """Somebody says something at Sendbird, a second after what was said before."""

    def say(text, user_id="1", **more):
        clock.passes(seconds=1)
        return platform.say(POD, user_id, text, **more)

    return say


@pytest.fixture
def later(mover, clock):
    """Let so much time pass that everything is looked at again."""

    async def later(who=mover):
        clock.passes(minutes=11)
        return await who.look()

    return later


async def texts(store):
    """What is in the history here, oldest first."""
    page = await store.messages(POD, limit=1000)
    return [each.text for each in reversed(page.messages)]


async def test_a_channel_comes_with_its_members_its_data_and_its_history(mover, store, hosted, there, say):
    say("Hello")
    say("안녕하세요!", "2")
    await hosted.mark_as_read(POD, "3")

    await mover.bring(POD)

    channel = await store.channel(POD)
    assert (channel.name, channel.data) == ("파티 채팅방", {"pod_id": 123})
    members = [(each.user_id, each.read_until is not None) for each in await store.members(POD)]
    assert members == [(1, False), (2, False), (3, True)]
    history = (await store.messages(POD, limit=10)).messages
    assert [(each.user_id, each.text, each.said_at.timestamp() * 1000) for each in reversed(history)] == [
        (int(each["user"]["user_id"]), each["message"], each["created_at"]) for each in there.messages
    ]


@pytest.mark.usefixtures("there")
async def test_nobody_is_told_of_old_messages(mover, ears, say):
    say("Hello")

    await mover.bring(POD)

    assert ears.heard == []


@pytest.mark.usefixtures("there")
async def test_a_history_of_many_pages_comes_whole_and_in_order(mover, store, say):
    said = [say(f"No. {each}")["message"] for each in range(2 * PAGE + 5)]

    await mover.bring(POD)

    assert await texts(store) == said


@pytest.mark.usefixtures("there")
async def test_messages_of_the_same_moment_come_all_and_in_order(mover, store, platform):
    said = [platform.say(POD, "1", f"No. {each}")["message"] for each in range(PAGE + 5)]

    await mover.bring(POD)

    assert await texts(store) == said


@pytest.mark.usefixtures("there")
async def test_what_is_said_at_sendbird_afterwards_is_told_here_once(mover, store, ears, say, later):
    say("Before")
    await mover.bring(POD)
    say("After")

    for _ in range(3):
        await later()

    assert await texts(store) == ["Before", "After"]
    assert ears.heard == ["After"]


async def test_what_shows_up_late_is_not_missed(mover, store, there, say, later):
    for each in ("Before", "Late", "On time"):
        say(each)
    late = there.messages.pop(1)
    await mover.bring(POD)

    there.messages.insert(1, late)
    await later()

    assert await texts(store) == ["Before", "On time", "Late"]


@pytest.mark.usefixtures("there")
async def test_two_processes_that_bring_a_channel_bring_it_once(mover, other, store, say):
    said = [say(f"No. {each}")["message"] for each in range(PAGE + 5)]

    await asyncio.gather(mover.bring(POD), other.bring(POD))

    assert await texts(store) == said


@pytest.mark.usefixtures("there")
async def test_what_two_processes_find_is_told_once(mover, other, store, ears, say):
    await mover.bring(POD)
    say("After")

    await asyncio.gather(mover.bring(POD), other.bring(POD))

    assert await texts(store) == ["After"]
    assert ears.heard == ["After"]


@pytest.mark.usefixtures("there")
async def test_who_is_interrupted_goes_on_where_they_were(other, store, platform, say, later):
    said = [say(f"No. {each}")["message"] for each in range(3 * PAGE)]
    platform.misbehave(*[None] * 4, *[500] * 3)
    with pytest.raises(Unreachable):
        await other.bring(POD)
    platform.asked.clear()

    await later()

    assert await texts(store) == said
    assert len([path for _, path in platform.asked if path.endswith("/messages")]) == 2


async def test_a_channel_that_is_nowhere_is_told_as_such(mover, websocket):
    with pytest.raises(UnknownChannel, match=POD):
        await mover.bring(POD)

    assert not await websocket.has(POD)


@pytest.mark.usefixtures("there")
async def test_a_channel_that_is_removed_on_its_way_is_given_up(moves, platform, clock, mover):
    await moves.begin(POD, clock())
    platform.channels.clear()

    assert await mover.look() == 1
    clock.passes(minutes=11)
    assert await mover.look() == 0
    assert await moves.standing() == (0, 0)


@pytest.mark.usefixtures("there")
async def test_a_channel_that_is_removed_at_sendbird_stays_here(mover, websocket, platform, later):
    await mover.bring(POD)
    await websocket.send_message(POD, "2", NewMessage("Here"))
    platform.channels.clear()

    for _ in range(2):
        await later()

    assert [each.content.text for each in await websocket.list_messages(POD)] == ["Here"]


@pytest.mark.usefixtures("there")
async def test_who_joins_at_sendbird_is_a_member_here(mover, store, hosted, later):
    await mover.bring(POD)
    await hosted.add_members(POD, ["4"])

    await later()

    assert [each.user_id for each in await store.members(POD)] == [1, 2, 3, 4]


async def test_who_is_no_number_is_nobody_here(mover, store, platform, hosted):
    platform.users |= {"support"}
    await hosted.create_group_channel(POD, "Help", ["1", "support"])
    platform.say(POD, "support", "How can I help?")
    platform.announce(POD, "Maintenance at noon")

    await mover.bring(POD)

    assert [each.user_id for each in await store.members(POD)] == [1]
    history = (await store.messages(POD, limit=10)).messages
    assert [(each.user_id, each.text) for each in history] == [
        (0, "Maintenance at noon"),
        (0, "How can I help?"),
    ]


@pytest.mark.usefixtures("there")
async def test_a_file_comes_as_a_link(mover, store, say):
    say("", message_type="FILE", url="https://files.example/cat.png", file_type="image/png")

    await mover.bring(POD)

    (message,) = (await store.messages(POD, limit=10)).messages
    assert (message.kind, message.text, message.file) == ("IMAGE", "https://files.example/cat.png", None)


@pytest.mark.usefixtures("there")
async def test_it_is_looked_for_news_soon_after_a_channel_was_brought(mover, store, say, clock):
    await mover.bring(POD)
    say("After")

    clock.passes(minutes=1)
    await mover.look()

    assert await texts(store) == ["After"]


@pytest.mark.usefixtures("there")
async def test_a_process_that_ends_leaves_its_turn_to_others(mover, other, platform, later, clock):
    await mover.bring(POD)
    platform.asked.clear()
    platform.misbehave("never")
    look = asyncio.create_task(later())
    await until(lambda: platform.asked)
    look.cancel()
    await asyncio.wait([look])

    clock.passes(minutes=11)
    assert await other.look() == 1


@pytest.mark.usefixtures("there")
async def test_a_channel_is_looked_at_less_often_the_longer_it_is_quiet(mover, platform, say, clock):
    say("Hello")
    await mover.bring(POD)
    clock.passes(minutes=2)
    await mover.look()
    platform.asked.clear()

    looks = []
    for _ in range(30):
        clock.passes(minutes=1)
        looks.append(await mover.look())

    assert looks[0] == 1
    gaps = [place for place, look in enumerate(looks) if look]
    assert gaps[-1] - gaps[-2] > gaps[1] - gaps[0]
    assert timedelta(minutes=gaps[-1] - gaps[-2]) < LONGEST


@pytest.mark.usefixtures("there")
async def test_sendbird_out_of_reach_is_tried_again_later(mover, store, platform, say, later):
    await mover.bring(POD)
    say("After")
    platform.misbehave(*[503] * 3)

    await later()
    assert await texts(store) == []
    await later()

    assert await texts(store) == ["After"]


@pytest.mark.usefixtures("there")
async def test_it_is_looked_for_news_all_the_time(mover, store, ears, say, clock):
    await mover.bring(POD)
    say("After")
    clock.passes(minutes=11)

    async with mover.looking():
        await until(lambda: ears.heard)

    assert await texts(store) == ["After"]


async def test_nothing_is_kept_twice_for_longer_than_it_may_be_seen_again(mover, database, there, say, clock):
    from sqlalchemy import func, select

    from handlers.chat.tables import BroughtRow

    for _ in range(5):
        say("Before")
        clock.passes(seconds=OVERLAP.total_seconds())

    await mover.bring(POD)

    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(BroughtRow)) == 1
    assert len(there.messages) == 5


@pytest.mark.usefixtures("there")
async def test_what_is_said_here_has_larger_ids_than_what_was_brought(mover, websocket, say):
    say("Before")
    await mover.bring(POD)

    await websocket.send_message(POD, "2", NewMessage("Here"))

    newest, older = await websocket.list_messages(POD)
    assert (newest.content.text, older.content.text) == ("Here", "Before")
    assert newest.id > older.id


@pytest.mark.usefixtures("there")
async def test_what_is_said_here_is_shown_at_sendbird_once(mover, websocket, there, say, later):
    say("Before")
    await mover.bring(POD)
    await websocket.send_message(POD, "2", NewMessage("Here"))

    for _ in range(3):
        await later()

    assert [(each["user"]["user_id"], each["message"]) for each in there.messages] == [
        ("1", "Before"),
        ("2", "Here"),
    ]


@pytest.mark.usefixtures("there")
async def test_what_is_shown_at_sendbird_does_not_come_back(mover, websocket, store, ears, later):
    await mover.bring(POD)
    await websocket.send_message(POD, "2", NewMessage("Here"))

    for _ in range(3):
        await later()

    assert await texts(store) == ["Here"]
    assert ears.heard == ["Here"]


async def test_what_came_from_sendbird_is_not_shown_there_again(mover, there, say, later):
    await mover.bring(POD)
    say("There")

    for _ in range(3):
        await later()

    assert there.texts == ["There"]


async def test_a_copy_that_was_made_before_a_crash_is_not_made_again(mover, websocket, hosted, there, later):
    await mover.bring(POD)
    message = await websocket.send_message(POD, "2", NewMessage("Here"))
    await hosted.send_copy(message)
    there.messages[0]["dedup_id"] = "forgotten"

    await later()

    assert there.texts == ["Here"]


@pytest.mark.usefixtures("there")
async def test_who_joined_here_is_shown_too(mover, websocket, there, later):
    await mover.bring(POD)
    await websocket.add_members(POD, ["4"])
    await websocket.send_message(POD, "4", NewMessage("I am new"))

    await later()

    assert there.texts == ["I am new"]
    assert "4" in there.members


@pytest.mark.usefixtures("there")
async def test_who_is_not_known_at_sendbird_holds_nobody_up(mover, websocket, there, later):
    await mover.bring(POD)
    await websocket.add_members(POD, ["999"])
    for each in ("999", "2"):
        await websocket.send_message(POD, each, NewMessage(f"I am {each}"))

    await later()

    assert there.texts == ["I am 2"]


@pytest.mark.usefixtures("there")
async def test_what_is_said_here_is_shown_soon_in_a_quiet_channel_too(mover, websocket, there, say, clock):
    say("Before")
    await mover.bring(POD)
    clock.passes(days=1)
    await mover.look()
    clock.passes(seconds=5)
    assert await mover.look() == 0

    await websocket.send_message(POD, "2", NewMessage("Here"))
    await mover.look()

    assert there.texts == ["Before", "Here"]


@pytest.mark.usefixtures("there")
async def test_who_is_woken_while_somebody_looks_is_looked_at_again(mover, other, moves, platform, later):
    await mover.bring(POD)
    platform.asked.clear()
    platform.misbehave("never")
    look = asyncio.create_task(later())
    await until(lambda: platform.asked)

    await moves.wake([POD], mover._now())
    look.cancel()
    await asyncio.wait([look])

    assert await other.look() == 1


async def test_many_messages_are_shown_in_order(mover, websocket, there, clock):
    await mover.bring(POD)
    said = [f"No. {each}" for each in range(60)]
    for each in said:
        await websocket.send_message(POD, "2", NewMessage(each))

    for _ in range(3):
        await mover.look()
        clock.passes(seconds=6)

    assert there.texts == said
