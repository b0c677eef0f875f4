"""One parameter of an address: a text, or an integer, among the values that the document names."""

import re

from wirepact_codegen.errors import did_you_mean
from wirepact_codegen.model import KeyType, Parameter
from wirepact_codegen.reading.context import Context
from wirepact_codegen.source import Node

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")

_READ = frozenset({"default", "description", "enum", "examples", "title"})
"""What is read of a schema. AsyncAPI 3 has none for parameters; AsyncAPI 2 has, and so have some that meant to write 3."""


def read_parameter(context: Context, name: str, entry: Node, node: Node) -> Parameter:
    """The parameter at *node*, which *entry* is or refers to."""
    schema = node.get("schema")
    target = context.follow(schema) if schema is not None else None
    sources = [node, *([target] if target is not None else [])]
    kind = _type(node, target)
    if schema is not None and target is not None:
        _check_schema(context, name, schema, target)
    enum = _checked(context, name, _list(sources, "enum"), kind, ())
    examples = _checked(context, name, _list(sources, "examples"), kind, enum)
    said = next((found for each in sources if (found := each.get("default")) is not None), None)
    default = _checked(context, name, [said] if said is not None else [], kind, enum)
    return Parameter(
        name=name,
        stem=context.stem(node, name),
        place=entry.key_place,
        type=kind,
        description=next(filter(None, (each.text("description") for each in sources)), ""),
        enum=enum,
        examples=examples,
        default=default[0] if default else None,
        close_code=_close_code(node),
    )


def _close_code(node: Node) -> int | None:
    said = node.get("x-close-code")
    return said.value if said is not None and isinstance(said.value, int) else None


def _type(node: Node, schema: Node | None) -> KeyType:
    is_integer = node.text("x-type") == "integer" or (schema is not None and schema.text("type") == "integer")
    return "integer" if is_integer else "string"


def _check_schema(context: Context, name: str, schema: Node, target: Node) -> None:
    """A text is held to its values; what else a schema says of it is nobody's business at the route."""
    kind = target.get("type")
    others = [key for key, _ in target.items() if key not in {*_READ, "type"}]
    if kind is not None and kind.value not in ("string", "integer"):
        sentence = f'parameter "{name}" is of type {kind.value}: it is read as a text'
        context.findings.warn("WP320", schema.key_place, sentence, 'say "x-type: integer", or nothing')
    if others:
        named = " and ".join(f'"{each}"' for each in others)
        verb = "is" if len(others) == 1 else "are"
        sentence = f'{named} of parameter "{name}" {verb} not enforced'
        context.findings.warn(
            "WP320", schema.key_place, sentence, 'name the values as "enum", or check them in admission'
        )


def _checked(
    context: Context, name: str, nodes: list[Node], kind: KeyType, enum: tuple[str, ...]
) -> tuple[str, ...]:
    """Those of the values that are of the type, and among *enum* if there is any."""
    kept = []
    for node in nodes:
        text = _text(node)
        what = {"enum": "value", "examples": "example"}.get(str(node.pointer[-2]), "default")
        if kind == "integer" and _INTEGER.fullmatch(text) is None:
            context.fault("WP319", node.place, f'{what} "{text}" of parameter "{name}" is no integer')
        elif enum and text not in enum:
            sentence = f'{what} "{text}" of parameter "{name}" is none of its values'
            context.fault("WP319", node.place, sentence, did_you_mean(text, enum))
        else:
            kept.append(text)
    return tuple(dict.fromkeys(kept))


def _text(node: Node) -> str:
    """A value as it stands in an address; `true` is not `True` there."""
    return str(node.value).lower() if isinstance(node.value, bool) else str(node.value)


def _list(sources: list[Node], key: str) -> list[Node]:
    found = next((said for each in sources if (said := each.get(key)) is not None), None)
    return list(found.elements()) if found is not None else []
