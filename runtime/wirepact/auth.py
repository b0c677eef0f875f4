"""Who is there: identities, and the port that makes one of a token.

Where a token stands in a request is the document's business and read in `server`; here it is a string already.
A token that is not good is refused in the same words whatever is wrong with it; the log says what it was.
"""

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from wirepact.errors import Unauthorized

ALGORITHM = "HS256"
KEY_BYTES = 32
"""The shortest key that HS256 may have (RFC 7518 section 3.2)."""

SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""The algorithms of which anyone may know the key that checks them (RFC 7518 section 3.1, RFC 8037)."""

_REFUSED = "the token is missing, invalid or expired"
logger = logging.getLogger("wirepact.auth")


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who showed a good token: the claims `sub`, `name` and `roles`, and all others in `claims`.

    `expires` is when the token ends, in seconds since 1970; `None` if it does not.
    """

    sub: str
    name: str = ""
    roles: frozenset[str] = frozenset()
    claims: Mapping[str, Any] = field(default_factory=dict)
    expires: float | None = None

    def has_one_of(self, roles: Collection[str]) -> bool:
        """Whether one of *roles* is theirs."""
        return not self.roles.isdisjoint(roles)


class Authenticator(ABC):
    """Turns a token into an identity."""

    @abstractmethod
    async def authenticate(self, token: str) -> Identity:
        """Whose *token* it is. Raises `Unauthorized` if it is nobody's, or not any more."""


class Directory(ABC):
    """Knows what somebody may do now. A token says what they might when it was made, and can't be taken back."""

    @abstractmethod
    async def roles_of(self, identity: Identity) -> frozenset[str] | None:
        """The roles that *identity* has now; `None` for who may not come in any more, or whose token was revoked.

        Asked whenever somebody connects or calls, and for all who are connected when a `Recheck` says so. What it raises
        refuses them, as a fault of ours.
        """


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say beside whose it is, where it is given: its audience (`aud`) and its issuer (`iss`).

    `leeway` is how many seconds the clocks of two machines may be apart. An expiry (`exp`) is always asked for.
    """

    audience: str | None = None
    issuer: str | None = None
    leeway: float = 0


class JwtAuthenticator(Authenticator):
    """Trusts JSON Web Tokens signed with one secret: HS256 and nothing else."""

    def __init__(self, key: str, expected: Expected = Expected()) -> None:
        self._key = key
        self._expected = expected

    async def authenticate(self, token: str) -> Identity:
        """See `Authenticator`."""
        return _checked(lambda: _claims(token, self._key, [ALGORITHM], self._expected))


class JwksAuthenticator(Authenticator):
    """Trusts JSON Web Tokens of another system, which publishes the keys that check them (RFC 7517) at *url*.

    Only *algorithms*, each of which must be one of `SIGNATURES`: with a shared secret among them, a public key could be
    used as one. Keys are asked for again after `FRESH` seconds, and as soon as a token names one that is not known, but
    no more often than every `PATIENCE` seconds. While they can't be had, those known before go on being good. A token
    that names no key is checked with the only one there is.
    """

    FRESH = 300.0
    PATIENCE = 10.0

    def __init__(
        self,
        url: str,
        expected: Expected = Expected(),
        *,
        algorithms: Sequence[str] = ("RS256", "ES256"),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if wrong := [each for each in algorithms if each not in SIGNATURES]:
            raise ValueError(f"{', '.join(wrong)}: not one of {', '.join(SIGNATURES)}")
        self._client = jwt.PyJWKClient(url, cache_jwk_set=False, timeout=5)
        self._expected = expected
        self._algorithms = list(algorithms)
        self._clock = clock
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._asked: float | None = None
        self._has_failed = False
        self._asking = asyncio.Lock()

    async def authenticate(self, token: str) -> Identity:
        """See `Authenticator`."""
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError as error:
            raise _refused(error) from None
        name = header.get("kid")
        key = await self._key(name if isinstance(name, str) else None)
        if key is None:
            raise _refused(jwt.PyJWKClientError())
        return _checked(lambda: _claims(token, key, self._algorithms, self._expected))

    async def _key(self, name: str | None) -> jwt.PyJWK | None:
        if self._is_due(name):
            await self._ask(self._asked)
        return self._keys.get(name)

    def _is_due(self, name: str | None) -> bool:
        if self._asked is None:
            return True
        is_settled = name in self._keys and not self._has_failed
        return self._clock() - self._asked >= (self.FRESH if is_settled else self.PATIENCE)

    async def _ask(self, last: float | None) -> None:
        """Have the keys anew, once for all who wait for them; *last* is when they were asked for before."""
        async with self._asking:
            if self._asked != last:
                return
            self._asked = self._clock()
            try:
                published = await asyncio.to_thread(self._client.get_jwk_set)
            except (jwt.PyJWTError, OSError, ValueError) as error:
                self._has_failed = True
                logger.warning("keys not to be had", extra={"fields": {"reason": type(error).__name__}})
                return
            self._has_failed = False
            signing = [each for each in published.keys if each.public_key_use in {"sig", None}]
            self._keys = {each.key_id: each for each in signing}
            if len(signing) == 1:
                self._keys[None] = signing[0]


def mint_token(
    key: str,
    sub: str,
    *,
    name: str = "",
    roles: Sequence[str] = (),
    ttl: timedelta = timedelta(hours=1),
    now: datetime | None = None,
    claims: Mapping[str, Any] | None = None,
) -> str:
    """A token for *sub* that is good for *ttl*, counted from *now*. *claims* are those of a service's own."""
    issued = now or datetime.now(UTC)
    ours = {"sub": sub, "name": name, "roles": list(roles), "iat": issued, "exp": issued + ttl}
    return jwt.encode({**(claims or {}), **ours}, key, algorithm=ALGORITHM)


class _Malformed(Exception):
    """A claim is not of the kind that it must be."""


def _checked(read: Callable[[], dict[str, Any]]) -> Identity:
    try:
        return _identity(read())
    except (jwt.PyJWTError, _Malformed) as error:
        raise _refused(error) from None


def _refused(error: Exception) -> Unauthorized:
    logger.info("token refused", extra={"fields": {"reason": type(error).__name__}})
    return Unauthorized(_REFUSED)


def _claims(token: str, key: str | jwt.PyJWK, algorithms: list[str], expected: Expected) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(
        token,
        key,
        algorithms=algorithms,
        leeway=expected.leeway,
        audience=expected.audience,
        issuer=expected.issuer,
        options={"require": ["exp", "sub"], "verify_aud": expected.audience is not None},
    )
    return claims


def _identity(claims: dict[str, Any]) -> Identity:
    name, roles = claims.get("name", ""), claims.get("roles", [])
    if not claims["sub"] or not isinstance(name, str) or not isinstance(roles, list):
        raise _Malformed
    if not all(isinstance(role, str) for role in roles):
        raise _Malformed
    return Identity(claims["sub"], name, frozenset(roles), claims, float(claims["exp"]))
