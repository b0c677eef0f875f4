"""SPC's settings, from environment variables called `SPC_…`. `docs/settings.md` has the table."""

from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from handlers.settings import A_DATABASE_URL, DatabaseUrl, database_at, misconfigured

PREFIX = "SPC_"

_EXPECTED = {
    "database_url": A_DATABASE_URL,
    "timezone": "a time zone, like Asia/Seoul",
    "anonymous": "true or false",
}


class SpcSettings(BaseSettings):
    """What can be set about SPC. Make one with `SpcSettings.load`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True)

    database_url: DatabaseUrl | None = None
    timezone: ZoneInfo = ZoneInfo("Asia/Seoul")
    anonymous: bool | None = None

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
