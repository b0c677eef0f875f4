"""A service as data: what the generator writes into `channels.py`, and all that the runtime knows of it.

A descriptor says what the document says and does nothing. The type parameters of a channel are seen from
the server, as the document is: `ReceivesT` is what the server hears and a client says, `SendsT` the reverse.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from wirepact.close_codes import CloseCode
from wirepact.messages import Message, MessageT

Scalar: TypeAlias = str | int | float | bool | None
"""A JSON value that can be a constant in a schema and tell messages apart."""

Key: TypeAlias = str | int
"""The value of a channel's parameter, or the key of a group."""

Path: TypeAlias = tuple[str, ...]
"""The wire names that lead to a field: `("type",)`, `("data", "kind")`."""

Kind: TypeAlias = Literal["absent", "array", "boolean", "null", "number", "object", "string"]
"""What a place in a frame holds, `absent` if there is no such place."""

ReceivesT = TypeVar("ReceivesT", bound=Message)
SendsT = TypeVar("SendsT", bound=Message)
ReceivesT_co = TypeVar("ReceivesT_co", bound=Message, covariant=True)
SendsT_co = TypeVar("SendsT_co", bound=Message, covariant=True)
MessageT_co = TypeVar("MessageT_co", bound=Message, covariant=True)


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that every frame of a message shows: the value at `path` is of one of `kinds`, or one of `values`.

    A step of the path is the wire name of a field, or the index of an element.
    """

    path: tuple[str | int, ...]
    kinds: tuple[Kind, ...] = ()
    values: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageType(Generic[MessageT_co]):
    """One message: its name in the document, its model, and the constants that only it carries.

    `constants` stand in the order of the paths of the `MessageSet` that it belongs to. Where constants are not
    enough, no frame of another member shows all of `signs`. A frame with one of `aliases` in their place is one of a peer
    that knows the message by an older name (`x-aliases`).
    """

    name: str
    model: type[MessageT_co]
    constants: tuple[Scalar, ...] = ()
    signs: tuple[Sign, ...] = ()
    aliases: tuple[tuple[Scalar, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class MessageSet(Generic[MessageT_co]):
    """The messages of one direction of a channel, proven disjoint when the document was read.

    A frame is the message whose constants stand at `paths`, or all of whose signs it shows. With neither there is
    at most one message. If the set is `ambiguous`, nothing was proven: a frame is the first message that it fits.
    """

    paths: tuple[Path, ...] = ()
    types: tuple[MessageType[MessageT_co], ...] = ()
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A part of an address that varies, with the type that its text stands for.

    `default` is the text that a client writes where nothing else is said, `close_code` what a connection with a value that is none is
    closed with, if not with 4404 (`x-close-code`).
    """

    name: str
    type: Literal["string", "integer"] = "string"
    enum: tuple[str, ...] = ()
    default: str | None = None
    close_code: int | None = None


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """A part of a server's URL that varies. One without a default must be given."""

    name: str
    default: str | None = None
    enum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """Where a service can be reached: `{name}` in the URL stands for a variable."""

    url: str
    variables: tuple[ServerVariable, ...] = ()


@dataclass(frozen=True, slots=True)
class Credential:
    """A place where a token may stand, after the security schemes of the document.

    `name` is the query parameter, the cookie or the header; for `bearer` it is empty, the header being `Authorization`.
    """

    place: Literal["query", "cookie", "header", "bearer"]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one channel allows (`x-limits`). `None` is no limit of the channel's own; sizes are in bytes of UTF-8, times in seconds.

    `connections` are those in all, of one user, at one address of the channel (one set of parameters), and from one IP address.
    `nesting` is how deep arrays and objects may stand in each other. `idle` is for how long a client may say nothing;
    `deadline` is how long a handler may take.
    """

    connections: int | None = None
    connections_per_user: int | None = None
    connections_per_address: int | None = None
    connections_per_ip: int | None = None
    message_bytes: int = 64 * 1024
    nesting: int = 64
    messages_per_second: float | None = None
    user_messages_per_second: float | None = None
    queue_bytes: int = 1024 * 1024
    idle: float | None = None
    deadline: float | None = None
    errors_per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class ErrorShape(Generic[MessageT_co]):
    """The message that carries an error to the peer (`x-error`), and where its code and its text go.

    `texts` are the words for a code, in place of those of the refusal.
    """

    model: type[MessageT_co]
    code: Path
    text: Path
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToSender:
    """To the connection whose message, or whose arrival, is being handled."""


@dataclass(frozen=True, slots=True)
class ToChannel:
    """To all who are connected at the address."""


@dataclass(frozen=True, slots=True)
class ToGroup:
    """To those at the address who joined the group under the key that the publication names."""

    name: str


@dataclass(frozen=True, slots=True)
class ToUser:
    """To all connections at the address of the one user whom the publication names."""


@dataclass(frozen=True, slots=True)
class ToRoles:
    """To those at the address who have one of the roles. It is one audience: who has several of them hears it once."""

    roles: tuple[str, ...]


Audience: TypeAlias = ToSender | ToChannel | ToGroup | ToUser | ToRoles

SlowConsumer: TypeAlias = Literal["close", "latest", "drop"]
"""What happens when more waits for a peer than its queue may hold: it is closed, or of what waits the last for each key
is kept, or what is new is dropped (`x-slow-consumer`)."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What can be got that was missed (`x-recovery`): the last `size` messages, or the last for each key.

    Nothing older than `age` seconds is kept. `key` leads to the value that is the key, in wire names; an empty one
    means one value for the topic.
    """

    mode: Literal["stream", "latest"]
    age: float
    size: int = 100
    key: Path = ()


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Messages that show that the other side is there (`x-heartbeat`).

    Who is `by` says `ping` every `interval` seconds, and the other side answers with `pong` within `timeout`, or,
    if there is none, with any message. `time` leads to the field of the ping that has the seconds since 1970, which the pong
    gives back; it is empty if there is none. `wirepact.announcements` fills both, and no handler hears of them.
    """

    by: Literal["server", "client"]
    ping: type[Message]
    pong: type[Message] | None
    interval: float
    timeout: float
    time: Path = ()


