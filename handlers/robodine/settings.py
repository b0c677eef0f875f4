"""Robodine's settings, from environment variables called `ROBODINE_…`. `docs/settings.md` has the table."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from handlers.settings import A_DATABASE_URL, DatabaseUrl, database_at, misconfigured

PREFIX = "ROBODINE_"

_EXPECTED = {
    "database_url": A_DATABASE_URL,
    "anonymous": "true or false",
    "tcp_port": "a port from 1 to 65535, or 0 for any that is free",
    "topic_connections": "a number from 1 on",
    "ping_interval": "a number of seconds above 0",
    "poll_interval": "a number of seconds above 0",
    "log_lines": "a number from 1 on",
}


class RobodineSettings(BaseSettings):
    """What can be set about Robodine. Make one with `RobodineSettings.load`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True)

    database_url: DatabaseUrl | None = None
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
            raise misconfigured(error, PREFIX, _EXPECTED) from None

    def database_at(self, state_dir: Path) -> str:
        """The database's URL: a SQLite file in *state_dir* unless one is set."""
        return database_at(state_dir, self.database_url)

    def lets_anonymous_in(self, env: str) -> bool:
        """Whether visitors without a token may listen: unless set, in development and not in production."""
        return env == "development" if self.anonymous is None else self.anonymous
