"""A TypeScript module for each service: its types, its channels as data, and a client class."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from wirepact_codegen.model import Json, Schema, Service
from wirepact_codegen.naming import ClassName
from wirepact_codegen.rendering import render
from wirepact_codegen.targets.files import File
from wirepact_codegen.targets.typescript_channels import ChannelView, Table, Tables, channel_view
from wirepact_codegen.targets.typescript_text import FieldView, InterfaceView, Names, comment, data
from wirepact_codegen.targets.typescript_types import key, laid_out, type_of


def typescript(service: Service) -> tuple[File, ...]:
    """The module of one service: `spc.ts`."""
    text = render("typescript/service.ts", {"module": _module(service)})
    return (File(PurePosixPath(f"{service.name}.ts"), text),)


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
    client: str
    client_comment: str


def _module(service: Service) -> _Module:
    messages, definitions = service.messages, service.definitions
    names = Names([*(each.type_name for each in messages), *(each.name for each in definitions)])
    tables = Tables(service.close_codes)
    return _Module(
        document=service.document,
        comment=comment(0, f"{service.title} {service.version}", service.description, "@module"),
        types=tuple(_types(service)),
        channels=tuple(channel_view(each, service.name, names, tables) for each in service.channels),
        tables=tables.laid_out(),
        client=names.free(f"{ClassName(service.name)}Client"),
        client_comment=comment(0, f"The channels of {service.title}."),
    )


def _types(service: Service) -> Iterator[InterfaceView | _Alias]:
    for message in service.messages:
        about = (message.summary, message.description)
        yield _declaration(message.type_name, message.schema, about)
    for definition in service.definitions:
        yield _declaration(definition.name, definition.schema, (definition.description,))


def _declaration(name: str, schema: Schema, about: Sequence[str]) -> InterfaceView | _Alias:
    above = comment(0, *about, _tags(schema))
    properties = schema.get("properties")
    if isinstance(properties, dict):
        return InterfaceView(above, name, tuple(_fields(schema, properties)))
    return _Alias(above, name, laid_out(f"export type {name} =", type_of(schema)))


def _fields(schema: Schema, properties: dict[str, Json]) -> Iterator[FieldView]:
    required = schema.get("required")
    always = required if isinstance(required, list) else []
    for name, part in properties.items():
        yield _field(key(name) if name in always else f"{key(name)}?", part)
    if schema.get("additionalProperties") is True:
        yield FieldView("", "[key: string]: unknown;")


def _field(head: str, schema: Json) -> FieldView:
    facts = schema if isinstance(schema, dict) else {}
    about = str(facts.get("description") or facts.get("title") or "")
    text = laid_out(f"  {head}:", type_of(schema), indent=2).lstrip()
    return FieldView(comment(2, about, _tags(facts)), text)


def _tags(schema: Schema) -> str:
    default = f"@defaultValue {data(schema['default'])}" if "default" in schema else ""
    deprecated = "@deprecated" if schema.get("deprecated") is True else ""
    return "\n".join(filter(None, (default, deprecated)))
