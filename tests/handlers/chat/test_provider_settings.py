import pytest

from handlers.chat.flag import Flag
from handlers.chat.provider_settings import ProviderSettings
from wirepact.errors import Misconfigured

NAMES = [name.upper() for name in ProviderSettings.model_fields]


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_nothing_needs_to_be_set():
    settings = ProviderSettings.load()

    assert settings.flag("production") == Flag(use_websocket=True)
    assert settings.sendbird("production") is None


def test_the_variable_wins(monkeypatch):
    monkeypatch.setenv("USE_WEBSOCKET_CHAT", "false")

    assert ProviderSettings.load().flag("development").is_for_none


@pytest.mark.parametrize(
    ("env", "named", "marker"),
    [("production", None, "prod"), ("development", None, "dev"), ("production", "stg", "stg")],
)
def test_each_environment_has_its_configuration(monkeypatch, tmp_path, env, named, marker):
    for each in ("dev", "stg", "prod"):
        (tmp_path / f"{each}.toml").write_text(
            f'[chat]\nuse_websocket = false\nwebsocket_channels = ["{each}"]'
        )
    monkeypatch.setattr("handlers.chat.configuration._SHIPPED", tmp_path)
    if named:
        monkeypatch.setenv("CHAT_ENVIRONMENT", named)

    assert ProviderSettings.load().flag(env) == Flag(channels=frozenset({marker}))


def test_a_configuration_elsewhere_can_be_named(monkeypatch, tmp_path):
    (tmp_path / "own.toml").write_text("[chat]\nuse_websocket = false\nwebsocket_percentage = 5")
    monkeypatch.setenv("CHAT_CONFIGURATION", str(tmp_path / "own.toml"))

    assert ProviderSettings.load().flag("production") == Flag(percentage=5)


def test_sendbird_is_where_its_application_is(monkeypatch):
    monkeypatch.setenv("SENDBIRD_APP_ID", "0A1B-2C")
    monkeypatch.setenv("SENDBIRD_API_TOKEN", "secret")

    access = ProviderSettings.load().sendbird("production")

    assert (access.url, access.token.get_secret_value()) == ("https://api-0A1B-2C.sendbird.com", "secret")
    assert "secret" not in repr(access)


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"USE_WEBSOCKET_CHAT": "false"}, "SENDBIRD_APP_ID: must be set while not all channels"),
        ({"SENDBIRD_APP_ID": "app"}, "SENDBIRD_API_TOKEN: must be set with SENDBIRD_APP_ID"),
        (
            {"SENDBIRD_APP_ID": "app", "SENDBIRD_API_TOKEN": "t", "SENDBIRD_URL": "http://proxy"},
            "SENDBIRD_URL: must be https in production",
        ),
    ],
)
def test_a_server_that_could_not_get_at_sendbird_does_not_start(monkeypatch, variables, told):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(Misconfigured, match=told):
        ProviderSettings.load().sendbird("production")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("USE_WEBSOCKET_CHAT", "perhaps", "must be true or false"),
        ("CHAT_ENVIRONMENT", "test", "must be dev, stg or prod"),
        ("CHAT_LOOK_INTERVAL", "0", "must be a number of seconds from 0.1 to 3600"),
        ("SENDBIRD_APP_ID", "a/b", "must be letters, digits and hyphens"),
        ("SENDBIRD_URL", "ftp://a", "must be an address that begins with https://"),
        ("SENDBIRD_TIMEOUT", "0", "must be a number of seconds from 0.1 to 60"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch, name, value, told):
    monkeypatch.setenv(name, value)

    with pytest.raises(Misconfigured, match=f"{name}: {told}"):
        ProviderSettings.load()


def test_every_setting_is_in_the_table_of_the_docs(pytestconfig):
    table = (pytestconfig.rootpath / "docs" / "settings.md").read_text()

    assert [name for name in NAMES if f"| `{name}` |" not in table] == []
