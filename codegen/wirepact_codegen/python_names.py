"""What the things of a service are called in Python: classes, methods, constants, arguments.

One place, so that whoever looks for names that would clash sees the names that are emitted.
"""

from wirepact_codegen.field_names import IMPORTED
from wirepact_codegen.model import (
    Channel,
    Greeting,
    Group,
    HttpOperation,
    Message,
    Parameter,
    ReceiveOperation,
    SendOperation,
    Server,
    ServerVariable,
)
from wirepact_codegen.naming import ClassName, ConstantName, PythonName, stem

_MODULES = frozenset({"channels", "messages"})
"""What emitted modules import and refer to inside classes and methods."""

_TAKEN_ARGUMENTS = _MODULES | {
    "body",
    "caller",
    "handlers",
    "headers",
    "message",
    "node",
    "peer",
    "query",
    "visitor",
}

_HANDLER_MEMBERS = _MODULES | {"abstractmethod"}

_PEER_MEMBERS = _MODULES | {
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

_CONSTANTS = frozenset({"CLOSE_CODES", "CONTRACT", "CREDENTIALS"})

_SERVER_NAMES = frozenset({"base_url"})

_CLIENT_MEMBERS = _MODULES | {"close", "errors", "open", "refusals"}

_PUBLISHER_MEMBERS = _MODULES | {"publish"}


_PYTHON_VALUES = frozenset({"False_", "None_", "True_"})
"""Names that datamodel-code-generator takes for keywords, and makes others of."""


def class_of(service: str, role: str) -> str:
    """A class of the service: `SpcHandlers`."""
    return f"{ClassName(service)}{role}"


def model_name(type_name: str) -> str:
    """A model's class. What the module of the models imports keeps its own name, and so do constants of Python."""
    return f"{type_name.rstrip('_')}Model" if type_name in IMPORTED | _PYTHON_VALUES else type_name


def peer_class(channel: Channel) -> str:
    """The class of a channel's peers: `NotificationsPeer`."""
    return f"{ClassName(stem(channel))}Peer"


def channel_constant(channel: Channel) -> str:
    """A channel's descriptor: `NOTIFICATIONS`."""
    return channel.names.get("descriptor") or constant(stem(channel))


def operation_constant(operation: SendOperation | HttpOperation) -> str:
    """An operation's descriptor: `CREATE_ALERT`."""
    return operation.names.get("descriptor") or constant(stem(operation))


def receive_constants(operation: ReceiveOperation) -> dict[Message, str]:
    """The descriptor of each message that may be received; it bears the message's name if there are several."""
    return {
        each: operation.names.get(f"descriptor {each.type_name}") or constant(of_message(operation, each))
        for each in operation.messages
    }


def admit_method(channel: Channel) -> str:
    """The handlers' method that lets someone in: `admit_notifications`."""
    return channel.names.get("admit") or admitting(stem(channel))


def handler_method(operation: ReceiveOperation | SendOperation, message: Message) -> str:
    """The handlers' method for one message of an operation; it bears the message's name if there are several."""
    return operation.names.get(f"method {message.type_name}") or method(of_message(operation, message))


def greeting_method(greeting: Greeting) -> str:
    """The handlers' method that gives a greeting; one that chooses among messages bears the operation's name."""
    operation = greeting.operation
    if not greeting.others:
        return handler_method(operation, greeting.message)
    return operation.names.get("method") or method(stem(operation))


def request_method(operation: HttpOperation) -> str:
    """The handlers' method that answers a request: `create_alert`."""
    return operation.names.get("method") or method(stem(operation))


def publisher_method(operation: SendOperation) -> str:
    """The publisher's method for an operation: `product_alert`."""
    return _beside(PythonName(stem(operation)), _PUBLISHER_MEMBERS)


def client_method(channel: Channel) -> str:
    """The client's method that opens a channel: `notifications`."""
    return _beside(PythonName(stem(channel)), _CLIENT_MEMBERS)


def server_function(server: Server) -> str:
    """The function that gives the URL of a server: `production`."""
    return _beside(PythonName(stem(server)), _SERVER_NAMES)


def variable_argument(variable: ServerVariable) -> str:
    """The argument that takes a variable of a server's URL: `port`."""
    return _beside(PythonName(stem(variable)), _SERVER_NAMES)


def argument(thing: Parameter | Group) -> str:
    """The argument that takes a parameter of an address or the key of a group: `id_`."""
    return thing.names.get("argument") or argument_named(stem(thing))


def user_argument(channel: Channel) -> str:
    """The argument that says which user something goes to: `user`, unless the address has a parameter of that name."""
    taken = {argument(each) for each in channel.parameters}
    return "to_user" if "user" in taken else "user"


def peer_member(parameter: Parameter) -> str:
    """The peer's property that gives a parameter of its address: `id_`."""
    return parameter.names.get("member") or member_named(stem(parameter))


def group_methods(group: Group) -> tuple[str, str]:
    """The peer's methods that join and leave a group: `join_product`, `leave_product`."""
    return (
        group.names.get("join") or joining(stem(group)),
        group.names.get("leave") or leaving(stem(group)),
    )


def of_message(operation: ReceiveOperation | SendOperation, message: Message) -> str:
    """What the names for one message of an operation are made of."""
    if len(operation.messages) == 1:
        return stem(operation)
    return f"{stem(operation)} {stem(message)}"


def constant(text: str) -> str:
    """A descriptor, which is not called what a module has beside its descriptors."""
    return _beside(ConstantName(text), _CONSTANTS)


def method(text: str) -> str:
    """A method of the handlers."""
    return _beside(PythonName(text), _HANDLER_MEMBERS)


def admitting(text: str) -> str:
    """A method of the handlers that lets someone in."""
    return PythonName(f"admit {text}")


def joining(text: str) -> str:
    """A method of the peer that joins a group."""
    return PythonName(f"join {text}")


def leaving(text: str) -> str:
    """A method of the peer that leaves a group."""
    return PythonName(f"leave {text}")


def argument_named(text: str) -> str:
    """An argument of a method that is emitted."""
    return _beside(PythonName(text), _TAKEN_ARGUMENTS)


def member_named(text: str) -> str:
    """A property of a peer."""
    return _beside(PythonName(text), _PEER_MEMBERS)


def _beside(name: str, taken: frozenset[str]) -> str:
    return f"{name}_" if name in taken else name
