"""Close codes: what they are, whether coming back helps, and those that need no document.

The table of a service stands in its document (`x-close-codes`); the codes here are the standard ones of
RFC 6455 section 7.4.1, for what the transport decides before any document is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

REASON_BYTES = 123
"""The longest reason that fits a close frame, in UTF-8 bytes (RFC 6455 section 5.5)."""


@dataclass(frozen=True, slots=True)
class CloseCode:
    """One line of the table: what is said, and whether the peer should come back."""

    code: int
    reason: str
    reconnect: Literal["yes", "once", "no"]


NORMAL = CloseCode(1000, "", "no")
GOING_AWAY = CloseCode(1001, "Server is shutting down", "yes")
UNSUPPORTED_DATA = CloseCode(1003, "Text frames only", "no")
ABNORMAL = CloseCode(1006, "Connection lost", "yes")
POLICY_VIOLATION = CloseCode(1008, "Too many connections", "yes")
TOO_BIG = CloseCode(1009, "Message too big", "no")
TRY_AGAIN = CloseCode(1013, "Try again later", "yes")
INTERNAL_ERROR = CloseCode(1011, "Internal error", "yes")
BAD_REQUEST = CloseCode(4400, "Bad request", "no")
UNAUTHORIZED = CloseCode(4401, "Token missing, invalid or expired", "once")
PERMISSION_DENIED = CloseCode(4403, "Not allowed", "no")
NOT_FOUND = CloseCode(4404, "No such thing", "no")
TOO_LATE = CloseCode(4408, "Nothing heard in time", "yes")
RATE_LIMITED = CloseCode(4429, "Too many messages", "yes")
TOO_SLOW = CloseCode(4480, "Too slow", "yes")

STANDARD: Mapping[int, CloseCode] = {
    each.code: each
    for each in (
        NORMAL,
        GOING_AWAY,
        UNSUPPORTED_DATA,
        CloseCode(1005, "", "yes"),
        ABNORMAL,
        POLICY_VIOLATION,
        TOO_BIG,
        INTERNAL_ERROR,
        CloseCode(1012, "Server is restarting", "yes"),
        TRY_AGAIN,
        CloseCode(1014, "Bad gateway", "yes"),
        BAD_REQUEST,
        UNAUTHORIZED,
        PERMISSION_DENIED,
        NOT_FOUND,
        TOO_LATE,
        RATE_LIMITED,
        TOO_SLOW,
        CloseCode(4406, "Version not supported", "no"),
        CloseCode(4500, "Unhandled error", "yes"),
    )
}
"""What holds where a document is silent. 4500 is what Litestar says of an error that nobody caught."""


def close_code(code: int, declared: Mapping[int, CloseCode]) -> CloseCode:
    """The line for *code*: the document's, otherwise the standard one. A code that nobody declares is final."""
    return declared.get(code) or STANDARD.get(code) or CloseCode(code, "", "no")


def fitting_reason(reason: str) -> str:
    """*reason*, cut between characters to what a close frame can carry."""
    return reason.encode()[:REASON_BYTES].decode(errors="ignore")
