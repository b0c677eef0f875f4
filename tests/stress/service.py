"""The service that the stress runner serves: lanes with parts, whose ticks must reach everyone, written as the generator would."""

import asyncio
import gc
from pathlib import Path
from typing import Literal

from litestar import get

from wirepact.brokers import broker_of
from wirepact.descriptors import (
    Channel,
    Credential,
    Key,
    Limits,
    MessageSet,
    MessageType,
    Parameter,
    ReceiveOperation,
    Recovery,
    SendOperation,
    ToChannel,
    ToGroup,
)
from wirepact.messages import Message
from wirepact.publisher import Publisher
from wirepact.server import App, Node, Peer, Visitor, build_app, receive, websocket_route
from wirepact.server.connection import Connection
from wirepact.settings import Settings


class Watch(Message):
    type: Literal["watch"] = "watch"
    part: str


class Say(Message):
    """Publish a tick, once, however often this is heard."""

    type: Literal["say"] = "say"
    source: str
    n: int


class Tick(Message):
    type: Literal["tick"] = "tick"
    source: str
    n: int


class PartTick(Message):
    type: Literal["part_tick"] = "part_tick"
    source: str
    n: int


AUDIENCES = (ToChannel(), ToGroup("part"))
WINDOW = Recovery("stream", age=600, size=5000)

LANE: Channel[Watch | Say, Tick | PartTick] = Channel(
    service="stress",
    name="lane",
    address="/ws/lane/{lane}/",
    parameters=(Parameter("lane", "integer"),),
    receives=MessageSet(
        (("type",),), (MessageType("watch", Watch, ("watch",)), MessageType("say", Say, ("say",)))
    ),
    sends=MessageSet(
        (("type",),),
        (MessageType("tick", Tick, ("tick",)), MessageType("part_tick", PartTick, ("part_tick",))),
    ),
    groups={"part": "string"},
    limits=Limits(),
    credentials=(Credential("query", "token"), Credential("bearer")),
    audiences=AUDIENCES,
    recovers=AUDIENCES,
)
WATCH = ReceiveOperation("watch", LANE, Watch)
SAY = ReceiveOperation("say", LANE, Say)
TICK = SendOperation("tick", LANE, (Tick,), ToChannel(), WINDOW)
PART_TICK = SendOperation("partTick", LANE, (PartTick,), ToGroup("part"), WINDOW)


class LanePublisher(Publisher):
    """Ticks, each with a key of its own: who does not know whether one was taken publishes it again."""

    async def tick(self, source: str, n: int, *, lane: int) -> None:
        parameters: dict[str, Key] = {"lane": lane}
        await self.publish(
            TICK, Tick(source=source, n=n), parameters=parameters, idempotency_key=f"{source}.{n}"
        )

    async def part_tick(self, source: str, n: int, *, lane: int, part: str) -> None:
        parameters: dict[str, Key] = {"lane": lane}
        tick = PartTick(source=source, n=n)
        await self.publish(PART_TICK, tick, parameters=parameters, key=part, idempotency_key=f"{source}.{n}")


class Handlers:
    """Lets everyone in, and does what is said."""

    def __init__(self, publisher: LanePublisher) -> None:
        self._publisher = publisher

    async def admit(self, visitor: Visitor, lane: int) -> None:
        """Nobody is turned away."""

    async def watch(self, peer: Peer[Tick | PartTick], message: Watch) -> None:
        await peer.join("part", message.part)

    async def say(self, peer: Peer[Tick | PartTick], message: Say) -> None:
        await self._publisher.tick(message.source, message.n, lane=peer.integer_parameter("lane"))


def create_app() -> App:
    """What `wirepact serve` is pointed at."""
    settings = Settings.load()
    broker = broker_of(settings)
    node = Node(broker, settings.authenticator(), settings)
    handlers = Handlers(LanePublisher(broker))
    route = websocket_route(
        node,
        LANE,
        Peer,
        admit=handlers.admit,
        on_connect=[],
        on_message=[receive(WATCH, handlers.watch), receive(SAY, handlers.say)],
        anonymous=False,
    )

    @get("/inside", sync_to_thread=False)
    def inside() -> dict[str, int]:
        """What this process holds."""
        gc.collect()
        return {
            "connections": len(node),
            "topics": len(node.fanout),
            "tasks": len(asyncio.all_tasks()),
            "files": len([*Path("/proc/self/fd").iterdir()]),
            "left over": sum(isinstance(each, Connection) for each in gc.get_objects()),
            "objects": len(gc.get_objects()),
        }

    return build_app(node, [route], handlers=[inside])