@dataclass(frozen=True, slots=True)
class Presence:
    """What all at the channel are told of who comes and goes (`x-presence`); a leave waits `grace` seconds for the user to come back.

    `user` leads to the field that has the user's `sub`, `name` to the one that has the user's name, if there is one.
    `wirepact.announcements` fills both messages.
    """

    join: type[Message] | None
    leave: type[Message] | None
    grace: float
    user: Path = ()
    name: Path = ()


@dataclass(frozen=True, slots=True)
class Channel(Generic[ReceivesT_co, SendsT_co]):
    """One address of a WebSocket server, and everything that may happen there.

    `query` and `headers` are the models of what the handshake brings beside the address, each `None` where there is none.
    `audiences` are those that its operations send to, but for the sender; `recovers` those of them with a message that can be
    recovered. `on_shutdown` is told to those who speak *legacy* when the server stops. `has_lines` is false where `wirepact.v1` can not be spoken (C4 of docs/wire.md). `contract` is the hash of the document.
    `correlations` lead to what a question and its answer have in common (`correlationId`), in the messages that have it.
    """

    service: str
    name: str
    address: str
    parameters: tuple[Parameter, ...] = ()
    receives: MessageSet[ReceivesT_co] = MessageSet()
    sends: MessageSet[SendsT_co] = MessageSet()
    groups: Mapping[str, Literal["string", "integer"]] = field(default_factory=dict)
    limits: Limits = Limits()
    close_codes: Mapping[int, CloseCode] = field(default_factory=dict)
    error: ErrorShape[SendsT_co] | None = None
    credentials: tuple[Credential, ...] = ()
    query: type[Message] | None = None
    headers: type[Message] | None = None
    on_shutdown: type[Message] | None = None
    heartbeat: Heartbeat | None = None
    presence: Presence | None = None
    audiences: tuple[Audience, ...] = ()
    recovers: tuple[Audience, ...] = ()
    has_lines: bool = True
    contract: str = ""
    correlations: Mapping[type[Message], Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReceiveOperation(Generic[MessageT_co]):
    """One message that a peer may send at a channel, and the roles that may (`x-from`; none means anyone)."""

    name: str
    channel: Channel[Any, Any]
    message: type[MessageT_co]
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SendOperation(Generic[MessageT_co]):
    """Messages that the server sends at a channel, and whom they go to (`x-to`)."""

    name: str
    channel: Channel[Any, Any]
    messages: tuple[type[MessageT_co], ...]
    to: Audience
    recovery: Recovery | None = None
    slow_consumer: SlowConsumer = "close"

    @property
    def is_latest(self) -> bool:
        """Whether a newer message may take the place of an older one of the same key."""
        return self.slow_consumer == "latest" or (
            self.recovery is not None and self.recovery.mode == "latest"
        )


@dataclass(frozen=True, slots=True)
class HttpReply(Generic[MessageT_co]):
    """One answer of an HTTP operation. `media_type` is what a file may be of, as a range (`image/*`)."""

    status: int
    model: type[MessageT_co]
    summary: str = ""
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class HttpOperation:
    """One method of one path: what feeds the channels, and what lists what is stored.

    `body` is the model of the request, `query` that of its query parameters, each `None` where there is none.
    A body that is a file is the `part` of a form. Without replies it is answered with 204 and no content.
    """

    service: str
    name: str
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    replies: tuple[HttpReply[Message], ...] = ()
    summary: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: type[Message] | None = None
    part: str = ""
    query: type[Message] | None = None
    roles: tuple[str, ...] = ()
    error: ErrorShape[Message] | None = None
    credentials: tuple[Credential, ...] = ()
    limits: Limits = Limits()


__all__ = [
    "Audience",
    "Channel",
    "Credential",
    "ErrorShape",
    "Heartbeat",
    "HttpOperation",
    "HttpReply",
    "Key",
    "Kind",
    "Limits",
    "MessageSet",
    "MessageT",
    "MessageType",
    "Parameter",
    "Path",
    "Presence",
    "ReceiveOperation",
    "ReceivesT",
    "Recovery",
    "Scalar",
    "SendOperation",
    "SendsT",
    "Server",
    "ServerVariable",
    "Sign",
    "SlowConsumer",
    "ToChannel",
    "ToGroup",
    "ToRoles",
    "ToSender",
    "ToUser",
]
