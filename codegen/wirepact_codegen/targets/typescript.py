"""A TypeScript module for each service: its types, its channels as data, and a client class."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from wirepact_codegen.model import Schema, Service
from wirepact_codegen.naming import ClassName
from wirepact_codegen.rendering import render
from wirepact_codegen.targets.files import File
from wirepact_codegen.targets.typescript_channels import ChannelView, Scope, Table, channel_view
from wirepact_codegen.targets.typescript_errors import RefusalsView
from wirepact_codegen.targets.typescript_layout import alias, member
from wirepact_codegen.targets.typescript_schemas import schemas_view
from wirepact_codegen.targets.typescript_servers import ServerView, server_views
from wirepact_codegen.targets.typescript_text import (
    FieldView,
    InterfaceView,
    class_head,
    comment,
    data,
    indented,
)
from wirepact_codegen.targets.typescript_types import Field, ObjectOf, Type, Word, type_of, untangled
from wirepact_codegen.targets.typescript_unlisted import open_names, opened


def typescript(service: Service) -> tuple[File, ...]:
    """The modules of one service: `spc.ts`, and `spc/schemas.ts` for who looks at messages while the program runs."""
    types = _shapes(service)
    scope = Scope(service, open_names(types))
    channels = tuple(channel_view(each, service.name, scope) for each in service.channels)
    text = render("typescript/service.ts", {"module": _module(service, types, scope, channels)})
    schemas = render("typescript/schemas.ts", {"module": schemas_view(service, channels)})
    return (
        File(PurePosixPath(f"{service.name}.ts"), text),
        File(PurePosixPath(service.name, "schemas.ts"), schemas),
    )


@dataclass(frozen=True, slots=True)
class _Declared:
    """A type of the module as the document has it."""

    name: str
    schema: Schema
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Alias:
    comment: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class _Module:
    """What the template lays out, in its order."""

    document: str
    comment: str
    types: tuple[InterfaceView | _Alias, ...]
    channels: tuple[ChannelView, ...]
    tables: tuple[Table, ...]
    refusals: RefusalsView
    servers: tuple[ServerView, ...]
    servers_comment: str
    servers_name: str
    client: str
    client_comment: str


def _module(
    service: Service, types: Mapping[str, Type], scope: Scope, channels: tuple[ChannelView, ...]
) -> _Module:
    client = scope.types.free(f"{ClassName(service.name)}Client")
    return _Module(
        document=service.document,
        comment=comment(0, f"{service.title} {service.version}", service.description, "@module"),
        types=tuple(_types(service, types)),
        channels=channels,
        tables=scope.tables.laid_out(),
        refusals=scope.refusals,
        servers=server_views(service, scope.types, scope.constants),
        servers_comment=comment(0, f"Where {service.title} can be reached: what a client is made with."),
        servers_name=scope.constants.free("servers"),
        client=class_head(client, "wirepact.Client", empty=not service.channels),
        client_comment=comment(0, f"The channels of {service.title}."),
    )


def _shapes(service: Service) -> dict[str, Type]:
    words = {"binary": Word("Uint8Array"), "file": Word("Blob")}
    bytes_ = {each.type_name: words[each.encoding] for each in service.messages if each.encoding in words}
    named = {
        each.name: bytes_.get(each.name) or type_of(each.schema, _comment) for each in _declared(service)
    }
    return opened(service, untangled(named))


def _types(service: Service, shapes: Mapping[str, Type]) -> Iterator[InterfaceView | _Alias]:
    for each in _declared(service):
        yield _declaration(each, shapes[each.name])


def _declared(service: Service) -> Iterator[_Declared]:
    for message in service.messages:
        yield _Declared(message.type_name, message.schema, (message.summary, message.description))
    messages = {each.type_name for each in service.messages}
    for definition in (each for each in service.definitions if each.name not in messages):
        yield _Declared(definition.name, definition.schema, (definition.description,))


def _declaration(declared: _Declared, shape: Type) -> InterfaceView | _Alias:
    above = comment(0, *declared.about, _tags(declared.schema))
    if isinstance(shape, ObjectOf) and "properties" in declared.schema:
        return InterfaceView(above, declared.name, tuple(_line(each) for each in shape.fields))
    return _Alias(above, declared.name, alias(declared.name, shape))


def _line(field: Field) -> FieldView:
    return FieldView(indented(field.comment, 2), member(field, indent=2))


def _comment(schema: Schema) -> str:
    about = schema.get("description") or schema.get("title") or ""
    return comment(0, str(about), _tags(schema))


def _tags(schema: Schema) -> str:
    default = f"@defaultValue {data(schema['default'])}" if "default" in schema else ""
    deprecated = "@deprecated" if schema.get("deprecated") is True else ""
    return "\n".join(filter(None, (default, deprecated)))
