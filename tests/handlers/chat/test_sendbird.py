from datetime import UTC, datetime

import pytest

from handlers.chat.provider import (
    Attachment,
    ChannelTaken,
    MessageType,
    NewMessage,
    NotAMember,
    Rejected,
    TooManyRequests,
    UnknownChannel,
    UnknownUser,
    Unreachable,
)
from handlers.chat.sendbird import NOBODY, PAGE, SendbirdProvider
from handlers.chat.sendbird_api import PlatformApi, client
from sendbird_server import TOKEN

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
CAT = Attachment("https://files.example/cat.png", "cat.png", 512, "image/png")


@pytest.fixture
def network(http):
    return http._transport


@pytest.fixture
def provider(hosted):
    return hosted


async def party(provider, user_ids=("1", "2", "3")):
    return await provider.create_group_channel("pod_123_chat", "파티 채팅방", user_ids, {"pod_id": 123})


async def test_a_channel_is_made_with_its_members_and_data(platform, provider):
    channel = await party(provider)

    assert (channel.name, channel.member_ids, channel.data) == (
        "파티 채팅방",
        ("1", "2", "3"),
        {"pod_id": 123},
    )
    assert platform.channels["pod_123_chat"].data == '{"pod_id": 123}'


async def test_a_channel_that_was_made_so_before_is_given_back_with_who_was_missing(platform, provider):
    await party(provider, ["1"])

    again = await party(provider)

    assert again.member_ids == ("1", "2", "3")
    assert platform.channels["pod_123_chat"].members == ["1", "2", "3"]


async def test_another_channel_is_not_taken_for_it(provider):
    await party(provider)

    with pytest.raises(ChannelTaken, match="pod_123_chat"):
        await provider.create_group_channel("pod_123_chat", "Another", ["1"], {"pod_id": 123})


async def test_making_a_channel_is_repeated_when_the_answer_is_lost(platform, provider, network):
    network.loses = 1

    channel = await party(provider)

    assert channel == await party(provider)
    assert [each for each in platform.asked if each[0] == "POST"] == [("POST", "group_channels")] * 3


async def test_more_members_than_sendbird_takes_at_once_are_added_bit_by_bit(platform, provider):
    everyone = [str(each) for each in range(1, 251)]

    channel = await party(provider, everyone)

    assert sorted(channel.member_ids, key=int) == everyone
    assert (await provider.channel("pod_123_chat")).member_ids == channel.member_ids
    assert [path for method, path in platform.asked if method == "POST"] == [
        "group_channels",
        "group_channels/pod_123_chat/invite",
        "group_channels/pod_123_chat/invite",
    ]


async def test_no_user_is_left_out_in_silence(provider):
    with pytest.raises(UnknownUser, match="999"):
        await party(provider, ["1", "999"])


async def test_members_are_added_once(platform, provider):
    await party(provider, ["1"])

    channel = await provider.add_members("pod_123_chat", ["2", "1", "2"])

    assert channel.member_ids == ("1", "2")
    assert platform.channels["pod_123_chat"].members == ["1", "2"]


@pytest.mark.parametrize(("user_id", "is_member"), [("1", True), ("4", False), ("a b/c", False)])
async def test_who_is_a_member_is_known(provider, user_id, is_member):
    await party(provider)

    assert await provider.is_member("pod_123_chat", user_id) is is_member


async def test_a_message_is_sent_and_listed(platform, provider, clock):
    await party(provider)

    sent = await provider.send_message("pod_123_chat", "1", NewMessage("안녕하세요!"))

    assert (sent.user_id, sent.content.text, sent.channel_url) == ("1", "안녕하세요!", "pod_123_chat")
    assert sent.sent_at == clock()
    assert await provider.list_messages("pod_123_chat") == [sent]
    assert platform.channels["pod_123_chat"].texts == ["안녕하세요!"]


