"""`publisher.py` and `server.py`: what may be said, what has to be implemented, and the routes of a service."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from wirepact_codegen.model import (
    Audience,
    Channel,
    Group,
    HttpOperation,
    Message,
    Parameter,
    ReceiveOperation,
    Service,
)
from wirepact_codegen.python_names import (
    admit_method,
    argument,
    channel_constant,
    class_of,
    greeting_method,
    group_methods,
    handler_method,
    operation_constant,
    peer_class,
    peer_member,
    publisher_method,
    receive_constants,
    request_method,
    user_argument,
)
from wirepact_codegen.rendering import render
from wirepact_codegen.targets.channels import server_channels
from wirepact_codegen.targets.files import File
from wirepact_codegen.targets.messages import messages_file
from wirepact_codegen.targets.python import (
    ARGUMENT_TYPES,
    header,
    model,
    paragraphs,
    sentence,
    union,
)


@dataclass(frozen=True, slots=True)
class _Method:
    """An abstract method: what handlers implement, and the descriptor whose messages it is given."""

    name: str
    arguments: str
    returns: str
    doc: str
    constant: str = ""


@dataclass(frozen=True, slots=True)
class _Member:
    """Something that a peer has by name: a parameter of its address."""

    name: str
    wire_name: str
    type: str
    kind: str
    doc: str


@dataclass(frozen=True, slots=True)
class _Joining:
    """A group that a peer can join and leave."""

    name: str
    join: str
    leave: str
    type: str


@dataclass(frozen=True, slots=True)
class _Room:
    """One channel as the server sees it: the class of its peers, and the methods that stand behind it."""

    constant: str
    address: str
    peer: str
    sends: str
    members: Sequence[_Member]
    forms: Sequence[tuple[str, str, str]]
    groups: Sequence[_Joining]
    admit: _Method
    greetings: Sequence[_Method]
    receives: Sequence[_Method]

    @property
    def on_connect(self) -> Sequence[str]:
        """The methods that greet, in order."""
        return [f"handlers.{each.name}" for each in self.greetings]


@dataclass(frozen=True, slots=True)
class _Addressee:
    """Whom a publication goes to: in words, as an argument that says who exactly, and as it is handed on."""

    words: str
    argument: str = ""
    passed: str = ""


@dataclass(frozen=True, slots=True)
class _Publication:
    """A method of the publisher."""

    name: str
    constant: str
    arguments: str
    passed: str
    doc: str


def files(service: Service) -> list[File]:
    """The server's package of a service; of one that nobody can reach only the messages."""
    models = [_package(service), messages_file(service)]
    return (
        [*models, server_channels(service), _publisher(service), _server(service)]
        if service.is_served
        else models
    )


def shared() -> list[File]:
    """What the packages of all services have around them."""
    return [File(PurePosixPath("__init__.py"), render("python/generated.py", {}))]


def _package(service: Service) -> File:
    view = {"header": header(service.document), "doc": service.title.rstrip(".") + "."}
    return File(PurePosixPath(service.name, "__init__.py"), render("python/package.py", view))


def _publisher(service: Service) -> File:
    view = {
        "header": header(service.document),
        "title": service.title,
        "publisher": class_of(service.name, "Publisher"),
        "publications": list(_publications(service)),
    }
    return File(PurePosixPath(service.name, "publisher.py"), render("python/publisher.py", view))


def _server(service: Service) -> File:
    view = {
        "header": header(service.document),
        "title": service.title,
        "handlers": class_of(service.name, "Handlers"),
        "rooms": [_room(each) for each in service.channels],
        "requests": [_request(each) for each in service.http_operations],
    }
    return File(PurePosixPath(service.name, "server.py"), render("python/server.py", view))


def _room(channel: Channel) -> _Room:
    peer = peer_class(channel)
    to_sender = [
        message for each in channel.send_operations if each.to.kind == "sender" for message in each.messages
    ]
    to_sender += [message for each in channel.receive_operations for message in each.replies]
    to_sender += [channel.error.message] if channel.error is not None else []
    sends = [each for each in channel.sends.messages if each in to_sender]
    return _Room(
        constant=channel_constant(channel),
        address=channel.address,
        peer=peer,
        sends=union(sends, "Never"),
        members=[_member(each) for each in channel.parameters],
        forms=[(what, model(form), _form_doc(what)) for what, form in _forms(channel)],
        groups=[_joining(each) for each in channel.groups],
        admit=_admit(channel),
        greetings=list(_greetings(channel, peer)),
        receives=[method for each in channel.receive_operations for method in _receives(channel, each, peer)],
    )


