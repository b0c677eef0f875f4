"""What the TypeScript template lays out for each server: its URL as data, and the function that fills it in."""

from collections.abc import Iterator
from dataclasses import dataclass

from wirepact_codegen.model import Server, ServerVariable, Service
from wirepact_codegen.naming import ClassName, ConstantName, TypeScriptName, stem
from wirepact_codegen.targets.typescript_layout import member
from wirepact_codegen.targets.typescript_text import (
    Data,
    FieldView,
    InterfaceView,
    Names,
    call,
    comment,
    entry,
    signature,
)
from wirepact_codegen.targets.typescript_types import Field, Word, key, literal, union


@dataclass(frozen=True, slots=True)
class ServerView:
    """One server."""

    values_type: InterfaceView | None
    constant: str
    url: str
    variables: str
    method_comment: str
    method: str
    filled: str


def server_views(service: Service, types: Names, constants: Names) -> tuple[ServerView, ...]:
    """The servers on which clients of a service connect."""
    methods = Names()
    return tuple(_view(each, types, constants, methods) for each in service.socket_servers)


def _view(server: Server, types: Names, constants: Names, methods: Names) -> ServerView:
    values_type = _values_type(server, types)
    constant = constants.free(f"{ConstantName(stem(server))}_SERVER")
    needed = any(each.default is None for each in server.variables)
    arguments = [f"values{'' if needed else '?'}: {values_type.name}"] if values_type else []
    variables: list[Data] = [_variable(each) for each in server.variables]
    return ServerView(
        values_type=values_type,
        constant=constant,
        url=entry("url", server.url, indent=2),
        variables=entry("variables", variables, indent=2),
        method_comment=comment(2, server.description, f"`{server.url}`"),
        method=signature(methods.free(TypeScriptName(stem(server))), arguments, "string"),
        filled=call("return wirepact.serverUrl", [constant, *(["values"] if arguments else [])], 4),
    )


def _values_type(server: Server, types: Names) -> InterfaceView | None:
    if not server.variables:
        return None
    about = comment(0, f"What varies in the URL of the server `{server.name}`.")
    name = types.free(f"{ClassName(stem(server))}ServerValues")
    return InterfaceView(about, name, tuple(_fields(server)))


def _fields(server: Server) -> Iterator[FieldView]:
    for each in server.variables:
        optional = "" if each.default is None else "?"
        values = union([Word(literal(value)) for value in each.enum] or [Word("string")])
        examples = (
            f"For example {', '.join(f'`{value}`' for value in each.examples)}." if each.examples else ""
        )
        default = f"@defaultValue {literal(each.default)}" if each.default is not None else ""
        text = member(Field(f"readonly {key(each.name)}{optional}", values), indent=2)
        yield FieldView(comment(2, each.description, examples, default), text)


def _variable(variable: ServerVariable) -> Data:
    known: dict[str, Data] = {"enum": variable.enum} if variable.enum else {}
    known |= {"default": variable.default} if variable.default is not None else {}
    return {"name": variable.name, **known}
