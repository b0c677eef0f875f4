"""The real application, on a port of its own, with an empty database of its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contract.conversation import identities
from wirepact.auth import mint_token

KEY = "the key that the contract tests sign with"
OTHER_KEY = "a key that the application has never seen"


@dataclass(frozen=True)
class Application:
    """Where it is, and the tokens of those who may be named in a conversation of the service."""

    url: str

    @staticmethod
    def tokens(service: str) -> Mapping[str, str]:
        then = datetime.now(UTC) - timedelta(hours=1, minutes=1)
        return {
            **{who: mint_token(KEY, **claims) for who, claims in identities(service).items()},
            "forged": mint_token(OTHER_KEY, "user-1"),
            "expired": mint_token(KEY, "user-1", now=then),
        }


@contextmanager
def served(state: Path) -> Iterator[Application]:
    """Runs it in a thread, as `wirepact serve` would, while the block lasts."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _environment(state).items():
            patch.setenv(name, value)
        patch.chdir(state)
        with _running() as url:
            yield Application(url)
