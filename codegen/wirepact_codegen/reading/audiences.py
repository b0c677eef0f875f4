"""Whom a sent message goes to (`x-to`), and what holds for whoever was away or is slow (`x-recovery`, `x-slow-consumer`)."""

from collections.abc import Iterable, Iterator, Sequence

from wirepact_codegen.errors import did_you_mean
from wirepact_codegen.model import Audience, Group, Message, Recovery, Schema, SendOperation, SlowConsumer
from wirepact_codegen.reading.context import Context
from wirepact_codegen.reading.fields import path_of, required_field_at
from wirepact_codegen.reading.limits import PERSONAL
from wirepact_codegen.source import Node

_KEY_TYPES = ("string", "integer")


def read_audience(context: Context, operation: Node, groups: tuple[Group, ...]) -> Audience:
    """Whom the messages of *operation* go to. A stranger that does not say it means all."""
    said = operation.get("x-to")
    if said is None:
        _note_missing(context, operation)
        return Audience("channel")
    match said.value:
        case {"group": _}:
            return _group(context, said, groups)
        case {"roles": _}:
            roles = tuple(str(each.value) for each in said.at(("roles",)).elements())
            return Audience("roles", roles=roles)
        case "sender" | "user" as kind:
            return Audience(kind)
    return Audience("channel")


def _note_missing(context: Context, operation: Node) -> None:
    sentence = f'operation "{operation.key}" does not say whom its messages go to'
    suggestion = 'add "x-to: sender", "x-to: channel" or a group'
    if context.is_ours:
        context.findings.add("WP213", operation.key_place, sentence, suggestion)
    else:
        context.findings.inform(
            "WP213", operation.key_place, f"{sentence}: they go to all at the channel", suggestion
        )


def _group(context: Context, said: Node, groups: tuple[Group, ...]) -> Audience:
    group = said.text("group")
    if group not in (known := [each.name for each in groups]):
        sentence = f'group "{group}" does not exist in "x-groups"'
        context.add("WP213", said.at(("group",)), sentence, did_you_mean(group, known))
    return Audience("group", group)


def read_recovery(
    context: Context, operation: Node, to: Audience, messages: Iterable[Message]
) -> Recovery | None:
    """What of *messages* can be got by whoever was away."""
    said = operation.get("x-recovery")
    if said is None:
        return None
    if to.kind == "sender":
        sentence = f'operation "{operation.key}" goes to the sender, who gets no position to come back to'
        context.add("WP214", said, sentence, 'recover what goes to "channel", "user", roles or a group')
    key = said.get("key")
    for message in messages:
        if message.encoding == "binary":
            sentence = f'message "{message.name}" of operation "{operation.key}" is binary, and such a frame has no room for a position'
            context.add("WP214", said, sentence)
        elif key is not None:
            _check_key(context, key, message)
    size, age = said.get("size"), said.at(("age",)).value
    return Recovery(
        mode="latest" if said.text("mode") == "latest" else "stream",
        age=age if isinstance(age, int | float) else 0,
        size=size.value if size is not None and isinstance(size.value, int) else None,
        key=path_of(key) if key is not None else (),
    )


def _check_key(context: Context, key: Node, message: Message) -> None:
    path = path_of(key)
    field = required_field_at(context, message, path)
    name = ".".join(path)
    if field is None:
        sentence = (
            f'message "{message.name}" has no required field "{name}", of whose values the last are kept'
        )
        context.add("WP215", key, sentence)
    elif not _is_key(field):
        sentence = f'field "{name}" of message "{message.name}" must be a string or an integer'
        context.add("WP215", key, sentence)


def _is_key(field: Schema) -> bool:
    values = [field["const"]] if "const" in field else field.get("enum")
    if isinstance(values, list):
        return all(isinstance(each, str | int) and not isinstance(each, bool) for each in values)
    return field.get("type") in _KEY_TYPES


def read_slow_consumer(
    context: Context, operation: Node, to: Audience, recovery: Recovery | None
) -> SlowConsumer:
    """What is done with somebody who reads too slowly for what *operation* sends."""
    said = operation.get("x-slow-consumer")
    match said.value if said is not None else "close":
        case "latest" | "drop" as policy:
            if said is not None and (why := _why_not(policy, to, recovery)):
                context.add("WP217", said, f'operation "{operation.key}" {why}')
            return policy
    return "close"


def _why_not(policy: str, to: Audience, recovery: Recovery | None) -> str:
    """What speaks against leaving something out."""
    if to.kind == "sender":
        return "goes to the sender, who is never left without an answer"
    if recovery is None:
        return ""
    if recovery.mode == "stream":
        return 'promises every message ("x-recovery"), so that none may be left out'
    return (
        ""
        if policy == "latest"
        else 'promises the last message ("x-recovery"), so that it may not be left out'
    )


def check_lines(context: Context, channel: Node, operations: Iterable[Node]) -> None:
    """Positions stand before lines, which a *channel* with plain text does not have."""
    for operation in operations:
        if (said := operation.get("x-recovery")) is not None:
            sentence = f'channel "{channel.key}" has a message of plain text, and so no positions for operation "{operation.key}"'
            context.add("WP214", said, sentence)


def check_streams(context: Context, operations: Sequence[SendOperation], nodes: Sequence[Node]) -> None:
    """A stream is one list for its audience, kept as its newest message says."""
    first: dict[Audience, SendOperation] = {}
    for operation, node in zip(operations, nodes, strict=True):
        said = node.get("x-recovery")
        if said is None or operation.recovery is None or operation.recovery.mode != "stream":
            continue
        other = first.setdefault(operation.to, operation)
        if other.recovery != operation.recovery:
            sentence = f'operation "{operation.name}" keeps another age or size than operation "{other.name}", whose messages go to the same audience'
            context.add("WP219", said, sentence)


def check_known(context: Context, nodes: Iterable[Node], *, asks: bool) -> None:
    """Users and roles mean something only where somebody is asked for a token. *nodes* are a channel and its operations."""
    for key, said in _personal(nodes) if not asks else ():
        sentence = f'"{key}" is about who somebody is, and no security scheme of the server asks for a token'
        context.fault("WP218", said.place, sentence, 'add a "security" to the server')


def _personal(nodes: Iterable[Node]) -> Iterator[tuple[str, Node]]:
    for each in nodes:
        if (said := each.get("x-from")) is not None:
            yield "x-from", said
        if (to := each.get("x-to")) is not None and (to.value == "user" or "roles" in to):
            yield "x-to", to
        if (presence := each.get("x-presence")) is not None:
            yield "x-presence", presence
        if (limits := each.get("x-limits")) is not None:
            yield from ((key, limit) for key, limit in limits.items() if key in PERSONAL)
