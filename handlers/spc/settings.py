"""SPC's settings, from environment variables called `SPC_…`. `docs/settings.md` has the table."""

from typing import ClassVar
from zoneinfo import ZoneInfo

from pydantic_settings import SettingsConfigDict

from handlers.settings import OpenServiceSettings

PREFIX = "SPC_"


class SpcSettings(OpenServiceSettings):
    """What can be set about SPC. Make one with `SpcSettings.load`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)
    expected: ClassVar = {"timezone": "a time zone, like Asia/Seoul"}

    timezone: ZoneInfo = ZoneInfo("Asia/Seoul")
