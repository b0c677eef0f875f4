"""One connection of a client that speaks `wirepact.v1`: the other side of `Dialogue`. `docs/wire.md` names the clauses.

Told what the server says and the time, it answers with what to do. What outlives the connection, its positions among it, is
`Life`'s.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from wirepact.broker import Position
from wirepact.core.events import (
    Connected,
    Degraded,
    Draining,
    Dropped,
    Event,
    Missed,
    Recovered,
    Refused,
    Restored,
)
from wirepact.core.positions import Positions
from wirepact.errors import BadRequest, Refusal, refusal_of
from wirepact.lines import Control, control_line, read_line

LATE = 1.0
"""Seconds. A deadline that is noticed later than this says that we slept, not that the server did."""


@dataclass(frozen=True, slots=True)
class Send:
    """Say this to the server."""

    frame: str | bytes


@dataclass(frozen=True, slots=True)
class Deliver:
    """A message for the program."""

    frame: str | bytes


@dataclass(frozen=True, slots=True)
class Reached:
    """Whoever has taken all that came before this is there in what `audience` was sent; `None` if nobody knows where that is."""

    audience: str
    position: Position | None


@dataclass(frozen=True, slots=True)
class Tell:
    """Something that the program should know."""

    event: Event


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request: a message, or nothing, or why there is none."""

    id: str
    frame: str | bytes | None = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Welcome:
    """The server let us in, and takes messages of so many bytes, if it says so (V10)."""

    connected: Connected
    message_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Renew:
    """Get a new token: this one ends soon (V22)."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The server is not heard any more: cut the connection (V20)."""


Step: TypeAlias = Send | Deliver | Reached | Tell | Answer | Welcome | Renew | GiveUp


@dataclass(frozen=True, slots=True)
class Manners:
    """What a client says of itself in each hello (V7)."""

    session: str
    client: str = ""
    contract: str = ""


