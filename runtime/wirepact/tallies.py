"""The port to how much there is of something at all nodes together: connections of a user, messages in a while.

A node says how many there are at itself. What it has not said again for `TTL` seconds has gone with it, so that a crashed
node takes no places; nodes repeat what they said every `REFRESH` seconds, also because a store may forget.

It is a port of its own beside `Broker`, as `Presence` is, and a broker has the one that is known to the same processes.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

TTL = 60.0
REFRESH = 25.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much may happen: *rate* a second, and *burst* at once."""

    rate: float
    burst: float


class Tallies(ABC):
    """How much there is of what, each by its name. Every method may raise `Unavailable`."""

    @abstractmethod
    async def claim(self, name: str, here: int, limit: int) -> bool:
        """Whether there may be *here* at this node, being no more than *limit* with those of the others. They count if so."""

    @abstractmethod
    async def tell(self, here: Mapping[str, int]) -> None:
        """Say how many of each there are at this node; zero forgets."""

    @abstractmethod
    async def spend(self, name: str, amount: float, allowance: Allowance) -> float:
        """Count *amount* as happened, and give how much may happen yet: less than nothing if it was too much already."""
