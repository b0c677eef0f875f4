"""Addresses and their parameters, and the servers that a channel lives on."""

import re

from wirepact_codegen.errors import did_you_mean
from wirepact_codegen.model import Credential, Parameter
from wirepact_codegen.reading.context import Context
from wirepact_codegen.reading.credentials import distinct, read_credentials
from wirepact_codegen.reading.parameters import read_parameter
from wirepact_codegen.source import Node

WEBSOCKET = "websocket"
HTTP = "http"

MODELS = "only the models of its messages are generated"
"""What is made of a channel that nobody can connect to."""

_PROTOCOLS = {"ws": WEBSOCKET, "wss": WEBSOCKET, "http": HTTP, "https": HTTP}
_PATH = re.compile(r"/[^\s{}#?\"\\<>^`|\x00-\x1f]*")
_WHOLE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?]*(?P<path>.*)", re.DOTALL)
_EXPRESSION = re.compile(r"\{([^{}]*)\}")


def read_address(context: Context, channel: Node) -> str:
    """The path of a channel, behind that of its servers; it must be one: no query, no fragment, no stray brace."""
    address = channel.at(("address",))
    text, place = str(address.value), address.place
    path = _path(text)
    if not context.is_ours and _WHOLE.fullmatch(text):
        context.fault("WP301", place, f'"{text}" is a whole URL', otherwise="only its path is read")
    elif not text.startswith("/"):
        context.fault("WP301", place, f'"{text}" is no path', f'write it like "{path}"')
    if path != text and "?" in text:
        sentence = f'query string in the address "{text}"'
        context.fault("WP302", place, sentence, "an address is a path", otherwise="it is left out")
    elif not _is_path(path):
        context.add("WP301", address, f'"{path}" is no path', 'write it like "/rooms/{room}/"')
    prefix = context.servers.prefix(channel).path
    return prefix if prefix and path == "/" else f"{prefix}{path}"


def can_be_reached(context: Context, channel: Node) -> bool:
    """Whether the address of *channel* can be a route. A stranger may call a topic what no route can be called."""
    text = channel.text("address")
    path = _path(text)
    names = _EXPRESSION.findall(path)
    is_path = _is_path(path)
    if context.is_ours or (is_path and len({*names}) == len(names)):
        return True
    why = "names a parameter twice" if is_path else "is no path"
    sentence = f'"{text}" {why}, and so channel "{channel.key}" can\'t be reached; {MODELS}'
    context.findings.warn("WP301", channel.at(("address",)).place, sentence)
    return False


def written_path(context: Context, channel: Node) -> str:
    """The path of *channel* behind that of its servers, with the names that it gives its parameters."""
    return f"{context.servers.prefix(channel).path}{_path(channel.text('address'))}"


def _path(text: str) -> str:
    """The path in what was written: that of a whole URL, without a query."""
    whole = _WHOLE.fullmatch(text)
    path = (whole["path"] if whole is not None else text).partition("?")[0]
    return path if path.startswith("/") else f"/{path}"


def _is_path(text: str) -> bool:
    return _PATH.fullmatch(_EXPRESSION.sub("", text)) is not None


def read_parameters(context: Context, channel: Node, address: str) -> tuple[Parameter, ...]:
    """The parameters of an address, in its order. Each must be declared, and none more."""
    if context.is_ours and "?" in channel.text("address"):
        return ()
    prefix = context.servers.prefix(channel)
    address = address.removeprefix(prefix.path)
    names = _EXPRESSION.findall(address)
    declared = dict(parameters.items()) if (parameters := channel.get("parameters")) is not None else {}
    for name in names:
        if name not in declared:
            sentence = f'parameter "{name}" of the address is not declared'
            context.fault("WP303", channel.at(("address",)).place, sentence, did_you_mean(name, declared))
        if names.count(name) > 1:
            context.add("WP303", channel.at(("address",)), f'parameter "{name}" stands twice in the address')
    for name, node in declared.items():
        if name not in names:
            sentence = f'parameter "{name}" does not stand in the address "{address}"'
            context.fault("WP303", node.key_place, sentence, did_you_mean(name, names))
    own = (_parameter(context, name, declared.get(name), channel) for name in dict.fromkeys(names))
    return (*prefix.parameters, *(each for each in own if each is not None))


def read_transport(context: Context, channel: Node) -> tuple[str, tuple[Credential, ...]]:
    """Whether a channel is a WebSocket or HTTP one (empty if it is both), and where its servers expect a token."""
    servers = list(context.servers.of(channel))
    context.servers.check(channel)
    transports = {_PROTOCOLS.get(server.text("protocol")) for server in servers} - {None}
    if len(transports) > 1:
        sentence = f'channel "{channel.key}" is on WebSocket and HTTP servers at once'
        if context.is_ours:
            context.findings.add("WP304", channel.key_place, sentence)
        else:
            read_as = "what has an http binding is a request, the rest is said on the WebSocket"
            context.findings.inform("WP304", channel.key_place, f"{sentence}: {read_as}")
    ours = [each for each in servers if each.text("protocol") in _PROTOCOLS]
    credentials = [read_credentials(context, server) for server in ours]
    if any(each != credentials[0] for each in credentials):
        sentence = f'the servers of channel "{channel.key}" ask for different credentials'
        context.fault("WP308", channel.key_place, f"{sentence}: one of them is asked for everywhere")
    transport = next(iter(transports), None) or WEBSOCKET
    every = distinct(each for some in credentials for each in some)
    return "" if len(transports) > 1 else transport, every


def has_transport(context: Context, channel: Node) -> bool:
    """Whether some server of a channel speaks a protocol of ours; without servers, whether it has a ws binding."""
    servers = list(context.servers.of(channel))
    if not servers:
        return context.binding(channel, "ws") is not None
    return any(server.text("protocol") in _PROTOCOLS for server in servers)


def check_protocols(context: Context) -> None:
    """Servers speak WebSocket or HTTP."""
    servers = context.document.root.get("servers")
    for entry in servers.values() if servers is not None else ():
        server = context.follow(entry)
        if server is not None and server.text("protocol") not in _PROTOCOLS:
            protocol = server.at(("protocol",))
            sentence = f'protocol "{protocol.value}" is none of {", ".join(_PROTOCOLS)}'
            context.findings.warn("WP309", protocol.place, sentence)


def _parameter(context: Context, name: str, entry: Node | None, channel: Node) -> Parameter | None:
    if entry is None:
        return Parameter(name, channel.at(("address",)).place)
    node = context.follow(entry)
    if node is None:
        return None
    return read_parameter(context, name, entry, node)
