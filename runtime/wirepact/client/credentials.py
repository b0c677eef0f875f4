"""Where a token goes: into the first place, of those that the document names, that fewest others can read."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from wirepact.descriptors import Credential

Token: TypeAlias = str | Callable[[], Awaitable[str]] | None
"""A token, or what is asked for one before each connection."""

_PREFERENCE = ("bearer", "header", "query", "cookie")


@dataclass(frozen=True, slots=True)
class Placed:
    """A token in its place: what to add to the query and to the headers of the handshake."""

    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


def place(token: str, credentials: Sequence[Credential]) -> Placed:
    """*token*, where one of *credentials* wants it; nowhere if the document asks for none.

    A header is preferred: queries end up in logs of servers and proxies. A cookie comes last, since it
    makes servers look for the page that it belongs to.
    """
    if not credentials:
        return Placed()
    chosen = min(credentials, key=lambda each: _PREFERENCE.index(each.place))
    match chosen.place:
        case "bearer":
            return Placed(headers=(("Authorization", f"Bearer {token}"),))
        case "header":
            return Placed(headers=((chosen.name, token),))
        case "query":
            return Placed(query=((chosen.name, token),))
        case "cookie":
            return Placed(headers=(("Cookie", f"{chosen.name}={token}"),))


async def current(token: Token) -> str | None:
    """The token to use for a connection that is about to be opened."""
    return await token() if callable(token) else token
