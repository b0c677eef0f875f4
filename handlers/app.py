"""The composition root: every service of this application behind one broker, and the page."""

import os
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from handlers.chat import service as chat
from handlers.chat.provider_settings import ProviderSettings
from handlers.chat.settings import ChatSettings
from handlers.classroom import service as classroom
from handlers.classroom.settings import ClassroomSettings
from handlers.clinic import service as clinic
from handlers.clinic.settings import ClinicSettings
from handlers.page import page
from handlers.robodine import service as robodine
from handlers.robodine.settings import RobodineSettings
from handlers.schema import Schema, check
from handlers.service import Offer, Service
from handlers.spc import service as spc
from handlers.spc.settings import SpcSettings
from wirepact.brokers import broker_of
from wirepact.errors import Misconfigured
from wirepact.server import App, Node, build_app
from wirepact.settings import Settings


def _chat(node: Node, settings: ChatSettings) -> Service:
    """Chat, and where its channels are."""
    return chat.chat(node, settings, ProviderSettings.load())


SERVICES: Final[Mapping[str, Offer[Any]]] = {
    each.schema.service: each
    for each in (
        Offer(chat.SCHEMA, ChatSettings, _chat),
        Offer(classroom.SCHEMA, ClassroomSettings, classroom.classroom),
        Offer(clinic.SCHEMA, ClinicSettings, clinic.clinic),
        Offer(robodine.SCHEMA, RobodineSettings, robodine.robodine),
        Offer(spc.SCHEMA, SpcSettings, spc.spc),
    )
}
"""All that there are, by name."""


def create_app() -> App:
    """The application as the environment wants it. Raises `Misconfigured`, naming the variable."""
    settings = Settings.load()
    node = Node(broker_of(settings), settings.authenticator(), settings)
    services = [SERVICES[name].served(node) for name in _wanted()]
    return build_app(
        node,
        [route for service in services for route in service.routes],
        lifespan=[service.lifespan for service in services],
        handlers=page(),
        checks=[partial(check, schema, url, settings.env) for schema, url in databases()],
    )


def databases(services: Sequence[str] = ()) -> Sequence[tuple[Schema, str]]:
    """The tables of *services*, or of those that are served, and the URL of the database of each. Raises `Misconfigured`."""
    state_dir = Settings.load().state_dir
    offers = [SERVICES[name] for name in services or _wanted()]
    return [(each.schema, each.database_at(state_dir)) for each in offers]


def _wanted() -> Sequence[str]:
    """The services that `SERVICE` names, with commas between; all if it is not set."""
    named = [each.strip() for each in os.environ.get("SERVICE", "").split(",") if each.strip()]
    if unknown := [each for each in named if each not in SERVICES]:
        raise Misconfigured("SERVICE", f"{unknown[0]} is not among {', '.join(SERVICES)}")
    return list(dict.fromkeys(named)) or list(SERVICES)
