"""Operations: what is received and sent at a channel, and what an HTTP request is answered with."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wirepact_codegen.errors import did_you_mean
from wirepact_codegen.model import (
    Credential,
    ErrorShape,
    Group,
    HttpOperation,
    HttpReply,
    Limits,
    Message,
    Note,
    Parameter,
    ReceiveOperation,
    SendOperation,
)
from wirepact_codegen.reading.audiences import check_known, read_audience, read_recovery, read_slow_consumer
from wirepact_codegen.reading.context import Context
from wirepact_codegen.reading.credentials import read_credentials, request_credentials
from wirepact_codegen.reading.forms import read_query
from wirepact_codegen.reading.notes import operation_notes, path_notes
from wirepact_codegen.reading.sockets import Socket
from wirepact_codegen.source import Node

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_NO_ROUTE = "only the models of its messages are generated"
_BODILESS = ("GET", "DELETE")


def read_receive(context: Context, operation: Node, channel: Node, socket: Socket) -> ReceiveOperation:
    """What a client may say."""
    _check_says_something(context, operation, channel)
    messages = operation_messages(context, operation, channel)
    return ReceiveOperation(
        name=operation.key,
        stem=context.stem(operation),
        messages=messages,
        place=operation.key_place,
        summary=operation.text("summary") or operation.text("title"),
        description=operation.text("description"),
        replies=reply_messages(context, operation, channel, socket),
        roles=roles(operation),
        notes=_socket_notes(context, operation),
    )


def read_send(
    context: Context, operation: Node, channel: Node, socket: Socket, groups: tuple[Group, ...]
) -> SendOperation:
    """What the server says, to whom, and what it may be answered."""
    _check_says_something(context, operation, channel)
    messages = operation_messages(context, operation, channel)
    to = read_audience(context, operation, groups)
    recovery = read_recovery(context, operation, to, messages)
    return SendOperation(
        name=operation.key,
        stem=context.stem(operation),
        messages=messages,
        to=to,
        recovery=recovery,
        slow_consumer=read_slow_consumer(context, operation, to, recovery),
        place=operation.key_place,
        summary=operation.text("summary") or operation.text("title"),
        description=operation.text("description"),
        replies=reply_messages(context, operation, channel, socket),
        notes=_socket_notes(context, operation),
    )


def answers_to(
    context: Context, operation: SendOperation, others: Iterable[ReceiveOperation]
) -> ReceiveOperation | None:
    """What clients say in answer to the server, as an operation of its own; nothing if others receive it all."""
    known = {message for each in others for message in each.messages}
    messages = tuple(each for each in operation.replies if each not in known)
    if not messages:
        return None
    name = f"{operation.name} reply"
    sentence = f'the answer of clients to operation "{operation.name}" is received as operation "{name}"'
    context.findings.inform("WP306", operation.place, sentence)
    return ReceiveOperation(
        name,
        messages,
        operation.place,
        summary=f"Hear an answer to `{operation.name}`.",
        stem=f"{operation.stem} reply" if operation.stem else "",
    )


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What the methods of one HTTP channel share."""

    node: Node
    address: str
    parameters: tuple[Parameter, ...]
    error: ErrorShape | None
    credentials: tuple[Credential, ...]
    limits: Limits


def read_http(context: Context, operation: Node, endpoint: Endpoint) -> HttpOperation | None:
    """What a request of one method is made of, and answered with."""
    method = _method(context, operation, endpoint.node)
    if method is None:
        return None
    binding = context.binding(operation, "http")
    query = binding.get("query") if binding is not None else None
    body = _body(context, operation, endpoint.node, method)
    if len(body) > 1:
        return None
    replies = tuple(_replies(context, operation, endpoint.node))
    credentials = request_credentials(context, operation, endpoint.credentials)
    check_known(context, [operation], asks=bool(credentials))
    for message in _unspeakable(body, replies):
        sentence = f'message "{message.name}" of operation "{operation.key}" is no JSON and no file, as a request and its answers must be'
        context.fault("WP310", operation.key_place, sentence)
        return None
    return HttpOperation(
        name=operation.key,
        stem=context.stem(operation),
        method=method,  # type: ignore[arg-type]  # it is one of _METHODS
        path=endpoint.address,
        place=operation.key_place,
        replies=replies,
        summary=operation.text("summary") or operation.text("title"),
        description=operation.text("description"),
        parameters=endpoint.parameters,
        body=body[0] if body else None,
        query=read_query(context, query, operation.key, credentials),
        roles=roles(operation),
        error=endpoint.error,
        credentials=credentials,
        limits=endpoint.limits,
        notes=(
            *operation_notes(operation, context.sources),
            *path_notes(endpoint.node, context.sources),
        ),
    )


