"""Chat over real sockets, in what conversations can't show: its test address, its order, its restart."""

import asyncio
import json
import re

import pytest
from websockets.exceptions import InvalidStatus

from handlers.chat.service import chat
from handlers.chat.settings import ChatSettings
from party import POD, bearer, hear, heard, party
from wirepact.broker_memory import MemoryBroker
from wirepact.errors import Misconfigured, Unavailable
from wirepact.server import Node
from wirepact.settings import Settings
from wirepact.testing import authenticator

TEST = f"/api/v1/chat/ws/{POD}/test?user_id=2"


async def test_frames_are_those_of_the_page_byte_for_byte(tmp_path):
    async with party(tmp_path) as here:
        ann = await here.enter(1)
        joined = await hear(ann)
        await ann.send('{"type": "MESG", "message": "안녕하세요!"}')
        said = await hear(ann)
        bob = await here.enter(2)
        await heard(ann, "USER_JOINED")
        await bob.close()

        left = await hear(ann)

    time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
    told = '{"type":"%s","channel_url":"pod_123_chat","user_id":%d%s}'
    assert re.fullmatch(told % ("USER_JOINED", 1, f',"timestamp":"{time}"'), joined)
    assert re.fullmatch(told % ("MESG", 1, f',"message":"안녕하세요!","timestamp":"{time}"'), said)
    assert left == told % ("USER_LEFT", 2, "")


async def test_who_is_at_the_test_address_is_who_they_say_and_talks_with_all(tmp_path):
    async with party(tmp_path) as here:
        ann = await here.enter(1)
        await heard(ann, "USER_JOINED")
        bob = await here.open(TEST)
        assert (await heard(ann, "USER_JOINED"))["user_id"] == 2
        await bob.send('{"type": "MESG", "message": "Hi"}')

        assert await heard(ann, "MESG") == await heard(bob, "MESG")
        await ann.send('{"type": "READ"}')
        assert await heard(bob, "READ") == await heard(ann, "READ")


async def test_at_the_test_address_too_only_members_are_let_in(tmp_path):
    async with party(tmp_path) as here:
        for path, code in (
            (f"/api/v1/chat/ws/{POD}/test?user_id=4", 4403),
            (f"/api/v1/chat/ws/{POD}/test?user_id=x", 4400),
            (f"/api/v1/chat/ws/{POD}/test", 4400),
            ("/api/v1/chat/ws/pod_124_chat/test?user_id=1", 4404),
        ):
            client = await here.open(path)
            await asyncio.wait_for(client.wait_closed(), 20)
            assert client.close_code == code, path


async def test_where_it_is_switched_off_nobody_finds_the_test_address(tmp_path):
    async with party(tmp_path, test_endpoint=False) as here:
        with pytest.raises(InvalidStatus, match="404"):
            await here.open(TEST)

        assert list(here.node.report().channels) == ["chat.room"]


def test_in_production_it_stops_the_start(tmp_path):
    node = Node(MemoryBroker(), authenticator(), Settings(env="production", state_dir=tmp_path))

    with pytest.raises(Misconfigured, match="CHAT_TEST_ENDPOINT"):
        chat(node, ChatSettings(test_endpoint=True))


def test_in_production_nobody_finds_it_unless_somebody_tries_to_switch_it_on(tmp_path):
    node = Node(MemoryBroker(), authenticator(), Settings(env="production", state_dir=tmp_path))

    served = [each.opt["channel"].name for each in chat(node, ChatSettings()).routes if "channel" in each.opt]

    assert served == ["room"]


async def test_what_was_said_is_there_after_a_restart(tmp_path):
    async with party(tmp_path) as here:
        ann = await here.enter(1)
        await ann.send('{"type": "MESG", "message": "Before"}')
        said = await heard(ann, "MESG")

    async with party(tmp_path) as here:
        again = await here.enter(1)
        await heard(again, "USER_JOINED")
        page = (await here.http.get(here.path("messages/"), headers=bearer(2))).json()

    assert page == {"messages": [{"id": 1, **said}]}


async def test_what_many_say_at_once_is_told_in_the_order_in_which_it_is_kept(tmp_path):
    async with party(tmp_path) as here:
        members = [await here.enter(user_id) for user_id in (1, 2, 3)]
        await asyncio.gather(
            *(
                each.send(json.dumps({"type": "MESG", "message": str(n)}))
                for n in range(10)
                for each in members
            )
        )

        told = [[(await heard(each, "MESG"))["message"] for _ in range(30)] for each in members]
        page = (await here.http.get(here.path("messages/?limit=100"), headers=bearer(1))).json()["messages"]

    assert told[0] == told[1] == told[2] == [each["message"] for each in reversed(page)]


class _Mute(MemoryBroker):
    async def publish(self, publication):
        raise Unavailable("broker", "out of reach")


async def test_what_can_not_be_told_is_kept_all_the_same(tmp_path):
    async with party(tmp_path, broker=_Mute()) as here:
        ann = await here.enter(1)
        await ann.send('{"type": "MESG", "message": "Anybody?"}')
        await ann.send('{"type": "POKE"}')
        await heard(ann, "ERROR")

        page = (await here.http.get(here.path("messages/"), headers=bearer(1))).json()

    assert [each["message"] for each in page["messages"]] == ["Anybody?"]


async def test_a_file_is_uploaded_shown_and_downloaded(tmp_path):
    png = b"\x89PNG\r\n\x1a\n" + bytes(100)
    async with party(tmp_path) as here:
        ann = await here.enter(1)
        upload = {"file": ("식탁.png", png, "image/png")}
        stored = (await here.http.post(here.path("files/"), files=upload, headers=bearer(1))).json()
        await ann.send(json.dumps({"type": "IMAGE", "message": "", "file": stored | {"size": 1}}))
        shown = await heard(ann, "IMAGE")

        got = await here.http.get(shown["file"]["url"], headers=bearer(2))
        refused = await here.http.get(shown["file"]["url"], headers=bearer(4))

    assert (stored["name"], stored["size"]) == ("식탁.png", len(png))
    assert shown["file"] == stored
    assert (got.content, got.headers["content-type"]) == (png, "image/png")
    assert refused.status_code == 403


async def test_a_file_over_the_limit_is_refused_and_nothing_of_it_kept(tmp_path):
    async with party(tmp_path, file_bytes=10, files=tmp_path / "files") as here:
        answers = [
            await here.http.post(
                here.path("files/"), files={"file": ("a.txt", bytes(size), "text/plain")}, headers=bearer(1)
            )
            for size in (10, 11, 26_300_000)
        ]

    assert [each.status_code for each in answers] == [201, 413, 413]
    assert answers[1].json() == {"code": "too_large", "message": "a file has at most 10 bytes"}
    assert len([each for each in (tmp_path / "files").rglob("*") if each.is_file()]) == 1
