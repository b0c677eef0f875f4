"""`servers.py` of a Python client: one function a server, which gives its URL."""

from dataclasses import dataclass
from keyword import iskeyword
from pathlib import PurePosixPath

from wirepact_codegen.model import Server, ServerVariable, Service
from wirepact_codegen.python_names import server_function, variable_argument
from wirepact_codegen.rendering import code, python_literal, render
from wirepact_codegen.targets.files import File
from wirepact_codegen.targets.python import header, paragraphs, sentence


@dataclass(frozen=True, slots=True)
class _Function:
    """What gives the URL of one server."""

    name: str
    arguments: str
    server: str
    passed: str
    doc: str


def servers_file(service: Service) -> File:
    """The servers on which clients of a service connect."""
    view = {
        "header": header(service.document),
        "title": service.title,
        "servers": [_function(each) for each in service.socket_servers],
    }
    return File(PurePosixPath(service.name, "servers.py"), render("python/servers.py", view))


def _function(server: Server) -> _Function:
    about = (_about(each) for each in server.variables)
    return _Function(
        name=server_function(server),
        arguments=", ".join(("*", *map(_argument, server.variables))) if server.variables else "",
        server=_descriptor(server),
        passed="".join(map(_passed, server.variables)),
        doc=paragraphs(server.description, f"`{server.url}`", "\n".join(filter(None, about))),
    )


def _descriptor(server: Server) -> str:
    variables = "".join(f"{_variable(each)}, " for each in server.variables)
    return f"Server({server.url!r}{f', ({variables})' if variables else ''})"


def _variable(variable: ServerVariable) -> str:
    arguments = [python_literal(variable.name)]
    arguments += [f"default={variable.default!r}"] if variable.default is not None else []
    arguments += [f"enum={variable.enum!r}"] if variable.enum else []
    return f"ServerVariable({', '.join(arguments)})"


def _argument(variable: ServerVariable) -> str:
    type_ = f"Literal[{', '.join(map(repr, variable.enum))}]" if variable.enum else "str"
    default = f" = {variable.default!r}" if variable.default is not None else ""
    return f"{variable_argument(variable)}: {type_}{default}"


def _passed(variable: ServerVariable) -> str:
    """One argument. What Python can't have as a keyword goes into a mapping of its own."""
    if iskeyword(variable.name) or not variable.name.isidentifier():
        return f", **{{{variable.name!r}: {variable_argument(variable)}}}"
    return f", {variable.name}={variable_argument(variable)}"


def _about(variable: ServerVariable) -> str:
    examples = ", ".join(map(code, variable.examples))
    about = sentence(variable.description, examples and f"For example {examples}.")
    return f"`{variable_argument(variable)}`: {about}" if about else ""
