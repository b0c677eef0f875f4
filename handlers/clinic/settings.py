"""Clinic's settings, from environment variables called `CLINIC_…`. `docs/settings.md` has the table."""

from typing import Annotated, ClassVar

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from handlers.settings import ServiceSettings

PREFIX = "CLINIC_"


class ClinicSettings(ServiceSettings):
    """What can be set about Clinic. Make one with `ClinicSettings.load`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)
    expected: ClassVar = {"presence_grace": "a number of seconds from 0 to 3600"}

    presence_grace: Annotated[float, Field(ge=0, le=3600)] = 5
