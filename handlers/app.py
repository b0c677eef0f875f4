"""The composition root: every service of this application behind one broker, and the page."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from handlers.chat.service import chat
from handlers.chat.settings import ChatSettings
from handlers.classroom.service import classroom
from handlers.classroom.settings import ClassroomSettings
from handlers.page import page
from handlers.robodine.service import robodine
from handlers.robodine.settings import RobodineSettings
from handlers.service import Service
from handlers.spc.service import spc
from handlers.spc.settings import SpcSettings
from wirepact.brokers import broker_of
from wirepact.errors import Misconfigured
from wirepact.server import App, Node, build_app
from wirepact.settings import Settings

SERVICES: Final[Mapping[str, Callable[[Node], Service]]] = {
    "chat": lambda node: chat(node, ChatSettings.load()),
    "classroom": lambda node: classroom(node, ClassroomSettings.load()),
    "robodine": lambda node: robodine(node, RobodineSettings.load()),
    "spc": lambda node: spc(node, SpcSettings.load()),
}
"""All that there are, by name."""


def create_app() -> App:
    """The application as the environment wants it. Raises `Misconfigured`, naming the variable."""
    settings = Settings.load()
    node = Node(broker_of(settings), settings.authenticator(), settings)
    services = [SERVICES[name](node) for name in _wanted()]
    return build_app(
        node,
        [route for service in services for route in service.routes],
        lifespan=[service.lifespan for service in services],
        handlers=page(),
    )


def _wanted() -> Sequence[str]:
    """The services that `SERVICE` names, with commas between; all if it is not set."""
    named = [each.strip() for each in os.environ.get("SERVICE", "").split(",") if each.strip()]
    if unknown := [each for each in named if each not in SERVICES]:
        raise Misconfigured("SERVICE", f"{unknown[0]} is not among {', '.join(SERVICES)}")
    return list(dict.fromkeys(named)) or list(SERVICES)
