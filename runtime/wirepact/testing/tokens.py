"""Tokens for tests, and who trusts them."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from wirepact.auth import Authenticator, JwtAuthenticator, mint_token

KEY = "a key for tests, which nothing else trusts"
"""What `token` signs with and `authenticator` trusts."""


def authenticator() -> Authenticator:
    """An authenticator that trusts what `token` makes."""
    return JwtAuthenticator(_key())


def token(
    sub: str = "tester", *, name: str = "", roles: Sequence[str] = (), claims: Mapping[str, Any] | None = None
) -> str:
    """A token for *sub*, good for an hour.

    It is signed with `KEY`, or with what the environment variable `WIREPACT_TEST_KEY` has: the key of a server that runs elsewhere.
    """
    return mint_token(_key(), sub, name=name, roles=roles, claims=claims)


def _key() -> str:
    return os.environ.get("WIREPACT_TEST_KEY") or KEY
