from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from generated.spc.channels import NOTIFICATIONS
from handlers.spc.settings import SpcSettings
from wirepact.errors import Misconfigured


def test_by_default_the_database_is_a_file_in_the_state_directory():
    assert SpcSettings.load().database_at(Path("var")) == "sqlite+aiosqlite:///var/wirepact.db"


def test_any_database_can_be_set(monkeypatch):
    url = "postgresql+asyncpg://spc:secret@db.example/factory"
    monkeypatch.setenv("SPC_DATABASE_URL", url)

    assert SpcSettings.load().database_at(Path("var")) == url


def test_the_password_shows_in_no_text(monkeypatch):
    monkeypatch.setenv("SPC_DATABASE_URL", "postgresql+asyncpg://spc:secret@db.example/factory")

    assert "secret" not in repr(SpcSettings.load())


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("SPC_DATABASE_URL", "my.db", "SPC_DATABASE_URL: must be a database URL"),
        ("SPC_TIMEZONE", "Asia/Atlantis", "SPC_TIMEZONE: must be a time zone"),
        ("SPC_ANONYMOUS", "perhaps", "SPC_ANONYMOUS: must be true or false"),
        ("SPC_CONNECTIONS", "none", "SPC_CONNECTIONS: must be a number from 1 on"),
        ("SPC_CONNECTIONS_PER_USER", "-7", "SPC_CONNECTIONS_PER_USER: must be a number from 1 on"),
        ("SPC_IDLE", "inf", "SPC_IDLE: must be a number of seconds above 0"),
    ],
)
def test_a_wrong_value_is_told_with_its_name(monkeypatch, name, value, complaint):
    monkeypatch.setenv(name, value)

    with pytest.raises(Misconfigured) as caught:
        SpcSettings.load()

    assert str(caught.value).startswith(complaint)
    assert value not in str(caught.value)


def test_the_factory_is_in_seoul_unless_it_is_elsewhere(monkeypatch):
    assert SpcSettings.load().timezone == ZoneInfo("Asia/Seoul")

    monkeypatch.setenv("SPC_TIMEZONE", "Europe/Berlin")

    assert SpcSettings.load().timezone == ZoneInfo("Europe/Berlin")


def test_who_has_no_token_may_listen_in_development_only():
    assert SpcSettings.load().lets_anonymous_in("development")
    assert not SpcSettings.load().lets_anonymous_in("production")


@pytest.mark.parametrize(("value", "lets_in"), [("true", True), ("false", False)])
def test_what_is_set_counts_everywhere(monkeypatch, value, lets_in):
    monkeypatch.setenv("SPC_ANONYMOUS", value)

    assert SpcSettings.load().lets_anonymous_in("development") is lets_in
    assert SpcSettings.load().lets_anonymous_in("production") is lets_in


def test_limits_are_those_of_the_document_unless_they_are_set(monkeypatch):
    declared = NOTIFICATIONS.limits
    assert SpcSettings.load().limits(declared) == declared

    monkeypatch.setenv("SPC_CONNECTIONS", "5")
    monkeypatch.setenv("SPC_IDLE", "60")

    assert SpcSettings.load().limits(declared) == replace(declared, connections=5, idle=60)
