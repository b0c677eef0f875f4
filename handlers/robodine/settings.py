"""Robodine's settings, from environment variables called `ROBODINE_…`. `docs/settings.md` has the table."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from wirepact.errors import Misconfigured

PREFIX = "ROBODINE_"

_EXPECTED = {
    "database_url": "a database URL, like postgresql+asyncpg://user:password@host/name",
    "anonymous": "true or false",
    "tcp_port": "a port from 1 to 65535, or 0 for any that is free",
    "topic_connections": "a number from 1 on",
    "ping_interval": "a number of seconds above 0",
    "poll_interval": "a number of seconds above 0",
    "log_lines": "a number from 1 on",
}


def _database_url(url: SecretStr) -> SecretStr:
    try:
        make_url(url.get_secret_value())
    except ArgumentError:
        raise ValueError(_EXPECTED["database_url"]) from None
    return url


class RobodineSettings(BaseSettings):
    """What can be set about Robodine. Make one with `RobodineSettings.load`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True)

    database_url: Annotated[SecretStr, AfterValidator(_database_url)] | None = None
    anonymous: bool | None = None
    tcp_host: str = "127.0.0.1"
    tcp_port: Annotated[int, Field(ge=0, le=65535)] = 9009
    topic_connections: Annotated[int, Field(ge=1)] = 100
    ping_interval: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 30.0
    poll_interval: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 10.0
    log_lines: Annotated[int, Field(ge=1)] = 200

    @classmethod
    def load(cls) -> Self:
        """The settings of this process. Raises `Misconfigured`, naming the variable."""
        try:
            return cls()
        except ValidationError as error:
            raise _misconfigured(error) from None

    def database_at(self, state_dir: Path) -> str:
        """The database's URL: a SQLite file in *state_dir* unless one is set."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{state_dir / 'wirepact.db'}"

    def lets_anonymous_in(self, env: str) -> bool:
        """Whether visitors without a token may listen: unless set, in development and not in production."""
        return env == "development" if self.anonymous is None else self.anonymous


def _misconfigured(error: ValidationError) -> Misconfigured:
    name = str(error.errors()[0]["loc"][0])
    return Misconfigured(f"{PREFIX}{name.upper()}", f"must be {_EXPECTED[name]}")
