"""The names of topics: what a broker calls one audience of one channel.

A name reads like a URL: `spc/notifications`, `spc/product?id=1`, `spc/notifications#product=7`,
`spc/notifications~user=ada`, `spc/notifications~role=ADMIN,SERVICE`. Values are percent-encoded, so that no value can pretend to be another topic, and parameters stand in the channel's order.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote, unquote

from wirepact.descriptors import Channel, Key


def place_of(topic: str) -> tuple[str, str]:
    """The service and the channel that *topic* belongs to."""
    service, _, rest = topic.partition("/")
    return service, re.split(r"[?#~]", rest, maxsplit=1)[0]


def channel_topic(channel: Channel[Any, Any], parameters: Mapping[str, Key]) -> str:
    """The topic of all who are connected at the address that *parameters* make of *channel*.

    Raises `TypeError` if they are not exactly the channel's parameters, or of another type.
    """
    declared = {parameter.name: parameter.type for parameter in channel.parameters}
    if declared.keys() != parameters.keys():
        raise TypeError(_mismatch(channel, tuple(declared), tuple(parameters)))
    pairs = [_pair(channel, name, parameters[name], kind) for name, kind in declared.items()]
    name = f"{channel.service}/{channel.name}"
    return f"{name}?{'&'.join(pairs)}" if pairs else name


def parameters_of(channel: Channel[Any, Any], topic: str) -> Mapping[str, Key]:
    """The parameters that `channel_topic` made *topic* of."""
    pairs = (each.partition("=") for each in topic.partition("?")[2].split("&") if each)
    said = {unquote(name): unquote(value) for name, _, value in pairs}
    return {
        each.name: int(said[each.name]) if each.type == "integer" else said[each.name]
        for each in channel.parameters
    }


def group_topic(channel: Channel[Any, Any], parameters: Mapping[str, Key], group: str, key: Key) -> str:
    """The topic of those at that address who joined *group* under *key*.

    Raises `TypeError` as `channel_topic` does, and for a group that the channel does not have.
    """
    return f"{channel_topic(channel, parameters)}#{group_audience(channel, group, key)}"


def user_topic(channel: Channel[Any, Any], parameters: Mapping[str, Key], user: str) -> str:
    """The topic of all connections of *user* at that address. Raises `TypeError` as `channel_topic` does."""
    return channel_topic(channel, parameters) + user_audience(user)


def roles_topic(channel: Channel[Any, Any], parameters: Mapping[str, Key], roles: Collection[str]) -> str:
    """The topic of those at that address who have any of *roles*. Raises `TypeError` as `channel_topic` does."""
    return channel_topic(channel, parameters) + roles_audience(roles)


def group_audience(channel: Channel[Any, Any], group: str, key: Key) -> str:
    """What a peer calls a group that it joined (V11 of docs/wire.md). Raises `TypeError` as `group_topic` does."""
    kind = channel.groups.get(group)
    if kind is None:
        raise TypeError(f'the channel "{channel.name}" has no group "{group}"')
    return _pair(channel, group, key, kind)


def user_audience(user: str) -> str:
    """What the end of a user's topic is called."""
    return f"~user={quote(user, safe='')}"


def roles_audience(roles: Collection[str]) -> str:
    """What a peer calls those who have any of *roles* (V11)."""
    return f"~role={','.join(quote(role, safe='') for role in sorted(roles))}"


OWN_USER = "~user"
"""What a peer calls its own user (V11)."""


def _pair(channel: Channel[Any, Any], name: str, value: Key, kind: str) -> str:
    wanted = int if kind == "integer" else str
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise TypeError(f'"{name}" of the channel "{channel.name}" must be {wanted.__name__}, not {value!r}')
    return f"{quote(name, safe='')}={quote(str(value), safe='')}"


def _mismatch(channel: Channel[Any, Any], declared: tuple[str, ...], given: tuple[str, ...]) -> str:
    wanted = ", ".join(declared) or "none"
    return (
        f'the parameters of the channel "{channel.name}" are: {wanted}; given: {", ".join(given) or "none"}'
    )
