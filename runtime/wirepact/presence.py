"""The port to who is where: the users at a topic, whatever node holds their connections.

A user with two tabs is there once, and is gone when the last of them has been closed for the length of a grace; who is back
sooner was never gone. A node says every `REFRESH` seconds, for all of its connections at once, that they are still there; what
nobody has said so of for `TTL` seconds has gone with its node.

It is a port of its own beside `Broker`, since it delivers nothing: it answers, and what follows (a join, a leave) its caller
publishes. A broker has the presence that goes with it, because both must be known to the same processes.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TTL = 60.0
REFRESH = 25.0
PAGE = 200


@dataclass(frozen=True, slots=True)
class Attendance:
    """One connection of *user* at a topic. `info` is what others are told of the user: that of the last to come counts."""

    topic: str
    connection: str
    user: str
    info: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A user who is there."""

    user: str
    info: str = ""


@dataclass(frozen=True, slots=True)
class Departure:
    """A user who is there no longer, and what was told of them last."""

    topic: str
    user: str
    info: str = ""


class Presence(ABC):
    """Who is where. Every method may raise `Unavailable`."""

    @abstractmethod
    async def enter(self, attendance: Attendance) -> bool:
        """Whether the user was not there before: whoever asks publishes the join."""

    @abstractmethod
    async def refresh(self, attendances: Iterable[Attendance]) -> Sequence[Attendance]:
        """Say that all of these are still there; gives those whose user had been forgotten meanwhile, and has come again."""

    @abstractmethod
    async def leave(self, topic: str, connection: str, grace: float) -> bool:
        """Whether the user is gone with this connection, at once. With a *grace* it is `reap` that says so, later."""

    @abstractmethod
    async def reap(self) -> Sequence[Departure]:
        """Those who have gone since: whose grace is over, and whose node has.

        To be asked every second or so by every node; each departure is told to one of them, who publishes the leave.
        """

    @abstractmethod
    async def has(self, topic: str, user: str) -> bool:
        """Whether *user* is there, or was within the grace."""

    @abstractmethod
    async def members(self, topic: str, after: str = "", limit: int = PAGE) -> Sequence[Member]:
        """Those who are there, in the order of their names, beginning behind *after*; at most *limit*."""

    @abstractmethod
    async def count(self, topic: str) -> int:
        """How many users are there, without listing them."""
