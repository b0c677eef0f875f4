"""SPC's settings, from environment variables called `SPC_…`. `docs/settings.md` has the table."""

from dataclasses import replace
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from handlers.settings import OpenServiceSettings
from wirepact.descriptors import Limits

PREFIX = "SPC_"


class SpcSettings(OpenServiceSettings):
    """What can be set about SPC. Make one with `SpcSettings.load`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)
    expected: ClassVar = {
        "timezone": "a time zone, like Asia/Seoul",
        "connections": "a number from 1 on",
        "connections_per_user": "a number from 1 on",
        "idle": "a number of seconds above 0",
    }

    timezone: ZoneInfo = ZoneInfo("Asia/Seoul")
    connections: Annotated[int, Field(ge=1)] | None = None
    connections_per_user: Annotated[int, Field(ge=1)] | None = None
    idle: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None

    def limits(self, declared: Limits) -> Limits:
        """The limits of a channel: those that are set, and of the others those that are *declared*."""
        return replace(
            declared,
            connections=self.connections or declared.connections,
            connections_per_user=self.connections_per_user or declared.connections_per_user,
            idle=self.idle or declared.idle,
        )
