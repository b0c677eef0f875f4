"""Who is there: identities, and the port that makes one of a token.

Where a token stands in a request is the document's business and read in `server`; here it is a string already.
A token that is not good is refused in the same words whatever is wrong with it; the log says what it was.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from wirepact.errors import Unauthorized

ALGORITHM = "HS256"
KEY_BYTES = 32
"""The shortest key that HS256 may have (RFC 7518 section 3.2)."""

_REFUSED = "the token is missing, invalid or expired"
logger = logging.getLogger("wirepact.auth")


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who showed a good token: the claims `sub`, `name` and `roles`, and all others in `claims`."""

    sub: str
    name: str = ""
    roles: frozenset[str] = frozenset()
    claims: Mapping[str, Any] = field(default_factory=dict)

    def has_one_of(self, roles: Collection[str]) -> bool:
        """Whether one of *roles* is theirs."""
        return not self.roles.isdisjoint(roles)


class Authenticator(ABC):
    """Turns a token into an identity."""

    @abstractmethod
    async def authenticate(self, token: str) -> Identity:
        """Whose *token* it is. Raises `Unauthorized` if it is nobody's, or not any more."""


class JwtAuthenticator(Authenticator):
    """Trusts JSON Web Tokens signed with one key: HS256 and nothing else, with an expiry.

    `leeway` is how many seconds the clocks of two machines may be apart.
    """

    def __init__(self, key: str, *, leeway: float = 0) -> None:
        self._key = key
        self._leeway = leeway

    async def authenticate(self, token: str) -> Identity:
        """See `Authenticator`."""
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                leeway=self._leeway,
                options={"require": ["exp", "sub"]},
            )
            return _identity(claims)
        except (jwt.PyJWTError, _Malformed) as error:
            logger.info("token refused", extra={"fields": {"reason": type(error).__name__}})
            raise Unauthorized(_REFUSED) from None


def mint_token(
    key: str,
    sub: str,
    *,
    name: str = "",
    roles: Sequence[str] = (),
    ttl: timedelta = timedelta(hours=1),
    now: datetime | None = None,
) -> str:
    """A token for *sub* that is good for *ttl*, counted from *now*."""
    issued = now or datetime.now(UTC)
    claims = {"sub": sub, "name": name, "roles": list(roles), "iat": issued, "exp": issued + ttl}
    return jwt.encode(claims, key, algorithm=ALGORITHM)


class _Malformed(Exception):
    """A claim is not of the kind that it must be."""


def _identity(claims: dict[str, Any]) -> Identity:
    name, roles = claims.get("name", ""), claims.get("roles", [])
    if not claims["sub"] or not isinstance(name, str) or not isinstance(roles, list):
        raise _Malformed
    if not all(isinstance(role, str) for role in roles):
        raise _Malformed
    return Identity(claims["sub"], name, frozenset(roles), claims)
