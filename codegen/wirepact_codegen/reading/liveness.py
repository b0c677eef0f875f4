"""What a channel says by itself: that somebody is there (`x-heartbeat`), who comes and goes (`x-presence`), and that it stops (`x-on-shutdown`).

The runtime says these messages without asking a handler, so that whatever they require must be a constant, or a field that the key names.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from wirepact_codegen.errors import did_you_mean
from wirepact_codegen.model import (
    Heartbeat,
    Limits,
    Message,
    Path,
    Presence,
    ReceiveOperation,
    Schema,
    SendOperation,
)
from wirepact_codegen.reading.context import Context
from wirepact_codegen.reading.fields import field_at, path_of, required_field_at, required_fields
from wirepact_codegen.reading.sockets import message_entries
from wirepact_codegen.source import Node

_GRACE = 10

_NARROWING = frozenset({"const", "enum", "format", "maxLength", "maximum", "minLength", "minimum", "pattern"})
"""Keywords after which a field no longer takes whatever the runtime has to say."""


@dataclass(frozen=True, slots=True)
class _Key:
    """One of the two keys of a channel: what it says, and the rule that it is held to."""

    context: Context
    channel: Node
    said: Node
    rule: str

    def add(self, part: str, sentence: str, suggestion: str = "") -> None:
        """Note a fault of the *part* of what it says."""
        self.context.add(self.rule, self.said.at((part,)), sentence, suggestion)

    def messages(self, *parts: str) -> dict[str, Message]:
        """The messages that it names, by the parts that name them."""
        found = {}
        entries = message_entries(self.channel)
        for part in parts:
            name = self.said.text(part)
            if name and name not in entries:
                sentence = f'message "{name}" does not exist in channel "{self.channel.key}"'
                self.add(part, sentence, did_you_mean(name, entries))
            elif name and (message := self.context.messages.message(entries[name])) is not None:
                found[part] = message
        return found

    def path(self, part: str) -> Path:
        """The field that it names, empty if it names none."""
        said = self.said.get(part)
        return path_of(said) if said is not None else ()

    def number(self, part: str, otherwise: float = 0) -> float:
        """The number that it says."""
        said = self.said.get(part)
        return said.value if said is not None and isinstance(said.value, int | float) else otherwise

    def check_rest(self, part: str, message: Message, *filled: Path) -> None:
        """Whether the message requires nothing but constants and what is *filled*."""
        for path in required_fields(self.context, message):
            if path not in filled:
                sentence = f'message "{message.name}" requires "{".".join(path)}", which nobody would know how to fill'
                self.add(part, sentence)


def read_heartbeat(
    context: Context, channel: Node, receives: Sequence[ReceiveOperation], sends: Sequence[SendOperation]
) -> Heartbeat | None:
    """The heartbeat of a channel; its messages go the ways that it says."""
    said = channel.get("x-heartbeat")
    if said is None:
        return None
    key = _Key(context, channel, said, "WP224")
    messages, time = key.messages("ping", "pong"), key.path("time")
    heard = {message for each in receives for message in each.messages}
    told = _told_to_one(receives, sends)
    by_server = said.text("by") == "server"
    for part, message in messages.items():
        if (part == "ping") != by_server:
            _check_heard(key, part, message, heard)
        else:
            _check_told(key, part, message, told)
        _check_time(key, message, time)
        key.check_rest(part, message, time)
    if "ping" not in messages:
        return None
    return Heartbeat(
        by="server" if by_server else "client",
        ping=messages["ping"],
        pong=messages.get("pong"),
        interval=key.number("interval"),
        timeout=key.number("timeout"),
        time=time,
    )


def read_farewell(
    context: Context, channel: Node, receives: Sequence[ReceiveOperation], sends: Sequence[SendOperation]
) -> Message | None:
    """What is said before the close when the server stops. Nobody is asked, so that there must be nothing to fill."""
    said = channel.get("x-on-shutdown")
    if said is None:
        return None
    entries, name = message_entries(channel), str(said.value)
    if name not in entries:
        sentence = f'message "{name}" does not exist in channel "{channel.key}"'
        context.add("WP227", said, sentence, did_you_mean(name, entries))
        return None
    message = context.messages.message(entries[name])
    if message is None:
        return None
    if message not in _told_to_one(receives, sends):
        sentence = f'no operation with "x-to: sender" sends message "{name}" at channel "{channel.key}"'
        context.add("WP227", said, sentence)
    for path in required_fields(context, message):
        sentence = f'message "{name}" requires "{".".join(path)}", which nobody would know how to fill'
        context.add("WP227", said, sentence)
    return message


def _told_to_one(receives: Sequence[ReceiveOperation], sends: Sequence[SendOperation]) -> set[Message]:
    told = {message for each in sends if each.to.kind == "sender" for message in each.messages}
    return told | {message for each in receives for message in each.replies}


def check_idle(context: Context, channel: Node, heartbeat: Heartbeat | None, limits: Limits) -> None:
    """Who keeps to the heartbeat must not be closed for having nothing else to say."""
    if heartbeat is None or limits.idle is None:
        return
    silence = heartbeat.interval + (heartbeat.timeout if heartbeat.by == "server" else 0)
    if limits.idle <= silence:
        sentence = f'"idle" of channel "{channel.key}" closes clients that keep to the heartbeat, and may say nothing for {silence:g} seconds'
        said = channel.get("x-limits") or channel
        context.add("WP224", said.get("idle") or said, sentence)


def read_presence(
    context: Context, channel: Node, sends: Sequence[SendOperation], sending: Sequence[Node]
) -> Presence | None:
    """What is said of who comes and goes; it goes to all at the channel, and is not kept."""
    said = channel.get("x-presence")
    if said is None:
        return None
    key = _Key(context, channel, said, "WP225")
    messages, user, name = key.messages("join", "leave"), key.path("user"), key.path("name")
    for part, message in messages.items():
        _check_told_to_all(key, part, message, zip(sends, sending, strict=True))
        _check_person(key, "user", message)
        if name:
            _check_person(key, "name", message)
        key.check_rest(part, message, user, name)
    return Presence(messages.get("join"), messages.get("leave"), user, name, key.number("grace", _GRACE))


def _check_heard(key: _Key, part: str, message: Message, heard: Container[Message]) -> None:
    if message not in heard:
        key.add(part, f'message "{message.name}" is said by clients, and no operation receives it')


def _check_told(key: _Key, part: str, message: Message, told: Container[Message]) -> None:
    if message not in told:
        sentence = (
            f'message "{message.name}" is said to one client, and no operation with "x-to: sender" sends it'
        )
        key.add(part, sentence)


def _check_time(key: _Key, message: Message, time: Path) -> None:
    if not time:
        return
    field = required_field_at(key.context, message, time)
    if field is None:
        key.add("time", f'message "{message.name}" has no required field "{".".join(time)}"')
    elif not _takes(field, ("number", "integer")):
        key.add("time", f'field "{".".join(time)}" of message "{message.name}" must take any number')


def _check_told_to_all(
    key: _Key, part: str, message: Message, sends: Iterable[tuple[SendOperation, Node]]
) -> None:
    telling = [(each, node) for each, node in sends if message in each.messages]
    if not any(each.to.kind == "channel" for each, _ in telling):
        key.add(part, f'no operation with "x-to: channel" sends message "{message.name}"')
    for each, node in telling:
        for promise in ("x-recovery", "x-slow-consumer"):
            if (said := node.get(promise)) is not None:
                sentence = f'operation "{each.name}" says who comes and goes, which is not kept: whoever comes back asks who is there'
                key.context.add(key.rule, said, sentence)


def _check_person(key: _Key, part: str, message: Message) -> None:
    path = key.path(part)
    field, name = field_at(key.context, message, path), ".".join(path)
    if field is None:
        key.add(part, f'message "{message.name}" has no field "{name}"')
    elif not _takes(field, ("string",)):
        key.add(part, f'field "{name}" of message "{message.name}" must take any string')


def _takes(field: Schema, types: tuple[str, ...]) -> bool:
    return field.get("type") in types and not field.keys() & _NARROWING
