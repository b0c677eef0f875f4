"""SPC's settings, from environment variables called `SPC_…`. `docs/settings.md` has the table."""

from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from wirepact.errors import Misconfigured

PREFIX = "SPC_"

_EXPECTED = {
    "database_url": "a database URL, like postgresql+asyncpg://user:password@host/name",
    "timezone": "a time zone, like Asia/Seoul",
    "anonymous": "true or false",
}


def _database_url(url: SecretStr) -> SecretStr:
    try:
        make_url(url.get_secret_value())
    except ArgumentError:
        raise ValueError(
            "must be a database URL, like postgresql+asyncpg://user:password@host/name"
        ) from None
    return url


class SpcSettings(BaseSettings):
    """What can be set about SPC. Make one with `SpcSettings.load`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True)

    database_url: Annotated[SecretStr, AfterValidator(_database_url)] | None = None
    timezone: ZoneInfo = ZoneInfo("Asia/Seoul")
    anonymous: bool | None = None

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
