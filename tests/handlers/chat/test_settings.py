import pytest

from handlers.chat.settings import ChatSettings
from wirepact.errors import Misconfigured


@pytest.mark.parametrize(
    ("said", "env", "served"),
    [
        ("", "development", True),
        ("true", "development", True),
        ("false", "development", False),
        ("", "production", False),
        ("false", "production", False),
    ],
)
def test_the_test_endpoint_is_there_in_development_only(monkeypatch, said, env, served):
    monkeypatch.setenv("CHAT_TEST_ENDPOINT", said)

    assert ChatSettings.load().has_test_endpoint(env) is served


def test_nobody_can_switch_it_on_in_production(monkeypatch):
    monkeypatch.setenv("CHAT_TEST_ENDPOINT", "true")

    with pytest.raises(Misconfigured, match=r"CHAT_TEST_ENDPOINT: .* in development only"):
        ChatSettings.load().has_test_endpoint("production")


def test_a_wrong_setting_is_told_by_its_name(monkeypatch):
    monkeypatch.setenv("CHAT_TEST_ENDPOINT", "maybe")

    with pytest.raises(Misconfigured, match="CHAT_TEST_ENDPOINT: must be true or false"):
        ChatSettings.load()
