"""SPC put together: its store, its handlers, their routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar
from sqlalchemy.exc import ArgumentError, InvalidRequestError, OperationalError

from generated.spc.publisher import SpcPublisher
from generated.spc.server import routes
from handlers.database import Database
from handlers.service import Service
from handlers.spc.clock import Clock
from handlers.spc.handlers import Spc
from handlers.spc.notices import Notices
from handlers.spc.settings import PREFIX, SpcSettings
from handlers.spc.storage import Store
from handlers.spc.tables import SpcTable
from wirepact.errors import Misconfigured
from wirepact.server import Node

DATABASE_URL = f"{PREFIX}DATABASE_URL"


def spc(node: Node, settings: SpcSettings) -> Service:
    """SPC as *settings* want it, pushing through the broker of *node*."""
    database = _database(settings.database_at(node.settings.state_dir))
    clock = Clock(settings.timezone)
    handlers = Spc(Store(database), Notices(SpcPublisher(node.broker), clock), clock)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await _create_tables(database)
        try:
            yield
        finally:
            await database.close()

    return Service(routes(handlers, node, anonymous=settings.lets_anonymous_in(node.settings.env)), lifespan)


def _database(url: str) -> Database:
    try:
        return Database(url)
    except (ArgumentError, InvalidRequestError, ModuleNotFoundError):
        raise Misconfigured(DATABASE_URL, "needs an asynchronous driver that is installed") from None


async def _create_tables(database: Database) -> None:
    try:
        await database.create_tables(SpcTable.metadata)
    except (OSError, OperationalError) as error:
        raise Misconfigured(DATABASE_URL, "the database can't be opened") from error
