"""What nodes say to each other, and how they know that a node said it.

A message is JSON with a version. Where a secret is set it carries an HMAC (SHA-256), and one without is not
believed: whoever can write to the broker could otherwise throw users out.
"""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from typing import TypeAlias

VERSION = 1


@dataclass(frozen=True, slots=True)
class Kick:
    """End the connections of *user* with this close code."""

    user: str
    code: int = 4403


@dataclass(frozen=True, slots=True)
class Recheck:
    """Look again at what *user* may do; at what anybody may do, if `None`."""

    user: str | None = None


@dataclass(frozen=True, slots=True)
class Drain:
    """Let nobody in any more and send everyone away: the node of that name, or all of them."""

    node: str | None = None


NodeMessage: TypeAlias = Kick | Recheck | Drain

_KINDS: dict[str, type[Kick | Recheck | Drain]] = {"kick": Kick, "recheck": Recheck, "drain": Drain}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_TYPES: dict[str, tuple[type, ...]] = {"user": (str, type(None)), "node": (str, type(None)), "code": (int,)}


class NotANodeMessage(ValueError):
    """It can't be read, is of another version, or nobody who knows the secret wrote it."""


def encode(message: NodeMessage, secret: bytes | None = None) -> bytes:
    """*message* as bytes, signed if there is a *secret*."""
    fields = {"v": VERSION, "kind": _NAMES[type(message)], **asdict(message)}
    body = json.dumps(fields, separators=(",", ":")).encode()
    return _mac(body, secret) + b" " + body if secret else body


def decode(data: bytes, secret: bytes | None = None) -> NodeMessage:
    """The message that *data* is. Raises `NotANodeMessage`."""
    body = data
    if secret:
        mac, _, body = data.partition(b" ")
        if not hmac.compare_digest(mac, _mac(body, secret)):
            raise NotANodeMessage("not signed with our secret")
    try:
        fields = json.loads(body)
        version = fields.pop("v")
        message = _KINDS[fields.pop("kind")](**fields) if version == VERSION else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotANodeMessage("not readable") from error
    if message is None:
        raise NotANodeMessage("of another version")
    if not all(isinstance(value, _TYPES[name]) for name, value in asdict(message).items()):
        raise NotANodeMessage("not readable")
    return message


def _mac(body: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, b"wirepact.nodes\n" + body, hashlib.sha256).hexdigest().encode()
