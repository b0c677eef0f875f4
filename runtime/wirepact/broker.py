"""The port to whatever carries publications from those who publish to those who hold connections.

A publication goes to a topic and reaches every node that subscribed to it, in the order in which the broker
took it in. One that is to be *kept* gets a position, is delivered with it, and can be recovered while the window
that it names lasts. What a topic is called is settled in `topics`; who listens at a node, in `server`; what follows
from positions, in `core.recovery`.

    publish ──▶ offset + 1, kept, delivered          nothing kept: delivered
    subscribe ──▶ the position that what is delivered from now on follows
    recover(since) ──▶ what was kept after it, up to the top, or the word that something is missing

Nodes speak to each other through the same broker (`tell`), see `nodes`; who is where, see `presence`.
"""

import secrets
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple, Self, TypeAlias

from wirepact.descriptors import SlowConsumer
from wirepact.nodes import NodeMessage
from wirepact.presence import Presence
from wirepact.roster import MemoryRoster, Roster
from wirepact.tallies import Tallies

MAX_INTEGER = 2**53 - 1
"""The largest version and the largest offset: what JavaScript and Lua still count exactly."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in what a topic kept: after the publication with this offset.

    Offsets count up from 1, by one for each publication that is kept. They mean something within one epoch only: a
    broker that has forgotten where it was begins a new one. Written `<epoch>.<offset>`.
    """

    epoch: str
    offset: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.offset}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The position that *text* is. Raises `ValueError` for anything else."""
        epoch, _, offset = text.partition(".")
        is_one = epoch.isascii() and epoch.isalnum() and offset.isascii() and offset.isdecimal()
        if not is_one or len(text) > 128 or int(offset) > MAX_INTEGER:
            raise ValueError(f"{text[:140]!r} is no position")
        return cls(epoch, int(offset))


def new_epoch() -> str:
    """An epoch that never was."""
    return secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Keep:
    """How long a publication can be recovered (`x-recovery`).

    `stream` keeps each one, `latest` the last for each key. `age` is in seconds. `size` is how many of the topic's
    stream there are at most: a topic is trimmed by what its newest publication says, so those of one topic had
    better say the same.
    """

    mode: Literal["stream", "latest"]
    age: float
    size: int = 100


class Publication(NamedTuple):
    """One message on its way to one audience, encoded once for all of them.

    A tuple, because one is made for each message and this is three times cheaper than a frozen dataclass. Nodes get the
    first three fields, `key` and `slow`; the others tell the broker what to do.
    """

    topic: str
    payload: bytes
    """JSON or other text in UTF-8, or bytes if `is_binary`."""
    is_binary: bool = False
    keep: Keep | None = None
    """`None` keeps nothing: whoever is away has missed it."""
    key: str | None = None
    """Of what this is the latest; `None` is a key like any other."""
    idempotency_key: str | None = None
    """Publishing with the same one again, to the same topic and within a while, does nothing and gives the first position."""
    version: int | None = None
    """Of a `latest` value: what is not newer than the one that is kept for the key is suppressed."""
    slow: SlowConsumer = "close"
    """What to do for a peer that has no room for it; of what is read from a history a broker may say `close`."""


class Kept(NamedTuple):
    """A publication, and where it stands."""

    position: Position
    publication: Publication


@dataclass(frozen=True, slots=True)
class History:
    """What a topic kept since some position, in order of offsets.

    `is_complete` says that nothing is missing between that position and `top`, the position of the last publication; if it
    is not, there are no publications here.
    """

    top: Position
    is_complete: bool
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """How well this process hears its broker. `silence` and `lag` are seconds, `None` where not known yet.

    `silence` is since something was heard, if only an echo of our own; `lag` is how long the last echo took.
    """

    is_connected: bool
    is_deaf: bool
    silence: float | None = None
    lag: float | None = None


Deliver: TypeAlias = Callable[[Publication, Position | None], None]
"""What a node gives to its broker: a publication, with its position if it is kept."""

Lost: TypeAlias = Callable[[str, Position], None]
"""Told of a topic whose publications before this position are lost to this node; what follows it is delivered."""

Told: TypeAlias = Callable[[NodeMessage], None]
"""Told of what a node said to all nodes, this one included."""

Linked: TypeAlias = Callable[[bool], None]
"""Told when the broker is out of reach, and when it is back and what was missed has been delivered."""


Published: TypeAlias = Callable[[str, str, float | None], None]
"""Told of a service, one of its operations, and the seconds that publishing took, `None` if it failed."""


def _ignore(*_: object) -> None:
    """What is done about what nobody asked to be told."""


class Broker(ABC):
    """Carries publications. A node starts it, a publisher without connections need not.

    What is given to `start` is called in the event loop, returns at once and does not raise.
    """

    is_shared: ClassVar[bool]
    """Whether several processes hear each other through it."""

    def __init__(self, presence: Presence, tallies: Tallies) -> None:
        self.presence = presence
        """Who is where, as far as those know who hear each other through this broker."""
        self.tallies = tallies
        """How much there is of what is limited, as far as they know."""
        self.roster: Roster = MemoryRoster()
        """Which nodes hear each other through it, and how they are."""
        self.counts: Counter[str] = Counter()
        """What went wrong so far, by name: `undecodable`, `gaps`, `lost`, `reconnects` and so on."""
        self.on_published: Published = _ignore
        """Told of what a publisher said through it; whoever measures sets it."""
        self._deliver: Deliver = _ignore
        self._lost: Lost = _ignore
        self._told: Told = _ignore
        self._linked: Linked = _ignore
        self._is_started = False

    async def start(
        self, deliver: Deliver, lost: Lost = _ignore, told: Told = _ignore, linked: Linked = _ignore
    ) -> None:
        """Hand every publication to a subscribed topic to *deliver* from now on, in order within the topic.

        A broker out of reach is no error: it is tried again, and `linked` says when it is there.
        """
        if self._is_started:
            message = "a broker serves one node"
            raise RuntimeError(message)
        self._is_started = True
        self._deliver, self._lost, self._told, self._linked = deliver, lost, told, linked
        await self._started()

    async def stop(self) -> None:
        """Deliver nothing any more, and let go of what is held."""
        self._is_started = False
        self._deliver, self._lost, self._told, self._linked = _ignore, _ignore, _ignore, _ignore
        await self._stopped()

    async def _started(self) -> None:  # noqa: B027 a broker may have nothing to do
        """What a kind of broker does to begin."""

    async def _stopped(self) -> None:  # noqa: B027
        """What a kind of broker does to end."""

    @abstractmethod
    async def subscribe(self, topic: str) -> Position:
        """Deliver what is published to *topic* from now on: what is kept follows the position that this returns.

        Subscriptions are counted: as many `unsubscribe` end them. Raises `Unavailable`.
        """

    @abstractmethod
    async def unsubscribe(self, topic: str) -> None:
        """Deliver it no longer. More often than `subscribe` is no error."""

    @abstractmethod
    async def publish(self, publication: Publication) -> Position | None:
        """Take *publication* in, and say where it stands, if it is kept. When this has returned it will reach the nodes that are subscribed.

        A version that is suppressed gives the position of the one that stands. Raises `Unavailable`, and has not
        queued it then; it may have been taken in all the same, if the answer was lost: publish it again with the same
        idempotency key.
        """

    @abstractmethod
    async def recover(self, topic: str, since: Position, limit: int = 300) -> History:
        """What *topic* kept after *since*, at most *limit* publications, or the word that it is not complete.

        Not complete is: another epoch, an offset above the top, something that was trimmed or has expired, more than *limit*. Of
        `latest` a value that a newer one replaced is not missed. Raises `Unavailable`.
        """

    @abstractmethod
    async def tell(self, message: NodeMessage) -> None:
        """Say *message* to all nodes, this one included. Raises `Unavailable`."""

    @abstractmethod
    def health(self) -> Health:
        """How well it hears, at this moment."""
