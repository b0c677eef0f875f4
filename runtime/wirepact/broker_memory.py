"""The broker of a single process: publications go straight to its node, in the order of the calls."""

from wirepact.broker import Broker, Deliver, Publication


class MemoryBroker(Broker):
    """Carries publications within one process. Nothing is kept, and no other process hears of them."""

    is_shared = False

    def __init__(self) -> None:
        self._deliver: Deliver | None = None
        self._topics: set[str] = set()

    async def start(self, deliver: Deliver) -> None:
        """See `Broker`. A second node would take the first one's place, so there is none."""
        if self._deliver is not None:
            message = "a memory broker serves one node"
            raise RuntimeError(message)
        self._deliver = deliver

    async def subscribe(self, topic: str) -> None:
        """See `Broker`."""
        self._topics.add(topic)

    async def unsubscribe(self, topic: str) -> None:
        """See `Broker`."""
        self._topics.discard(topic)

    async def publish(self, publication: Publication) -> None:
        """See `Broker`."""
        if self._deliver is not None and publication.topic in self._topics:
            self._deliver(publication)

    async def stop(self) -> None:
        """See `Broker`."""
        self._deliver = None
        self._topics.clear()
