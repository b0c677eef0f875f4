"""Hears for a peer whose handshake is not answered yet.

A client of *legacy* knows that it is connected when its handshake is answered, and expects whatever is published from then on. To
listen may take a round trip to the broker, so that is done before; what is heard meanwhile is handed to the way out.
"""

from collections.abc import Iterable

from wirepact.server.fanout import Fanout
from wirepact.server.frames import Batch
from wirepact.server.outlet import Outlet


class Anteroom:
    """Listens to topics in the name of one peer, until it is handed over or left."""

    __slots__ = ("_fanout", "_heard", "topics")

    is_lined = False

    def __init__(self, fanout: Fanout) -> None:
        self._fanout = fanout
        self._heard: list[Batch] = []
        self.topics: list[str] = []

    async def listen(self, topics: Iterable[str]) -> None:
        """Hear what is published to *topics* from when this has returned. Raises `Unavailable`."""
        for topic in topics:
            await self._fanout.join(topic, self)
            self.topics.append(topic)

    def deliver(self, batch: Batch) -> None:
        """Keep what was published."""
        self._heard.append(batch)

    def stop(self) -> None:
        """Nothing is written here that could fail."""

    def hand_over(self, outlet: Outlet) -> None:
        """Let *outlet* listen instead, and give it what was heard."""
        for topic in self.topics:
            self._fanout.replace(topic, self, outlet)
        for batch in self._heard:
            outlet.deliver(batch)

    def leave(self) -> None:
        """Listen no longer."""
        self._fanout.leave(self.topics, self)
