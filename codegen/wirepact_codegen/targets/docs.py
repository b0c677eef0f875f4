"""`reference.md`: what a service says and hears, in the words of whoever writes an app against it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from wirepact_codegen.error_codes import ERROR_CODES
from wirepact_codegen.model import (
    Channel,
    CloseCode,
    Credential,
    Example,
    HttpOperation,
    Message,
    MessageSet,
    Note,
    Parameter,
    ReceiveOperation,
    Schema,
    SendOperation,
    Server,
    ServerVariable,
    Service,
    Topic,
)
from wirepact_codegen.rendering import code, render
from wirepact_codegen.targets.docs_promises import (
    delivery,
    farewell_lines,
    heartbeat_lines,
    limit_lines,
    link,
    presence_lines,
)
from wirepact_codegen.targets.docs_types import Field, fields, type_text
from wirepact_codegen.targets.files import File
from wirepact_codegen.targets.python import header, paragraphs, sentence
from wirepact_codegen.telling import AMBIGUOUS

_BLANKS = re.compile(r"\n{3,}")
"""What is left where a template had nothing to say. JSON, the only text of which lines matter, has no such lines."""


@dataclass(frozen=True, slots=True)
class _Said:
    """One message that goes one way at a channel."""

    name: str
    about: str
    more: str


@dataclass(frozen=True, slots=True)
class _Close:
    """A close code, and what an app should make of it."""

    code: int
    reason: str
    back: str


@dataclass(frozen=True, slots=True)
class _Topic:
    """One of the channels that share a connection."""

    name: str
    about: str
    messages: str


@dataclass(frozen=True, slots=True)
class _Operation:
    """What an operation says beside what the tables of its messages have room for."""

    name: str
    about: str
    notes: Sequence[Note]


@dataclass(frozen=True, slots=True)
class _Room:
    """A channel as an app sees it."""

    title: str
    address: str
    description: str
    urls: Sequence[str]
    tokens: str
    parameters: Sequence[Field]
    query: Sequence[Field]
    headers: Sequence[Field]
    greetings: Sequence[str]
    app_sends: Sequence[_Said]
    app_receives: Sequence[_Said]
    sent_in_doubt: str
    received_in_doubt: str
    error: str
    beats: Sequence[str]
    limits: Sequence[str]
    close_codes: Sequence[_Close]
    topics: Sequence[_Topic]
    notes: Sequence[Note]
    operations: Sequence[_Operation]


@dataclass(frozen=True, slots=True)
class _Request:
    """An HTTP operation as an app sees it."""

    title: str
    about: str
    tokens: str
    parameters: Sequence[Field]
    query: Sequence[Field]
    body: str
    replies: Sequence[tuple[int, str, str]]
    error: str
    limits: Sequence[str]
    notes: Sequence[Note]


@dataclass(frozen=True, slots=True)
class _Message:
    """A message: a table of fields if it is an object that has some, otherwise one line; and its examples."""

    name: str
    description: str
    fields: Sequence[Field]
    text: str
    closed: bool
    notes: Sequence[Note]
    examples: Sequence[Example]


@dataclass(frozen=True, slots=True)
class _Type:
    """A named schema: a table of fields if it is an object, otherwise one line."""

    name: str
    description: str
    fields: Sequence[Field]
    text: str


@dataclass(frozen=True, slots=True)
class _Server:
    """Where an app connects, and what varies in the URL."""

    name: str
    url: str
    about: str
    variables: Sequence[Field]


def files(service: Service) -> list[File]:
    """The reference of a service."""
    forms = {each.query for each in service.http_operations}
    forms |= {form for each in service.channels for form in (each.query, each.headers)}
    view = {
        "header": header(service.document).removeprefix("# "),
        "service": service,
        "rooms": [_room(service, each) for each in service.channels],
        "requests": [_request(each) for each in service.http_operations],
        "messages": [_message(each) for each in service.messages if each not in forms],
        "types": [_type(each.name, each.description, each.schema) for each in service.definitions],
        "servers": list(map(_reached, service.servers)),
        "close_codes": list(map(_close, service.close_codes)),
        "error_codes": ERROR_CODES if _has_errors(service) else {},
    }
    text = _BLANKS.sub("\n\n", render("docs/reference.md", view))
    return [File(PurePosixPath(service.name, "reference.md"), text)]


def _reached(server: Server) -> _Server:
    return _Server(server.name, server.url, server.description, list(map(_variable, server.variables)))


def _variable(variable: ServerVariable) -> Field:
    allowed = " or ".join(map(code, variable.enum)) or "string"
    examples = ", ".join(map(code, variable.examples))
    default = f"{code(variable.default)} if nothing else is said." if variable.default is not None else ""
    about = sentence(variable.description, examples and f"For example {examples}.", default)
    return Field(variable.name, allowed, required=variable.default is None, nullable=False, about=about)


def _room(service: Service, channel: Channel) -> _Room:
    return _Room(
        title=channel.title or channel.name,
        address=channel.address,
        description=channel.description,
        urls=[f"{each.url}{channel.address}" for each in _servers(service, channel)],
        tokens=" or ".join(_tokens(channel.credentials)),
        parameters=list(map(_parameter, channel.parameters)),
        query=list(fields(channel.query.schema)) if channel.query is not None else [],
        headers=list(fields(channel.headers.schema)) if channel.headers is not None else [],
        greetings=[" or ".join(map(link, each.messages)) for each in channel.on_connect],
        app_sends=list(_app_sends(channel)),
        app_receives=list(_app_receives(channel)),
        sent_in_doubt=_in_doubt(channel.receives),
        received_in_doubt=_in_doubt(channel.sends),
        error=channel.error.message.name if channel.error is not None else "",
        beats=[
            *heartbeat_lines(channel.heartbeat),
            *presence_lines(channel.presence),
            *farewell_lines(channel.on_shutdown),
        ],
        limits=list(limit_lines(channel.limits)),
        close_codes=[_close(each) for each in channel.close_codes if each not in service.close_codes],
        topics=list(map(_topic, channel.topics)),
        notes=channel.notes,
        operations=list(_operations(channel)),
    )


def _operations(channel: Channel) -> Iterator[_Operation]:
    """The operations that say more than one line."""
    every: list[ReceiveOperation | SendOperation] = [*channel.receive_operations, *channel.send_operations]
    for each in every:
        if each.description or each.notes:
            yield _Operation(each.name, each.description, each.notes)


def _topic(topic: Topic) -> _Topic:
    return _Topic(
        topic.name, paragraphs(topic.title, topic.description), ", ".join(map(link, topic.messages))
    )


def _in_doubt(messages: MessageSet) -> str:
    """What is said of a direction whose messages could not be proven disjoint."""
    return f"{AMBIGUOUS[:-1]}: {', '.join(map(link, messages.messages))}." if messages.ambiguous else ""


def _servers(service: Service, channel: Channel) -> Iterator[Server]:
    """The WebSocket servers of a channel."""
    sockets = (each for each in service.servers if each.protocol in {"ws", "wss"})
    return (each for each in sockets if not channel.servers or each.name in channel.servers)


def _tokens(credentials: Sequence[Credential]) -> Iterator[str]:
    for each in credentials:
        about = each.description.strip().removesuffix(".")
        yield f"{_where(each)} ({about})" if about else _where(each)


def _where(credential: Credential) -> str:
    match credential.where:
        case "query":
            return f"the query parameter {code(credential.name)}"
        case "cookie":
            return f"the cookie {code(credential.name)}"
        case "header":
            return f"the header {code(credential.name)}"
        case "bearer":
            return f"the header {code('Authorization: Bearer …')}"


def _app_sends(channel: Channel) -> Iterator[_Said]:
    for operation in channel.receive_operations:
        answers = " or ".join(link(each) for each in operation.replies)
        for message in operation.messages:
            yield _Said(
                name=message.name,
                about=operation.summary or message.summary,
                more=sentence(answers and f"Answered with {answers}.", _roles(operation.roles)),
            )


def _app_receives(channel: Channel) -> Iterator[_Said]:
    for message in channel.sends.messages:
        abouts = [each.summary for each in channel.send_operations if message in each.messages]
        yield _Said(
            message.name, sentence(*abouts) or message.summary, " ".join(_audiences(channel, message))
        )


def _audiences(channel: Channel, message: Message) -> Iterator[str]:
    if any(message in each.messages for each in channel.on_connect):
        yield "You, when you connect."
    for operation in channel.send_operations:
        if message in operation.messages and not any(
            operation is each.operation for each in channel.on_connect
        ):
            yield _audience(operation) + delivery(operation) + _answers(operation)
    if any(message in each.replies for each in channel.receive_operations):
        yield "You, when you asked."


def _answers(operation: SendOperation) -> str:
    answers = " or ".join(map(link, operation.replies))
    return f" Answer with {answers}." if answers else ""


def _audience(operation: SendOperation) -> str:
    match operation.to.kind:
        case "sender":
            return "You alone."
        case "channel":
            return "Everyone connected here."
        case "group":
            return f"Those who asked for this {code(operation.to.group)}."
        case "user":
            return "One user alone, on every connection."
        case "roles":
            return f"Those who have the role {' or '.join(map(code, operation.to.roles))}."


def _roles(roles: Sequence[str]) -> str:
    return f"Only for the role {' or '.join(map(code, roles))}." if roles else ""


def _close(line: CloseCode) -> _Close:
    back = {"yes": "yes, after a while", "once": "once, with a new token", "no": "no"}
    return _Close(line.code, line.reason, back[line.reconnect])


def _request(operation: HttpOperation) -> _Request:
    return _Request(
        title=f"{operation.method} {operation.path}",
        about=paragraphs(sentence(operation.summary, _roles(operation.roles)), operation.description),
        tokens=" or ".join(_tokens(operation.credentials)),
        parameters=list(map(_parameter, operation.parameters)),
        query=list(fields(operation.query.schema)) if operation.query is not None else [],
        body=operation.body.name if operation.body is not None else "",
        replies=[(each.status, each.message.name, each.message.summary) for each in operation.replies],
        error=operation.error.message.name if operation.error is not None else "",
        limits=list(limit_lines(operation.limits)),
        notes=operation.notes,
    )


def _parameter(parameter: Parameter) -> Field:
    allowed = " or ".join(map(code, parameter.enum))
    examples = ", ".join(map(code, parameter.examples))
    default = f"{code(parameter.default)} if nothing else is said." if parameter.default is not None else ""
    about = sentence(parameter.description, examples and f"For example {examples}.", default)
    return Field(parameter.name, allowed or parameter.type, required=True, nullable=False, about=about)


def _message(message: Message) -> _Message:
    found = list(fields(message.schema))
    return _Message(
        name=message.name,
        description=paragraphs(message.summary, message.description, _older(message)),
        fields=found,
        text="" if found else _frame(message),
        closed=message.schema.get("additionalProperties") is False,
        notes=message.notes,
        examples=message.examples,
    )


def _older(message: Message) -> str:
    names = " or ".join(code(str(each)) for each in message.aliases)
    return f"It is still read where it is called {names}, as it was once." if names else ""


def _frame(message: Message) -> str:
    """What goes over the wire where that is no object with fields."""
    called = f" of type {code(message.content_type)}" if message.content_type else ""
    match message.encoding:
        case "binary":
            return f"A binary frame{called}."
        case "file" if message.part:
            return f"A form ({code(message.content_type)}) with a file, {code(message.part)}."
        case "file":
            return f"A file of the type that the answer names, one of {code(message.content_type)}."
        case "text":
            return f"Plain text{called}, without quotes: {type_text(message.schema)}."
    return type_text(message.schema)


def _type(name: str, description: str, schema: Schema) -> _Type:
    found = list(fields(schema))
    return _Type(name, description, found, "" if found else type_text(schema))


def _has_errors(service: Service) -> bool:
    shapes = [*(each.error for each in service.channels), *(each.error for each in service.http_operations)]
    return any(each is not None for each in shapes)
