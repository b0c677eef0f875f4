"""From a server's URL, a channel and its parameters to the URL of one connection.

The address is taken to the letter, its trailing slash included. What is wrong with the arguments is told
before anything goes over the network, as `TypeError` or `ValueError`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import SplitResult, quote, urlencode, urlsplit, urlunsplit

from wirepact.descriptors import Channel, Key, Parameter, Server, ServerVariable

_NO_PART = re.compile(r"[\s/?#@\\]|^$")
"""What would end the part of a URL in which it stands."""

_SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}


def server_url(url: str) -> str:
    """*url* as the part that all channels share: scheme `ws` or `wss`, host, and path without its last slash.

    The text of *url* is in no error: it may hold a password.
    """
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES:
        raise ValueError("url: must start with ws://, wss://, http:// or https://")
    if not _has_port(parts):
        raise ValueError("url: its port is none")
    if not parts.hostname:
        raise ValueError("url: names no host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("url: holds a user name or a password; identity goes into the token")
    if parts.query or parts.fragment:
        raise ValueError("url: has a query or a fragment; channels are added behind its path")
    return urlunsplit((_SCHEMES[parts.scheme], parts.netloc, parts.path.rstrip("/"), "", ""))


def channel_url(server: str, channel: Channel[Any, Any], parameters: Mapping[str, Key]) -> str:
    """The URL of *channel* behind *server* (as `server_url` gives it), with *parameters* in their places."""
    defaults = {each.name: _default(each) for each in channel.parameters if each.default is not None}
    parameters = {**defaults, **parameters}
    _expect_names(channel, parameters)
    address = channel.address
    for parameter in channel.parameters:
        text = _text(channel, parameter, parameters[parameter.name])
        address = address.replace("{" + parameter.name + "}", quote(text, safe=""))
    return f"{server}/{address.removeprefix('/')}"


def base_url(server: Server, /, **values: str) -> str:
    """The URL of *server* with *values* for its variables, and their defaults for the others: what a client is made with.

    Raises `TypeError` for a variable without a value, `ValueError` for one that is not allowed.
    """
    url = server.url
    if surplus := values.keys() - {each.name for each in server.variables}:
        raise TypeError(f"{url}: has no variables {', '.join(sorted(surplus))}")
    for variable in server.variables:
        value = values.get(variable.name, variable.default)
        if value is None:
            raise TypeError(f"{server.url}: variable missing: {variable.name}")
        url = url.replace("{" + variable.name + "}", _part(variable, value))
    return url


def with_query(url: str, pairs: Sequence[tuple[str, str]]) -> str:
    """*url* with *pairs* added to its query."""
    if not pairs:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(pairs, quote_via=quote)}"


def _has_port(parts: SplitResult) -> bool:
    """Whether the port is one, or there is none."""
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _part(variable: ServerVariable, value: str) -> str:
    if variable.enum and value not in variable.enum:
        raise ValueError(f"{variable.name}: must be one of {', '.join(variable.enum)}")
    if value != variable.default and _NO_PART.search(value):
        raise ValueError(f"{variable.name}: {value!r} can't be a part of a URL")
    return value


def _default(parameter: Parameter) -> Key:
    text = parameter.default or ""
    return int(text) if parameter.type == "integer" else text


def _expect_names(channel: Channel[Any, Any], parameters: Mapping[str, Key]) -> None:
    declared = {parameter.name for parameter in channel.parameters}
    if missing := declared - parameters.keys():
        raise TypeError(f"{channel.name}: parameters missing: {', '.join(sorted(missing))}")
    if surplus := parameters.keys() - declared:
        raise TypeError(f"{channel.name}: has no parameters {', '.join(sorted(surplus))}")


def _text(channel: Channel[Any, Any], parameter: Parameter, value: object) -> str:
    where = f"{channel.name}: {parameter.name}"
    wanted = int if parameter.type == "integer" else str
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise TypeError(f"{where}: must be {wanted.__name__}, not {type(value).__name__}")
    text = str(value)
    if parameter.enum and text not in parameter.enum:
        raise ValueError(f"{where}: must be one of {', '.join(parameter.enum)}")
    if text in {"", ".", ".."}:
        raise ValueError(f"{where}: {text!r} can't be a part of an address")
    return text
