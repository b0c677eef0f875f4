"""What the things of a service are called in Python: classes, methods, constants, arguments.

One place, so that whoever looks for names that would clash sees the names that are emitted.
"""

from wirepact_codegen.model import (
    Channel,
    Group,
    HttpOperation,
    Message,
    Parameter,
    ReceiveOperation,
    SendOperation,
    Server,
    ServerVariable,
)
from wirepact_codegen.naming import ClassName, ConstantName, PythonName, UnnameableError

_TAKEN_ARGUMENTS = frozenset(
    {"body", "caller", "handlers", "headers", "message", "node", "peer", "query", "visitor"}
)

_PEER_MEMBERS = frozenset(
    {
        "close",
        "connection_id",
        "headers",
        "headers_as",
        "identity",
        "integer_parameter",
        "join",
        "leave",
        "parameters",
        "query",
        "query_as",
        "send",
        "string_parameter",
    }
)

_CLIENT_MEMBERS = frozenset({"close", "open"})

_PUBLISHER_MEMBERS = frozenset({"publish"})

_IMPORTED_BY_MODELS = frozenset(
    {
        "Annotated",
        "Any",
        "BaseModel",
        "ClassVar",
        "ConfigDict",
        "Constrained",
        "ConstrainedValue",
        "Date",
        "DateTime",
        "Dict",
        "Field",
        "Literal",
        "LocalDateTime",
        "MISSING",
        "Message",
        "NotBoolean",
        "RootModel",
        "TypeAliasType",
        "Union",
        "ValueMessage",
    }
)


def class_of(service: str, role: str) -> str:
    """A class of the service: `SpcHandlers`."""
    return f"{ClassName(service)}{role}"


def model_name(type_name: str) -> str:
    """A model's class. What the module of the models imports keeps its own name."""
    return f"{type_name}Model" if type_name in _IMPORTED_BY_MODELS else type_name


def peer_class(channel: Channel) -> str:
    """The class of a channel's peers: `NotificationsPeer`."""
    return f"{ClassName(channel.name)}Peer"


def channel_constant(channel: Channel) -> str:
    """A channel's descriptor: `NOTIFICATIONS`."""
    return ConstantName(channel.name)


def operation_constant(operation: SendOperation | HttpOperation) -> str:
    """An operation's descriptor: `CREATE_ALERT`."""
    return ConstantName(operation.name)


def receive_constants(operation: ReceiveOperation) -> dict[Message, str]:
    """The descriptor of each message that may be received; it bears the message's name if there are several."""
    if len(operation.messages) == 1:
        return {operation.messages[0]: ConstantName(operation.name)}
    return {each: ConstantName(f"{operation.name} {each.name}") for each in operation.messages}


def admit_method(channel: Channel) -> str:
    """The handlers' method that lets someone in: `admit_notifications`."""
    return PythonName(f"admit {channel.name}")


def handler_method(operation: ReceiveOperation | SendOperation, message: Message) -> str:
    """The handlers' method for one message of an operation; it bears the message's name if there are several."""
    return PythonName(operation.name if len(operation.messages) == 1 else f"{operation.name} {message.name}")


def request_method(operation: HttpOperation) -> str:
    """The handlers' method that answers a request: `create_alert`."""
    return PythonName(operation.name)


def publisher_method(operation: SendOperation) -> str:
    """The publisher's method for an operation: `product_alert`."""
    return _beside(PythonName(operation.name), _PUBLISHER_MEMBERS)


def client_method(channel: Channel) -> str:
    """The client's method that opens a channel: `notifications`."""
    return _beside(PythonName(channel.name), _CLIENT_MEMBERS)


def server_function(server: Server) -> str:
    """The function that gives the URL of a server: `production`."""
    return _beside(_named(server.name, "server"), frozenset({"base_url"}))


def variable_argument(variable: ServerVariable) -> str:
    """The argument that takes a variable of a server's URL: `port`."""
    return _beside(_named(variable.name, "variable"), frozenset({"base_url"}))


def _named(name: str, otherwise: str) -> str:
    """A Python name after *name*, or *otherwise* where there is nothing in it to be named after."""
    try:
        return PythonName(name)
    except UnnameableError:
        return otherwise


def argument(thing: Parameter | Group) -> str:
    """The argument that takes a parameter of an address or the key of a group: `id_`."""
    return _beside(PythonName(thing.name), _TAKEN_ARGUMENTS)


def peer_member(parameter: Parameter) -> str:
    """The peer's property that gives a parameter of its address: `id_`."""
    return _beside(PythonName(parameter.name), _PEER_MEMBERS)


def group_methods(group: Group) -> tuple[str, str]:
    """The peer's methods that join and leave a group: `join_product`, `leave_product`."""
    return PythonName(f"join {group.name}"), PythonName(f"leave {group.name}")


def _beside(name: str, taken: frozenset[str]) -> str:
    return f"{name}_" if name in taken else name
