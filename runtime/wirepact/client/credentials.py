"""Where a token goes: into the first place, of those that the document names, that fewest others can read."""

import inspect
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from wirepact.core.life import TokenReason
from wirepact.descriptors import Credential

Token: TypeAlias = str | Callable[[], Awaitable[str]] | Callable[[TokenReason], Awaitable[str]] | None
"""A token, or what is asked for one before each connection, and told why if it takes an argument. An empty one is none."""

_SUBPROTOCOL = "sec-websocket-protocol"

_HEADER_TEXT = re.compile(r"[!-~]+(?: +[!-~]+)*")
"""A line end would begin another header, and one read from a file has one easily."""

_PREFERENCE = ("bearer", "header", "query", "cookie")


@dataclass(frozen=True, slots=True)
class Placed:
    """A token in its place: what to add to the query, to the headers and to the offered protocols of the handshake.

    `spoken` is one that goes into the hello instead.
    """

    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    protocols: tuple[str, ...] = ()
    spoken: str | None = None


def place(token: str, credentials: Sequence[Credential], *, is_spoken: bool = False) -> Placed:
    """*token*, where one of *credentials* wants it; nowhere if the document asks for none.

    A header is preferred: queries end up in logs of servers and proxies. So if only the query is left, and the server is known
    to hear a token that is spoken, it is. A cookie comes last, since it makes servers look for the page that it belongs to.
    Raises `ValueError`, without the token, for one that its place can't hold.
    """
    if not credentials:
        return Placed()
    chosen = min(credentials, key=lambda each: _PREFERENCE.index(each.place))
    if is_spoken and chosen.place in {"query", "cookie"}:
        return Placed(spoken=token)
    if chosen.place != "query" and not _HEADER_TEXT.fullmatch(token):
        raise ValueError(
            f"token: has characters that can't stand in a header, as its place ({chosen.place}) is"
        )
    if chosen.name.lower() == _SUBPROTOCOL:
        return Placed(protocols=(f"bearer.{token}",))
    if chosen.place == "query":
        return Placed(query=((chosen.name, token),))
    return Placed(headers=(_header(token, chosen),))


def _header(token: str, credential: Credential) -> tuple[str, str]:
    match credential.place:
        case "bearer":
            return "Authorization", f"Bearer {token}"
        case "cookie":
            return "Cookie", f"{credential.name}={token}"
        case _:
            return credential.name, token


async def current(token: Token, reason: TokenReason) -> str | None:
    """The token to use now, for this *reason*."""
    if not callable(token):
        return token
    if _takes_reason(token):
        return await cast("Callable[[TokenReason], Awaitable[str]]", token)(reason)
    return await cast("Callable[[], Awaitable[str]]", token)()


def _takes_reason(function: Callable[..., Any]) -> bool:
    """Whether *function* can't be called without an argument, or has room for one."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):  # some callables of C have no signature
        return False
    return any(
        each.kind in {each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD, each.VAR_POSITIONAL}
        for each in parameters
    )
