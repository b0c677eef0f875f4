"""What the TypeScript template lays out for each channel."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from wirepact_codegen.close_codes import completed
from wirepact_codegen.contract import contract_of
from wirepact_codegen.model import (
    Channel,
    CloseCode,
    Credential,
    Kind,
    Message,
    MessageSet,
    MessageType,
    Parameter,
    Service,
    Sign,
)
from wirepact_codegen.naming import ClassName, TypeScriptName, stem
from wirepact_codegen.python_names import channel_constant
from wirepact_codegen.targets.typescript_errors import error_data, refusal_views
from wirepact_codegen.targets.typescript_heartbeats import heartbeat_data
from wirepact_codegen.targets.typescript_layout import WIDTH, member, width
from wirepact_codegen.targets.typescript_text import (
    Data,
    FieldView,
    InterfaceView,
    Names,
    block,
    call,
    comment,
    entry,
    generic,
    signature,
)
from wirepact_codegen.targets.typescript_types import (
    INHERITED,
    Field,
    Reference,
    Type,
    Word,
    key,
    literal,
    name_key,
    union,
)
from wirepact_codegen.telling import AMBIGUOUS

_INHERITED = ("connect", "then", *INHERITED)
"""What a client class has already, or must not have, so that no method of a channel may be called that."""

_KINDS: Mapping[str, Kind] = {
    "array": "array",
    "boolean": "boolean",
    "integer": "number",
    "null": "null",
    "number": "number",
    "object": "object",
    "string": "string",
}
"""What a value of a type of JSON Schema is seen as."""

_ANY = tuple(dict.fromkeys(_KINDS.values()))

_NO_NOTES: Mapping[Message, str] = MappingProxyType({})

_KEYWORDS = {"string": "string", "integer": "number"}


@dataclass(frozen=True, slots=True)
class Table:
    """Close codes under the name of a constant, as a statement."""

    name: str
    text: str


class Tables:
    """The tables of close codes of a service, each under one name however many channels have it."""

    def __init__(self, common: tuple[CloseCode, ...], channels: Sequence[Channel], constants: Names) -> None:
        self._names = {common: constants.free("CLOSE_CODES")}
        for each in sorted(channels, key=channel_constant):
            if each.close_codes not in self._names:
                self._names[each.close_codes] = constants.free(f"{channel_constant(each)}_CLOSE_CODES")

    def name(self, codes: tuple[CloseCode, ...]) -> str:
        """The constant that holds these codes."""
        return self._names[codes]

    def laid_out(self) -> tuple[Table, ...]:
        """All of them, those of the whole service first."""
        return tuple(Table(name, _table(name, completed(codes))) for codes, name in self._names.items())


@dataclass(frozen=True, slots=True)
class ChannelView:
    """One channel: its types, its descriptor and the method that connects to it."""

    descriptor_comment: str
    descriptor: str
    incoming: InterfaceView
    outgoing: InterfaceView
    message_comment: str
    message: str
    connection_comment: str
    connection: str
    replies_type: InterfaceView | None
    parameters_type: InterfaceView | None
    options_type: InterfaceView | None
    method_comment: str
    method: str
    connect: str


class Scope:
    """What the channels of a module share: the names that are taken in it, the definitions, and the contract.

    *open_names* are those of types that have room for more than a client may say.
    """

    def __init__(self, service: Service, open_names: frozenset[str]) -> None:
        messages, definitions = service.messages, service.definitions
        named = [*(each.type_name for each in messages), *(each.name for each in definitions)]
        self.types, self.methods = Names(named), Names(_INHERITED)
        self.constants = Names(map(channel_constant, service.channels))
        self.tables = Tables(service.close_codes, service.channels, self.constants)
        self.definitions = {each.name: each.schema for each in definitions}
        self.contract = contract_of(service)
        self._open_names = open_names
        self.refusals = refusal_views(service, self.types, self.constants)

    def heard(self, message: Message) -> Type:
        """What a message is to who hears it."""
        return Reference(message.type_name)

    def said(self, message: Message) -> Type:
        """What a message is to who says it: of the values that the document lists."""
        name = message.type_name
        return Word(f"wirepact.Known<{name}>") if name in self._open_names else Reference(name)


def channel_view(channel: Channel, service: str, scope: Scope) -> ChannelView:
    """Everything that is emitted for one channel, with names that are free in the module."""
    names = scope.types
    start = ClassName(stem(channel))
    incoming, outgoing = names.free(f"{start}Incoming"), names.free(f"{start}Outgoing")
    connection = names.free(f"{start}Connection")
    message = names.free(f"{start}Message")
    parameters_type = _parameters_type(channel, names)
    options_type = _options_type(channel, names)
    constant = channel_constant(channel)
    replies_type = _replies_type(channel, names)
    sides = (incoming, outgoing, *([replies_type.name] if replies_type else []))
    at = f"`{channel.address}`"
    values = "{ ...parameters }" if parameters_type else "{}"
    return ChannelView(
        descriptor_comment=comment(0, f"The channel {at}."),
        descriptor=_descriptor(channel, service, scope, sides),
        incoming=_direction(incoming, channel.sends, scope.heard, f"What the server says at {at}, by name."),
        outgoing=_direction(
            outgoing, channel.receives, scope.said, f"What a client says at {at}, by name.", _notes(channel)
        ),
        message_comment=comment(0, f"Any message that can arrive from {at}."),
        message=generic(f"export type {message} = wirepact.MessageOf", [incoming], ";"),
        connection_comment=comment(0, f"A connection to {at}."),
        connection=generic(f"export type {connection} = wirepact.Connection", sides, ";"),
        replies_type=replies_type,
        parameters_type=parameters_type,
        options_type=options_type,
        method_comment=comment(2, f"Connects to {at}.", channel.description, _headers_note(channel)),
        method=_method(
            scope.methods.free(TypeScriptName(stem(channel))),
            connection,
            _arguments(channel, parameters_type, options_type),
        ),
        connect=call("return this.connect", [constant, values, "options"], indent=4),
    )


def _descriptor(channel: Channel, service: str, scope: Scope, sides: Sequence[str]) -> str:
    """The channel as data, as a statement. Where the type just fits into a line and the brace does not, it stands below."""
    name = f"export const {channel_constant(channel)}: wirepact.Channel"
    flat = f"{name}<{', '.join(sides)}> ="
    margin = 2 if width(flat) <= WIDTH < width(f"{flat} {{") else 0
    head = f"{flat}\n  " if margin else generic(name, sides, " = {").removesuffix("{")
    indent = margin + 2
    lines = [
        entry("service", service, indent),
        entry("name", channel.name, indent),
        entry("address", channel.address, indent),
        entry("parameters", [_parameter(each) for each in channel.parameters], indent),
        *(_brought("addressOf") if channel.parameters else ()),
        *(_brought("withQuery") if channel.query else ()),
        f"incoming: {_told_apart(channel.sends, indent)}",
        f"outgoing: {_told_apart(channel.receives, indent)}",
        f"closeCodes: {scope.tables.name(channel.close_codes)}",
        *([f"refusals: {scope.refusals.name}"] if channel.error and scope.refusals.classes else []),
        entry("credentials", [_credential(each) for each in channel.credentials], indent),
        *(_brought("withToken") if any(each.where == "query" for each in channel.credentials) else ()),
        *(entry(key, value, indent) for key, value in _more(channel, scope)),
        *(_brought("beats") if channel.heartbeat else ()),
        *(_brought("answers") if _replies(channel) or _correlations(channel) else ()),
        *(_brought("errorMessage") if channel.error else ()),
    ]
    return f"{head}{block('{', lines, '}', margin)};"


def _told_apart(messages: MessageSet, indent: int) -> str:
    """How frames of one side are told apart."""
    ambiguous = [entry("ambiguous", True, indent + 2)] if messages.ambiguous else []
    lines = [
        *ambiguous,
        entry("paths", messages.paths, indent + 2),
        entry("types", members(messages), indent + 2),
        *(_brought("forms") if any(map(_is_odd, messages.types)) else ()),
    ]
    return block("{", lines, "}", indent)


def _brought(name: str) -> list[str]:
    """What a channel brings along of the runtime, so that only those bundle it who need it."""
    return [f"{name}: wirepact.{name}"]


def _more(channel: Channel, scope: Scope) -> Iterator[tuple[str, Data]]:
    """What a channel says beside what every one does."""
    yield "contract", scope.contract
    if not channel.has_lines:
        yield "hasLines", False
    if channel.limits.message_bytes is not None:
        yield "limits", {"messageBytes": channel.limits.message_bytes}
    if channel.heartbeat is not None:
        yield "heartbeat", heartbeat_data(channel.heartbeat, scope.definitions)
    if replies := _replies(channel):
        yield "replies", {name: [each.name for each in those] for name, those in replies.items()}
    if correlations := _correlations(channel):
        yield "correlations", correlations
    if channel.error is not None:
        yield "error", error_data(channel.error, scope.definitions)


def _replies(channel: Channel) -> dict[str, tuple[Message, ...]]:
    """What each message may be answered with, by their names, as far as the channel has it."""
    heard = set(channel.sends.messages)
    found: dict[str, tuple[Message, ...]] = {}
    for operation in channel.receive_operations:
        replies = tuple(each for each in operation.replies if each in heard)
        for message in operation.messages if replies else ():
            found[message.name] = tuple(dict.fromkeys((*found.get(message.name, ()), *replies)))
    return found


def _correlations(channel: Channel) -> dict[str, Data]:
    every = dict.fromkeys((*channel.receives.messages, *channel.sends.messages))
    return {each.name: each.correlation for each in every if each.correlation}


def _replies_type(channel: Channel, names: Names) -> InterfaceView | None:
    replies = _replies(channel)
    if not replies:
        return None
    about = comment(0, f"What is answered at `{channel.address}`, by the names of the messages that ask.")
    fields = (
        FieldView(
            "", member(Field(name_key(name), union([Reference(each.type_name) for each in those])), indent=2)
        )
        for name, those in replies.items()
    )
    return InterfaceView(about, names.free(f"{ClassName(stem(channel))}Replies"), tuple(fields))


def _notes(channel: Channel) -> dict[Message, str]:
    """What a client should know of a message before it says it."""
    roles = {
        message: each.roles for each in channel.receive_operations if each.roles for message in each.messages
    }
    return {
        message: f"Only for the role {' or '.join(f'`{it}`' for it in those)}."
        for message, those in roles.items()
    }


def _direction(
    name: str,
    messages: MessageSet,
    type_of: Callable[[Message], Type],
    about: str,
    notes: Mapping[Message, str] = _NO_NOTES,
) -> InterfaceView:
    """What one side says at a channel, as types by name."""
    fields = [
        FieldView(
            comment(2, notes.get(each, "")),
            member(Field(name_key(each.name), type_of(each)), indent=2),
        )
        for each in messages.messages
    ]
    return InterfaceView(comment(0, about, AMBIGUOUS if messages.ambiguous else ""), name, tuple(fields))


def members(messages: MessageSet) -> list[Data]:
    """The messages of one side as data. Where one is told by signs, each is, if only by none: anything can be that."""
    has_signs = any(map(_shown, messages.types))
    return [_member(each, has_signs=has_signs) for each in messages.types]


def _member(each: MessageType, *, has_signs: bool) -> Data:
    if each.message.encoding != "json":
        return {"name": each.message.name, "constants": (), "encoding": each.message.encoding}
    signs: dict[str, Data] = {"signs": list(map(_sign, _shown(each)))} if has_signs else {}
    aliases: dict[str, Data] = {"aliases": list(each.aliases)} if each.aliases else {}
    return {"name": each.message.name, "constants": each.constants, **signs, **aliases}


def _is_odd(each: MessageType) -> bool:
    """Whether there is more to a message than JSON and the constants of today."""
    return each.message.encoding != "json" or bool(each.aliases or _shown(each))


def _shown(each: MessageType) -> Sequence[Sign]:
    """The signs that a JSON message is told by, beside its constants."""
    if each.message.encoding != "json":
        return ()
    return each.signs or (() if each.constants or each.message.is_object else (_kinds(each.message),))


def _kinds(message: Message) -> Sign:
    """What a message that is alone in its direction shows, if it is more than an object."""
    kind = message.schema.get("type")
    named = kind if isinstance(kind, list) else [kind]
    return Sign((), tuple(dict.fromkeys(_KINDS[each] for each in named if isinstance(each, str))) or _ANY)


def _sign(sign: Sign) -> Data:
    values: dict[str, Data] = {"values": sign.values} if sign.values else {}
    return {"path": sign.path, "kinds": sign.kinds, **values}


def _parameters_type(channel: Channel, names: Names) -> InterfaceView | None:
    if not channel.parameters:
        return None
    about = comment(0, f"What stands in the address `{channel.address}`.")
    name = names.free(f"{ClassName(stem(channel))}Parameters")
    return InterfaceView(about, name, tuple(_parameter_fields(channel.parameters)))


def _parameter_fields(parameters: tuple[Parameter, ...]) -> Iterator[FieldView]:
    for each in parameters:
        values = union([Word(literal(value)) for value in each.enum] or [Word(_KEYWORDS[each.type])])
        optional = "" if each.default is None else "?"
        text = member(Field(f"readonly {key(each.name)}{optional}", values), indent=2)
        yield FieldView(comment(2, each.description), text)


def _parameter(parameter: Parameter) -> Data:
    known: dict[str, Data] = {"enum": parameter.enum} if parameter.enum else {}
    known |= {"default": parameter.default} if parameter.default is not None else {}
    return {"name": parameter.name, "type": parameter.type, **known}


def _credential(credential: Credential) -> Data:
    named = {"name": credential.name} if credential.name else {}
    return {"place": credential.where, **named}


def _options_type(channel: Channel, names: Names) -> InterfaceView | None:
    """What a connection is told, where that is more than any connection is: its query."""
    if channel.query is None:
        return None
    optional = "" if channel.query.schema.get("required") else "?"
    field = Field(f"readonly query{optional}", Reference(channel.query.type_name))
    line = FieldView(comment(2, "What stands in the query of the address."), member(field, indent=2))
    about = comment(0, f"How to connect to `{channel.address}`.")
    name = names.free(f"{ClassName(stem(channel))}Options")
    return InterfaceView(about, name, (line,), base="wirepact.ConnectionOptions")


def _headers_note(channel: Channel) -> str:
    """What is said of headers, which the platform's WebSocket does not take."""
    if channel.headers is None:
        return ""
    return (
        f"The server reads headers of the handshake, too: `{channel.headers.type_name}`.\n"
        "No page can set them, because a WebSocket of a browser has no headers of its own."
    )


