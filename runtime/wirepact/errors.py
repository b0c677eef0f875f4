"""Every error of the runtime, one family.

WirepactError
├── Refusal                 a peer asked for something that it does not get
│   ├── BadRequest          not JSON, not an object, not readable
│   ├── UnknownMessage      no message of the channel looks like this
│   ├── InvalidPayload      the message is known, its content is not valid
│   ├── Unauthorized        no identity, or one that is no longer good
│   ├── PermissionDenied    known, but not allowed
│   ├── NotFound            what it is about does not exist
│   ├── Conflict            it clashes with what exists
│   ├── DuplicateId         a request has the id of one that is not answered yet
│   ├── TooLarge            more bytes than the document allows
│   ├── TooMany             more connections than the document allows
│   ├── RateLimited         more messages than the document allows
│   ├── Draining            the server stops; another one may take it
│   ├── TooSlow             it was left out, because the peer takes too little
│   ├── OutOfReach          what it takes is out of reach right now
│   └── Internal            our fault; says nothing about it
├── Unavailable             what this stands on is out of reach; the same may succeed later
├── Misconfigured           a setting is missing or wrong; stops the start
├── NotConnected            a client's message was not sent: its connection is being made again
├── Unanswered              a client's request has no answer, and may have been heard all the same
│   ├── RequestTimeout      none came in time
│   └── ConnectionLost      the connection was lost before one came
├── CannotAsk               a client's request could not be told from other answers
├── WrongAnswer             a client's request has another answer than it can use
└── ConnectionClosed        what a client sees when its connection is over
    └── ConnectionRefused   it never was open

Some refusals are known only where they are decided: `Busy` and `TooManyAttempts` in `server/gate.py`, `ForeignOrigin` and `UnknownVersion` in
`server/handshake.py`, `UnsupportedMediaType` and `BodyTimeout` in `server/http.py`; `Occupied`, for a file that another process has, in `alone.py`.

Errors carry values and form their own sentence. What a `Refusal` says is meant for the peer, and a client raises the same
class for it; the text of any other exception never leaves the process.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar


class WirepactError(Exception):
    """Base of everything that this library raises on purpose."""


class Refusal(WirepactError):
    """Something a peer asked for and does not get, with the reason in words meant for it.

    `code` is what the document's error message carries, `status` the HTTP status and `close_code` the
    WebSocket close code when the refusal ends a connection. `delay` is how many seconds to wait before trying again,
    where that is known; `is_temporary` says that the same may succeed later.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 400
    close_code: int = 4400
    is_temporary: bool = False
    """Whether the same may succeed later."""

    def __init__(self, text: str, *, delay: float | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.delay = delay


class BadRequest(Refusal):
    """The frame or the body can't be read at all."""

    code = "bad_request"
    status = 400
    close_code = 4400


class UnknownMessage(Refusal):
    """No message that may be received here looks like this one."""

    code = "unknown_message"
    status = 400
    close_code = 4400


class InvalidPayload(Refusal):
    """The message is known, but its content does not fit its schema."""

    code = "invalid_payload"
    status = 400
    close_code = 4400


class Unauthorized(Refusal):
    """No identity was given where one is needed, or it can't be trusted."""

    code = "unauthorized"
    status = 401
    close_code = 4401


class PermissionDenied(Refusal):
    """The peer is known and may not do this."""

    code = "permission_denied"
    status = 403
    close_code = 4403


class NotFound(Refusal):
    """What the peer speaks of does not exist."""

    code = "not_found"
    status = 404
    close_code = 4404


class Conflict(Refusal):
    """What the peer asks for clashes with what is there."""

    code = "conflict"
    status = 409
    close_code = 4409


class DuplicateId(Refusal):
    """A request has the id of another one that has no answer yet."""

    code = "duplicate_id"
    status = 409
    close_code = 4400


class TooLarge(Refusal):
    """More bytes than the document allows."""

    code = "too_large"
    status = 413
    close_code = 1009


class TooMany(Refusal):
    """More simultaneous connections than the document allows."""

    code = "too_many"
    status = 503
    close_code = 1008


class RateLimited(Refusal):
    """More messages in a while than the document allows."""

    code = "rate_limited"
    status = 429
    close_code = 4429
    is_temporary = True


class TooSlow(Refusal):
    """More waits for the peer than it may leave waiting, and the document says that it may miss it."""

    code = "too_slow"
    status = 503
    close_code = 4480
    is_temporary = True


class OutOfReach(Refusal):
    """What it takes is out of reach: a broker, a disk."""

    code = "unavailable"
    status = 503
    close_code = 1013
    is_temporary = True


class Draining(Refusal):
    """The server stops and takes nobody in; another one may."""

    code = "unavailable"
    status = 503
    close_code = 1001


class Internal(Refusal):
    """A fault of ours. The text names no cause; the log does."""

    code = "internal"
    status = 500
    close_code = 1011


class Misconfigured(WirepactError):
    """A setting is missing or wrong. Carries the setting's name."""

    def __init__(self, setting: str, problem: str) -> None:
        super().__init__(f"{setting}: {problem}")
        self.setting = setting
        self.problem = problem


class ConnectionClosed(WirepactError):
    """The connection is over. Carries the close code and the reason as they were received."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"closed with {code}" + (f": {reason}" if reason else ""))
        self.code = code
        self.reason = reason


_MEANT: Mapping[int | None, int] = {401: 4401, 403: 4403, 426: 4406, 429: 4429, 503: 1013}


class ConnectionRefused(ConnectionClosed):
    """The server, or the network before it, did not let the connection come up.

    `status` is the HTTP status of the answer, `None` where there was none; `delay` is for how many seconds the server asked
    to stay away, if it did. The code is the close code that means the same, otherwise 1006, which is what a browser reports.
    """

    def __init__(self, reason: str, status: int | None = None, delay: float | None = None) -> None:
        super().__init__(_MEANT.get(status, 1006), reason)
        self.status = status
        self.delay = delay

    def __str__(self) -> str:
        return f"not connected: {self.reason}"


class NotConnected(WirepactError):
    """The connection is not open now. Nothing was sent, and nothing was kept for later."""


class Unanswered(WirepactError):
    """Whether the server heard a request is not known. Asking again may have it heard twice."""


class RequestTimeout(Unanswered, TimeoutError):
    """No answer came in time."""


class ConnectionLost(Unanswered):
    """The connection was lost before the answer came."""


class CannotAsk(WirepactError):
    """The server speaks *legacy*, and the document names nothing that an answer could be known by. Nothing was sent."""


class WrongAnswer(WirepactError):
    """A request was answered, but not by the message that was asked for. Carries what came."""

    def __init__(self, problem: str, answer: object) -> None:
        super().__init__(problem)
        self.answer = answer


class Unavailable(WirepactError):
    """What this stands on (the broker, its disk) is out of reach or full. The same may succeed later."""

    def __init__(self, what: str, problem: str) -> None:
        super().__init__(f"{what}: {problem}")
        self.what = what
        self.problem = problem


_BY_CODE = {each.code: each for each in Refusal.__subclasses__()}


def refusal_of(
    code: str,
    text: str,
    known: Mapping[str, type[Refusal]] = MappingProxyType({}),
    *,
    is_temporary: bool = False,
    delay: float | None = None,
) -> Refusal:
    """The refusal that a server told a client of, of the class for its code, among those *known* of the service or those here.

    A code that has no class makes it a `Refusal` with that code.
    """
    found = known.get(code) or _BY_CODE.get(code) or type("Refusal", (Refusal,), {"code": code})
    refusal: Refusal = found(text, delay=delay)
    refusal.is_temporary = is_temporary
    return refusal
