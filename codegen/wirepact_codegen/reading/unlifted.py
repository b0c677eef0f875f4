"""What a document says that is gone once it is lifted to AsyncAPI 3: told by the document as it is written."""

from collections.abc import Iterator
from urllib.parse import unquote

from wirepact_codegen.model import Json
from wirepact_codegen.reading.context import Context
from wirepact_codegen.source import Node

_KEPT = "#/components/{}/"


def check_requirements(context: Context) -> None:
    """Tell of AsyncAPI 2 what a list of schemes can't say: several of them together, and none at all."""
    written = context.document.written
    for owner in _asking(context, written.root) if written is not None else ():
        security = owner.get("security")
        if security is not None and not isinstance(security.value, list):
            context.add("WP101", security, '"security" must be a list')
        every = list(security.elements()) if security is not None else []
        for each in every:
            names = [name for name, _ in each.items()]
            if len(names) > 1:
                said = " and ".join(f'"{name}"' for name in names)
                sentence = f"security schemes {said} are asked for together: any one of them is enough here"
                context.fault("WP308", each.place, sentence)
            elif not isinstance(each.value, dict):
                context.add("WP101", each, "a security requirement must be a mapping of schemes")
            elif not names and len(every) > 1:
                sentence = "a security requirement without a scheme lets anybody in: one of the others is asked for here"
                context.fault("WP308", each.place, sentence)


def check_kept(context: Context) -> None:
    """Tell of what stands among the components, is referred to by nothing, and so left out.

    Those are channels, and messages of AsyncAPI 2 that are one of several. Other messages are models by themselves.
    """
    root = (context.document.written or context.document).root
    for name, channel in _unused(context, root, "channels"):
        sentence = f'channel "{name}" of the components is used by nothing, and left out'
        context.findings.warn("WP312", channel.key_place, sentence)
    for name, message in _unused(context, root, "messages") if context.document.written is not None else ():
        if "oneOf" in message:
            sentence = f'message "{name}" of the components, which is one of several, is used by nothing, and left out'
            context.findings.warn("WP312", message.key_place, sentence)


def _unused(context: Context, root: Node, kind: str) -> Iterator[tuple[str, Node]]:
    """The components of one *kind* that nothing refers to."""
    components = context.get(root, "components")
    kept = context.get(components, kind) if components is not None else None
    used = set(_references(root.value, _KEPT.format(kind))) if kept is not None else set()
    return ((name, each) for name, each in (kept.items() if kept is not None else ()) if name not in used)


def _asking(context: Context, root: Node) -> Iterator[Node]:
    """Everything that may ask for credentials: servers, operations, and the traits of those."""
    yield from _entries(context, root, "servers")
    for channel in _entries(context, root, "channels"):
        for verb in ("publish", "subscribe"):
            operation = context.get(channel, verb)
            if operation is not None:
                yield operation
                traits = operation.get("traits")
                found = map(context.follow, traits.elements() if traits is not None else ())
                yield from (each for each in found if each is not None)


def _entries(context: Context, node: Node, key: str) -> Iterator[Node]:
    every = context.get(node, key)
    found = map(context.follow, every.values() if every is not None else ())
    return (each for each in found if each is not None)


def _references(value: Json, to: str) -> Iterator[str]:
    """The names of the components that something refers to; *to* is what the references to their kind have in common."""
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str) and to in reference:
            step = reference.partition(to)[2].partition("/")[0]
            yield unquote(step).replace("~1", "/").replace("~0", "~")
        for each in value.values():
            yield from _references(each, to)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each, to)
