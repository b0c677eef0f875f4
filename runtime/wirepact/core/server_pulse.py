"""The heartbeat of messages that a document names (`x-heartbeat`), at the server's side: `docs/wire.md` L9. The client's is `pulse`."""

from enum import Enum, auto
from math import inf

from wirepact.descriptors import Heartbeat


class Due(Enum):
    """What is to be done."""

    PING = auto()
    """Say the ping."""
    GONE = auto()
    """Give the peer up: nothing was heard in time."""


class ServerPulse:
    """One connection's heartbeat, from *now* on. The first ping is said after *first* seconds."""

    __slots__ = ("_answer_by", "_heartbeat", "_ping_at")

    def __init__(self, heartbeat: Heartbeat, now: float, first: float) -> None:
        self._heartbeat = heartbeat
        pings = heartbeat.by == "server"
        self._ping_at = now + first if pings else inf
        self._answer_by = inf if pings else now + heartbeat.interval + heartbeat.timeout

    @property
    def due(self) -> float:
        """When there is something to do."""
        return min(self._ping_at, self._answer_by)

    def hear(self, now: float, *, is_pong: bool) -> None:
        """Note that the peer said something: an answer, or anything else."""
        if self._heartbeat.by == "client":
            self._answer_by = now + self._heartbeat.interval + self._heartbeat.timeout
        elif is_pong or self._heartbeat.pong is None:
            self._answer_by = inf

    def tick(self, now: float) -> Due | None:
        """What is due at *now*, if anything is."""
        if now >= self._answer_by:
            return Due.GONE
        if now < self._ping_at:
            return None
        self._ping_at = now + self._heartbeat.interval
        self._answer_by = min(self._answer_by, now + self._heartbeat.timeout)
        return Due.PING
