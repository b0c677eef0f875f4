"""Settings from the environment."""

import re
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from wirepact.auth import JwksAuthenticator
from wirepact.errors import Misconfigured
from wirepact.settings import PREFIX, Settings

TABLE = Path(__file__).parents[2] / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("PORT", "eighty", "must be an integer"),
        ("PORT", "70000", "must be at most 65535"),
        ("ENV", "staging", "must be 'development' or 'production'"),
        ("PING_INTERVAL", "0", "must be greater than 0"),
        ("JWT_SECRET", "short", "must have at least 32 bytes"),
        ("NODES_SECRET", "short", "must have at least 32 bytes"),
        (
            "BROKER",
            "amqp://user:hunter2@host",
            "must be memory://, sqlite:///path/to/file, redis://host:6379/0 or rediss://host:6379/0",
        ),
        ("BROKER_PREFIX", "{a}", "must match ^[A-Za-z0-9._-]{1,64}$"),
        (
            "JWKS_ALGORITHMS",
            "RS256,HS256",
            "HS256 is not among RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA",
        ),
    ],
)
def test_a_wrong_value_is_named_and_not_shown(monkeypatch, name, value, problem):
    monkeypatch.setenv(f"{PREFIX}{name}", value)

    with pytest.raises(Misconfigured) as caught:
        Settings.load()

    assert str(caught.value) == f"{PREFIX}{name}: {problem}"


def test_production_needs_a_secret(monkeypatch):
    monkeypatch.setenv("WIREPACT_ENV", "production")

    with pytest.raises(Misconfigured, match="WIREPACT_JWT_SECRET: must be set in production"):
        Settings.load().jwt_key()


def test_published_keys_need_no_secret(monkeypatch):
    monkeypatch.setenv("WIREPACT_ENV", "production")
    monkeypatch.setenv("WIREPACT_JWKS_URL", "https://id.example/keys")

    assert isinstance(Settings.load().authenticator(), JwksAuthenticator)


def test_keys_are_not_fetched_in_the_clear_in_production(monkeypatch):
    monkeypatch.setenv("WIREPACT_ENV", "production")
    monkeypatch.setenv("WIREPACT_JWKS_URL", "http://id.example/keys")

    with pytest.raises(Misconfigured, match="WIREPACT_JWKS_URL: must be https in production"):
        Settings.load()


def test_development_makes_a_secret_and_keeps_it(tmp_path):
    first, second = Settings.load().jwt_key(), Settings.load().jwt_key()

    kept = tmp_path / "var" / "jwt.secret"
    assert first == second == kept.read_text()
    assert len(first) >= 32
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_secret_shows_in_no_text(monkeypatch):
    monkeypatch.setenv("WIREPACT_JWT_SECRET", "s3cret" * 10)

    settings = Settings.load()

    assert settings.jwt_key() == "s3cret" * 10
    assert "s3cret" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_nodes_sign_with_the_key_of_tokens_unless_they_have_their_own(monkeypatch):
    monkeypatch.setenv("WIREPACT_JWT_SECRET", "t" * 32)
    with_that_of_tokens = Settings.load().nodes_key()
    monkeypatch.setenv("WIREPACT_NODES_SECRET", "n" * 32)

    assert (with_that_of_tokens, Settings.load().nodes_key()) == ("t" * 32, "n" * 32)


def test_the_password_of_a_broker_shows_in_no_text(monkeypatch):
    monkeypatch.setenv("WIREPACT_BROKER", "redis://user:hunter2@host/0")

    settings = Settings.load()

    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_origins_are_a_list_with_commas(monkeypatch):
    monkeypatch.setenv("WIREPACT_ORIGINS", "https://A.example/, http://b.example:8080")

    assert Settings.load().origins == ("https://a.example", "http://b.example:8080")


def test_every_setting_stands_in_the_documented_table_with_its_default():
    rows = dict(re.findall(r"^\| `(WIREPACT_\w+)` \| ([^|]+) \|", TABLE.read_text(), re.MULTILINE))

    assert rows.keys() == {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default = rows[f"{PREFIX}{name.upper()}"].strip()
        value = ",".join(field.default) if isinstance(field.default, tuple) else field.default
        value = value.get_secret_value() if isinstance(value, SecretStr) else value
        assert default == ("none" if value in (None, "") else f"`{value}`"), name