@pytest.mark.parametrize("kind", [MessageType.FILE, MessageType.IMAGE])
async def test_a_file_comes_back_as_it_was_sent(provider, kind):
    await party(provider)
    file = (
        CAT
        if kind is MessageType.IMAGE
        else Attachment("https://files.example/a", "a.pdf", 9, "application/pdf")
    )

    sent = await provider.send_message("pod_123_chat", "1", NewMessage("", kind, file))

    assert sent.content == NewMessage("", kind, file)


async def test_messages_are_paged_back_newest_first(platform, provider):
    await party(provider)
    sent = [platform.say("pod_123_chat", "1", f"No. {each}")["message_id"] for each in range(5)]

    newest = await provider.list_messages("pod_123_chat", limit=2)
    older = await provider.list_messages("pod_123_chat", before=newest[-1].id, limit=2)
    oldest = await provider.list_messages("pod_123_chat", before=older[-1].id, limit=2)

    assert [each.id for each in [*newest, *older, *oldest]] == sent[::-1]


async def test_what_has_no_sender_is_said_by_nobody(platform, provider):
    await party(provider)
    platform.announce("pod_123_chat", "Maintenance at noon")

    (message,) = await provider.list_messages("pod_123_chat")

    assert (message.user_id, message.content.text) == (NOBODY, "Maintenance at noon")


async def test_history_is_read_forward_in_pages(platform, provider):
    await party(provider)
    sent = [platform.say("pod_123_chat", "1", str(each))["message_id"] for each in range(PAGE + 3)]

    first = await provider.history("pod_123_chat", since=LONG_AGO)
    rest = await provider.history("pod_123_chat", since=LONG_AGO, after=first.last)

    assert [each.id for each in [*first.messages, *rest.messages]] == sent
    assert (first.is_full, rest.is_full) == (True, False)
    assert rest.last == sent[-1]


async def test_a_copy_is_sent_once_and_known_as_one(platform, provider):
    await party(provider)
    message = await provider.send_message("pod_123_chat", "1", NewMessage("Hello"))

    await provider.send_copy(message)
    await provider.send_copy(message)
    page = await provider.history("pod_123_chat", since=LONG_AGO)

    assert [each.id for each in page.messages] == [message.id]
    assert page.copies == [message.id]
    assert platform.channels["pod_123_chat"].texts == ["Hello", "Hello"]


async def test_who_says_that_something_is_a_copy_is_not_believed(platform, provider):
    await party(provider)
    said = platform.say("pod_123_chat", "1", "Mine", data='{"copy_of": 7, "proof": "none"}')

    page = await provider.history("pod_123_chat", since=LONG_AGO)

    assert ([each.id for each in page.messages], page.copies) == ([said["message_id"]], [])


async def test_reading_is_noted(platform, provider, clock):
    await party(provider)

    await provider.mark_as_read("pod_123_chat", "2")

    assert list(platform.channels["pod_123_chat"].read) == ["2"]
    read = {each.user_id: each.read_until for each in (await provider.channel("pod_123_chat")).members}
    assert read == {"1": None, "2": clock(), "3": None}


@pytest.mark.parametrize(
    "call",
    [
        lambda it: it.add_members("nowhere", ["1"]),
        lambda it: it.send_message("nowhere", "1", NewMessage("Hello")),
        lambda it: it.list_messages("nowhere"),
        lambda it: it.mark_as_read("nowhere", "1"),
        lambda it: it.is_member("nowhere", "1"),
        lambda it: it.history("nowhere", since=LONG_AGO),
    ],
)
async def test_a_channel_that_is_not_there_is_told_as_such(provider, call):
    with pytest.raises(UnknownChannel, match="nowhere"):
        await call(provider)


@pytest.mark.parametrize(
    "call",
    [
        lambda it: it.send_message("pod_123_chat", "4", NewMessage("Hello")),
        lambda it: it.mark_as_read("pod_123_chat", "4"),
    ],
)
async def test_who_is_not_a_member_can_not_take_part(provider, call):
    await party(provider)

    with pytest.raises(NotAMember) as refused:
        await call(provider)

    assert (refused.value.channel_url, refused.value.user_id) == ("pod_123_chat", "4")


