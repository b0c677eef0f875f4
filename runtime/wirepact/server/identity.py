"""Finding out who connects or calls: the token where the document says one may stand, and the origin.

A cookie comes along with whatever a page of another site makes a browser do. So whoever is identified by a
cookie must come from this site, or from one of the allowed origins.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from wirepact.auth import Authenticator, Identity
from wirepact.descriptors import Credential
from wirepact.errors import PermissionDenied, Unauthorized

Scope: TypeAlias = Mapping[str, Any]
"""An ASGI scope, of a request or of a WebSocket."""


class Doorkeeper:
    """Knows how tokens are read (*authenticator*) and which pages may use a cookie (*origins*)."""

    def __init__(self, authenticator: Authenticator, origins: Collection[str] = ()) -> None:
        self._authenticator = authenticator
        self._origins = frozenset(origins)

    async def identify(
        self, scope: Scope, credentials: Sequence[Credential], *, anonymous: bool
    ) -> Identity | None:
        """Whoever is behind *scope*; `None` where none is asked for, or *anonymous* lets unknown ones in.

        Raises `Unauthorized`, or `PermissionDenied` for a cookie that another site's page brings along.
        """
        for credential in sorted(credentials, key=lambda each: each.place == "cookie"):
            token = _token(scope, credential)
            if token is not None:
                if credential.place == "cookie":
                    self._check_origin(scope)
                return await self._authenticator.authenticate(token)
        if credentials and not anonymous:
            raise Unauthorized("a token is needed")
        return None

    async def authenticate(self, token: str) -> Identity:
        """Whose *token* it is. Raises `Unauthorized`."""
        return await self._authenticator.authenticate(token)

    def has_token(self, scope: Scope, credentials: Sequence[Credential]) -> bool:
        """Whether a token, good or bad, came with *scope*."""
        return any(_token(scope, each) is not None for each in credentials)

    def _check_origin(self, scope: Scope) -> None:
        origin = _header(scope, b"origin")
        if origin is None:
            return  # no browser: those name the origin of every WebSocket and of every unsafe request
        if origin.lower() in self._origins or _is_same_site(origin, _header(scope, b"host")):
            return
        raise PermissionDenied("the page that this comes from may not use the session of another site")


def _token(scope: Scope, credential: Credential) -> str | None:
    match credential.place:
        case "query":
            return dict(parse_qsl(scope["query_string"].decode("latin-1"))).get(credential.name)
        case "cookie":
            return _cookie(scope, credential.name)
        case "header":
            return _header(scope, credential.name.lower().encode()) or None
        case "bearer":
            kind, _, token = (_header(scope, b"authorization") or "").partition(" ")
            return token.strip() if kind.lower() == "bearer" and token.strip() else None


def _cookie(scope: Scope, name: str) -> str | None:
    for pair in (_header(scope, b"cookie") or "").split(";"):
        key, _, value = pair.strip().partition("=")
        if key == name and value:
            return value.strip('"')
    return None


def _header(scope: Scope, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)


def _is_same_site(origin: str, host: str | None) -> bool:
    _, separator, authority = origin.partition("://")
    return host is not None and bool(separator) and authority.lower() == host.lower()
