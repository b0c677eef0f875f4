"""What the handlers do before they hand anything on."""

import pytest

from generated.chat.messages import NewFile
from handlers.chat.files import FolderFiles
from handlers.chat.flag import Flag
from handlers.chat.handlers import Chat
from handlers.chat.sharing import Sharing
from handlers.chat.uploads import UploadRules
from wirepact.auth import Identity
from wirepact.errors import NotFound
from wirepact.server import Caller

POD = "pod_123_chat"
MENU = NewFile(name="menu.txt", media_type="text/plain", data=b"Soup")


@pytest.fixture
def sharing(store, clock, tmp_path):
    return Sharing(store, FolderFiles(tmp_path), UploadRules(100, {"text/plain"}), clock)


@pytest.fixture
def handlers(chats, store, conversation, sharing, ears):
    return lambda flag: Chat(chats(flag), store, conversation, sharing, ears)


async def test_a_channel_that_belongs_here_takes_files_before_anybody_has_connected(handlers, hosted):
    await hosted.create_group_channel(POD, "파티 채팅방", ["1", "2"])
    here = handlers(Flag(use_websocket=True))

    stored = await here.upload_file(Caller(Identity("1")), POD, MENU)

    assert (await here.download_file(Caller(Identity("2")), POD, stored.url.split("/")[-2])).data == b"Soup"


async def test_one_that_stays_at_sendbird_takes_none(handlers, hosted):
    await hosted.create_group_channel(POD, "파티 채팅방", ["1", "2"])

    with pytest.raises(NotFound):
        await handlers(Flag()).upload_file(Caller(Identity("1")), POD, MENU)
