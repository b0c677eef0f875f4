"""Sockets: who says what there, to whom, and how it is told apart."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from wirepact_codegen.errors import did_you_mean
from wirepact_codegen.model import (
    Channel,
    CloseCode,
    Credential,
    Greeting,
    Group,
    Json,
    Limits,
    Message,
    MessageSet,
    ReceiveOperation,
    SendOperation,
    Topic,
)
from wirepact_codegen.reading.aliases import with_aliases
from wirepact_codegen.reading.audiences import check_known, check_lines, check_streams
from wirepact_codegen.reading.context import Context
from wirepact_codegen.reading.errors import read_error
from wirepact_codegen.reading.forms import read_headers, read_query
from wirepact_codegen.reading.limits import check_limits, read_limits
from wirepact_codegen.reading.liveness import check_idle, read_farewell, read_heartbeat, read_presence
from wirepact_codegen.reading.notes import channel_notes
from wirepact_codegen.reading.operations import answers_to, read_receive, read_send
from wirepact_codegen.reading.sockets import Part, Socket, socket_credentials, socket_parameters
from wirepact_codegen.sampling import Sampler
from wirepact_codegen.source import Node
from wirepact_codegen.telling import Overlap, in_order, tell_apart
from wirepact_codegen.validation import Judge

ValueT = TypeVar("ValueT")


def read_channel(context: Context, socket: Socket, close_codes: tuple[CloseCode, ...]) -> Channel:
    """One socket with everything that the operations of its channels make of it."""
    before = context.findings.faults
    context.messages.are_beside(socket.entries)
    node, groups = socket.node, tuple(_groups(context, socket))
    operations = [(each, part.node) for part in socket.parts for each in part.operations]
    receives = tuple(read_receive(context, *each, socket) for each in operations if context.hears(each[0]))
    sends = tuple(
        read_send(context, *each, socket, groups) for each in operations if not context.hears(each[0])
    )
    sending = [each for each, _ in operations if not context.hears(each)]
    check_streams(context, sends, sending)
    heartbeat = _agreed(
        context,
        socket,
        "x-heartbeat",
        lambda each: read_heartbeat(context, each.node, receives, sends),
    )
    presence = _agreed(
        context,
        socket,
        "x-presence",
        lambda each: read_presence(context, each.node, sends, sending),
    )
    answers = [answers_to(context, each, receives) for each in sends]
    receives = (*receives, *(each for each in answers if each is not None))
    error = _agreed(context, socket, "x-error", lambda each: read_error(context, each.node, each.entries()))
    credentials = socket_credentials(context, socket)
    said = [message for each in sends for message in each.messages]
    said += [message for each in receives for message in each.replies]
    said += [error.message] if error is not None else []
    if context.findings.faults == before:
        used = [*said, *(message for each in receives for message in each.messages)]
        for part in socket.parts:
            check_used(context, part.node, part.entries(), used)
    receives = tuple(_received_once(context, node, receives))
    heard = [message for each in receives for message in each.messages]
    _check_groups(context, groups, sends)
    nodes = [*(each.node for each in socket.parts), *(each for each, _ in operations)]
    check_known(context, nodes, asks=bool(credentials))
    for part in socket.parts:
        check_limits(context, part.node)
    _check_no_files(context, node, (*said, *heard))
    if any(each.encoding == "text" for each in (*said, *heard)):
        check_lines(context, node, sending)
    limits = _agreed(context, socket, "x-limits", lambda each: read_limits(each.node)) or Limits()
    check_idle(context, node, heartbeat, limits)
    return Channel(
        name=node.key,
        stem=context.stem(node),
        address=socket.address,
        place=node.key_place,
        title=node.text("title"),
        description=node.text("description") or node.text("summary"),
        parameters=socket_parameters(context, socket),
        receives=_told(context, node, "clients say", _in_order(context, socket, heard)),
        sends=_told(context, node, "clients hear", _in_order(context, socket, said)),
        receive_operations=receives,
        send_operations=tuple(each for each in sends if each.messages),
        on_connect=tuple(greeting for part in socket.parts for greeting in _greetings(context, part, sends)),
        on_shutdown=_agreed(
            context, socket, "x-on-shutdown", lambda each: read_farewell(context, each.node, receives, sends)
        ),
        groups=groups,
        limits=limits,
        close_codes=merged(close_codes, _close_codes(context, socket)),
        error=error,
        credentials=credentials,
        query=read_query(context, _handshake(context, socket, "query"), node.key, credentials),
        headers=_headers(context, node, _handshake(context, socket, "headers"), credentials),
        heartbeat=heartbeat,
        presence=presence,
        servers=tuple(
            dict.fromkeys(each.key for part in socket.parts for each in context.servers.of(part.node))
        ),
        topics=tuple(_topics(context, socket)),
        notes=tuple(
            dict.fromkeys(note for part in socket.parts for note in channel_notes(part.node, context.sources))
        ),
    )


def read_close_codes(context: Context, node: Node) -> tuple[CloseCode, ...]:
    """A table of close codes (`x-close-codes`)."""
    said = node.get("x-close-codes")
    for line in said.values() if said is not None else ():
        if len(line.text("reason").encode()) > _REASON_BYTES:
            context.add("WP216", line.at(("reason",)), f"the reason is longer than {_REASON_BYTES} bytes")
    return tuple(
        CloseCode(int(code), line.text("reason"), _RECONNECT[line.at(("reconnect",)).value])
        for code, line in (said.items() if said is not None else ())
    )


def merged(general: Iterable[CloseCode], particular: Iterable[CloseCode]) -> tuple[CloseCode, ...]:
    """One table of two: what the particular one says wins, at the place where the code stood before."""
    return tuple({each.code: each for each in (*general, *particular)}.values())


def check_used(context: Context, channel: Node, entries: Mapping[str, Node], used: Iterable[Message]) -> None:
    """Every message of a channel must be used by one of its operations."""
    known = set(used)
    for name, entry in entries.items():
        message = context.messages.message(entry)
        if message is not None and message not in known:
            sentence = f'message "{name}" of channel "{channel.key}" is used by no operation'
            context.findings.warn("WP307", entry.key_place, sentence)


_REASON_BYTES = 123
"""What a close frame has room for (RFC 6455 section 5.5), in UTF-8."""

_RECONNECT: Mapping[object, Literal["yes", "once", "no"]] = {True: "yes", False: "no", "once": "once"}


def _agreed(
    context: Context, socket: Socket, key: str, read: Callable[[Part], ValueT | None]
) -> ValueT | None:
    """What the channels of a socket say under *key*: the first that says it, and the others the same."""
    found: ValueT | None = None
    for part in socket.parts:
        said = part.node.get(key)
        value = read(part) if said is not None else None
        if said is not None and found is not None and value != found:
            _disagree(context, part.node, said, f'"{key}"')
        found = value if found is None else found
    return found


def _handshake(context: Context, socket: Socket, key: str) -> Node | None:
    """What the ws bindings of a socket's channels say of the handshake: the first that says it, and the others the same."""
    found: Node | None = None
    for part in socket.parts:
        binding = context.binding(part.node, "ws")
        said = binding.get(key) if binding is not None else None
        if said is not None and found is not None and said.value != found.value:
            _disagree(context, part.node, said, f'"{key}" of the ws binding')
        found = said if found is None else found
    return found


