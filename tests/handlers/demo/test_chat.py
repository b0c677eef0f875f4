import pytest

from handlers.chat.service import chat as service
from handlers.chat.settings import ChatSettings
from handlers.demo.back_end import BackEnd
from handlers.demo.chat import chat
from handlers.demo.errors import Unwelcome
from handlers.demo.party import SAID
from handlers.demo.visitor import ID
from outside import outside, some
from wirepact.broker_memory import MemoryBroker
from wirepact.server import Node, build_app
from wirepact.settings import Settings
from wirepact.testing import authenticator, serving
from wirepact_clients.chat import messages
from wirepact_clients.chat.client import ChatClient


@pytest.fixture
async def url(tmp_path):
    node = Node(MemoryBroker(), authenticator(), Settings(state_dir=tmp_path))
    served = service(node, ChatSettings())
    async with serving(build_app(node, served.routes, lifespan=[served.lifespan])) as url:
        yield url


async def test_whoever_looks_on_is_a_member_and_hears_friends_talk(url):
    life = chat(outside(url))
    told = [await anext(life)]
    client = ChatClient(url.replace("http", "ws"), token=outside().token(ID))
    async with client, client.room(channel_url="demo_chat") as here:
        while len([each for each in told if each]) < 3:
            told.append(await anext(life))
        while not isinstance(heard := await here.receive(), messages.Text):
            pass
    await life.aclose()

    assert heard.message == SAID[0]
    assert any(each.endswith(SAID[0]) for each in told)


async def test_a_file_that_is_shown_can_be_had(url):
    here = outside(url)
    life = chat(here)
    while not (await anext(life)).endswith("shows 예약.txt"):
        pass
    await life.aclose()

    async with BackEnd(url, here.token(ID)) as member:
        page = await member.get("/api/v1/chat/channels/demo_chat/messages/?limit=1")
    assert page["messages"][0]["type"] == "FILE"
    assert page["messages"][0]["file"]["name"] == "예약.txt"


async def test_a_second_life_talks_in_the_same_channel(url):
    await some(chat(outside(url)), 2)

    assert await some(chat(outside(url)), 2)


async def test_a_server_with_another_key_is_told_apart(url):
    with pytest.raises(Unwelcome, match="answered with 401"):
        await some(chat(outside(url, key="a key that this server does not trust at all")), 1)
