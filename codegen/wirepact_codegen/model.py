"""A service as its document describes it: resolved, checked, and in no language's words.

Reading makes it, the targets lay it out. Everything is frozen and stands in the order of the document.
The view is the server's: it *receives* what clients say and *sends* what they hear.

Schemas are plain JSON Schema (2020-12). Every `$ref` in them is local and reads `#/$defs/<name>`, where the
name is that of a `Definition` of the service; there are no others, and every one of them resolves.
Type names (`Definition.name`, `Message.type_name`) are PascalCase and unique within a service, so that they
serve as class names in any language. A definition that has the name of a message is the payload of that message.
What else has a name is called after its `stem` in the code, which is the `name` that the document gives it where it is
empty; `names` has what gets out of the way of something else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import quote

from wirepact_codegen.errors import Place

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""What stands in a document."""

Schema: TypeAlias = dict[str, Json]
"""A JSON Schema. Never changed once it stands in the model."""

Scalar: TypeAlias = str | int | float | bool | None
"""A constant that can tell messages apart."""

Path: TypeAlias = tuple[str, ...]
"""The wire names that lead to a field: `("type",)`, `("data", "kind")`."""

Step: TypeAlias = str | int
"""One step into a value: the wire name of a field, or the index of an element."""

Steps: TypeAlias = tuple[Step, ...]
"""The way to any place in a value; the empty one leads to the value itself."""

Kind: TypeAlias = Literal["absent", "array", "boolean", "null", "number", "object", "string"]
"""What a place in a value holds, `absent` if there is no such place."""

KeyType: TypeAlias = Literal["string", "integer"]
"""What the text of a parameter, or the key of a group, stands for."""

Names: TypeAlias = Mapping[str, str]
"""What something is called in the code where that is not what its own name gives, by the role that it has there."""

Encoding: TypeAlias = Literal["json", "binary", "text", "file"]
"""How a message goes over the wire: as JSON, or as it is, in a binary or a text frame; or, over HTTP, as a file with a name and a type."""

Method: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


_OF_URIS = ":/?#[]@!$&'()*+,;=%"
"""What stands in a URI as it is, beside letters and digits."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a document says for people: shown in the reference, and enforced by nothing."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A schema with a name, which messages and other schemas refer to."""

    name: str
    schema: Schema = field(hash=False)
    place: Place

    @property
    def description(self) -> str:
        """What the document says about it, for people."""
        return _text(self.schema, "description") or _text(self.schema, "title")


