"""What the settings of all services have in common: where the tables are kept, who is let in, and how a wrong one is told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from wirepact.errors import Misconfigured

A_DATABASE_URL = "a database URL, like postgresql+asyncpg://user:password@host/name"


def _database_url(url: SecretStr) -> SecretStr:
    try:
        make_url(url.get_secret_value())
    except ArgumentError:
        raise ValueError(f"must be {A_DATABASE_URL}") from None
    return url


DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
"""Where a database is; shows in no log."""


class ServiceSettings(BaseSettings):
    """What can be set about any service. Its own class names the prefix of the variables, and says what each must be."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    expected: ClassVar[Mapping[str, str]] = {}
    """What each setting of the service's own must be, in words for whoever set it wrongly."""

    database_url: DatabaseUrl | None = None

    @classmethod
    def load(cls) -> Self:
        """The settings of this process. Raises `Misconfigured`, naming the variable."""
        try:
            return cls()
        except ValidationError as error:
            raise cls._misconfigured(error) from None

    def database_at(self, state_dir: Path) -> str:
        """The database's URL: a SQLite file in *state_dir* unless one is set."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{state_dir / 'wirepact.db'}"

    @classmethod
    def _misconfigured(cls, error: ValidationError) -> Misconfigured:
        name = str(error.errors()[0]["loc"][0])
        expected = {"database_url": A_DATABASE_URL, "anonymous": "true or false", **cls.expected}
        return Misconfigured(f"{cls.model_config['env_prefix']}{name.upper()}", f"must be {expected[name]}")


class OpenServiceSettings(ServiceSettings):
    """Of a service that may let in visitors without a token."""

    anonymous: bool | None = None

    def lets_anonymous_in(self, env: str) -> bool:
        """Whether visitors without a token may listen: unless set, in development and not in production."""
        return env == "development" if self.anonymous is None else self.anonymous
