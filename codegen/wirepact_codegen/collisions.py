"""Names that are different in the document and would be the same in the code.

Nothing is numbered to make room: who comes second would change places with who comes first when the document is
reordered, and nobody would notice. Both places are named instead, and one of the two is to be renamed.
"""

from collections.abc import Iterable, Iterator, Mapping

from wirepact_codegen import python_names as python
from wirepact_codegen.errors import Findings, Place
from wirepact_codegen.model import Channel, Json, Service
from wirepact_codegen.naming import PythonName, UnnameableError

_Named = tuple[str, str, Place]
"""A name in the code, what it stands for in the words of the document, and where that stands."""


def check_collisions(service: Service, findings: Findings) -> None:
    """Everything in *service* that would be called the same as something else beside it."""
    for what, named in _scopes(service):
        _check_scope(what, named, findings)
    for definition in service.definitions:
        _check_fields(definition.name, definition.schema, definition.place, findings)
    for message in service.messages:
        _check_fields(message.type_name, message.schema, message.place, findings)


def _check_scope(what: str, named: Iterable[_Named], findings: Findings) -> None:
    first: dict[str, _Named] = {}
    for name, thing, place in named:
        other = first.setdefault(name, (name, thing, place))
        if other[1:] != (thing, place):
            there = f" at {other[2]}" if other[2] != place else ""
            sentence = f'{thing} gives the {what} "{name}", and so does {other[1]}{there}'
            findings.add("WP603", place, sentence, "rename one of the two")


def _check_fields(type_name: str, schema: Mapping[str, Json], place: Place, findings: Findings) -> None:
    """The fields of one model; they are named in snake case, whatever they are on the wire."""
    properties = schema.get("properties")
    names = properties if isinstance(properties, dict) else ()
    named = [(_field(name), f'property "{name}" of {type_name}', place) for name in names]
    _check_scope("field", named, findings)


def _field(name: str) -> str:
    """What a field is called in Python; one with nothing in its name to be named after is just that, a field."""
    try:
        return str(PythonName(name))
    except UnnameableError:
        return "field_"


def _scopes(service: Service) -> Iterator[tuple[str, Iterable[_Named]]]:
    yield "descriptor", _descriptors(service)
    yield "method of the handlers", _handlers(service)
    yield (
        "function of the servers",
        [
            (python.server_function(each), f'server "{each.name}"', each.place)
            for each in service.socket_servers
        ],
    )
    for server in service.socket_servers:
        yield (
            f'argument of the server "{server.name}"',
            [
                (python.variable_argument(each), f'variable "{each.name}"', each.place)
                for each in server.variables
            ],
        )
    yield (
        "class of peers",
        [(python.peer_class(each), _channel(each), each.place) for each in service.channels],
    )
    yield (
        "method of the client",
        [(python.client_method(each), _channel(each), each.place) for each in service.channels],
    )
    yield "method of the publisher", _publications(service)
    for channel in service.channels:
        yield "argument", _arguments(channel)
        yield "member of the peer", _members(channel)


def _descriptors(service: Service) -> Iterator[_Named]:
    for each in service.channels:
        yield python.channel_constant(each), _channel(each), each.place
    for channel in service.channels:
        for receive in channel.receive_operations:
            for constant in python.receive_constants(receive).values():
                yield constant, _operation(receive.name), receive.place
        for send in channel.send_operations:
            yield python.operation_constant(send), _operation(send.name), send.place
    for request in service.http_operations:
        yield python.operation_constant(request), _operation(request.name), request.place


def _handlers(service: Service) -> Iterator[_Named]:
    for channel in service.channels:
        yield python.admit_method(channel), _channel(channel), channel.place
        for greeting in channel.on_connect:
            method = python.handler_method(greeting.operation, greeting.message)
            yield method, _operation(greeting.operation.name), greeting.operation.place
        for operation in channel.receive_operations:
            for message in operation.messages:
                yield python.handler_method(operation, message), _operation(operation.name), operation.place
    for request in service.http_operations:
        yield python.request_method(request), _operation(request.name), request.place


def _publications(service: Service) -> Iterator[_Named]:
    for channel in service.channels:
        for operation in channel.send_operations:
            if operation.to.kind != "sender":
                yield python.publisher_method(operation), _operation(operation.name), operation.place


def _arguments(channel: Channel) -> Iterator[_Named]:
    for each in channel.parameters:
        yield python.argument(each), f'parameter "{each.name}"', each.place
    for group in channel.groups:
        yield python.argument(group), f'group "{group.name}"', group.place


def _members(channel: Channel) -> Iterator[_Named]:
    for each in channel.parameters:
        yield python.peer_member(each), f'parameter "{each.name}"', each.place
    for group in channel.groups:
        for method in python.group_methods(group):
            yield method, f'group "{group.name}"', group.place


def _channel(channel: Channel) -> str:
    return f'channel "{channel.name}"'


def _operation(name: str) -> str:
    return f'operation "{name}"'