@dataclass(frozen=True, slots=True)
class Example:
    """A payload as it goes over the wire; it was validated against the message's schema."""

    payload: Json = field(hash=False)
    place: Place
    name: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its name in the document, the name of its type, and the schema of its payload.

    The payload may be any JSON value; `is_object` says whether it is always an object. A message stands for
    itself: its schema is no `Definition`. `aliases` are older values of the constant that tells it from others. One whose
    `encoding` is not JSON is text, or bytes of which no schema says more; `content_type` is what the document calls them.
    A file that is sent is the part `part` of a form; one that is answered with is no part of any.
    `correlation` leads to what a question and its answer have in common, where the document says that there is such a thing.
    """

    name: str
    type_name: str
    schema: Schema = field(hash=False)
    place: Place
    summary: str = ""
    description: str = ""
    examples: tuple[Example, ...] = ()
    notes: tuple[Note, ...] = ()
    encoding: Encoding = "json"
    content_type: str = ""
    part: str = ""
    aliases: tuple[Scalar, ...] = ()
    stem: str = ""
    correlation: Path = ()

    @property
    def is_object(self) -> bool:
        """Whether every payload is a JSON object."""
        return self.schema.get("type") == "object"


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that every frame of a message shows: the value at `path` is of one of `kinds`, or one of `values`."""

    path: Steps
    kinds: tuple[Kind, ...] = ()
    values: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageType:
    """A message as one member of a `MessageSet`: the constants that only it carries, in the order of the paths.

    Where constants are not enough to tell it apart, it has signs: no frame of another member shows all of them.
    `aliases` are constants that stood in their place once, and are still accepted.
    """

    message: Message
    constants: tuple[Scalar, ...] = ()
    signs: tuple[Sign, ...] = ()
    aliases: tuple[tuple[Scalar, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class MessageSet:
    """The messages of one direction of a channel, proven disjoint unless it is said to be `ambiguous`.

    A frame is the message whose constants stand at `paths`, or whose signs it shows. With neither there is at most
    one message. A message stands here once for each combination of constants, and for each of its alternatives.
    In an ambiguous set, a frame is the first message that it fits, in the order of the document.
    """

    paths: tuple[Path, ...] = ()
    types: tuple[MessageType, ...] = ()
    ambiguous: bool = False

    @property
    def messages(self) -> tuple[Message, ...]:
        """Each message once."""
        return tuple(dict.fromkeys(each.message for each in self.types))


@dataclass(frozen=True, slots=True)
class Parameter:
    """A part of an address that varies. A client that has nothing else to say writes the `default`.

    `close_code` is what a connection with a value that is none is closed with, if the document says so.
    """

    name: str
    place: Place
    type: KeyType = "string"
    description: str = ""
    enum: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    default: str | None = None
    close_code: int | None = None
    stem: str = ""
    names: Names = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Group:
    """Peers at a channel that asked for the same key; `type` is that of the key."""

    name: str
    type: KeyType
    place: Place
    stem: str = ""
    names: Names = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Credential:
    """A place where a token may stand. `name` is the query parameter, the cookie or the header, empty for `bearer`."""

    scheme: str
    where: Literal["query", "cookie", "header", "bearer"]
    name: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one channel allows. `None` means that the document says nothing; sizes are bytes of UTF-8, times seconds."""

    connections: int | None = None
    connections_per_user: int | None = None
    connections_per_address: int | None = None
    connections_per_ip: int | None = None
    message_bytes: int | None = None
    nesting: int | None = None
    messages_per_second: float | None = None
    user_messages_per_second: float | None = None
    queue_bytes: int | None = None
    idle: float | None = None
    deadline: float | None = None
    errors_per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class CloseCode:
    """Why a connection may be closed, and whether the client should come back."""

    code: int
    reason: str
    reconnect: Literal["yes", "once", "no"]


@dataclass(frozen=True, slots=True)
class ErrorShape:
    """The message that carries an error to the peer, and where in it the code and the text stand.

    `texts` are the words for a code, where the document has them.
    """

    message: Message
    code: Path
    text: Path
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a sent message goes to: the sender, all at the channel, one user, who has one of `roles`, or who joined `group`."""

    kind: Literal["sender", "channel", "group", "user", "roles"]
    group: str = ""
    roles: tuple[str, ...] = ()


SlowConsumer: TypeAlias = Literal["close", "latest", "drop"]
"""What is done with somebody for whom too much is waiting."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What can be got that was missed: the last `size` messages, or the last for each value at `key`, none older than `age` seconds."""

    mode: Literal["stream", "latest"]
    age: float
    size: int | None = None
    key: Path = ()


@dataclass(frozen=True, slots=True)
class ReceiveOperation:
    """Something a client may say at a channel: one of `messages`; the answer, if any, is one of `replies`.

    `roles` are those that may say it; none means anyone.
    """

    name: str
    messages: tuple[Message, ...]
    place: Place
    summary: str = ""
    description: str = ""
    replies: tuple[Message, ...] = ()
    roles: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    stem: str = ""
    names: Names = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class SendOperation:
    """Something the server says at a channel, and to whom; whoever hears it answers with one of `replies`, if any."""

    name: str
    messages: tuple[Message, ...]
    to: Audience
    place: Place
    summary: str = ""
    description: str = ""
    replies: tuple[Message, ...] = ()
    recovery: Recovery | None = None
    slow_consumer: SlowConsumer = "close"
    notes: tuple[Note, ...] = ()
    stem: str = ""
    names: Names = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The messages by which both sides see that the other is there; `time` leads to the field with the clock of who pings."""

    by: Literal["server", "client"]
    ping: Message
    pong: Message | None
    interval: float
    timeout: float
    time: Path = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        """Both of them, which no handler hears of."""
        return (self.ping,) if self.pong is None else (self.ping, self.pong)


@dataclass(frozen=True, slots=True)
class Presence:
    """What all are told of a user who comes or goes, and the fields that say who it is."""

    join: Message | None
    leave: Message | None
    user: Path
    name: Path = ()
    grace: float = 10


@dataclass(frozen=True, slots=True)
class Greeting:
    """A message that a peer is sent as soon as it is let in, and the operation that sends it.

    `others` are those of which the handlers may choose one in its place.
    """

    operation: SendOperation
    message: Message
    others: tuple[Message, ...] = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        """All that it may be."""
        return (self.message, *self.others)


@dataclass(frozen=True, slots=True)
class Topic:
    """One of several channels of the document that are one connection, as the document tells people about it."""

    name: str
    title: str = ""
    description: str = ""
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """One address of a WebSocket server, and everything that may be said there.

    `close_codes` is the whole table that holds here: the service's, and what the channel adds or says otherwise.
    `servers` are the names of those that it lives on. `query` and `headers` are the messages that the handshake's query and headers form: objects whose properties are
    scalars, or lists of them.
    Where several channels of the document are one connection, it has the name of the first, and they are its `topics`.
    """

    name: str
    address: str
    place: Place
    title: str = ""
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    receives: MessageSet = MessageSet()
    sends: MessageSet = MessageSet()
    receive_operations: tuple[ReceiveOperation, ...] = ()
    send_operations: tuple[SendOperation, ...] = ()
    on_connect: tuple[Greeting, ...] = ()
    on_shutdown: Message | None = None
    groups: tuple[Group, ...] = ()
    limits: Limits = Limits()
    close_codes: tuple[CloseCode, ...] = ()
    error: ErrorShape | None = None
    credentials: tuple[Credential, ...] = ()
    query: Message | None = None
    headers: Message | None = None
    heartbeat: Heartbeat | None = None
    presence: Presence | None = None
    servers: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    notes: tuple[Note, ...] = ()
    stem: str = ""
    names: Names = field(default_factory=dict, hash=False)

    @property
    def has_lines(self) -> bool:
        """Whether several messages can stand in a frame: a text that is no JSON can have any character (C4 of docs/wire.md)."""
        return all(each.encoding != "text" for each in (*self.receives.messages, *self.sends.messages))


@dataclass(frozen=True, slots=True)
class HttpReply:
    """One answer of an HTTP operation."""

    status: int
    message: Message


@dataclass(frozen=True, slots=True)
class HttpOperation:
    """One method of one path.

    `query` is the message that its query parameters form: an object whose properties are scalars, or lists of them.
    `error` carries every refusal, whatever its status.
    """

    name: str
    method: Method
    path: str
    place: Place
    replies: tuple[HttpReply, ...] = ()
    summary: str = ""
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: Message | None = None
    query: Message | None = None
    roles: tuple[str, ...] = ()
    error: ErrorShape | None = None
    credentials: tuple[Credential, ...] = ()
    limits: Limits = Limits()
    notes: tuple[Note, ...] = ()
    stem: str = ""
    names: Names = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """A part of a server's URL that varies. One without a default must be said."""

    name: str
    place: Place
    default: str | None = None
    description: str = ""
    enum: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    stem: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the service can be reached. `{name}` in host and pathname is a variable.

    `pathname` is what stands between the host and the addresses of the channels; empty where it is a part of them.
    """

    name: str
    place: Place
    protocol: str
    host: str
    pathname: str = ""
    description: str = ""
    variables: tuple[ServerVariable, ...] = ()
    stem: str = ""

    @property
    def url(self) -> str:
        """What addresses are put behind."""
        return f"{self.protocol}://{self.host}{self.pathname}"


@dataclass(frozen=True, slots=True)
class Service:
    """What one document describes.

    `name` is the document's file name without its ending, as a package can have it; packages, folders and classes are named after it.
    `document` is its path as headers show it. `messages` are all that any operation uses, the messages of
    query parameters among them; `definitions` are the schemas that these messages reach.
    """

    name: str
    id: str
    title: str
    version: str
    document: str
    place: Place
    description: str = ""
    servers: tuple[Server, ...] = ()
    messages: tuple[Message, ...] = ()
    definitions: tuple[Definition, ...] = ()
    channels: tuple[Channel, ...] = ()
    http_operations: tuple[HttpOperation, ...] = ()
    close_codes: tuple[CloseCode, ...] = ()

    @property
    def socket_servers(self) -> tuple[Server, ...]:
        """The servers on which clients of the channels connect: WebSocket ones, or, if there is none, all."""
        found = tuple(each for each in self.servers if each.protocol in {"ws", "wss"})
        return found or self.servers

    @property
    def is_served(self) -> bool:
        """Whether there is anything to connect to or to ask; otherwise the messages are all there is."""
        return bool(self.channels or self.http_operations)

    def definition(self, name: str) -> Definition:
        """The definition that `#/$defs/<name>` means."""
        return next(each for each in self.definitions if each.name == name)

    def bundle(self) -> Schema:
        """Every definition and message under its type name, as the `$defs` of one JSON Schema."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$defs": {**{each.name: each.schema for each in self.definitions}, **dict(self._payloads())},
        }

    def _payloads(self) -> Iterator[tuple[str, Schema]]:
        return ((each.type_name, each.schema) for each in self.messages)


def needs_filling(schema: Schema) -> bool:
    """Whether an object needs a value that its schema does not name: one that is required, and no constant."""
    properties, required = schema.get("properties"), schema.get("required")
    parts = properties if isinstance(properties, dict) else {}
    return any(
        not _is_constant(parts.get(str(each))) for each in (required if isinstance(required, list) else ())
    )


def _is_constant(schema: Json) -> bool:
    if not isinstance(schema, dict):
        return False
    values = schema.get("enum")
    return "const" in schema or (isinstance(values, list) and len(values) == 1)


def with_plain_references(schema: Schema) -> Schema:
    """*schema* with references that are URIs: what a URI can't have stands in them as in a URL."""
    return {
        key: quote(value, safe=_OF_URIS) if key == "$ref" and isinstance(value, str) else _plain(value)
        for key, value in schema.items()
    }


def _plain(value: Json) -> Json:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return with_plain_references(value) if isinstance(value, dict) else value


def _text(schema: Schema, key: str) -> str:
    value = schema.get(key)
    return value if isinstance(value, str) else ""
