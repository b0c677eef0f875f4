"""`schemas/<message>.json`: each message as a JSON Schema of its own, for whoever speaks another language."""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import quote

from wirepact_codegen.model import Message, Schema, Service
from wirepact_codegen.subschemas import reached
from wirepact_codegen.targets.files import File
from wirepact_codegen.targets.python import header

_OF_URIS = ":/?#[]@!$&'()*+,;=%"
"""What stands in a URI as it is, beside letters and digits."""

_SAID_HERE = frozenset({"title", "description", "example", "examples"})
"""What the message says, whatever its payload says of it."""


def files(service: Service) -> list[File]:
    """One file a message: self-contained, with a stable `$id` and its examples."""
    definitions = {each.name: each.schema for each in service.definitions}
    return [_file(service, each, definitions) for each in service.messages]


def _file(service: Service, message: Message, definitions: Mapping[str, Schema]) -> File:
    schema: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{quote(service.id, safe=_OF_URIS)}:{quote(message.name, safe='')}",
        "$comment": header(service.document).removeprefix("# "),
        "title": message.type_name,
    }
    if description := "\n\n".join(filter(None, (message.summary, message.description))):
        schema["description"] = description
    schema |= {key: value for key, value in message.schema.items() if key not in _SAID_HERE}
    if message.examples:
        schema["examples"] = [each.payload for each in message.examples]
    if parts := reached(message.schema, definitions):
        schema["$defs"] = parts
    text = json.dumps(schema, ensure_ascii=False, indent=2)
    return File(PurePosixPath(service.name, "schemas", f"{_file_name(message.name)}.json"), f"{text}\n")


def _file_name(message: str) -> str:
    """The message's own name, as far as a path can have it; the rest as in a URL."""
    return "".join(each if each.isalnum() or each in "._-" else quote(each, safe="") for each in message)
