"""Classroom's settings, from environment variables called `CLASSROOM_…`. `docs/settings.md` has the table."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from handlers.settings import A_DATABASE_URL, DatabaseUrl, database_at, misconfigured

PREFIX = "CLASSROOM_"

_EXPECTED = {"database_url": A_DATABASE_URL, "silence": "a number of seconds from 1 to 86400"}


class ClassroomSettings(BaseSettings):
    """What can be set about Classroom. Make one with `ClassroomSettings.load`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True)

    database_url: DatabaseUrl | None = None
    silence: Annotated[float, Field(ge=1, le=86400)] = 90

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

    @property
    def allowed_silence(self) -> timedelta:
        """For how long a student may say nothing."""
        return timedelta(seconds=self.silence)
