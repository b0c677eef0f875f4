"""Older names of messages that are still accepted (`x-aliases`), and whether they can be told from all others."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from wirepact_codegen.model import Channel, Message, MessageSet, MessageType, Scalar
from wirepact_codegen.outlines import identity
from wirepact_codegen.reading.context import Context


def with_aliases(context: Context, messages: MessageSet) -> MessageSet:
    """*messages* with their older names: each a value of the constant that tells them apart, and of one message only."""
    if not any(each.aliases for each in messages.messages):
        return messages
    taken: dict[object, Message] = {}
    if len(messages.paths) == 1:
        taken = {identity(each.constants[0]): each.message for each in messages.types if each.constants}
    types = tuple(_with_aliases(context, messages, each, taken) for each in messages.types)
    return replace(messages, types=types)


def _with_aliases(
    context: Context, messages: MessageSet, each: MessageType, taken: dict[object, Message]
) -> MessageType:
    message = each.message
    if not message.aliases:
        return each
    if why := _why_not(messages, message):
        context.fault("WP226", message.place, f'message "{message.name}" can have no alias: {why}')
        return each
    return replace(each, aliases=tuple((alias,) for alias in _free(context, message, taken)))


def _why_not(messages: MessageSet, message: Message) -> str:
    if len(messages.paths) != 1:
        return "the messages beside it are not told apart by one constant field"
    constants = [each for each in messages.types if each.message == message]
    return "its own constant has several values" if len(constants) > 1 else ""


def _free(context: Context, message: Message, taken: dict[object, Message]) -> Iterator[Scalar]:
    """The aliases that no message has for a constant or an alias yet."""
    for alias in message.aliases:
        other = taken.get(identity(alias))
        if other is None:
            taken[identity(alias)] = message
            yield alias
        else:
            whose = "it is called now" if other == message else f'message "{other.name}" is called'
            sentence = f'alias {json.dumps(alias)} of message "{message.name}" is what {whose}'
            context.fault("WP226", message.place, sentence)


def check_aliases(context: Context, channels: Iterable[Channel]) -> None:
    """An alias is read where a frame is told from others: of what is said on no socket there is none."""
    told = {message for each in channels for side in (each.receives, each.sends) for message in side.messages}
    for message in context.messages.all():
        if message.aliases and message not in told:
            sentence = f'message "{message.name}" can have no alias: it is a message of no WebSocket channel'
            context.fault("WP226", message.place, sentence)
