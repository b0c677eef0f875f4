"""The configuration of an environment: a TOML file that says which channels are on WebSocket."""

import tomllib
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from handlers.chat.flag import Flag
from wirepact.errors import Misconfigured
from wirepact.explanations import explain

SETTING: Final = "CHAT_CONFIGURATION"

_SHIPPED: Final = Path(__file__).parent / "environments"


class _Chat(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    use_websocket: bool
    websocket_channels: list[str] = []
    websocket_users: list[str] = []
    websocket_percentage: Annotated[float, Field(ge=0, le=100)] = 0


class _Configuration(BaseModel):
    model_config = ConfigDict(extra="forbid")

    chat: _Chat


def shipped(environment: str) -> Path:
    """The file of an environment that comes with the application."""
    return _SHIPPED / f"{environment}.toml"


def flag_in(path: Path, override: bool | None) -> Flag:
    """What the file at *path* says, and *override*, if it is set. Raises `Misconfigured`, naming the key."""
    content: object = {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        chat = _Configuration.model_validate(content).chat
    except ValidationError as error:
        raise Misconfigured(SETTING, f"{path}: {explain(error, content)}") from None
    except (OSError, ValueError) as error:
        raise Misconfigured(SETTING, f"{path} can't be read as TOML: {error}") from None
    return Flag(
        use_websocket=chat.use_websocket,
        override=override,
        channels=frozenset(chat.websocket_channels),
        users=frozenset(chat.websocket_users),
        percentage=chat.websocket_percentage,
    )
