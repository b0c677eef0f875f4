"""Chat in a running server beside a Sendbird: what its clients see, who do not know where a channel is."""

from contextlib import AsyncExitStack

import httpx
import pytest
from websockets.asyncio.client import connect

from handlers.app import create_app
from handlers.chat.provider_settings import ProviderSettings
from handlers.chat.service import chat
from handlers.chat.settings import ChatSettings
from party import POD, bearer
from sendbird_server import TOKEN, sendbird
from wirepact.broker_memory import MemoryBroker
from wirepact.errors import Misconfigured
from wirepact.server import Node, build_app
from wirepact.settings import Settings
from wirepact.testing import KEY, authenticator, serving, token

BODY = {"channel_url": POD, "name": "파티 채팅방", "user_ids": ["1", "2"], "data": {"pod_id": 123}}


@pytest.fixture
async def platform():
    async with sendbird() as here:
        here.delay = 0.01
        yield here


@pytest.fixture
async def serve(platform, tmp_path):
    """Serves, with the channels on WebSocket that a configuration names. Gives an HTTP client."""
    async with AsyncExitStack() as stack:

        async def serve(**chats):
            configuration = tmp_path / "chat.toml"
            lines = [f"{name} = {value!r}" for name, value in chats.items()]
            configuration.write_text("\n".join(["[chat]", "use_websocket = false", *lines]))
            node = Node(MemoryBroker(), authenticator(), Settings(state_dir=tmp_path))
            providers = ProviderSettings(
                chat_configuration=configuration,
                sendbird_app_id="app",
                sendbird_api_token=TOKEN,
                sendbird_url=platform.url,
            )
            service = chat(node, ChatSettings(), providers)
            app = build_app(node, service.routes, lifespan=[service.lifespan])
            url = await stack.enter_async_context(serving(app))
            return await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False))

        yield serve


async def created(http):
    return await http.post("/api/v1/chat/channels/", json=BODY, headers=bearer("back", "SERVICE"))


def path(rest, pod=POD):
    return f"/api/v1/chat/channels/{pod}/{rest}/"


async def listen(http, user="1"):
    """Connects to the channel. Gives the close code of a connection that is turned away."""
    url = str(http.base_url).replace("http", "ws")
    async with connect(f"{url}/api/v1/chat/ws/{POD}?token={token(user)}", proxy=None) as here:
        await here.wait_closed()
        return here.close_code


@pytest.fixture(params=["at sendbird", "on websocket"])
async def http(serve, request):
    """A server with the channel at one of the places."""
    names = [POD] if request.param == "on websocket" else []
    http = await serve(websocket_channels=names)
    assert (await created(http)).status_code == 201
    return http


async def test_a_channel_is_made_wherever_it_belongs(http):
    again = await created(http)

    assert (again.status_code, again.json()) == (201, BODY)


async def test_another_channel_of_its_name_is_refused(http):
    answer = await http.post(
        "/api/v1/chat/channels/", json=BODY | {"name": "Other"}, headers=bearer("back", "SERVICE")
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


async def test_members_are_added_and_listed(http):
    added = await http.post(path("members"), json={"user_ids": ["3"]}, headers=bearer(1))

    listed = await http.get(path("members"), headers=bearer(3))

    assert added.json() == listed.json()
    assert listed.json()["members"] == [{"user_id": each, "read_until": None} for each in (1, 2, 3)]


async def test_reading_is_for_members_only(http):
    done = await http.post(path("read"), headers=bearer(2))
    refused = await http.post(path("read"), headers=bearer(3))

    assert (done.status_code, done.json()["user_id"]) == (200, 2)
    assert (refused.status_code, refused.json()["message"]) == (
        403,
        "only members of the channel may do this",
    )


@pytest.mark.parametrize("rest", ["messages", "members"])
async def test_what_is_in_a_channel_is_for_members_only(http, rest):
    answers = [await http.get(path(rest), headers=bearer(each)) for each in (1, 3, "nobody")]

    assert [each.status_code for each in answers] == [200, 403, 403]


@pytest.mark.parametrize("rest", ["messages", "members"])
async def test_a_channel_that_is_nowhere_is_not_found(http, rest):
    answer = await http.get(path(rest, "pod_9_chat"), headers=bearer(1))

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_messages_at_sendbird_are_paged_as_ours_are(serve, platform):
    http = await serve()
    await created(http)
    for each in range(3):
        platform.say(POD, "1", f"No. {each}")
    platform.say(
        POD, "2", "", message_type="FILE", url="https://files.example/a.pdf", file_type="application/pdf"
    )

    first = (await http.get(path("messages"), params={"limit": 2}, headers=bearer(1))).json()
    rest = (await http.get(path("messages"), params={"before": first["next"]}, headers=bearer(1))).json()

    assert [
        (each["type"], each["user_id"], each["message"]) for each in first["messages"] + rest["messages"]
    ] == [
        ("FILE", 2, "https://files.example/a.pdf"),
        ("MESG", 1, "No. 2"),
        ("MESG", 1, "No. 1"),
        ("MESG", 1, "No. 0"),
    ]
    assert "next" not in rest


async def test_a_channel_at_sendbird_can_not_be_listened_to_here(serve):
    http = await serve()
    await created(http)

    assert await listen(http) == 4404


@pytest.mark.parametrize(("fault", "times"), [(503, 3), (429, 2000)])
async def test_sendbird_out_of_reach_is_told_as_such(serve, platform, fault, times):
    http = await serve()
    await created(http)
    platform.delay = 60
    platform.misbehave(*[fault] * times)

    answer = await http.get(path("members"), headers=bearer("back", "SERVICE"))

    told = {"code": "unavailable", "message": "the chat can't be reached right now; try again later"}
    assert (answer.status_code, answer.json()) == (503, told)
    assert answer.headers.get("Retry-After") == ("60" if fault == 429 else None)


async def test_who_wants_to_listen_while_sendbird_is_out_of_reach_is_told_to_come_back(serve, platform):
    http = await serve()
    await created(http)
    moving = await serve(websocket_channels=[POD])
    platform.misbehave(*[503] * 3)

    assert await listen(moving) == 1013


def test_a_server_that_would_need_sendbird_does_not_start_without(monkeypatch, tmp_path):
    monkeypatch.setenv("WIREPACT_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("WIREPACT_JWT_SECRET", KEY)
    monkeypatch.setenv("USE_WEBSOCKET_CHAT", "false")

    with pytest.raises(Misconfigured, match="SENDBIRD_APP_ID: must be set"):
        create_app()
