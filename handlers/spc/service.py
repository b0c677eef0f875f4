"""SPC put together: its store, its handlers, their routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from litestar import Litestar

from generated.spc import channels
from generated.spc.publisher import SpcPublisher
from generated.spc.server import routes
from handlers.database import opened
from handlers.schema import Schema, prepare
from handlers.service import Service
from handlers.spc.clock import Clock
from handlers.spc.handlers import Kept, Spc
from handlers.spc.hearing import Hearings
from handlers.spc.notices import Notices
from handlers.spc.outbox import Outbox
from handlers.spc.relay import Relay
from handlers.spc.rules import Rules
from handlers.spc.settings import SpcSettings
from handlers.spc.statistics import Statistics
from handlers.spc.storage import Store
from handlers.spc.tables import SpcTable
from wirepact.server import Node

SCHEMA: Final = Schema("spc", SpcTable.metadata, Path(__file__).parent / "migrations")


def spc(node: Node, settings: SpcSettings) -> Service:
    """SPC as *settings* want it, pushing through the broker of *node*."""
    url = settings.database_at(node.settings.state_dir)
    database = opened(url, SCHEMA.setting)
    clock = Clock(settings.timezone)
    rules = Rules(database)
    hearings = Hearings(rules)
    for channel in (channels.NOTIFICATIONS, channels.PRODUCT):
        node.tune(replace(channel, limits=settings.limits(channel.limits)))
        node.filter(channel, hearings.filter_of)
    relay = Relay(Outbox(database), Notices(SpcPublisher(node.broker), clock).tell)
    kept = Kept(Store(database, relay.note), rules, Statistics(database))
    handlers = Spc(kept, relay, clock, node.recheck)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await prepare(SCHEMA, url, node.settings.env)
        try:
            async with relay.running():
                yield
        finally:
            await database.close()

    return Service(routes(handlers, node, anonymous=settings.lets_anonymous_in(node.settings.env)), lifespan)