def _unspeakable(body: Iterable[Message], replies: Iterable[HttpReply]) -> Iterator[Message]:
    """The messages that HTTP has no room for: a file is sent as part of a form, and is no part of one in an answer."""
    for message in body:
        if message.encoding != "json" and not message.part:
            yield message
    for message in (each.message for each in replies):
        if message.encoding != "json" and (message.encoding != "file" or message.part):
            yield message


def _socket_notes(context: Context, operation: Node) -> tuple[Note, ...]:
    """The notes of an operation on a socket, and what it says of credentials: those are asked for once, of the connection."""
    asked = " or ".join(
        f"`{each.scheme}`" + (f" ({each.description.rstrip('.')})" if each.description else "")
        for each in read_credentials(context, operation)
    )
    credentials = (Note("Credentials", asked),) if asked else ()
    return (*operation_notes(operation, context.sources), *credentials)


def _method(context: Context, operation: Node, channel: Node) -> str | None:
    """The method of a request. A stranger may leave it out; what is no request has none."""
    binding = context.binding(operation, "http")
    said = binding.text("method") if binding is not None else ""
    if context.hears(operation) and said in _METHODS:
        return said
    name = f'operation "{operation.key}" of an HTTP channel'
    if context.is_ours:
        sentence = f"{name} must receive, and name its method in an http binding"
        context.findings.add("WP310", operation.key_place, sentence)
        return None
    if context.hears(operation) and binding is not None and not said:
        method = "POST" if operation_messages(context, operation, channel) else "GET"
        context.findings.warn(
            "WP310", operation.key_place, f"{name} names no method, and is read as {method}"
        )
        return method
    why = f"has the method {said}" if context.hears(operation) and said else "is no request to the server"
    context.findings.warn("WP310", operation.key_place, f"{name} {why}; {_NO_ROUTE}")
    for message in (operation_messages, reply_messages):
        message(context, operation, channel)
    return None


def is_request(context: Context, operation: Node) -> bool:
    """Whether an operation says itself that it is an HTTP request (the `http` binding)."""
    return context.binding(operation, "http") is not None


def operation_messages(context: Context, operation: Node, channel: Node) -> tuple[Message, ...]:
    """The messages of an operation: those that it names, or all of its channel's if it names none."""
    named = operation.get("messages")
    if named is None:
        entries = channel.get("messages")
        nodes = list(entries.values()) if entries is not None else []
    else:
        nodes = [each for each in named.elements() if _is_of(context, each, channel, "WP305", "operation")]
    found = (context.messages.message(each) for each in nodes)
    return tuple(each for each in found if each is not None)


def reply_messages(
    context: Context, operation: Node, channel: Node, socket: Socket | None = None
) -> tuple[Message, ...]:
    """What an operation is answered with; on a *socket*, the answer goes the way that the question came."""
    reply = context.get(operation, "reply")
    if reply is None:
        return ()
    where = reply.get("channel")
    target = context.follow(where) if where is not None else channel
    if target is None:
        return ()
    is_here = target.origin == channel.origin or (socket is not None and socket.has(target))
    if where is not None and not is_here:
        _tell_elsewhere(context, operation, where, target, is_socket=socket is not None)
        if context.is_ours or socket is not None:
            return ()
    found = (context.messages.message(each) for each in _reply_entries(context, reply, target))
    messages = tuple(each for each in found if each is not None)
    if reply.get("messages") is None and target.origin == channel.origin:
        asked = operation_messages(context, operation, channel)
        return tuple(each for each in messages if each not in asked) or messages
    return messages


