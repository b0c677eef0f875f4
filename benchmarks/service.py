"""Fan-out on Wirepact: what is written by hand beside what `wirepact generate` makes of fanout.yaml.

`benchmarks.fanout` generates the package `emitted` into a temporary folder, and has `wirepact serve` run this.
"""

from emitted.fanout import messages
from emitted.fanout.publisher import FanoutPublisher
from emitted.fanout.server import FanoutHandlers, FanoutPeer, routes

from wirepact.auth import JwtAuthenticator
from wirepact.brokers import broker_of
from wirepact.server import App, Node, Visitor, build_app
from wirepact.settings import Settings


class Fanout(FanoutHandlers):
    """Says to everyone what one says."""

    def __init__(self, publisher: FanoutPublisher) -> None:
        self._publisher = publisher

    async def admit_fanout(self, visitor: Visitor) -> None:
        """Everyone may come in."""

    async def say(self, peer: FanoutPeer, message: messages.Say) -> None:
        del peer
        await self._publisher.said(
            messages.Said(
                sequence=message.sequence,
                author=message.author,
                text=message.text,
                sent_at=message.sent_at,
            )
        )


def create_app() -> App:
    """The application that `wirepact serve` runs."""
    settings = Settings.load()
    broker = broker_of(settings)
    node = Node(broker, JwtAuthenticator(settings.jwt_key()), settings)
    return build_app(node, routes(Fanout(FanoutPublisher(broker)), node))
