"""The service that the WebSocket test suite talks to: it says what it hears."""

from emitted.echo import messages
from emitted.echo.server import EchoHandlers, EchoPeer, routes

from wirepact.auth import JwtAuthenticator
from wirepact.broker_memory import MemoryBroker
from wirepact.server import App, Node, Visitor, build_app
from wirepact.settings import Settings


class Echo(EchoHandlers):
    """Says what it hears."""

    async def admit_echo(self, visitor: Visitor) -> None:
        """Everyone may come in."""

    async def hear_text(self, peer: EchoPeer, message: messages.Text) -> None:
        await peer.send(message)

    async def hear_bytes(self, peer: EchoPeer, message: messages.Bytes) -> None:
        await peer.send(message)


def create_app() -> App:
    """The application that `wirepact serve` runs."""
    settings = Settings.load()
    node = Node(MemoryBroker(), JwtAuthenticator(settings.jwt_key()), settings)
    return build_app(node, routes(Echo(), node))
