"""What one connection decides that speaks `wirepact.v1`: hello first, then lines. `docs/wire.md` names the clauses.

Around the session of a legacy connection, which decides about messages. As pure as that: told the time, it answers with
what to do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from wirepact import close_codes
from wirepact.broker import Position
from wirepact.core.session import Answer, Close, Dispatch, Session, Warn
from wirepact.errors import BadRequest, DuplicateId, Refusal
from wirepact.lines import FRAME_BYTES, MOST_LINES, Control, Said, is_identifier, read_line

HELLO_WITHIN = 10.0
"""Seconds that a client has for its hello (V8)."""

ERRORS = 10
"""How many errors a minute a client may cause before it is closed, if the document names no number (V19)."""

MOST_POSITIONS = 256
"""How many positions a hello may have."""

NOWHERE = Position("", 0)
"""The position that a client says when it says none that can be read."""


@dataclass(frozen=True, slots=True)
class Hello:
    """A client says who it is and where it was (V7)."""

    token: str | None = None
    session: str | None = None
    positions: Mapping[str, Position] = field(default_factory=dict)
    client: str = ""
    contract: str = ""


@dataclass(frozen=True, slots=True)
class Renew:
    """A client has a new token (V22)."""

    token: str


@dataclass(frozen=True, slots=True)
class Pong:
    """Answer a ping of the client."""


Step: TypeAlias = Dispatch | Answer | Warn | Close | Hello | Renew | Pong  # type: ignore[type-arg]  # of any message


class Dialogue:
    """One connection's lines, on top of the *session* that decides about its messages. It was opened at *now*."""

    __slots__ = ("_frame_bytes", "_greeted", "_open", "_opened", "_session", "heard")

    def __init__(self, session: Session, *, message_bytes: int, now: float) -> None:
        self._session = session
        self._frame_bytes = max(message_bytes, FRAME_BYTES)
        self._greeted = False
        self._open: set[str] = set()
        self._opened = now
        self.heard = now

    def hear(self, frame: str | bytes, now: float) -> Iterator[Step]:
        """What to do about *frame*, one step after the other; nothing follows a `Close`."""
        self.heard = now
        if isinstance(frame, bytes):
            yield from self._message(Said(""), frame, now)
            return
        if _is_longer(frame, self._frame_bytes):
            yield Close(close_codes.TOO_BIG.code)
            return
        lines = frame.split("\n", MOST_LINES)
        if len(lines) > MOST_LINES:
            yield Close(BadRequest.close_code)
            return
        for line in lines:
            for step in self._line(line, now):
                yield step
                if isinstance(step, Close):
                    return

    @property
    def hello_by(self) -> float:
        """When the hello must have come (V8)."""
        return self._opened + HELLO_WITHIN

    def is_late(self, now: float) -> bool:
        """Whether the hello should have come by *now* (V8)."""
        return not self._greeted and now >= self.hello_by

    def done(self, request: str = "") -> None:
        """What was dispatched, or was to be answered, has been; *request* has its answer."""
        self._session.done()
        self._open.discard(request)

    def _line(self, line: str, now: float) -> Iterator[Step]:
        try:
            said = read_line(line)
        except BadRequest as refusal:
            yield self._refused(refusal) if self._greeted else Close(close_codes.UNAUTHORIZED.code)
            return
        if not self._greeted:
            yield self._first(said)
        elif isinstance(said, Control):
            yield from self._control(said)
        elif said.offset:
            yield self._refused(BadRequest("a client has no positions to tell of a message"))
        else:
            yield from self._message(said, said.text, now)

    def _first(self, said: Control | Said) -> Step:
        if not isinstance(said, Control) or said.name != "hello":
            return Close(close_codes.UNAUTHORIZED.code)
        try:
            hello = _hello(said)
        except BadRequest:
            return Close(BadRequest.close_code)
        self._greeted = True
        return hello

    def _control(self, said: Control) -> Iterator[Step]:
        match said.name:
            case "hello":
                yield Close(BadRequest.close_code)
            case "ping":
                yield Pong()
            case "pong":
                pass
            case "token" if token := said.text("token"):
                yield Renew(token)
            case "token":
                yield self._refused(BadRequest("!token has no token"))
            case _:
                yield self._refused(BadRequest(f"!{said.name} means nothing here"))

    def _message(self, said: Said, frame: str | bytes, now: float) -> Iterator[Step]:
        if not self._greeted:
            yield Close(close_codes.UNAUTHORIZED.code)
            return
        if said.id in self._open:
            yield Warn(DuplicateId(f"the request {said.id} has no answer yet"), said.id)
            return
        if said.id:
            self._open.add(said.id)
        decision = self._session.hear(frame, now)
        if isinstance(decision, Warn):
            self._open.discard(said.id)
        yield decision if isinstance(decision, Close) else replace(decision, id=said.id)

    def _refused(self, refusal: Refusal) -> Warn:
        return Warn(refusal)


def _hello(said: Control) -> Hello:
    """Raises `BadRequest` for a field of another kind than V7 says: whoever writes one is told at once."""
    for name in ("token", "session", "client", "contract"):
        if name in said.fields and said.text(name) is None:
            raise BadRequest(f"{name} must be a text")
    session = said.text("session")
    if session is not None and not is_identifier(session):
        raise BadRequest("session is 1 to 64 letters, digits, - or _")
    return Hello(
        said.text("token"),
        session,
        _positions(said.fields.get("positions", {})),
        (said.text("client") or "")[:128],
        (said.text("contract") or "")[:128],
    )


def _positions(said: object) -> Mapping[str, Position]:
    if not isinstance(said, dict) or len(said) > MOST_POSITIONS:
        raise BadRequest(f"positions is an object of at most {MOST_POSITIONS}")
    return {audience: _position(text) for audience, text in said.items()}


def _position(text: object) -> Position:
    """One that can't be read is a place where nobody ever was, and so not recovered."""
    try:
        return Position.parse(str(text))
    except ValueError:
        return NOWHERE


def _is_longer(text: str, limit: int) -> bool:
    return len(text) > limit or (not text.isascii() and len(text.encode(errors="surrogatepass")) > limit)
