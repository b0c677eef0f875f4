"""What a channel promises and allows, in words for the reference."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

from wirepact_codegen.model import Heartbeat, Limits, Message, Presence, Recovery, SendOperation
from wirepact_codegen.rendering import code

_LIMITS: Mapping[str, str] = {
    "connections": "{:,} connections at the same time",
    "connections_per_user": "{:,} connections of one user",
    "connections_per_address": "{:,} connections at one address",
    "connections_per_ip": "{:,} connections from one IP address",
    "message_bytes": "{:,} bytes a message that you send",
    "nesting": "arrays and objects {:,} deep in each other",
    "messages_per_second": "{:,} messages a second that you send",
    "user_messages_per_second": "{:,} messages a second of one user",
    "queue_bytes": "{:,} bytes waiting for you if you read slowly",
    "idle": "{:,} seconds without a word from you",
    "deadline": "{:,} seconds until a message is handled",
    "errors_per_minute": "{:,} refused messages a minute",
}

_STREAM_SIZE = 100
"""How many messages a stream keeps if the document does not say."""


def delivery(operation: SendOperation) -> str:
    """What holds for whoever was away, or reads slowly."""
    return "".join(f" {each}" for each in (_recovery(operation.recovery), _slow(operation)) if each)


def _recovery(recovery: Recovery | None) -> str:
    if recovery is None:
        return ""
    kept = f"the last {recovery.size or _STREAM_SIZE:,}"
    if recovery.mode == "latest":
        kept = f"the last for each {code('.'.join(recovery.key))}" if recovery.key else "the last"
    return f"Who comes back gets what was missed: {kept}, no older than {_duration(recovery.age)}."


def _duration(seconds: float) -> str:
    """*seconds* in the largest unit of which they are a whole number."""
    for unit, length in (("hour", 3600), ("minute", 60)):
        if seconds >= length and seconds % length == 0:
            number = int(seconds // length)
            return f"{number:,} {unit}{'s' if number > 1 else ''}"
    return f"{seconds:,g} second{'' if seconds == 1 else 's'}"


def _slow(operation: SendOperation) -> str:
    match operation.slow_consumer:
        case "latest":
            return "Who reads slowly gets only the last of what waits."
        case "drop":
            return "Who reads slowly misses some, and is told so."
    return ""


def heartbeat_lines(heartbeat: Heartbeat | None) -> Iterator[str]:
    """Who says what, how often."""
    if heartbeat is None:
        return
    ping = link(heartbeat.ping)
    answer = link(heartbeat.pong) if heartbeat.pong is not None else "any message"
    who, whom = ("The server says", "you answer") if heartbeat.by == "server" else ("Say", "you are answered")
    yield f"{who} {ping} every {_duration(heartbeat.interval)}; {whom} with {answer} within {_duration(heartbeat.timeout)}, or the connection is given up."


def presence_lines(presence: Presence | None) -> Iterator[str]:
    """What is said of who comes and goes."""
    if presence is None:
        return
    if presence.join is not None:
        yield f"When a user has come, {link(presence.join)} says so."
    if presence.leave is not None:
        yield f"When a user has been gone for {_duration(presence.grace)}, with every connection, {link(presence.leave)} says so."
    if presence.join is presence.leave is None:
        yield f"A user with several connections is here once, and is gone when the last of them has been closed for {_duration(presence.grace)}."


def farewell_lines(message: Message | None) -> Iterator[str]:
    """What is said before the end."""
    if message is not None:
        yield f"When the server stops, {link(message)} says so, and the connection is closed with 1001."


def limit_lines(limits: Limits) -> Iterator[str]:
    """Each limit that the document sets."""
    for each in fields(limits):
        if (value := getattr(limits, each.name)) is not None:
            yield _LIMITS[each.name].format(value)


def link(message: Message) -> str:
    """A link to where a message is shown."""
    return f"[{code(message.name)}](#message-{message.name})"
