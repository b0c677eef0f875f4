import pytest

from handlers.chat.domain import NotAMember, UnknownChannel, UnknownFile
from handlers.chat.files import FolderFiles
from handlers.chat.sharing import Sharing
from handlers.chat.uploads import TypeNotAllowed, UploadRules

POD = "pod_123_chat"
KEY = "0123456789abcdef" * 2


@pytest.fixture
def files(tmp_path):
    return FolderFiles(tmp_path / "files")


@pytest.fixture
def sharing(store, files, noon):
    return Sharing(store, files, UploadRules(100, {"text/plain"}), lambda: noon)


def names(tmp_path):
    return [each.name for each in (tmp_path / "files").rglob("*") if each.is_file()]


async def test_what_is_put_is_got_until_it_is_removed(files, tmp_path):
    await files.put(KEY, b"1")
    await files.put(KEY, b"22")
    assert await files.get(KEY) == b"22"
    assert names(tmp_path) == [KEY]

    await files.remove(KEY)
    await files.remove(KEY)

    with pytest.raises(KeyError):
        await files.get(KEY)


@pytest.mark.parametrize("key", ["", "../" + "0" * 29, "0" * 31, "0" * 33, "G" * 32, "0" * 31 + "\n"])
async def test_what_is_no_key_names_no_file(files, key):
    with pytest.raises(KeyError):
        await files.get(key)


@pytest.mark.usefixtures("pod")
async def test_members_get_what_members_uploaded(sharing):
    file = await sharing.upload(POD, 1, "a/menu.txt", "text/plain", b"Soup")

    assert (file.name, file.size, file.media_type) == ("menu.txt", 4, "text/plain")
    assert await sharing.download(POD, 2, file.key) == (file, b"Soup")


@pytest.mark.usefixtures("pod")
async def test_nobody_else_uploads_or_gets_anything(sharing, tmp_path):
    file = await sharing.upload(POD, 1, "menu.txt", "text/plain", b"Soup")

    with pytest.raises(NotAMember):
        await sharing.download(POD, 4, file.key)
    with pytest.raises(NotAMember):
        await sharing.upload(POD, 4, "menu.txt", "text/plain", b"Soup")
    with pytest.raises(UnknownChannel):
        await sharing.upload("elsewhere", 1, "menu.txt", "text/plain", b"Soup")
    with pytest.raises(TypeNotAllowed):
        await sharing.upload(POD, 1, "menu.html", "text/html", b"Soup")
    assert names(tmp_path) == [file.key]


@pytest.mark.usefixtures("pod")
async def test_a_file_that_nobody_knows_of_is_not_kept(sharing, monkeypatch, tmp_path):
    async def fail(*_):
        raise ConnectionError

    monkeypatch.setattr(type(sharing.store), "add_file", fail)
    with pytest.raises(ConnectionError):
        await sharing.upload(POD, 1, "menu.txt", "text/plain", b"Soup")

    assert names(tmp_path) == []


@pytest.mark.usefixtures("pod")
async def test_a_file_that_was_lost_is_told_as_one_that_there_is_none(sharing, files):
    file = await sharing.upload(POD, 1, "menu.txt", "text/plain", b"Soup")
    await files.remove(file.key)

    with pytest.raises(UnknownFile):
        await sharing.download(POD, 1, file.key)
