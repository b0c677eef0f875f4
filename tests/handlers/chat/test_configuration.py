import pytest

from handlers.chat.configuration import flag_in, shipped
from handlers.chat.flag import Flag
from wirepact.errors import Misconfigured


@pytest.fixture
def configuration(tmp_path):
    def write(text):
        path = tmp_path / "chat.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("environment", ["dev", "stg", "prod"])
def test_as_shipped_everyone_is_on_websocket(environment):
    assert flag_in(shipped(environment), None) == Flag(use_websocket=True)


def test_every_key_has_its_place_in_the_flag(configuration):
    path = configuration(
        """
        [chat]
        use_websocket = false
        websocket_channels = ["pod_1_chat"]
        websocket_users = ["1", "2"]
        websocket_percentage = 12.5
        """
    )

    assert flag_in(path, None) == Flag(
        channels=frozenset({"pod_1_chat"}), users=frozenset({"1", "2"}), percentage=12.5
    )


def test_the_variable_goes_into_the_flag(configuration):
    assert flag_in(configuration("[chat]\nuse_websocket = true"), False).is_for_none


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "chat: is required"),
        ("[chat]", "chat.use_websocket: is required"),
        ("[chat]\nuse_websocket = 1", "chat.use_websocket: must be true or false"),
        ("[chat]\nuse_websockets = true", "chat.use_websockets: is not expected"),
        ("[chat]\nuse_websocket = false\nwebsocket_percentage = 101", "must be at most 100"),
        (
            "[chat]\nuse_websocket = false\nwebsocket_users = [1]",
            r"chat.websocket_users.0: must be a string",
        ),
        ("[chat", "can't be read as TOML"),
    ],
)
def test_what_is_wrong_is_named_with_its_key(configuration, text, told):
    with pytest.raises(Misconfigured, match=rf"CHAT_CONFIGURATION: .*chat\.toml.*{told}"):
        flag_in(configuration(text), None)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Misconfigured, match=r"CHAT_CONFIGURATION: .*nowhere\.toml can't be read"):
        flag_in(tmp_path / "nowhere.toml", None)
