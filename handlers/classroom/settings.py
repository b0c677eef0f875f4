"""Classroom's settings, from environment variables called `CLASSROOM_…`. `docs/settings.md` has the table."""

from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from handlers.settings import ServiceSettings

PREFIX = "CLASSROOM_"


class ClassroomSettings(ServiceSettings):
    """What can be set about Classroom. Make one with `ClassroomSettings.load`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)
    expected: ClassVar = {"silence": "a number of seconds from 1 to 86400"}

    silence: Annotated[float, Field(ge=1, le=86400)] = 90

    @property
    def allowed_silence(self) -> timedelta:
        """For how long a student may say nothing."""
        return timedelta(seconds=self.silence)