def _headers(
    context: Context, channel: Node, node: Node | None, credentials: tuple[Credential, ...]
) -> Message | None:
    """The headers of the handshake. A page can't send any, so that one which is required keeps browsers out."""
    headers = read_headers(context, node, channel.key, credentials)
    required = headers.schema.get("required") if headers is not None else None
    if node is not None and isinstance(required, list) and required:
        names = " and ".join(f'"{each}"' for each in required)
        sentence = f"no browser can send the header {names} that the handshake requires"
        context.findings.warn("WP805", node.key_place, sentence, "take it in the query, or as optional")
    return headers


def _disagree(context: Context, channel: Node, said: Node, what: str) -> None:
    sentence = f'{what} of channel "{channel.key}" is not what another channel of the same connection says'
    context.fault("WP313", said.key_place, sentence)


def _topics(context: Context, socket: Socket) -> Iterator[Topic]:
    """The channels of a socket, if they are several."""
    for part in socket.parts if len(socket.parts) > 1 else ():
        node, entries = part.node, part.entries()
        messages = (context.messages.message(each) for each in entries.values())
        yield Topic(
            name=node.key,
            title=node.text("title"),
            description=node.text("description") or node.text("summary"),
            messages=tuple(each for each in messages if each is not None),
        )


def _groups(context: Context, socket: Socket) -> Iterator[Group]:
    found: dict[str, Group] = {}
    for part in socket.parts:
        said = part.node.get("x-groups")
        for name, kind in said.items() if said is not None else ():
            group = Group(name, "integer" if kind.value == "integer" else "string", kind.key_place)
            if found.setdefault(name, group).type != group.type:
                _disagree(context, part.node, kind, f'group "{name}"')
    return iter(found.values())


def _close_codes(context: Context, socket: Socket) -> Iterator[CloseCode]:
    found: dict[int, CloseCode] = {}
    for part in socket.parts:
        for line in read_close_codes(context, part.node):
            if found.setdefault(line.code, line) != line:
                _disagree(
                    context,
                    part.node,
                    part.node.at(("x-close-codes", str(line.code))),
                    f"close code {line.code}",
                )
    return iter(found.values())


