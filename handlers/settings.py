"""What the settings of all services have in common: where the tables are kept, and how a wrong setting is told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, SecretStr, ValidationError
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


def database_at(state_dir: Path, url: SecretStr | None) -> str:
    """*url*, or a SQLite file in *state_dir* unless one is set."""
    if url is not None:
        return url.get_secret_value()
    return f"sqlite+aiosqlite:///{state_dir / 'wirepact.db'}"


def misconfigured(error: ValidationError, prefix: str, expected: Mapping[str, str]) -> Misconfigured:
    """*error* as the variable that it is about, and what it must be."""
    name = str(error.errors()[0]["loc"][0])
    return Misconfigured(f"{prefix}{name.upper()}", f"must be {expected[name]}")