def _reply_entries(context: Context, reply: Node, target: Node) -> list[Node]:
    """The messages of a reply: those that it names, or all of its channel's if it names none."""
    named = reply.get("messages")
    if named is None:
        return list(entries.values()) if (entries := target.get("messages")) is not None else []
    return [each for each in named.elements() if _is_of(context, each, target, "WP306", "reply")]


def _tell_elsewhere(context: Context, operation: Node, where: Node, target: Node, *, is_socket: bool) -> None:
    sentence = f'the reply of operation "{operation.key}" is on another channel'
    if context.is_ours:
        context.add("WP306", where, sentence)
    elif is_socket:
        address = target.text("address")
        context.findings.warn(
            "WP306", where.place, f'{sentence}, at "{address}", and is no answer on the same connection'
        )
    else:
        context.findings.warn("WP306", where.place, f"{sentence}; it is read as the response")


def roles(operation: Node) -> tuple[str, ...]:
    """Who may do it (`x-from`)."""
    said = operation.get("x-from")
    return tuple(str(each.value) for each in said.elements()) if said is not None else ()


def _check_says_something(context: Context, operation: Node, channel: Node) -> None:
    named = operation.get("messages")
    every = channel.get("messages")
    if not (named.value if named is not None else every is not None and every.value):
        sentence = f'operation "{operation.key}" has no message'
        context.findings.warn("WP311", operation.key_place, sentence)


def _is_of(context: Context, entry: Node, channel: Node, rule: str, whose: str) -> bool:
    """Whether a message that an operation names is one of its channel's, as the specification demands."""
    message = context.follow(entry)
    if message is None:
        return False
    entries = channel.get("messages")
    known = {
        each.origin
        for _, node in (entries.items() if entries is not None else ())
        if (each := context.follow(node))
    }
    if message.origin in known:
        return True
    names = [name for name, _ in entries.items()] if entries is not None else []
    sentence = f'message "{message.key}" of the {whose} is not one of channel "{channel.key}"'
    suggestion = did_you_mean(message.key, names) or "add it to the messages of the channel"
    context.fault(rule, entry.place, sentence, suggestion)
    return not context.is_ours


def _body(context: Context, operation: Node, channel: Node, method: str) -> tuple[Message, ...]:
    """The message that a request carries, if any. Of a stranger's GET there is none; several are no body at all."""
    messages = operation_messages(context, operation, channel)
    if method in _BODILESS and messages:
        sentence = (
            f"{method} takes a body of none of the messages {', '.join(each.name for each in messages)}"
        )
        suggestion = "name the messages of the operation"
        context.fault(
            "WP310", operation.key_place, sentence, suggestion, otherwise="it is read without a body"
        )
        return ()
    if len(messages) > 1:
        names = ", ".join(each.name for each in messages)
        sentence = f"{method} takes a body of one of the messages {names}"
        suggestion = "name the messages of the operation"
        context.fault("WP310", operation.key_place, sentence, suggestion, otherwise=_NO_ROUTE)
    return messages


def _replies(context: Context, operation: Node, channel: Node) -> Iterator[HttpReply]:
    reply = context.get(operation, "reply")
    if reply is None:
        if context.is_ours:
            context.findings.add("WP310", operation.key_place, f'operation "{operation.key}" has no reply')
        return
    reply_messages(context, operation, channel)
    target = context.get(reply, "channel") or channel
    taken: dict[int, str] = {}
    for entry in _reply_entries(context, reply, target):
        node, message = context.follow(entry), context.messages.message(entry)
        if node is None or message is None:
            continue
        status = _status(context, node)
        if status in taken:
            sentence = f'messages "{taken[status]}" and "{message.name}" both have status {status}'
            context.fault("WP310", entry.place, sentence, otherwise="only the first is an answer")
            continue
        taken[status] = message.name
        yield HttpReply(status, message)


def _status(context: Context, message: Node) -> int:
    binding = context.binding(message, "http")
    status = binding.get("statusCode") if binding is not None else None
    return status.value if status is not None and isinstance(status.value, int) else 200
