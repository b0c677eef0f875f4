"""What a channel allows (`x-limits`), and whether its limits go together."""

from collections.abc import Mapping

from wirepact_codegen.model import Limits
from wirepact_codegen.reading.context import Context
from wirepact_codegen.source import Node

_ATTRIBUTES: Mapping[str, str] = {
    "connections": "connections",
    "connectionsPerUser": "connections_per_user",
    "connectionsPerAddress": "connections_per_address",
    "connectionsPerIp": "connections_per_ip",
    "messageBytes": "message_bytes",
    "nesting": "nesting",
    "messagesPerSecond": "messages_per_second",
    "userMessagesPerSecond": "user_messages_per_second",
    "queueBytes": "queue_bytes",
    "idle": "idle",
    "deadline": "deadline",
    "errorsPerMinute": "errors_per_minute",
}

_OF_REQUESTS = frozenset({"messageBytes", "nesting", "deadline"})
"""Limits that mean something for an HTTP channel."""

PERSONAL = frozenset({"connectionsPerUser", "userMessagesPerSecond"})
"""Limits that mean something only where somebody says who he is."""

_WITHIN: Mapping[str, str] = {
    "connectionsPerUser": "connections",
    "connectionsPerAddress": "connections",
    "connectionsPerIp": "connections",
    "messagesPerSecond": "userMessagesPerSecond",
}
"""Limits that are reached never if they are wider than another."""


def read_limits(node: Node) -> Limits:
    """What the channel at *node* allows."""
    said = node.get("x-limits")
    values = {_ATTRIBUTES[key]: value.value for key, value in said.items()} if said is not None else {}
    return Limits(**values)  # type: ignore[arg-type]  # the vocabulary's schema has seen to it


def check_limits(context: Context, channel: Node) -> None:
    """Whether each limit of a socket can ever be reached."""
    said = channel.get("x-limits")
    for key, wider in _WITHIN.items() if said is not None else ():
        one, other = (said.get(each) for each in (key, wider))  # type: ignore[union-attr]  # it is there
        if one is not None and other is not None and _number(one) > _number(other):
            sentence = f'"{key}" of channel "{channel.key}" is never reached, because "{wider}" is lower'
            context.findings.warn("WP223", one.place, sentence)


def check_request_limits(context: Context, channel: Node) -> None:
    """A request has no connection that stays."""
    said = channel.get("x-limits")
    for key, value in said.items() if said is not None else ():
        if key not in _OF_REQUESTS:
            sentence = f'"x-limits.{key}" belongs on a WebSocket channel'
            context.findings.add("WP204", value.key_place, sentence)


def _number(node: Node) -> float:
    return node.value if isinstance(node.value, int | float) else 0
