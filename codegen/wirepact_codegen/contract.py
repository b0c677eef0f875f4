"""A hash of what a document says of the wire, so that a client and a server can see whether they were made of the same.

What is there for people alone (descriptions, examples) and where it is served changes nothing.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from hashlib import sha256

from wirepact_codegen.model import Message, Service

_FOR_PEOPLE = frozenset(
    {
        "description",
        "examples",
        "names",
        "notes",
        "place",
        "servers",
        "stem",
        "summary",
        "title",
        "topics",
    }
)
"""Attributes of the model that nobody sees on the wire."""

_ANNOTATIONS = frozenset(
    {"$comment", "deprecated", "description", "examples", "readOnly", "title", "writeOnly"}
)

_SCHEMAS_BY_NAME = frozenset({"dependentSchemas", "patternProperties", "properties"})

_VALUES = frozenset({"const", "default", "enum", "required"})

_DIGITS = 16


def contract_of(service: Service) -> str:
    """The hash, in hexadecimal digits."""
    said = {
        "channels": [_plain(each) for each in service.channels],
        "requests": [_plain(each) for each in service.http_operations],
        "messages": {each.type_name: _message(each) for each in service.messages},
        "definitions": {each.name: _schema(each.schema) for each in service.definitions},
    }
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return sha256(text.encode()).hexdigest()[:_DIGITS]


def _message(message: Message) -> list[object]:
    return [message.encoding, *([message.part] if message.part else []), _schema(message.schema)]


def _plain(value: object) -> object:
    """*value* in the words of JSON; a message by the name that its schema has here."""
    if isinstance(value, Message):
        return [value.name, value.type_name]
    if is_dataclass(value) and not isinstance(value, type):
        return dict(_attributes(value))
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _attributes(value: object) -> Iterator[tuple[str, object]]:
    """What is not as it is when nothing is said, so that a document keeps its hash when the model learns something new."""
    for each in fields(value):  # type: ignore[arg-type]  # its caller has seen that it is a dataclass
        said = getattr(value, each.name)
        if each.name not in _FOR_PEOPLE and said != each.default:
            yield each.name, _plain(said)


def _schema(schema: object) -> object:
    """A schema without its annotations. The order of properties stays: it is that of the fields on the wire."""
    if isinstance(schema, list):
        return [_schema(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    return [[key, _keyword(key, value)] for key, value in schema.items() if key not in _ANNOTATIONS]


def _keyword(key: str, value: object) -> object:
    if key in _VALUES:
        return value
    if key in _SCHEMAS_BY_NAME and isinstance(value, Mapping):
        return [[name, _schema(each)] for name, each in value.items()]
    return _schema(value)
