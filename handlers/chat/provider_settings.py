"""Where chats are kept, from environment variables. `docs/settings.md` has the table."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from handlers.chat.configuration import flag_in, shipped
from handlers.chat.flag import Flag
from wirepact.errors import Misconfigured

_EXPECTED = {
    "use_websocket_chat": "true or false",
    "chat_environment": "dev, stg or prod",
    "chat_look_interval": "a number of seconds from 0.1 to 3600",
    "sendbird_app_id": "letters, digits and hyphens",
    "sendbird_url": "an address that begins with https:// (http:// in development)",
    "sendbird_timeout": "a number of seconds from 0.1 to 60",
}


class ProviderSettings(BaseSettings):
    """What can be set about where chats are kept. Make one with `ProviderSettings.load`."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    use_websocket_chat: bool | None = None
    chat_environment: Literal["dev", "stg", "prod"] | None = None
    chat_configuration: Path | None = None
    chat_look_interval: Annotated[float, Field(ge=0.1, le=3600)] = 5
    sendbird_app_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")] | None = None
    sendbird_api_token: SecretStr | None = None
    sendbird_url: Annotated[str, Field(pattern=r"^https?://")] | None = None
    sendbird_timeout: Annotated[float, Field(ge=0.1, le=60)] = 10

    @classmethod
    def load(cls) -> Self:
        """The settings of this process. Raises `Misconfigured`, naming the variable."""
        try:
            return cls()
        except ValidationError as error:
            name = str(error.errors()[0]["loc"][0])
            raise Misconfigured(name.upper(), f"must be {_EXPECTED[name]}") from None

    def flag(self, env: str) -> Flag:
        """Which channels are on WebSocket in the environment that the server runs in. Raises `Misconfigured`."""
        environment = self.chat_environment or ("prod" if env == "production" else "dev")
        return flag_in(self.chat_configuration or shipped(environment), self.use_websocket_chat)

    def sendbird(self, env: str) -> "SendbirdAccess | None":
        """How to get at Sendbird; `None` if all channels are on WebSocket and it is not named. Raises `Misconfigured`."""
        if self.sendbird_app_id is None:
            if self.flag(env).is_for_all:
                return None
            raise Misconfigured("SENDBIRD_APP_ID", "must be set while not all channels are on WebSocket")
        if self.sendbird_api_token is None:
            raise Misconfigured("SENDBIRD_API_TOKEN", "must be set with SENDBIRD_APP_ID")
        url = self.sendbird_url or f"https://api-{self.sendbird_app_id}.sendbird.com"
        if env == "production" and url.startswith("http:"):
            raise Misconfigured("SENDBIRD_URL", "must be https in production")
        return SendbirdAccess(url, self.sendbird_api_token, self.sendbird_timeout)


@dataclass(frozen=True, slots=True)
class SendbirdAccess:
    """An application at Sendbird: where it is asked, with what, and how many seconds an answer may take."""

    url: str
    token: SecretStr
    timeout: float
