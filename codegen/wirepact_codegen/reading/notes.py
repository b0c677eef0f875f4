"""What a document says for people, beside summaries and descriptions: the reference shows it."""

import json
from collections.abc import Iterator, Mapping

from wirepact_codegen.model import Json, Note
from wirepact_codegen.source import Node, Sources


def message_notes(message: Node, sources: Sources) -> tuple[Note, ...]:
    """The notes of a message, in the order in which the reference shows them."""
    found = {
        "Title": message.text("title") if message.text("summary") else "",
        "Name": message.text("name") if message.text("name") != message.key else "",
        "Correlation id": _correlation(message, sources),
        "Headers": _headers(message, sources),
        **_common(message, sources),
    }
    return _notes(found)


def operation_notes(operation: Node, sources: Sources) -> tuple[Note, ...]:
    """The notes of an operation."""
    found = {
        "Title": operation.text("title") if operation.text("summary") else "",
        "Reply address": _reply_address(operation, sources),
        **_common(operation, sources),
    }
    return _notes(found)


def channel_notes(channel: Node, sources: Sources) -> tuple[Note, ...]:
    """The notes of a channel."""
    summary = channel.text("summary") if channel.text("description") else ""
    return _notes({"Summary": summary, **_common(channel, sources)})


def path_notes(channel: Node, sources: Sources) -> tuple[Note, ...]:
    """What a channel says of the requests at its address, as notes of each of them."""
    about = ": ".join(
        filter(None, (channel.text("title"), channel.text("description") or channel.text("summary")))
    )
    others = (Note(f"Channel, {each.label.lower()}", each.text) for each in channel_notes(channel, sources))
    return (*_notes({"Channel": about.strip()}), *others)


def _notes(found: Mapping[str, str]) -> tuple[Note, ...]:
    return tuple(Note(label, text) for label, text in found.items() if text)


def _common(node: Node, sources: Sources) -> dict[str, str]:
    """What messages, operations and channels have in common."""
    return {
        "Tags": ", ".join(_tags(node, sources)),
        "See also": _documentation(node, sources),
        "Bindings": ", ".join(_bindings(node, sources)),
    }


def _reply_address(operation: Node, sources: Sources) -> str:
    """Where an answer is said to go. It goes back where the question came from."""
    entry = operation.get("reply")
    reply = sources.follow(entry) if entry is not None else None
    entry = reply.get("address") if reply is not None else None
    address = sources.follow(entry) if entry is not None else None
    if address is None or not address.text("location"):
        return ""
    about = address.text("description").strip().rstrip(".")
    return f"`{address.text('location')}`" + (f", {about}" if about else "")


def _correlation(message: Node, sources: Sources) -> str:
    """What tells a question's answer from others': the field, as a path of names."""
    entry = message.get("correlationId")
    correlation = sources.follow(entry) if entry is not None else None
    if correlation is None:
        return ""
    source, _, pointer = correlation.text("location").partition("#/")
    steps = ".".join(each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/"))
    where = f"`{steps}`" if source == "$message.payload" else f"`{correlation.text('location')}`"
    about = correlation.text("description").strip().rstrip(".") or "a question and its answer have the same"
    return f"{where}, {about}"


def _headers(message: Node, sources: Sources) -> str:
    """Each header by name, with its type and what it is about; of a schema without properties, the schema."""
    headers = message.get("headers")
    schema = sources.schema(headers) if headers is not None else None
    if schema is None or not isinstance(schema.value, dict):
        return ""
    properties = schema.get("properties")
    if properties is None or not isinstance(properties.value, dict):
        return _code(schema.value) if schema.value else ""
    return "; ".join(_header(name, each, sources) for name, each in properties.items())


def _header(name: str, node: Node, sources: Sources) -> str:
    schema = sources.schema(node) or node
    kind, about = schema.text("type"), schema.text("description")
    said = f"`{name}`" + (f" ({kind})" if kind else "")
    return f"{said}, {about.strip().rstrip('.')}" if about else said


def _tags(message: Node, sources: Sources) -> Iterator[str]:
    tags = message.get("tags")
    for entry in tags.elements() if tags is not None else ():
        tag = sources.follow(entry)
        if tag is not None and tag.text("name"):
            yield tag.text("name")


def _documentation(message: Node, sources: Sources) -> str:
    entry = message.get("externalDocs")
    documentation = sources.follow(entry) if entry is not None else None
    if documentation is None:
        return ""
    about, url = documentation.text("description").strip().rstrip("."), documentation.text("url")
    return f"{about}, {url}" if about and url else about or url


def _bindings(message: Node, sources: Sources) -> Iterator[str]:
    """What is said for other protocols."""
    entry = message.get("bindings")
    bindings = sources.follow(entry) if entry is not None else None
    for protocol, said in bindings.items() if bindings is not None else ():
        if protocol not in {"http", "ws"} and not protocol.startswith("x-"):
            yield f"{protocol} {_code(said.value)}"


def _code(value: Json) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)}`"