def _greetings(context: Context, part: Part, sends: Sequence[SendOperation]) -> Iterable[Greeting]:
    said = part.node.get("x-on-connect")
    for entry in said.elements() if said is not None else ():
        names = [*entry.elements()] if isinstance(entry.value, list) else [entry]
        messages = [_greeting_message(context, part, name) for name in names]
        known = tuple(each for each in messages if each is not None)
        if len(known) < len(messages):
            continue
        sender = next(
            (each for each in sends if each.to.kind == "sender" and {*known} <= {*each.messages}), None
        )
        if sender is None:
            named = " or ".join(f'"{name.value}"' for name in names)
            sentence = f'no operation with "x-to: sender" sends message {named} at channel "{part.node.key}"'
            context.add("WP211", entry, sentence)
            continue
        yield Greeting(sender, known[0], known[1:])


def _greeting_message(context: Context, part: Part, name: Node) -> Message | None:
    entries = part.entries()
    if str(name.value) in entries:
        return context.messages.message(entries[str(name.value)])
    sentence = f'message "{name.value}" does not exist in channel "{part.node.key}"'
    context.add("WP211", name, sentence, did_you_mean(str(name.value), entries))
    return None


def _in_order(context: Context, socket: Socket, used: Sequence[Message]) -> list[Message]:
    """The used messages, each once, as the channels list them; then those that they don't list."""
    listed = [context.messages.message(each) for each in socket.entries]
    return list(dict.fromkeys((*(each for each in listed if each is not None and each in used), *used)))


def _received_once(
    context: Context, channel: Node, operations: Sequence[ReceiveOperation]
) -> Iterator[ReceiveOperation]:
    """One message is handled by one operation, the first. It may answer as any other would have."""
    first: dict[Message, ReceiveOperation] = {}
    answers: dict[str, list[Message]] = {each.name: [*each.replies] for each in operations}
    for operation in operations:
        for message in operation.messages:
            other = first.setdefault(message, operation)
            if other is not operation:
                answers[other.name] += operation.replies
                sentence = f'message "{message.name}" is received by operation "{other.name}" already'
                sentence = f'{sentence}, at channel "{channel.key}"'
                context.fault("WP314", operation.place, sentence, otherwise="the first handles it")
    for operation in operations:
        messages = tuple(each for each in operation.messages if first[each] is operation)
        if messages:
            yield replace(operation, messages=messages, replies=tuple(dict.fromkeys(answers[operation.name])))


def _check_groups(context: Context, groups: Sequence[Group], operations: Sequence[SendOperation]) -> None:
    """A group that nothing goes to is not worth joining."""
    for group in groups:
        if not any(each.to.group == group.name for each in operations):
            sentence = f'group "{group.name}" is the audience of no operation'
            context.findings.add(
                "WP212", group.place, sentence, f'say "x-to: {{group: {group.name}}}" where it is one'
            )


def _check_no_files(context: Context, channel: Node, messages: Iterable[Message]) -> None:
    """A frame has no room for the name and the type of a file."""
    for each in dict.fromkeys(messages):
        if each.encoding == "file":
            sentence = f'message "{each.name}" of channel "{channel.key}" is a file, which only requests and their answers carry'
            context.findings.add("WP310", each.place, sentence)


def _told(context: Context, channel: Node, what: str, messages: Sequence[Message]) -> MessageSet:
    """The proof for one direction; else a finding that names two of its messages, and the messages in order."""
    outcome = tell_apart(messages, context.schemas.definitions())
    if isinstance(outcome, MessageSet):
        return with_aliases(context, outcome)
    _report_overlap(context, channel, what, outcome)
    return with_aliases(context, in_order(messages, context.schemas.definitions()))


def _report_overlap(context: Context, channel: Node, what: str, overlap: Overlap) -> None:
    names = f'messages "{overlap.one.name}" and "{overlap.other.name}"'
    if {overlap.one.encoding, overlap.other.encoding} != {"json"}:
        kind = "binary" if overlap.one.encoding == "binary" else "text"
        sentence = f'{names}, which {what} at channel "{channel.key}", can\'t be told apart: any {kind} frame fits both'
        if overlap.one.encoding != overlap.other.encoding:
            sentence = f"{sentence.rpartition(':')[0]}: JSON is plain text, too"
        context.findings.add("WP501", overlap.other.place, sentence)
        return
    frame = _fits_both(context, overlap)
    if frame:
        text = json.dumps(frame[0], ensure_ascii=False)
        sentence = f'{names}, which {what} at channel "{channel.key}", can\'t be told apart: {text} is both'
        context.findings.add("WP501", overlap.other.place, sentence)
        return
    sentence = f'{names}, which {what} at channel "{channel.key}", can\'t be shown to exclude each other'
    context.findings.add("WP502", overlap.other.place, sentence, "give both the same required constant field")


def _fits_both(context: Context, overlap: Overlap) -> list[Json]:
    """A frame that is both messages, alone in a list; nothing if none is found."""
    definitions = context.schemas.by_name
    judges = [
        Judge({"$defs": dict(definitions), "allOf": [each.schema]}) for each in (overlap.one, overlap.other)
    ]
    return Sampler(definitions).common(
        overlap.one.schema, overlap.other.schema, lambda value: all(each.accepts(value) for each in judges)
    )
