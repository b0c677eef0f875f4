"""The composition root: every service of this application behind one broker, and the page."""

from handlers.classroom.service import classroom
from handlers.classroom.settings import ClassroomSettings
from handlers.page import page
from handlers.robodine.service import robodine
from handlers.robodine.settings import RobodineSettings
from handlers.spc.service import spc
from handlers.spc.settings import SpcSettings
from wirepact.brokers import broker_of
from wirepact.server import App, Node, build_app
from wirepact.settings import Settings


def create_app() -> App:
    """The application as the environment wants it. Raises `Misconfigured`, naming the variable."""
    settings = Settings.load()
    node = Node(broker_of(settings), settings.authenticator(), settings)
    services = [
        classroom(node, ClassroomSettings.load()),
        robodine(node, RobodineSettings.load()),
        spc(node, SpcSettings.load()),
    ]
    return build_app(
        node,
        [route for service in services for route in service.routes],
        lifespan=[service.lifespan for service in services],
        handlers=page(),
    )
