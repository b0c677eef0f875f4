"""The life of a client's connection, across all the sockets that it takes.

Pure: it is told what happened and the time, in seconds of any steady clock, and answers with what to do. `docs/wire.md` has the
clauses; `Visit` has those about lines. Whoever has a life looks at `due` after each call, and calls `elapsed` then.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Literal, TypeAlias

from wirepact.broker import Position
from wirepact.close_codes import NORMAL, UNAUTHORIZED, CloseCode, close_code
from wirepact.core.attempts import Again, Attempts, Reconnect
from wirepact.core.backlog import Backlog, Keeping
from wirepact.core.events import (
    Closed,
    Connected,
    Connecting,
    Disconnected,
    Idle,
    Missed,
    NotSent,
    Open,
    Reconnecting,
    State,
)
from wirepact.core.positions import Positions
from wirepact.core.pulse import Beat, Ping, Pulse
from wirepact.core.visit import Answer, Deliver, GiveUp, Manners, Reached, Renew, Send, Tell, Visit, Welcome
from wirepact.errors import (
    CannotAsk,
    ConnectionClosed,
    ConnectionLost,
    ConnectionRefused,
    NotConnected,
    Refusal,
)
from wirepact.lines import SUBPROTOCOL, answering, control_line
from wirepact.messages import Message

TokenReason: TypeAlias = Literal["connect", "reconnect", "refresh", "expiring"]
"""Why a token is asked for. After `refresh` the last one was refused: one that was kept somewhere is of no use."""

_TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504})
_VERSION = 426


@dataclass(frozen=True, slots=True)
class Dial:
    """Get a token, for `reason`, and open a socket that offers `protocols`.

    If `is_spoken` the server is known to take the token in its hello, where no log has it.
    """

    reason: TokenReason
    protocols: tuple[str, ...] = ()
    is_spoken: bool = False


@dataclass(frozen=True, slots=True)
class HangUp:
    """Close the socket with this code, or cut it if there is none to say."""

    code: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Flush:
    """Send what waits in the backlog."""


@dataclass(frozen=True, slots=True)
class End:
    """Nothing more will happen; this is what those are told who ask for more."""

    closed: ConnectionClosed


Step: TypeAlias = Dial | Send | Ping | Deliver | Reached | Tell | Answer | Renew | HangUp | Flush | End


@dataclass(frozen=True, slots=True)
class Rules:
    """What the decisions depend on. `has_fresh_tokens` says that a refused token can be replaced by another one.

    `welcome_within` is how long the server may take to answer a hello, `beat` the heartbeat of messages, if there is one. `refusals` are the
    service's own, by their codes.
    """

    manners: Manners
    reconnect: Reconnect | None = None
    keeping: Keeping | None = None
    close_codes: Mapping[int, CloseCode] = field(default_factory=dict)
    has_lines: bool = True
    has_fresh_tokens: bool = False
    welcome_within: float | None = None
    beat: Beat | None = None
    refusals: Mapping[str, type[Refusal]] = field(default_factory=dict)


class Life:
    """One connection to one channel. *random* gives a number from 0 to below 1."""

    def __init__(self, rules: Rules, random: Callable[[], float]) -> None:
        self._rules = rules
        self._attempts = Attempts(rules.reconnect, random)
        self._positions = Positions()
        self._visit: Visit | None = None
        self._pulse: Pulse | None = None
        self._is_spoken = False
        self._has_lines = rules.has_lines
        self._was_open = False
        self._is_resumed = False
        self._since: float | None = None
        self._wake: float | None = None
        self._ids = count(1)
        self._asked: set[str] = set()
        self._end: ConnectionClosed | None = None
        self.state: State = Idle()
        self.message_bytes: int | None = None
        """How many bytes a message may have, if the server has said so (V10); the document may be an older one."""
        self.backlog: Backlog[Message] = Backlog(rules.keeping)

    @property
    def due(self) -> float | None:
        """When `elapsed` has something to do, if nothing else happens before."""
        alive = self._visit or self._pulse
        return self._wake if alive is None else alive.due

    @property
    def has_lines(self) -> bool:
        """Whether this connection speaks `wirepact.v1`."""
        return self._visit is not None

    def begin_at(self, positions: Mapping[str, Position]) -> None:
        """Begin, by audience, where somebody was before: what was sent since is asked for."""
        for audience, position in positions.items():
            self._positions.begin(audience, position)
        self._is_resumed = bool(positions)

    def start(self) -> list[Step]:
        """Begin."""
        return self._dial()

    def opened(self, protocol: str | None, token: str | None, now: float) -> list[Step]:
        """A socket is open, with what the server chose of the protocols. The *token* is one that it was not told yet."""
        if not isinstance(self.state, Connecting):
            return []
        if protocol != SUBPROTOCOL:
            self._is_spoken = False
            self._pulse = None if self._rules.beat is None else Pulse(self._rules.beat, now)
            return self._open(Connected(), now)
        self._is_spoken = True
        rules = self._rules
        self._visit = Visit(rules.manners, self._positions, rules.refusals, rules.welcome_within, now)
        return [self._visit.hello(token)]

    def heard(self, frame: str | bytes, now: float) -> list[Step]:
        """The server said *frame*."""
        if isinstance(self.state, Closed):
            return []
        if self._visit is not None:
            return list(self._visited(self._visit.hear(frame, now), now))
        if self._pulse is not None:
            self._pulse.heard(now)
        return [Deliver(frame)]

    def elapsed(self, now: float) -> list[Step]:
        """Something may be due."""
        if self._visit is not None:
            return list(self._visited(self._visit.elapsed(now), now))
        if self._pulse is not None:
            return self._pulsed(self._pulse, now)
        if self._wake is not None and now >= self._wake and isinstance(self.state, Reconnecting):
            return [*self._tell_expired(now), *self._dial()]
        return []

    def lost(self, closed: ConnectionClosed, now: float) -> list[Step]:
        """The socket is gone, or there never was one."""
        if isinstance(self.state, Closed):
            return []
        visit, self._visit = self._visit, None
        self._pulse = None
        if self._since is not None:
            self._attempts.lasted(now - self._since)
            self._since = None
        unanswered = self._unanswered()
        if isinstance(closed, ConnectionRefused) and closed.status == _VERSION and self._has_lines:
            self._has_lines = False
            return self._dial()
        wait = self._attempts.wait(
            self._again(closed),
            can_refresh=self._can_refresh(closed),
            exactly=None if visit is None else visit.draining,
            at_least=closed.delay or 0.0 if isinstance(closed, ConnectionRefused) else 0.0,
        )
        if wait is None:
            return [*unanswered, self._ended(closed, is_final=True)]
        attempt = self._attempts.count
        self.state = Reconnecting(attempt, wait, closed.code)
        self._wake = now + wait
        return [*unanswered, Tell(Disconnected(closed.code, closed.reason, attempt, wait))]

    def close(self, code: int = NORMAL.code, reason: str = "") -> list[Step]:
        """End it from here."""
        if isinstance(self.state, Closed):
            return []
        closed = ConnectionClosed(code, reason)
        return [*self._unanswered(), HangUp(code, reason), self._ended(closed, is_final=False)]

    def signed_out(self, reason: str) -> list[Step]:
        """There is no token to be had any more, and so no way back."""
        if isinstance(self.state, Closed):
            return []
        return [*self._unanswered(), self._ended(ConnectionClosed(UNAUTHORIZED.code, reason), is_final=True)]

    def say(self, message: Message, frame: str | bytes, now: float) -> bool:
        """Whether *frame* is to be sent now; if not, it is kept for later. Raises `NotConnected`, or how it ended."""
        self._expect_life()
        if isinstance(self.state, Open) and not self.backlog:
            return True
        if not self.backlog.put(message, frame, now):
            raise NotConnected("the connection is not open; nothing was sent")
        return False

    def keep(self, message: Message, frame: str | bytes, now: float) -> bool:
        """Whether *frame*, which could not be sent after all, is kept for later."""
        return (
            self._end is None and self._rules.reconnect is not None and self.backlog.put(message, frame, now)
        )

    def ends_with(self, closed: ConnectionClosed) -> bool:
        """Whether nothing comes after *closed*."""
        return self._end is not None or self._rules.reconnect is None or self._again(closed) == "no"

    def ask(self, frame: str) -> tuple[str, str]:
        """The id of a new request (V17), and what to send. Raises how it ended."""
        self._expect_life()
        request = str(next(self._ids))
        self._asked.add(request)
        return request, answering(frame, request)

    def expect(self, request: str) -> None:
        """*request* is one that its message tells from others, in *legacy*. Raises `CannotAsk` if there is such a one."""
        self._expect_life()
        if request in self._asked:
            raise CannotAsk(f"a request with the id {request} has no answer yet")
        self._asked.add(request)

    def forget(self, request: str) -> None:
        """Nobody waits for the answer to *request* any more."""
        self._asked.discard(request)

    def spoke(self, now: float) -> None:
        """Something was sent at the program's wish."""
        if self._visit is not None:
            self._visit.spoke(now)

    def renewed(self, token: str) -> list[Step]:
        """There is a new token (V22)."""
        return [] if self._visit is None else [Send(control_line("token", token=token))]

    def pause(self) -> None:
        """Nothing is read for a while, for nobody takes what was."""
        for each in (self._visit, self._pulse):
            if each is not None:
                each.pause()

    def resume(self, now: float) -> None:
        """It is read again."""
        for each in (self._visit, self._pulse):
            if each is not None:
                each.resume(now)

    def _dial(self) -> list[Step]:
        attempt = self._attempts.count
        self.state = Connecting(attempt)
        self._wake = None
        reason: TokenReason = "reconnect" if self._was_open or attempt else "connect"
        if self._attempts.is_refreshed:
            reason = "refresh"
        protocols = (SUBPROTOCOL,) if self._has_lines else ()
        return [Dial(reason, protocols, self._is_spoken and not self._attempts.is_refreshed)]

    def _visited(self, steps: Iterable[object], now: float) -> Iterator[Step]:
        for step in steps:
            match step:
                case Welcome(connected=connected, message_bytes=takes):
                    self._attempts.welcomed()
                    self.message_bytes = takes
                    yield from self._open(replace(connected, protocol=SUBPROTOCOL), now)
                case GiveUp():
                    yield from self._given_up(now)
                    return
                case Answer(id=request) as answer:
                    yield from self._answered(answer, request)
                case Send() | Deliver() | Reached() | Tell() | Renew():
                    yield step

    def _pulsed(self, pulse: Pulse, now: float) -> list[Step]:
        if pulse.is_silent(now):
            return self._given_up(now)
        return [Ping()] if pulse.pings(now) else []

    def _given_up(self, now: float) -> list[Step]:
        return [HangUp(), *self.lost(ConnectionClosed(1006, "the server is not heard any more"), now)]

    def _answered(self, answer: Answer, request: str) -> Iterator[Step]:
        """An answer that nobody waits for any more is a message like any other."""
        if request in self._asked:
            self._asked.discard(request)
            yield answer
        elif answer.frame is not None:
            yield Deliver(answer.frame)

    def _open(self, connected: Connected, now: float) -> list[Step]:
        if isinstance(self.state, Open):
            return []
        self.state = Open()
        self._since = now
        is_again, self._was_open = self._was_open, True
        is_returning = self._visit is not None and self._visit.is_returning
        goes_on, self._is_resumed = is_again or self._is_resumed, False
        missed: list[Step] = [Tell(Missed(""))] if goes_on and not is_returning else []
        waiting: list[Step] = [Flush()] if self.backlog else []
        return [*self._tell_expired(now), Tell(replace(connected, is_again=is_again)), *missed, *waiting]

    def _again(self, closed: ConnectionClosed) -> Again:
        if not isinstance(closed, ConnectionRefused):
            return close_code(closed.code, self._rules.close_codes).reconnect
        if closed.status is None or closed.status in _TEMPORARY:
            return "yes"
        return "once" if closed.status == 401 else "no"

    def _can_refresh(self, closed: ConnectionClosed) -> bool:
        is_about_token = closed.code == UNAUTHORIZED.code or isinstance(closed, ConnectionRefused)
        return self._rules.has_fresh_tokens or not is_about_token

    def _tell_expired(self, now: float) -> list[Step]:
        expired = self.backlog.expired(now)
        return [Tell(NotSent(expired))] if expired else []

    def _unanswered(self) -> list[Step]:
        lost = ConnectionLost("the connection was lost before the answer came")
        steps: list[Step] = [Answer(request, error=lost) for request in sorted(self._asked)]
        self._asked.clear()
        return steps

    def _ended(self, closed: ConnectionClosed, *, is_final: bool) -> End:
        self._end = closed
        self._visit = self._pulse = None
        self._wake = None
        self.state = Closed(closed.code, closed.reason, is_final)
        return End(closed)

    def _expect_life(self) -> None:
        if self._end is not None:
            raise self._end.with_traceback(None)
