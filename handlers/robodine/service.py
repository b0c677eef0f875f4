"""Robodine put together: its store, its feed, its handlers, their routes, and where robots report."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from litestar import Litestar
from prometheus_client import Counter

from generated.robodine import channels
from generated.robodine.publisher import RobodinePublisher
from generated.robodine.server import routes
from handlers.database import opened
from handlers.robodine import translation
from handlers.robodine.feed import Feed
from handlers.robodine.handlers import Robodine
from handlers.robodine.ingestion import Ingestion
from handlers.robodine.settings import PREFIX, RobodineSettings
from handlers.robodine.storage import Store
from handlers.robodine.tables import RobodineTable
from handlers.schema import Schema, prepare
from handlers.service import Service
from wirepact.errors import Misconfigured
from wirepact.server import Node

SCHEMA: Final = Schema("robodine", RobodineTable.metadata, Path(__file__).parent / "migrations")


def robodine(node: Node, settings: RobodineSettings) -> Service:
    """Robodine as *settings* want it, pushing through the broker of *node*."""
    url = settings.database_at(node.settings.state_dir)
    database = opened(url, SCHEMA.setting)
    feed = Feed(Store(database, settings.log_lines), RobodinePublisher(node.broker), settings.poll_interval)
    ingestion = Ingestion(translation.TOPICS, feed.take, _counting(node))
    _tune(node, settings)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await prepare(SCHEMA, url, node.settings.env)
        try:
            async with feed.refreshing(), _listening(ingestion, node, settings):
                yield
        finally:
            await database.close()

    return Service(
        routes(Robodine(feed), node, anonymous=settings.lets_anonymous_in(node.settings.env)), lifespan
    )


def _tune(node: Node, settings: RobodineSettings) -> None:
    """What the document says of connections and pings is what holds unless it is set."""
    topic = channels.TOPIC
    assert topic.heartbeat is not None  # noqa: S101 - told to the type checker: the document has one
    node.tune(
        replace(
            topic,
            limits=replace(topic.limits, connections_per_address=settings.topic_connections),
            heartbeat=replace(topic.heartbeat, interval=settings.ping_interval),
        )
    )


@asynccontextmanager
async def _listening(ingestion: Ingestion, node: Node, settings: RobodineSettings) -> AsyncIterator[None]:
    """Robots can report while the block lasts. Processes that share a broker share the port, too."""
    async with AsyncExitStack() as stack:
        listening = ingestion.listening(settings.tcp_host, settings.tcp_port, is_shared=node.broker.is_shared)
        try:
            await stack.enter_async_context(listening)
        except OSError as error:
            raise Misconfigured(f"{PREFIX}TCP_PORT", f"nobody can report there: {error.strerror}") from error
        yield


def _counting(node: Node) -> Callable[[str], None]:
    lines = Counter(
        "robodine_lines", "Lines that robots reported.", ["outcome"], registry=node.metrics.registry
    )
    return lambda outcome: lines.labels(outcome).inc()