async def test_other_refusals_keep_sendbirds_code(provider):
    with pytest.raises(Rejected, match="400111") as refused:
        await provider.create_group_channel("a/b", "Name", ["1"])

    assert refused.value.code == 400111


async def test_a_wrong_token_is_told_to_the_operator(platform, clock, caplog):
    async with client(platform.url, "another token", timeout=5) as http:
        with pytest.raises(Rejected, match="400401"):
            await SendbirdProvider(PlatformApi(http), clock, TOKEN).list_messages("pod_123_chat")

    assert "does not take the API token" in caplog.text
    assert "another token" not in caplog.text


async def test_a_limit_is_waited_out_for_as_long_as_sendbird_says(platform, provider, waits):
    await party(provider)
    platform.misbehave(429, 429)

    await provider.send_message("pod_123_chat", "1", NewMessage("Hello"))

    assert waits == [1, 1]
    assert platform.channels["pod_123_chat"].texts == ["Hello"]


async def test_a_burst_beyond_the_limit_is_sent_in_the_seconds_after_it(platform, clock):
    moment = [1_700_000_000.25]
    platform.per_second, platform.clock = 5, lambda: moment[0]

    async def wait(seconds):
        moment[0] += seconds

    async with client(platform.url, TOKEN, timeout=5) as http:
        provider = SendbirdProvider(PlatformApi(http, wait=wait), clock, TOKEN)
        await party(provider)
        for each in range(12):
            await provider.send_message("pod_123_chat", "1", NewMessage(str(each)))

    assert platform.channels["pod_123_chat"].texts == [str(each) for each in range(12)]
    assert moment == [1_700_000_002]


async def test_a_limit_that_takes_too_long_is_told(platform, provider, waits):
    await party(provider)
    platform.misbehave(*[429] * 11)

    with pytest.raises(TooManyRequests) as refused:
        await provider.send_message("pod_123_chat", "1", NewMessage("Hello"))

    assert refused.value.delay == 1
    assert waits == [1] * 10
    assert platform.channels["pod_123_chat"].texts == []


@pytest.mark.parametrize("fault", [500, 502, 503])
async def test_a_fault_that_passes_is_not_noticed(platform, provider, waits, fault):
    await party(provider)
    platform.misbehave(fault, fault)

    assert await provider.list_messages("pod_123_chat") == []
    assert waits == [0.2, 1]


async def test_a_fault_that_stays_is_told(platform, provider):
    platform.misbehave(500, 502, 500)

    with pytest.raises(Unreachable, match="answered with 500"):
        await provider.list_messages("pod_123_chat")


async def test_what_may_have_been_said_is_not_said_again(platform, provider, network):
    await party(provider)
    network.loses = 1

    with pytest.raises(Unreachable, match="did not answer"):
        await provider.send_message("pod_123_chat", "1", NewMessage("Hello"))

    assert platform.channels["pod_123_chat"].texts == ["Hello"]


async def test_an_answer_is_not_waited_for_without_end(platform, clock):
    platform.misbehave("never")

    async with client(platform.url, TOKEN, timeout=0.01) as hasty:
        with pytest.raises(Unreachable, match="did not answer"):
            await SendbirdProvider(PlatformApi(hasty), clock, TOKEN).send_message(
                "a", "1", NewMessage("Hello")
            )


async def test_nobody_there_is_told(waits, clock):
    async def wait(seconds):
        waits.append(seconds)

    async with client("http://127.0.0.1:9", TOKEN, timeout=5) as http:
        with pytest.raises(Unreachable, match="not reached"):
            await SendbirdProvider(PlatformApi(http, wait=wait), clock, TOKEN).send_message(
                "a", "1", NewMessage("Hello")
            )

    assert waits == [0.2, 1]
