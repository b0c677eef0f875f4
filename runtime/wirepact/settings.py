"""The server's settings, from environment variables called `WIREPACT_…`. `docs/settings.md` has the table.

A wrong value stops the start and names the variable; a secret shows in no text that is made of this.
"""

import os
import re
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from wirepact.auth import KEY_BYTES, SIGNATURES, Authenticator, Expected, JwksAuthenticator, JwtAuthenticator
from wirepact.errors import Misconfigured
from wirepact.explanations import explain

PREFIX = "WIREPACT_"

BROKERS = r"memory://|sqlite://(/.+)?|(rediss?|unix)://.+"
BROKER_SHAPES = "memory://, sqlite:///path/to/file, redis://host:6379/0 or rediss://host:6379/0"

_Seconds = Annotated[float, Field(gt=0, le=86_400)]


class Settings(BaseSettings):
    """What can be set about a server. Make one with `Settings.load`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True)

    env: Literal["development", "production"] = "development"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    state_dir: Path = Path("var")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    metrics: Literal["on", "off"] = "on"
    jwt_secret: SecretStr | None = None
    jwt_leeway: Annotated[float, Field(ge=0, le=300)] = 30
    jwt_audience: str | None = None
    jwt_issuer: str | None = None
    jwks_url: Annotated[str, Field(pattern=r"^https?://")] | None = None
    jwks_algorithms: Annotated[tuple[str, ...], NoDecode] = ("RS256", "ES256")
    origins: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    connections: Annotated[int, Field(ge=1)] | None = None
    connects_per_second: Annotated[float, Field(gt=0)] | None = None
    connects_per_minute_and_ip: Annotated[float, Field(gt=0)] | None = None
    ping_interval: _Seconds = 20
    ping_timeout: _Seconds = 20
    handler_deadline: _Seconds = 30
    inbox_messages: Annotated[int, Field(ge=1, le=10_000)] = 64
    shutdown_window: _Seconds = 25
    broker: SecretStr = SecretStr("memory://")
    broker_prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")] = "wirepact"
    nodes_secret: SecretStr | None = None

    @classmethod
    def load(cls) -> Self:
        """The settings of this process. Raises `Misconfigured`, naming the variable."""
        try:
            return cls()
        except ValidationError as error:
            raise _misconfigured(error) from None

    @field_validator("origins", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(each.strip().rstrip("/").lower() for each in value.split(",") if each.strip())
        return value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return tuple(ip_network(each.strip()) for each in value.split(",") if each.strip())
        except ValueError as error:
            raise Misconfigured(f"{PREFIX}TRUSTED_PROXIES", f"{error}; write 10.0.0.1, 10.0.0.0/8") from None

    @field_validator("jwks_algorithms", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        return (
            tuple(each.strip() for each in value.split(",") if each.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("jwks_algorithms")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value or (wrong := [each for each in value if each not in SIGNATURES]):
            found = ", ".join(wrong) if value else "nothing"
            raise Misconfigured(f"{PREFIX}JWKS_ALGORITHMS", f"{found} is not among {', '.join(SIGNATURES)}")
        return value

    @model_validator(mode="after")
    def _keys_are_fetched_safely(self) -> Self:
        if self.env == "production" and self.jwks_url is not None and self.jwks_url.startswith("http:"):
            raise Misconfigured(f"{PREFIX}JWKS_URL", "must be https in production")
        return self

    @field_validator("broker")
    @classmethod
    def _is_a_broker(cls, value: SecretStr) -> SecretStr:
        if re.fullmatch(BROKERS, value.get_secret_value()) is None:
            raise Misconfigured(f"{PREFIX}BROKER", f"must be {BROKER_SHAPES}")
        return value

    @model_validator(mode="after")
    def _secrets_are_long_enough(self) -> Self:
        for name, secret in (("JWT_SECRET", self.jwt_secret), ("NODES_SECRET", self.nodes_secret)):
            if secret is not None and len(secret.get_secret_value().encode()) < KEY_BYTES:
                raise Misconfigured(f"{PREFIX}{name}", f"must have at least {KEY_BYTES} bytes")
        return self

    def authenticator(self) -> Authenticator:
        """What tells whose a token is: the keys that `jwks_url` publishes, or else the secret.

        Raises `Misconfigured` in production when neither is set.
        """
        expected = Expected(self.jwt_audience, self.jwt_issuer, self.jwt_leeway)
        if self.jwks_url is not None:
            return JwksAuthenticator(self.jwks_url, expected, algorithms=self.jwks_algorithms)
        return JwtAuthenticator(self.jwt_key(), expected)

    def jwt_key(self) -> str:
        """The key that signs tokens. In development it is made on first use and kept in the state directory.

        Raises `Misconfigured` in production when none is set.
        """
        if self.jwt_secret is not None:
            return self.jwt_secret.get_secret_value()
        if self.env == "production":
            raise Misconfigured(f"{PREFIX}JWT_SECRET", "must be set in production")
        return _kept_secret(self.state_dir / "jwt.secret")

    def nodes_key(self) -> str:
        """The key that signs what nodes say to each other: its own, or else the one that signs tokens.

        Raises `Misconfigured` in production when neither is set.
        """
        return self.jwt_key() if self.nodes_secret is None else self.nodes_secret.get_secret_value()


def _misconfigured(error: ValidationError) -> Misconfigured:
    fault = error.errors(include_url=False, include_input=False)[0]
    name = str(fault["loc"][0]) if fault["loc"] else "settings"
    sentence = explain(error, {}).partition(";")[0]
    return Misconfigured(f"{PREFIX}{name.upper()}", sentence.removeprefix(f"{name}: "))


def _kept_secret(path: Path) -> str:
    """The secret in the file at *path*, which only its owner can read; made if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
