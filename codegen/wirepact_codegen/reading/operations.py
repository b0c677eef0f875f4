"""Operations: what is received and sent at a channel, and what an HTTP request is answered with."""

from collections.abc import Iterator
from dataclasses import dataclass

from wirepact_codegen.errors import did_you_mean
from wirepact_codegen.model import (
    Audience,
    Credential,
    ErrorShape,
    Group,
    HttpOperation,
    HttpReply,
    Limits,
    Message,
    Parameter,
    ReceiveOperation,
    SendOperation,
)
from wirepact_codegen.reading.context import Context
from wirepact_codegen.reading.forms import read_query
from wirepact_codegen.source import Node

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_BODILESS = ("GET", "DELETE")


def read_receive(context: Context, operation: Node, channel: Node) -> ReceiveOperation:
    """What a client may say."""
    _check_says_something(context, operation, channel)
    messages = operation_messages(context, operation, channel)
    return ReceiveOperation(
        name=operation.key,
        messages=messages,
        place=operation.key_place,
        summary=operation.text("summary") or operation.text("title"),
        description=operation.text("description"),
        replies=reply_messages(context, operation, channel),
        roles=roles(operation),
    )


def read_send(context: Context, operation: Node, channel: Node, groups: tuple[Group, ...]) -> SendOperation:
    """What the server says, and to whom."""
    _check_says_something(context, operation, channel)
    messages = operation_messages(context, operation, channel)
    if (reply := operation.get("reply")) is not None:
        context.findings.warn("WP105", reply.key_place, "a reply of the client is not enforced")
    return SendOperation(
        name=operation.key,
        messages=messages,
        to=_audience(context, operation, groups),
        place=operation.key_place,
        summary=operation.text("summary") or operation.text("title"),
        description=operation.text("description"),
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
    binding = context.binding(operation, "http")
    if not context.hears(operation) or binding is None or binding.text("method") not in _METHODS:
        sentence = f'operation "{operation.key}" of an HTTP channel must receive, and name its method in an http binding'
        context.findings.add("WP310", operation.key_place, sentence)
        return None
    method = binding.text("method")
    return HttpOperation(
        name=operation.key,
        method=method,  # type: ignore[arg-type]  # it is one of _METHODS
        path=endpoint.address,
        place=operation.key_place,
        replies=tuple(_replies(context, operation, endpoint.node)),
        summary=operation.text("summary") or operation.text("title"),
        description=operation.text("description"),
        parameters=endpoint.parameters,
        body=_body(context, operation, endpoint.node, method),
        query=read_query(context, binding.get("query"), operation.key, endpoint.credentials),
        roles=roles(operation),
        error=endpoint.error,
        credentials=endpoint.credentials,
        limits=endpoint.limits,
    )


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


def reply_messages(context: Context, operation: Node, channel: Node) -> tuple[Message, ...]:
    """What an operation is answered with; the answer goes the way that the question came."""
    reply = operation.get("reply")
    if reply is None:
        return ()
    where = reply.get("channel")
    target = context.follow(where) if where is not None else channel
    if where is not None and target is not None and target.origin != channel.origin:
        context.add("WP306", where, f'the reply of operation "{operation.key}" is on another channel')
        return ()
    named = reply.get("messages")
    nodes = (
        [each for each in named.elements() if _is_of(context, each, channel, "WP306", "reply")]
        if named
        else []
    )
    found = (context.messages.message(each) for each in nodes)
    return tuple(each for each in found if each is not None)


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


def _audience(context: Context, operation: Node, groups: tuple[Group, ...]) -> Audience:
    said = operation.get("x-to")
    if said is None:
        sentence = f'operation "{operation.key}" does not say whom its messages go to'
        suggestion = 'add "x-to: sender", "x-to: channel" or a group'
        if context.is_ours:
            context.findings.add("WP213", operation.key_place, sentence, suggestion)
        else:
            context.findings.inform(
                "WP213", operation.key_place, f"{sentence}: they go to all at the channel", suggestion
            )
        return Audience("channel")
    if isinstance(said.value, dict):
        group = said.text("group")
        if group not in (known := [each.name for each in groups]):
            context.add(
                "WP213",
                said.at(("group",)),
                f'group "{group}" does not exist in "x-groups"',
                did_you_mean(group, known),
            )
        return Audience("group", group)
    return Audience("sender" if said.value == "sender" else "channel")


def _body(context: Context, operation: Node, channel: Node, method: str) -> Message | None:
    messages = operation_messages(context, operation, channel)
    if len(messages) > 1 or (messages and method in _BODILESS):
        most = "none" if method in _BODILESS else "one"
        sentence = (
            f"{method} takes a body of {most} of the messages {', '.join(each.name for each in messages)}"
        )
        context.findings.add("WP310", operation.key_place, sentence, "name the messages of the operation")
        return None
    return messages[0] if messages else None


def _replies(context: Context, operation: Node, channel: Node) -> Iterator[HttpReply]:
    reply = operation.get("reply")
    if reply is None:
        context.findings.add("WP310", operation.key_place, f'operation "{operation.key}" has no reply')
        return
    named = reply.get("messages")
    taken: dict[int, str] = {}
    reply_messages(context, operation, channel)
    for entry in named.elements() if named is not None else ():
        node, message = context.follow(entry), context.messages.message(entry)
        if node is None or message is None:
            continue
        status = _status(context, node)
        if status in taken:
            context.add(
                "WP310", entry, f'messages "{taken[status]}" and "{message.name}" both have status {status}'
            )
        taken[status] = message.name
        yield HttpReply(status, message)


def _status(context: Context, message: Node) -> int:
    binding = context.binding(message, "http")
    status = binding.get("statusCode") if binding is not None else None
    return status.value if status is not None and isinstance(status.value, int) else 200
