"""The Python client's package: messages, channels, and a class with one method a channel."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import PurePosixPath

from wirepact_codegen.model import Channel, Message, Parameter, Service, needs_filling
from wirepact_codegen.python_names import argument, channel_constant, class_of, client_method
from wirepact_codegen.rendering import render
from wirepact_codegen.targets.channels import client_channels
from wirepact_codegen.targets.files import File
from wirepact_codegen.targets.messages import messages_file
from wirepact_codegen.targets.python import ARGUMENT_TYPES, header, model, paragraphs, union
from wirepact_codegen.targets.python_errors import error_files
from wirepact_codegen.targets.python_servers import servers_file


@dataclass(frozen=True, slots=True)
class _Opening:
    """The method that opens a connection to one channel."""

    name: str
    arguments: str
    connection: str
    constant: str
    passed: str
    doc: str


def files(service: Service) -> list[File]:
    """The client's package of a service; of one without channels only the messages."""
    view = {
        "header": header(service.document),
        "title": service.title,
        "client": class_of(service.name, "Client") if service.channels else "",
        "servers": bool(service.socket_servers),
        "openings": [_opening(each) for each in service.channels],
    }
    return [
        File(PurePosixPath(service.name, "__init__.py"), render("python/client_package.py", view)),
        messages_file(service),
        *([servers_file(service)] if service.socket_servers else []),
        *(_client(service, view) if service.channels else []),
    ]


def _client(service: Service, view: Mapping[str, object]) -> list[File]:
    errors = error_files(service)
    return [
        client_channels(service),
        *errors,
        File(
            PurePosixPath(service.name, "client.py"),
            render("python/client.py", {**view, "errors": bool(errors)}),
        ),
    ]


def shared() -> list[File]:
    """What the clients of all services have around them."""
    return [
        File(PurePosixPath("__init__.py"), render("python/clients.py", {})),
        File(PurePosixPath("py.typed"), ""),
    ]


def _opening(channel: Channel) -> _Opening:
    typed = [_typed(each) for each in channel.parameters]
    typed += [_form(what, form) for what, form in _forms(channel).items() if form is not None]
    return _Opening(
        name=client_method(channel),
        arguments=", ".join(("self", *(["*"] if typed else []), *typed)),
        connection=f"ChannelConnection[{union(channel.receives.messages, 'Never')}, {union(channel.sends.messages, 'Never')}]",
        constant=channel_constant(channel),
        passed=_handshake(channel) + _passed(channel.parameters),
        doc=paragraphs(
            channel.description or channel.title or f"Open `{channel.address}`.", *_restrictions(channel)
        ),
    )


def _restrictions(channel: Channel) -> Iterator[str]:
    """What only some may say."""
    for each in channel.receive_operations:
        if each.roles:
            names = " and ".join(f"`{model(message)}`" for message in each.messages)
            roles = " or ".join(f"`{role}`" for role in each.roles)
            yield f"Only the role {roles} may send {names}."


def _typed(parameter: Parameter) -> str:
    """An argument; one that the document has a default for may be left out."""
    said = parameter.default
    default = "" if said is None else f" = {int(said) if parameter.type == 'integer' else repr(said)}"
    return f"{argument(parameter)}: {ARGUMENT_TYPES[parameter.type]}{default}"


def _forms(channel: Channel) -> dict[str, Message | None]:
    """What the handshake brings beside the address, by the arguments that take it."""
    return {"query": channel.query, "headers": channel.headers}


def _form(what: str, form: Message) -> str:
    """An argument; one that the document can fill by itself may be left out."""
    return f"{what}: {model(form)}" if needs_filling(form.schema) else f"{what}: {model(form)} | None = None"


def _handshake(channel: Channel) -> str:
    """The query and the headers as they are handed on, by their order."""
    if channel.headers is not None:
        return f", {'query' if channel.query is not None else 'None'}, headers"
    return ", query" if channel.query is not None else ""


def _passed(parameters: Sequence[Parameter]) -> str:
    """The arguments under the names that the parameters have on the wire."""
    return "".join(f", {_keyword(each)}" for each in parameters)


def _keyword(parameter: Parameter) -> str:
    """One argument. What Python can't have as a keyword goes into a mapping of its own, which keeps its type."""
    if iskeyword(parameter.name) or not parameter.name.isidentifier():
        return f"**{{{parameter.name!r}: {argument(parameter)}}}"
    return f"{parameter.name}={argument(parameter)}"
