"""Chat's settings, from environment variables called `CHAT_…`. `docs/settings.md` has the table."""

from pathlib import Path
from typing import Annotated, ClassVar, Final

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from handlers.chat.uploads import UploadRules
from handlers.settings import ServiceSettings
from wirepact.errors import Misconfigured

PREFIX = "CHAT_"

MOST_BYTES: Final = 25_000_000
"""The largest file that the document leaves room for, with the form around it."""

_TYPES: Final = (
    "image/gif,image/jpeg,image/png,image/webp,application/pdf,text/plain,video/mp4,audio/mp4,audio/mpeg"
)

_LIST: Final = r"^ *[a-z0-9.+-]+/[a-z0-9.+-]+ *(, *[a-z0-9.+-]+/[a-z0-9.+-]+ *)*$"


class ChatSettings(ServiceSettings):
    """What can be set about Chat. Make one with `ChatSettings.load`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)
    expected: ClassVar = {
        "test_endpoint": "true or false",
        "files": "a folder",
        "file_bytes": f"a number from 1 to {MOST_BYTES}",
        "file_types": "media types with commas between, like image/png,application/pdf",
    }

    test_endpoint: bool | None = None
    files: Path | None = None
    file_bytes: Annotated[int, Field(ge=1, le=MOST_BYTES)] = 10_000_000
    file_types: Annotated[str, Field(pattern=_LIST)] = _TYPES

    @property
    def upload_rules(self) -> UploadRules:
        """What may be uploaded."""
        return UploadRules(self.file_bytes, frozenset(each.strip() for each in self.file_types.split(",")))

    def files_in(self, state_dir: Path) -> Path:
        """The folder of what is uploaded: in *state_dir* unless one is set."""
        return state_dir / "chat" if self.files is None else self.files

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
