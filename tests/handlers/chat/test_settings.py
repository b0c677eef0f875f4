import pytest

from handlers.chat.settings import ChatSettings
from handlers.chat.uploads import UploadRules
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


def test_what_may_be_uploaded_is_a_setting(monkeypatch, tmp_path):
    monkeypatch.setenv("CHAT_FILES", str(tmp_path))
    monkeypatch.setenv("CHAT_FILE_BYTES", "5")
    monkeypatch.setenv("CHAT_FILE_TYPES", "image/png, application/pdf")

    settings = ChatSettings.load()

    assert settings.upload_rules == UploadRules(5, {"image/png", "application/pdf"})
    assert settings.files_in(tmp_path / "var") == tmp_path


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("FILE_BYTES", "0"),
        ("FILE_BYTES", "30000000"),
        ("FILE_TYPES", "images"),
        ("FILE_TYPES", "image/*"),
        ("FILE_TYPES", "image/png,"),
    ],
)
def test_what_can_be_no_rule_for_uploads_is_told(monkeypatch, name, wrong):
    monkeypatch.setenv(f"CHAT_{name}", wrong)

    with pytest.raises(Misconfigured, match=f"CHAT_{name}: must be"):
        ChatSettings.load()
