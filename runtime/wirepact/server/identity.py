"""Finding out who connects or calls: the token where the document says one may stand, and the origin.

A cookie comes along with whatever a page of another site makes a browser do. So whoever is identified by a
cookie must come from this site, or from one of the allowed origins.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from wirepact.auth import Authenticator, Directory, Identity
from wirepact.descriptors import Credential
from wirepact.errors import PermissionDenied, Unauthorized

Scope: TypeAlias = Mapping[str, Any]
"""An ASGI scope, of a request or of a WebSocket."""

_OFFER = "bearer."


class Doorkeeper:
    """Knows how tokens are read (*authenticator*), which pages may use a cookie (*origins*), and who may do what now (*directory*)."""

    def __init__(
        self,
        authenticator: Authenticator,
        origins: Collection[str] = (),
        directory: Directory | None = None,
    ) -> None:
        self._authenticator = authenticator
        self._origins = frozenset(origins)
        self._directory = directory

    async def identify(
        self, scope: Scope, credentials: Sequence[Credential], *, anonymous: bool
    ) -> Identity | None:
        """Whoever is behind *scope*, as their token says; `None` where none is asked for, or *anonymous* lets unknown ones in.

        Raises `Unauthorized`, or `PermissionDenied` for a cookie that another site's page brings along.
        """
        for credential in sorted(credentials, key=lambda each: each.place == "cookie"):
            token = _token(scope, credential)
            if token is not None:
                if credential.place == "cookie" and not self.is_welcome_from(scope):
                    raise PermissionDenied(
                        "the page that this comes from may not use the session of another site"
                    )
                return await self._authenticator.authenticate(token)
        if credentials and not anonymous:
            raise Unauthorized("a token is needed")
        return None

    async def authenticate(self, token: str) -> Identity:
        """Whose *token* it is, as it says itself. Raises `Unauthorized`."""
        return await self._authenticator.authenticate(token)

    async def current(self, identity: Identity | None) -> Identity | None:
        """*identity* with the roles that it has now. Raises `PermissionDenied` if it may not be here any more."""
        if identity is None or self._directory is None:
            return identity
        roles = await self._directory.roles_of(identity)
        if roles is None:
            raise PermissionDenied("not allowed any more")
        return replace(identity, roles=roles)

    def has_token(self, scope: Scope, credentials: Sequence[Credential]) -> bool:
        """Whether a token, good or bad, came with *scope*."""
        return any(_token(scope, each) is not None for each in credentials)

    def is_welcome_from(self, scope: Scope) -> bool:
        """Whether the page that *scope* comes from is one of this host, or on the list."""
        origin = _header(scope, b"origin")
        if origin is None:
            return True  # no browser: those name the origin of every WebSocket and of every unsafe request
        return origin.lower() in self._origins or _is_same_site(origin, _header(scope, b"host"))


def is_token_offer(subprotocol: str) -> bool:
    """Whether what is offered as a subprotocol is a token (C5). It is never selected, and reaches no log."""
    return subprotocol.startswith(_OFFER)


def shows_header_token(scope: Scope, credentials: Sequence[Credential]) -> bool:
    """Whether a token came in a header that no browser lets a page write."""
    return any(
        each.place in {"header", "bearer"} and not _is_offered(each) and _token(scope, each) is not None
        for each in credentials
    )


def _token(scope: Scope, credential: Credential) -> str | None:
    match credential.place:
        case "query":
            return dict(parse_qsl(scope["query_string"].decode("latin-1"))).get(credential.name)
        case "cookie":
            return _cookie(scope, credential.name)
        case "header" if _is_offered(credential):
            tokens = (each for each in scope.get("subprotocols", ()) if is_token_offer(each))
            return next(tokens, "").removeprefix(_OFFER) or None
        case "header":
            return _header(scope, credential.name.lower().encode()) or None
        case "bearer":
            kind, _, token = (_header(scope, b"authorization") or "").partition(" ")
            return token.strip() if kind.lower() == "bearer" and token.strip() else None


def _is_offered(credential: Credential) -> bool:
    """Whether the token is offered as a subprotocol, the one header that a page can write into a handshake."""
    return credential.place == "header" and credential.name.lower() == "sec-websocket-protocol"


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
