"""Fields of messages that a key of ours speaks of, by the way that leads to them."""

from collections.abc import Iterator

from wirepact_codegen.model import Message, Path, Schema
from wirepact_codegen.reading.context import Context
from wirepact_codegen.source import Node
from wirepact_codegen.telling import resolved


def path_of(node: Node) -> Path:
    """What a key says of a field: its name, or a list that leads to it."""
    return tuple(str(each.value) for each in node.elements()) or (str(node.value),)


def field_at(context: Context, message: Message, path: Path) -> Schema | None:
    """The schema of the field that *path* leads to; `None` if there is none."""
    return _walked(context, message, path, only_required=False)


def required_field_at(context: Context, message: Message, path: Path) -> Schema | None:
    """The same of a field that every such message has."""
    return _walked(context, message, path, only_required=True)


def required_fields(context: Context, message: Message) -> list[Path]:
    """The ways to the fields that somebody has to fill: those that are required, and no constants."""
    return list(_required(context, message.schema, ()))


def _walked(context: Context, message: Message, path: Path, *, only_required: bool) -> Schema | None:
    schema = message.schema
    for name in path:
        properties, required = schema.get("properties"), schema.get("required")
        if not isinstance(properties, dict) or name not in properties:
            return None
        if only_required and not (isinstance(required, list) and name in required):
            return None
        schema = resolved(properties[name], context.schemas.by_name)
    return schema


def _required(context: Context, schema: Schema, above: Path) -> Iterator[Path]:
    names, properties = schema.get("required"), schema.get("properties")
    if not isinstance(names, list) or not isinstance(properties, dict):
        return
    for name in map(str, names):
        part = resolved(properties.get(name), context.schemas.by_name)
        values = part.get("enum")
        if "const" in part or (isinstance(values, list) and len(values) == 1):
            continue
        if part.get("required") and isinstance(part.get("properties"), dict):
            yield from _required(context, part, (*above, name))
        else:
            yield (*above, name)
