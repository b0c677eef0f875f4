"""SPC put together: its store, its handlers, their routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar

from generated.spc.publisher import SpcPublisher
from generated.spc.server import routes
from handlers.database import opened, prepare
from handlers.service import Service
from handlers.spc.clock import Clock
from handlers.spc.handlers import Spc
from handlers.spc.notices import Notices
from handlers.spc.settings import PREFIX, SpcSettings
from handlers.spc.storage import Store
from handlers.spc.tables import SpcTable
from wirepact.server import Node

DATABASE_URL = f"{PREFIX}DATABASE_URL"


def spc(node: Node, settings: SpcSettings) -> Service:
    """SPC as *settings* want it, pushing through the broker of *node*."""
    database = opened(settings.database_at(node.settings.state_dir), DATABASE_URL)
    clock = Clock(settings.timezone)
    handlers = Spc(Store(database), Notices(SpcPublisher(node.broker), clock), clock)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await prepare(database, SpcTable.metadata, DATABASE_URL)
        try:
            yield
        finally:
            await database.close()

    return Service(routes(handlers, node, anonymous=settings.lets_anonymous_in(node.settings.env)), lifespan)
