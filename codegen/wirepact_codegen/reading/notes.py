"""What messages say for people, beside their summary and description: the reference shows it."""

import json
from collections.abc import Iterator

from wirepact_codegen.model import Json, Note
from wirepact_codegen.source import Node, Sources


def message_notes(message: Node, sources: Sources) -> tuple[Note, ...]:
    """The notes of a message, in the order in which the reference shows them."""
    found = {
        "Title": message.text("title") if message.text("summary") else "",
        "Name": message.text("name") if message.text("name") != message.key else "",
        "Correlation id": _correlation(message, sources),
        "Headers": _headers(message, sources),
        "Tags": ", ".join(_tags(message, sources)),
        "See also": _documentation(message, sources),
        "Bindings": ", ".join(_bindings(message, sources)),
    }
    return tuple(Note(label, text) for label, text in found.items() if text)


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