class Visit:
    """A connection that was opened at *now*, to which the hello is said first.

    *refusals* are the service's own, by their codes; *within* is how long it may take to be welcomed.
    """

    __slots__ = (
        "_deadline",
        "_heartbeat",
        "_is_reading",
        "_manners",
        "_ping_at",
        "_positions",
        "_refusals",
        "_slept",
        "_timeout",
        "draining",
        "is_returning",
        "is_welcome",
    )

    def __init__(
        self,
        manners: Manners,
        positions: Positions,
        refusals: Mapping[str, type[Refusal]],
        within: float | None,
        now: float,
    ) -> None:
        self._manners = manners
        self._refusals = refusals
        self._positions = positions
        self._heartbeat: float | None = None
        self._timeout = 0.0
        self._deadline = None if within is None else now + within
        self._ping_at: float | None = None
        self._is_reading = True
        self._slept = False
        self.is_welcome = False
        self.is_returning = False
        """Whether the server was told where we are, and will say what became of that (V14)."""
        self.draining: float | None = None
        """The delay that the server told before it closes (V25)."""

    def hello(self, token: str | None) -> Send:
        """The first line (V7)."""
        manners = self._manners
        positions = dict(self._positions.said())
        self.is_returning = bool(positions)
        return Send(
            control_line(
                "hello",
                token=token,
                session=manners.session,
                positions=positions or None,
                client=manners.client or None,
                contract=manners.contract or None,
            )
        )

    @property
    def due(self) -> float | None:
        """When `elapsed` has something to do, if nothing else happens before."""
        times = (self._ping_at, self._deadline if self._is_reading else None)
        return min((each for each in times if each is not None), default=None)

    def hear(self, frame: str | bytes, now: float) -> Iterator[Step]:
        """What to do about *frame*, one step after the other (V1, V4)."""
        self._alive(now)
        if isinstance(frame, bytes):
            yield Deliver(frame)
            return
        for line in frame.split("\n"):
            yield from self._line(line, now)

    def spoke(self, now: float) -> None:
        """Something was said to the server, which is a sign of life of ours."""
        if self._heartbeat is not None:
            self._ping_at = now + self._heartbeat

    def elapsed(self, now: float) -> Iterator[Step]:
        """What is due at *now* (V20)."""
        if self._is_reading and self._deadline is not None and now >= self._deadline:
            if self._slept or now - self._deadline <= LATE or self._heartbeat is None:
                yield GiveUp()
                return
            self._slept = True
            self._deadline = now + self._timeout
            self._ping_at = now
        if self._ping_at is not None and now >= self._ping_at:
            self.spoke(now)
            yield Send(control_line("ping"))

    def pause(self) -> None:
        """Nobody reads: that nothing is heard says nothing of the server now."""
        self._is_reading = False

    def resume(self, now: float) -> None:
        """What was held back is read again."""
        self._is_reading = True
        self._alive(now)

    def _alive(self, now: float) -> None:
        if self._heartbeat is not None:
            self._deadline = now + self._heartbeat + self._timeout
            self._slept = False

    def _line(self, line: str, now: float) -> Iterator[Step]:
        try:
            said = read_line(line)
        except BadRequest:
            yield Deliver(line)
            return
        if isinstance(said, Control):
            yield from self._control(said, now)
        elif said.id:
            yield Answer(said.id, said.text)
        elif not said.offset:
            yield Deliver(said.text)
        elif self._positions.take(said.audience, said.offset):
            yield Deliver(said.text)
            yield self._reached(said.audience)

    def _reached(self, audience: str) -> Reached:
        return Reached(audience, self._positions.at(audience))

    def _control(self, said: Control, now: float) -> Iterator[Step]:
        match said.name:
            case "welcome":
                yield self._welcome(said, now)
            case "position":
                yield from self._position(said)
            case "ping":
                self.spoke(now)
                yield Send(control_line("pong"))
            case "done" if request := said.text("id"):
                yield Answer(request)
            case "error":
                yield self._error(said)
            case "expiring":
                yield Renew()
            case "draining":
                self.draining = max(0.0, said.number("delay") or 0.0)
                yield Tell(Draining(self.draining))
            case _:
                if (news := _news(said)) is not None:
                    yield Tell(news)

    def _welcome(self, said: Control, now: float) -> Step:
        self.is_welcome = True
        self._deadline = None
        heartbeat = said.number("heartbeat")
        if heartbeat is not None and heartbeat > 0:
            self._heartbeat = heartbeat
            self._timeout = max(0.0, said.number("timeout") or 0.0)
            self.spoke(now)
            self._alive(now)
        ours, theirs = self._manners.contract, said.text("contract") or ""
        is_same = not ours or not theirs or ours == theirs
        takes = int(said.number("message_bytes") or 0)
        return Welcome(
            Connected(connection=said.text("connection") or "", is_same_contract=is_same),
            takes if takes > 0 else None,
        )

    def _position(self, said: Control) -> Iterator[Step]:
        audience = said.text("audience") or ""
        try:
            position = Position.parse(f"{said.text('epoch') or ''}.{int(said.number('offset') or 0)}")
        except ValueError:
            self._positions.lose(audience)
        else:
            self._positions.begin(audience, position)
        match said.fields.get("recovered"):
            case True:
                yield Tell(Recovered(audience))
            case False:
                yield Tell(Missed(audience))
        yield self._reached(audience)

    def _error(self, said: Control) -> Step:
        error = refusal_of(
            said.text("code") or "internal",
            said.text("text") or "",
            self._refusals,
            is_temporary=said.fields.get("temporary") is True,
            delay=said.number("delay"),
        )
        request = said.text("id")
        return Answer(request, error=error) if request else Tell(Refused(error))


def _news(said: Control) -> Event | None:
    """What is only to be told; nothing of a name that is not known (V5)."""
    match said.name:
        case "dropped":
            return Dropped(int(said.number("messages") or 0))
        case "degraded":
            return Degraded()
        case "restored":
            return Restored()
    return None
