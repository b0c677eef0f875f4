"""Chat's settings, from environment variables called `CHAT_…`. `docs/settings.md` has the table."""

from typing import ClassVar

from pydantic_settings import SettingsConfigDict

from handlers.settings import ServiceSettings
from wirepact.errors import Misconfigured

PREFIX = "CHAT_"


class ChatSettings(ServiceSettings):
    """What can be set about Chat. Make one with `ChatSettings.load`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)
    expected: ClassVar = {"test_endpoint": "true or false"}

    test_endpoint: bool | None = None

    def has_test_endpoint(self, env: str) -> bool:
        """Whether anybody may say who they are: unless set, in development. Raises `Misconfigured` in production."""
        if env == "development":
            return self.test_endpoint is not False
        if self.test_endpoint:
            raise Misconfigured(
                f"{PREFIX}TEST_ENDPOINT",
                "lets anybody in as anyone; it can be switched on in development only",
            )
        return False