def _member(parameter: Parameter) -> _Member:
    return _Member(
        name=peer_member(parameter),
        wire_name=parameter.name,
        type=ARGUMENT_TYPES[parameter.type],
        kind=parameter.type,
        doc=parameter.description or f'The parameter "{parameter.name}" of the address.',
    )


def _forms(channel: Channel) -> Iterator[tuple[str, Message]]:
    """What the handshake brings beside the address, under the names of the arguments that take it."""
    if channel.query is not None:
        yield "query", channel.query
    if channel.headers is not None:
        yield "headers", channel.headers


def _read(form: tuple[str, Message]) -> str:
    what, message = form
    return f"{what}: {model(message)}"


def _form_doc(what: str) -> str:
    return f"The {what} of the handshake."


def _joining(group: Group) -> _Joining:
    return _Joining(group.name, *group_methods(group), ARGUMENT_TYPES[group.type])


def _admit(channel: Channel) -> _Method:
    return _Method(
        name=admit_method(channel),
        arguments=_arguments(
            "visitor: Visitor", *map(_typed, channel.parameters), *map(_read, _forms(channel))
        ),
        returns="None",
        doc=f"Let someone in at `{channel.address}`, or raise a `Refusal`.",
    )


def _greetings(channel: Channel, peer: str) -> Iterator[_Method]:
    for greeting in channel.on_connect:
        operation = greeting.operation
        yield _Method(
            name=greeting_method(greeting),
            arguments=_arguments(f"peer: {peer}"),
            returns=union(greeting.messages, "Never"),
            doc=sentence(operation.summary, "Sent first, on connect."),
        )


def _receives(channel: Channel, operation: ReceiveOperation, peer: str) -> Iterator[_Method]:
    """What is to be handled. A heartbeat is answered by the runtime."""
    spoken = channel.heartbeat.messages if channel.heartbeat is not None else ()
    for message, constant in receive_constants(operation).items():
        if message in spoken:
            continue
        yield _Method(
            name=handler_method(operation, message),
            arguments=_arguments(f"peer: {peer}", f"message: {model(message)}"),
            returns=union(operation.replies, "None"),
            doc=operation.summary or message.summary or f"Handle `{message.name}`.",
            constant=constant,
        )


def _request(operation: HttpOperation) -> _Method:
    body = [f"body: {model(operation.body)}"] if operation.body is not None else []
    query = [f"query: {model(operation.query)}"] if operation.query is not None else []
    return _Method(
        name=request_method(operation),
        arguments=_arguments("caller: Caller", *map(_typed, operation.parameters), *body, *query),
        returns=union((each.message for each in operation.replies), "None"),
        doc=operation.summary or f"Answer {operation.method} `{operation.path}`.",
        constant=operation_constant(operation),
    )


def _publications(service: Service) -> Iterator[_Publication]:
    for channel in service.channels:
        for operation in channel.send_operations:
            if operation.to.kind == "sender":
                continue
            to = _addressee(channel, operation.to)
            addressed = [*map(_typed, channel.parameters), *([to.argument] if to.argument else [])]
            yield _Publication(
                name=publisher_method(operation),
                constant=operation_constant(operation),
                arguments=_arguments(
                    f"message: {union(operation.messages, 'Never')}",
                    *(["*"] if addressed else []),
                    *addressed,
                ),
                passed=_passed(channel) + to.passed,
                doc=paragraphs(operation.summary, f"To {to.words} at `{channel.address}`."),
            )


def _addressee(channel: Channel, to: Audience) -> _Addressee:
    match to.kind:
        case "group":
            group = next(each for each in channel.groups if each.name == to.group)
            return _Addressee(f"the group `{group.name}`", _key(group), f", key={argument(group)}")
        case "user":
            name = user_argument(channel)
            return _Addressee("all connections of the user", f"{name}: str", f", user={name}")
        case "roles":
            roles = " or ".join(f"`{each}`" for each in to.roles)
            return _Addressee(f"those who have the role {roles}")
        case _:
            return _Addressee("all")


def _passed(channel: Channel) -> str:
    """What a publication hands on beside the message: the parameters of the address."""
    parameters = ", ".join(f"{each.name!r}: {argument(each)}" for each in channel.parameters)
    return f", parameters={{{parameters}}}" if parameters else ""


def _typed(parameter: Parameter) -> str:
    return f"{argument(parameter)}: {ARGUMENT_TYPES[parameter.type]}"


def _key(group: Group) -> str:
    return f"{argument(group)}: {ARGUMENT_TYPES[group.type]}"


def _arguments(*arguments: str) -> str:
    return ", ".join(("self", *arguments))
