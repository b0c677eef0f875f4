"""What is looked at in a handshake before anyone asks who it is: the page it comes from, and what was offered.

`docs/wire.md` names the clauses.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from wirepact.descriptors import Channel, Credential
from wirepact.errors import BadRequest, PermissionDenied
from wirepact.lines import SUBPROTOCOL
from wirepact.server.identity import Doorkeeper, Scope, is_token_offer

_FAMILY = "wirepact."


class ForeignOrigin(PermissionDenied):
    """A page of a site that is not on the list wants in where a cookie can identify (C8)."""


class UnknownVersion(BadRequest):
    """Only versions of the wire were offered that nobody here speaks (C3)."""

    status: ClassVar[int] = 426
    close_code = 4406


def check_handshake(doorkeeper: Doorkeeper, channel: Channel[Any, Any], scope: Scope) -> None:
    """Raises `ForeignOrigin` or `UnknownVersion`."""
    if _takes_cookies(channel.credentials) and not doorkeeper.is_welcome_from(scope):
        raise ForeignOrigin("the page that this comes from may not connect here")
    versions = [each for each in offers(scope) if each.startswith(_FAMILY)]
    if channel.has_lines and versions and SUBPROTOCOL not in versions:
        raise UnknownVersion(f"only {SUBPROTOCOL} is spoken here")


def offers(scope: Scope) -> Sequence[str]:
    """The subprotocols that the client offers, in its order."""
    return tuple(scope.get("subprotocols") or ())


def chosen_subprotocol(channel: Channel[Any, Any], scope: Scope) -> str | None:
    """The subprotocol to accept with, if any: `wirepact.v1` where it was offered (C3, C4)."""
    if channel.has_lines and SUBPROTOCOL in offers(scope):
        return SUBPROTOCOL
    return beside_token(scope)


def beside_token(scope: Scope) -> str | None:
    """What was offered beside a token, if one was: a browser wants one of its offers, and a token is none (C5)."""
    offered = offers(scope)
    others = [each for each in offered if not is_token_offer(each)]
    return others[0] if others and len(others) < len(offered) else None


def _takes_cookies(credentials: Sequence[Credential]) -> bool:
    return any(each.place == "cookie" for each in credentials)
