"""A small service to try the server on, written as the generator would write it: a works with halls and machines.

A peer at `/ws/hall/{hall}/` watches machines, asks for notes and hears of alarms.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Annotated, Literal

from litestar import Litestar
from pydantic import MISSING, Field, NaiveDatetime

from wirepact.auth import Authenticator, Directory
from wirepact.broker import Broker
from wirepact.broker_memory import MemoryBroker
from wirepact.brokers import broker_of
from wirepact.close_codes import CloseCode
from wirepact.descriptors import (
    Channel,
    Credential,
    ErrorShape,
    HttpOperation,
    HttpReply,
    Limits,
    MessageSet,
    MessageType,
    Parameter,
    ReceiveOperation,
    Recovery,
    SendOperation,
    ToChannel,
    ToGroup,
    ToRoles,
    ToSender,
    ToUser,
)
from wirepact.errors import Conflict, NotFound
from wirepact.messages import Message
from wirepact.publisher import Publisher
from wirepact.server import (
    App,
    Caller,
    Node,
    Peer,
    Visitor,
    build_app,
    http_route,
    receive,
    websocket_route,
)
from wirepact.settings import Settings
from wirepact.testing import authenticator


class Watch(Message):
    type: Literal["watch"] = "watch"
    machine: int


class Unwatch(Message):
    type: Literal["unwatch"] = "unwatch"
    machine: int


class GetNotes(Message):
    type: Literal["get_notes"] = "get_notes"
    limit: Annotated[int, Field(ge=1, le=100)] = 10


class Stop(Message):
    type: Literal["stop"] = "stop"


class Welcome(Message):
    type: Literal["welcome"] = "welcome"
    hall: int


class Notes(Message):
    type: Literal["notes"] = "notes"
    notes: list[str]


class Alarm(Message):
    type: Literal["alarm"] = "alarm"
    text: str


class Reading(Message):
    type: Literal["reading"] = "reading"
    value: float


class Notice(Message):
    type: Literal["notice"] = "notice"
    text: str


class Level(Message):
    type: Literal["level"] = "level"
    tank: str
    value: float


class Word(Message):
    type: Literal["word"] = "word"
    text: str


class Error(Message):
    type: Literal["error"] = "error"
    code: Literal[
        "bad_request",
        "unknown_message",
        "invalid_payload",
        "unauthorized",
        "permission_denied",
        "not_found",
        "conflict",
        "too_large",
        "rate_limited",
        "internal",
    ]
    message: str


class NewNote(Message):
    hall: Annotated[int, Field(ge=1)]
    text: Annotated[str, Field(min_length=1, max_length=100)]


class Created(Message):
    id: int


class NotesQuery(Message):
    hall: int | MISSING = MISSING
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    text: str | MISSING = MISSING


class NotePage(Message):
    notes: list[str]
    at: NaiveDatetime | MISSING = MISSING


CREDENTIALS = (Credential("query", "token"), Credential("cookie", "session"), Credential("bearer"))

HALL: Channel[
    Watch | Unwatch | GetNotes | Stop, Welcome | Notes | Alarm | Reading | Notice | Level | Word | Error
] = Channel(
    service="works",
    name="hall",
    address="/ws/hall/{hall}/",
    parameters=(Parameter("hall", "integer"),),
    receives=MessageSet(
        paths=(("type",),),
        types=(
            MessageType("watch", Watch, ("watch",)),
            MessageType("unwatch", Unwatch, ("unwatch",)),
            MessageType("get_notes", GetNotes, ("get_notes",)),
            MessageType("stop", Stop, ("stop",)),
        ),
    ),
    sends=MessageSet(
        paths=(("type",),),
        types=(
            MessageType("welcome", Welcome, ("welcome",)),
            MessageType("notes", Notes, ("notes",)),
            MessageType("alarm", Alarm, ("alarm",)),
            MessageType("reading", Reading, ("reading",)),
            MessageType("notice", Notice, ("notice",)),
            MessageType("level", Level, ("level",)),
            MessageType("word", Word, ("word",)),
            MessageType("error", Error, ("error",)),
        ),
    ),
    groups={"machine": "integer"},
    limits=Limits(connections=20, message_bytes=4096, queue_bytes=256 * 1024),
    close_codes={
        1001: CloseCode(1001, "The works closes", "yes"),
        1009: CloseCode(1009, "That is too much", "no"),
        4404: CloseCode(4404, "No such hall", "no"),
    },
    error=ErrorShape(Error, code=("code",), text=("message",)),
    credentials=CREDENTIALS,
    audiences=(ToChannel(), ToGroup("machine"), ToUser(), ToRoles(("CLERK", "FOREMAN"))),
    recovers=(ToChannel(), ToGroup("machine"), ToUser()),
    contract="c0ffee",
)

WATCH = ReceiveOperation("watch", HALL, Watch)
UNWATCH = ReceiveOperation("unwatch", HALL, Unwatch)
GET_NOTES = ReceiveOperation("getNotes", HALL, GetNotes)
STOP = ReceiveOperation("stop", HALL, Stop, roles=("FOREMAN",))
GREET = SendOperation("greet", HALL, (Welcome,), ToSender())
ALARM = SendOperation("alarm", HALL, (Alarm,), ToChannel())
READING = SendOperation("reading", HALL, (Reading,), ToGroup("machine"), slow_consumer="drop")
NOTICE = SendOperation("notice", HALL, (Notice,), ToChannel(), Recovery("stream", age=60, size=50))
LEVEL = SendOperation(
    "level", HALL, (Level,), ToGroup("machine"), Recovery("latest", age=60, key=("tank",)), "latest"
)
WHISPER = SendOperation("whisper", HALL, (Word,), ToUser(), Recovery("stream", age=60))
ORDER = SendOperation("order", HALL, (Word,), ToRoles(("CLERK", "FOREMAN")))

CREATE_NOTE = HttpOperation(
    service="works",
    name="createNote",
    method="POST",
    path="/api/notes/",
    summary="Keep a note.",
    body=NewNote,
    replies=(HttpReply(201, Created, "It is kept."),),
    roles=("SERVICE",),
    error=ErrorShape(Error, code=("code",), text=("message",)),
    credentials=CREDENTIALS,
    limits=Limits(message_bytes=1000),
)
LIST_NOTES = HttpOperation(
    service="works",
    name="listNotes",
    method="GET",
    path="/api/notes/",
    summary="The notes.",
    query=NotesQuery,
    replies=(HttpReply(200, NotePage, "A page of notes."),),
    error=ErrorShape(Error, code=("code",), text=("message",)),
    credentials=CREDENTIALS,
)
READ_NOTE = HttpOperation(
    service="works",
    name="readNote",
    method="GET",
    path="/api/notes/{id}/",
    summary="One note.",
    parameters=(Parameter("id", "integer"),),
    replies=(HttpReply(200, NotePage, "The note."),),
    error=ErrorShape(Error, code=("code",), text=("message",)),
)
CLEAR_NOTES = HttpOperation(
    service="works",
    name="clearNotes",
    method="DELETE",
    path="/api/all-notes/",
    error=ErrorShape(Error, code=("code",), text=("message",)),
)


class HallPeer(Peer[Welcome | Notes | Error]):
    @property
    def hall(self) -> int:
        return self.integer_parameter("hall")


class WorksPublisher(Publisher):
    async def alarm(self, message: Alarm, *, hall: int) -> None:
        await self.publish(ALARM, message, parameters={"hall": hall})

    async def reading(self, message: Reading, *, hall: int, machine: int) -> None:
        await self.publish(READING, message, parameters={"hall": hall}, key=machine)

    async def notice(self, message: Notice, *, hall: int) -> None:
        await self.publish(NOTICE, message, parameters={"hall": hall})

    async def level(self, message: Level, *, hall: int, machine: int) -> None:
        await self.publish(LEVEL, message, parameters={"hall": hall}, key=machine)

    async def whisper(self, message: Word, *, hall: int, user: str) -> None:
        await self.publish(WHISPER, message, parameters={"hall": hall}, user=user)

    async def order(self, message: Word, *, hall: int) -> None:
        await self.publish(ORDER, message, parameters={"hall": hall})


@dataclass
class WorksHandlers:
    """Does what its fields say, so that a test can make it slow or break it."""

    publisher: WorksPublisher
    notes: list[str] = field(default_factory=list)
    visited: asyncio.Event = field(default_factory=asyncio.Event)
    door: asyncio.Event | None = None
    greeting: asyncio.Event = field(default_factory=asyncio.Event)
    is_greeting_held: bool = False
    hold: asyncio.Event | None = None
    blocks: float = 0
    stopped: list[str] = field(default_factory=list)

    async def admit_hall(self, visitor: Visitor, hall: int, *_: str) -> None:
        self.visited.set()
        if self.door is not None:
            await self.door.wait()
        if hall == 500:
            raise RuntimeError("the door fell off")
        if hall > 500:
            raise NotFound(f"there is no hall {hall}")

    async def greet(self, peer: HallPeer) -> Welcome:
        self.greeting.set()
        if self.hold is not None and self.is_greeting_held:
            await self.hold.wait()
        return Welcome(hall=peer.hall)

    async def watch(self, peer: HallPeer, message: Watch) -> None:
        if message.machine == 13:
            raise RuntimeError("secret inside")
        if message.machine == 60:
            await asyncio.sleep(60)
        if message.machine == 404:
            raise NotFound("there is no machine 404")
        await peer.join("machine", message.machine)

    async def unwatch(self, peer: HallPeer, message: Unwatch) -> None:
        await peer.leave("machine", message.machine)

    async def get_notes(self, peer: HallPeer, message: GetNotes) -> Notes:
        if self.hold is not None:
            await self.hold.wait()
        time.sleep(self.blocks)  # noqa: ASYNC251 - what no handler may do
        return Notes(notes=self.notes[-message.limit :])

    async def stop(self, peer: HallPeer, message: Stop) -> None:
        assert peer.identity is not None
        self.stopped.append(peer.identity.sub)
        await self.publisher.alarm(Alarm(text="stopped"), hall=peer.hall)

    async def create_note(self, caller: Caller, body: NewNote) -> Created:
        if body.text == "boom":
            raise RuntimeError("secret inside")
        if body.text in self.notes:
            raise Conflict("this note is there already")
        if body.text == "tell all":
            await self.publisher.alarm(Alarm(text=body.text), hall=body.hall)
        self.notes.append(body.text)
        return Created(id=len(self.notes))

    async def list_notes(self, caller: Caller, query: NotesQuery) -> NotePage:
        return NotePage(notes=[note for note in self.notes if query.text in (MISSING, note)][: query.limit])

    async def clear_notes(self, caller: Caller) -> None:
        self.notes.clear()

    async def read_note(self, caller: Caller, id_: int) -> NotePage:
        if not 0 < id_ <= len(self.notes):
            raise NotFound(f"there is no note {id_}")
        return NotePage(notes=[self.notes[id_ - 1]])


@dataclass
class Works:
    """The application, and what a test reaches into it for."""

    app: App
    node: Node
    handlers: WorksHandlers
    publisher: WorksPublisher


def works(
    *,
    broker: Broker | None = None,
    channel: Channel | None = None,
    anonymous: bool = False,
    extra: list | None = None,
    lifespan: list | None = None,
    directory: Directory | None = None,
    trusts: Authenticator | None = None,
    **settings: object,
) -> Works:
    broker = broker or MemoryBroker()
    node = Node(broker, trusts or authenticator(), Settings(**settings), directory=directory)
    publisher = WorksPublisher(broker)
    handlers = WorksHandlers(publisher)
    routes = [
        websocket_route(
            node,
            channel or HALL,
            HallPeer,
            admit=handlers.admit_hall,
            on_connect=[handlers.greet],
            on_message=[
                receive(WATCH, handlers.watch),
                receive(UNWATCH, handlers.unwatch),
                receive(GET_NOTES, handlers.get_notes),
                receive(STOP, handlers.stop),
            ],
            anonymous=anonymous,
        ),
        http_route(node, CREATE_NOTE, handlers.create_note, anonymous=anonymous),
        http_route(node, LIST_NOTES, handlers.list_notes, anonymous=anonymous),
        http_route(node, READ_NOTE, handlers.read_note, anonymous=anonymous),
        http_route(node, CLEAR_NOTES, handlers.clear_notes, anonymous=anonymous),
    ]
    app = build_app(node, routes, handlers=extra or [], lifespan=lifespan or [])
    return Works(app, node, handlers, publisher)


def create_app() -> Litestar:
    """What `wirepact serve` is pointed at in tests of the command."""
    return works(broker=broker_of(Settings.load())).app
