"""What the messages of a service must be, as data that a program can look at while it runs: `spc/schemas.ts`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wirepact_codegen.model import MessageSet, Service
from wirepact_codegen.python_names import channel_constant
from wirepact_codegen.targets.projection import bare
from wirepact_codegen.targets.typescript_channels import ChannelView
from wirepact_codegen.targets.typescript_layout import WIDTH, member, width
from wirepact_codegen.targets.typescript_text import FieldView, Names, block, call, comment, entry, generic
from wirepact_codegen.targets.typescript_types import Field, Word, key, name_key

_MAKE = "/* @__PURE__ */ validate.schemaOf"


@dataclass(frozen=True, slots=True)
class SchemasView:
    """What the template lays out."""

    document: str
    comment: str
    service: str
    definitions: str
    messages: tuple[FieldView, ...]
    channels: tuple[FieldView, ...]
    fields: tuple[FieldView, ...]
    by_name: str


def schemas_view(service: Service, views: Sequence[ChannelView]) -> SchemasView:
    """The schemas of all messages that are JSON, and which of them each channel has."""
    names = Names(each.type_name for each in service.messages)
    definitions = names.free("DEFINITIONS")
    constants = [names.free(channel_constant(each)) for each in service.channels]
    channels = [*zip(service.channels, views, constants, strict=True)]
    fields = [*zip(map(key, (each.name for each in service.channels)), constants, strict=True)]
    return SchemasView(
        document=service.document,
        comment=comment(
            0,
            f"What the messages of {service.title} must be, for who looks at them while a program runs.",
            "@module",
        ),
        service=service.name,
        definitions=_definitions(definitions, service),
        messages=tuple(_messages(service, definitions)),
        channels=tuple(
            FieldView(
                comment(0, f"What is heard and said at `{channel.address}`, by name."),
                _channel(constant, view, channel.sends, channel.receives),
            )
            for channel, view, constant in channels
        ),
        fields=tuple(
            FieldView("", member(Field(f"readonly {name}", Word(f"typeof {constant}")), indent=2))
            for name, constant in fields
        ),
        by_name=block("{", [_same(name, constant, 2) for name, constant in fields], "}", 0),
    )


def _definitions(name: str, service: Service) -> str:
    json = [(each.type_name, each.schema) for each in service.messages if each.encoding == "json"]
    every = dict([*json, *((each.name, each.schema) for each in service.definitions)])
    lines = [entry(each, bare(schema), indent=2) for each, schema in every.items()]
    head = f"export const {name}: validate.Definitions ="
    return f"{head} {block('{', lines, '}', 0) if lines else '{}'};"


def _messages(service: Service, definitions: str) -> Iterator[FieldView]:
    for each in service.messages:
        if each.encoding == "json":
            name = each.type_name
            head = f"export const {name}: validate.MessageSchema<types.{name}> ="
            arguments = [definitions, f'"{name}"']
            yield FieldView(comment(0, each.summary, each.description), _made(head, arguments))


def _made(head: str, arguments: list[str]) -> str:
    """A constant that is what a call gives, in as many lines as Prettier takes for it."""
    if width(f"{head} {_MAKE}(") <= WIDTH:
        return call(f"{head} {_MAKE}", arguments, indent=0)
    return f"{head}\n  {call(_MAKE, arguments, indent=2)}"


def _channel(constant: str, view: ChannelView, heard: MessageSet, said: MessageSet) -> str:
    sides = [f"types.{view.incoming.name}", f"types.{view.outgoing.name}"]
    head = generic(f"export const {constant}: validate.ChannelSchemas", sides, " = {").removesuffix("{")
    lines = [f"incoming: {_by_name(heard)}", f"outgoing: {_by_name(said)}"]
    return f"{head}{block('{', lines, '}', 0)};"


def _by_name(messages: MessageSet) -> str:
    json = [each for each in messages.messages if each.encoding == "json"]
    lines = [_same(name_key(each.name), each.type_name, 4) for each in json]
    return block("{", lines, "}", 2) if lines else "{}"


def _same(name: str, constant: str, indent: int) -> str:
    """A field that holds a constant, in a line that is indented by *indent*, or in two."""
    if indent + width(f"{name}: {constant},") <= WIDTH:
        return f"{name}: {constant}"
    return f"{name}:\n{' ' * indent}  {constant}"
