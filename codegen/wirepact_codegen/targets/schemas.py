"""`schemas/<message>.json`: each message as a JSON Schema of its own, for whoever speaks another language."""

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from wirepact_codegen.model import Message, Schema, Service, with_plain_references
from wirepact_codegen.settling import Claim, numbered, settled
from wirepact_codegen.subschemas import reached
from wirepact_codegen.targets.files import File
from wirepact_codegen.targets.python import header

_OF_URIS = ":/?#[]@!$&'()*+,;=%"
"""What stands in a URI as it is, beside letters and digits."""

_LONGEST = 120
"""How long the name of a file may be: what is left of 255 bytes in any script."""

_SAID_HERE = frozenset({"title", "description", "example", "examples"})
"""What the message says, whatever its payload says of it."""


def files(service: Service) -> list[File]:
    """One file a message: self-contained, with a stable `$id` and its examples."""
    definitions = {each.name: each.schema for each in service.definitions}
    names = _names(service.messages)
    return [_file(service, each, names[each.type_name], definitions) for each in service.messages]


def _names(messages: Sequence[Message]) -> dict[str, str]:
    """The name of each message's file, by that of its type; they differ even where disks take `a` and `A` for one."""
    claims = [
        Claim(each.type_name, [*names, *numbered(names[-1], each.type_name, "-")])
        for each in messages
        for names in (
            [name for name in (each.name, each.type_name) if len(_file_name(name)) <= _LONGEST]
            or [each.type_name[: _LONGEST // 4]],
        )
    ]
    return settled(claims, forms=lambda name: (_file_name(name).casefold(),))


def _file(service: Service, message: Message, name: str, definitions: Mapping[str, Schema]) -> File:
    schema: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{quote(service.id, safe=_OF_URIS)}:{quote(name, safe='')}",
        "$comment": header(service.document).removeprefix("# "),
        "title": message.type_name,
    }
    if description := "\n\n".join(filter(None, (message.summary, message.description))):
        schema["description"] = description
    schema |= {key: value for key, value in message.schema.items() if key not in _SAID_HERE}
    if message.encoding != "json" and message.content_type:
        schema["contentMediaType"] = message.content_type
    if message.examples:
        schema["examples"] = [each.payload for each in message.examples]
    if parts := reached(message.schema, definitions):
        schema["$defs"] = parts
    text = json.dumps(with_plain_references(schema), ensure_ascii=False, indent=2)
    return File(PurePosixPath(service.name, "schemas", f"{_file_name(name)}.json"), f"{text}\n")


def _file_name(message: str) -> str:
    """The message's own name, as far as a path can have it; the rest as in a URL."""
    return "".join(
        each if each.isalnum() or each in "._-" else quote(each, safe="", errors="surrogatepass")
        for each in message
    )
