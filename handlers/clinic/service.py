"""Clinic put together: its store, its handlers, their routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from litestar import Litestar

from generated.clinic import channels
from generated.clinic.publisher import ClinicPublisher
from generated.clinic.server import routes
from handlers.clinic.handlers import Clinic
from handlers.clinic.notices import Notices
from handlers.clinic.presence import Presence
from handlers.clinic.settings import ClinicSettings
from handlers.clinic.storage import Store
from handlers.clinic.tables import ClinicTable
from handlers.database import opened
from handlers.schema import Schema, prepare
from handlers.service import Service
from wirepact.server import Node, UserWatch

SCHEMA: Final = Schema("clinic", ClinicTable.metadata, Path(__file__).parent / "migrations")


def clinic(node: Node, settings: ClinicSettings) -> Service:
    """Clinic as *settings* want it, pushing through the broker of *node*."""
    url = settings.database_at(node.settings.state_dir)
    database = opened(url, SCHEMA.setting)
    store = Store(database)
    notices = Notices(ClinicPublisher(node.broker), store)
    grace = timedelta(seconds=settings.presence_grace)
    presence = Presence(store, notices, node.presence, grace, _now)
    handlers = Clinic(store, notices, presence, _now)
    _tune(node, settings)
    node.watch_users(channels.PRESENCE, UserWatch(presence.came, presence.gone))
    node.filter(channels.OCS, handlers.orders_of)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await prepare(SCHEMA, url, node.settings.env)
        try:
            async with presence.kept():
                yield
        finally:
            await database.close()

    return Service(routes(handlers, node), lifespan)


def _tune(node: Node, settings: ClinicSettings) -> None:
    """What the document says of the grace is what holds unless it is set."""
    attended = channels.PRESENCE.presence
    assert attended is not None  # noqa: S101 - told to the type checker: the document has one
    grace = replace(attended, grace=settings.presence_grace)
    node.tune(replace(channels.PRESENCE, presence=grace))


def _now() -> datetime:
    return datetime.now(UTC)
