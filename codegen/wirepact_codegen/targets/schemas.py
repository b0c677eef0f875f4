"""`schemas/<message>.json`: each message as a JSON Schema of its own, for whoever speaks another language."""

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import quote

from wirepact_codegen.model import Json, Message, Schema, Service
from wirepact_codegen.targets.files import File
from wirepact_codegen.targets.python import header

_OF_URIS = ":/?#[]@!$&'()*+,;=%"
"""What stands in a URI as it is, beside letters and digits."""


def files(service: Service) -> list[File]:
    """One file a message: self-contained, with a stable `$id` and its examples."""
    definitions = {each.name: each.schema for each in service.definitions}
    return [_file(service, each, definitions) for each in service.messages]


def _file(service: Service, message: Message, definitions: Mapping[str, Schema]) -> File:
    reached = dict.fromkeys(_reached(message.schema, definitions, set()))
    schema: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{quote(service.id, safe=_OF_URIS)}:{quote(message.name, safe='')}",
        "$comment": header(service.document).removeprefix("# "),
        "title": message.type_name,
    }
    if description := "\n\n".join(filter(None, (message.summary, message.description))):
        schema["description"] = description
    schema |= {key: value for key, value in message.schema.items() if key not in {"title", "description"}}
    if message.examples:
        schema["examples"] = [each.payload for each in message.examples]
    if reached:
        schema["$defs"] = {name: definitions[name] for name in definitions if name in reached}
    text = json.dumps(schema, ensure_ascii=False, indent=2)
    return File(PurePosixPath(service.name, "schemas", f"{_file_name(message.name)}.json"), f"{text}\n")


def _file_name(message: str) -> str:
    """The message's own name, as far as a path can have it; the rest as in a URL."""
    return "".join(each if each.isalnum() or each in "._-" else quote(each, safe="") for each in message)


def _reached(schema: Json, definitions: Mapping[str, Schema], seen: set[str]) -> Iterator[str]:
    """The names of all definitions that *schema* leads to."""
    if isinstance(schema, list):
        for each in schema:
            yield from _reached(each, definitions, seen)
    elif isinstance(schema, dict):
        reference = schema.get("$ref")
        name = reference.removeprefix("#/$defs/") if isinstance(reference, str) else ""
        if name in definitions and name not in seen:
            seen.add(name)
            yield name
            yield from _reached(definitions[name], definitions, seen)
        for each in schema.values():
            yield from _reached(each, definitions, seen)