def _arguments(
    channel: Channel, parameters_type: InterfaceView | None, options_type: InterfaceView | None
) -> list[str]:
    """What the method that connects takes; nothing stands behind an argument that may be left out but its like."""
    needs_query = channel.query is not None and bool(channel.query.schema.get("required"))
    needs_values = needs_query or any(each.default is None for each in channel.parameters)
    options = options_type.name if options_type is not None else "wirepact.ConnectionOptions"
    values = [f"parameters{'' if needs_values else '?'}: {parameters_type.name}"] if parameters_type else []
    return [*values, f"options{'' if needs_query else '?'}: {options}"]


def _method(name: str, connection: str, arguments: list[str]) -> str:
    return signature(name, arguments, connection)


def _table(name: str, codes: tuple[CloseCode, ...]) -> str:
    head = f"export const {name}: wirepact.CloseCodes ="
    text = _by_number(codes, indent=0)
    if width(f"{head} {text.splitlines()[0]}") <= WIDTH:
        return f"{head} {text};"
    return f"{head}\n  {_by_number(codes, indent=2)};"


def _by_number(codes: tuple[CloseCode, ...], indent: int) -> str:
    deeper = indent + 2
    lines = [
        entry(str(each.code), {"reason": each.reason, "reconnect": each.reconnect}, deeper) for each in codes
    ]
    return block("{", lines, "}", indent) if lines else "{}"
