"""The port to whatever carries publications from those who publish to those who hold connections.

A publication goes to a topic and reaches every node that subscribed to it, in the order in which the broker
took it in. What a topic is called is settled in `topics`; who listens at a node, in `server`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class Publication:
    """One message on its way to one audience, encoded once for all of them: `payload` is its JSON text."""

    topic: str
    payload: bytes


Deliver: TypeAlias = Callable[[Publication], None]
"""What a node gives to its broker. Called in the event loop; returns at once and does not raise."""


class Broker(ABC):
    """Carries publications. A node starts it, a publisher without connections need not."""

    is_shared: ClassVar[bool]
    """Whether several processes hear each other through it."""

    @abstractmethod
    async def start(self, deliver: Deliver) -> None:
        """Hand every publication to a subscribed topic to *deliver* from now on, in order within the topic."""

    @abstractmethod
    async def subscribe(self, topic: str) -> None:
        """Deliver what is published to *topic* after this has returned."""

    @abstractmethod
    async def unsubscribe(self, topic: str) -> None:
        """Deliver it no longer."""

    @abstractmethod
    async def publish(self, publication: Publication) -> None:
        """Take *publication* in. When this has returned it will reach the nodes that are subscribed."""

    @abstractmethod
    async def stop(self) -> None:
        """Deliver nothing any more, and let go of what is held."""
