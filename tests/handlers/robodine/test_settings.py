from pathlib import Path

import pytest

from handlers.robodine.settings import RobodineSettings
from wirepact.errors import Misconfigured


@pytest.fixture(autouse=True)
def unset(monkeypatch):
    monkeypatch.delenv("ROBODINE_TCP_PORT")


def test_what_holds_when_nothing_is_set():
    settings = RobodineSettings.load()

    assert settings.database_at(Path("var")) == "sqlite+aiosqlite:///var/wirepact.db"
    assert (settings.tcp_host, settings.tcp_port) == ("127.0.0.1", 9009)
    assert settings.poll_interval == 10
    assert settings.lets_anonymous_in("development")
    assert not settings.lets_anonymous_in("production")


def test_the_password_shows_in_no_text(monkeypatch):
    monkeypatch.setenv("ROBODINE_DATABASE_URL", "postgresql+asyncpg://robodine:secret@db.example/floor")

    assert "secret" not in repr(RobodineSettings.load())


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("DATABASE_URL", "my.db", "a database URL, like"),
        ("ANONYMOUS", "perhaps", "true or false"),
        ("TCP_PORT", "70000", "a port from 1 to 65535"),
        ("TOPIC_CONNECTIONS", "0", "a number from 1 on"),
        ("PING_INTERVAL", "0", "a number of seconds above 0"),
        ("POLL_INTERVAL", "inf", "a number of seconds above 0"),
        ("LOG_LINES", "many", "a number from 1 on"),
    ],
)
def test_a_wrong_value_is_told_with_its_name(monkeypatch, name, value, complaint):
    monkeypatch.setenv(f"ROBODINE_{name}", value)

    with pytest.raises(Misconfigured, match=f"ROBODINE_{name}: must be {complaint}"):
        RobodineSettings.load()
