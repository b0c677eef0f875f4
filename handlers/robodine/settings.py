"""Robodine's settings, from environment variables called `ROBODINE_…`. `docs/settings.md` has the table."""

from typing import Annotated, ClassVar

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from handlers.settings import OpenServiceSettings

PREFIX = "ROBODINE_"


class RobodineSettings(OpenServiceSettings):
    """What can be set about Robodine. Make one with `RobodineSettings.load`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)
    expected: ClassVar = {
        "tcp_port": "a port from 1 to 65535, or 0 for any that is free",
        "topic_connections": "a number from 1 on",
        "ping_interval": "a number of seconds above 0",
        "poll_interval": "a number of seconds above 0",
        "log_lines": "a number from 1 on",
    }

    tcp_host: str = "127.0.0.1"
    tcp_port: Annotated[int, Field(ge=0, le=65535)] = 9009
    topic_connections: Annotated[int, Field(ge=1)] = 100
    ping_interval: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 30.0
    poll_interval: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 10.0
    log_lines: Annotated[int, Field(ge=1)] = 200
