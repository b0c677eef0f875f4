"""A document with a thousand schemas, as a big service might have it: forty messages, and what they are made of."""

import json
from collections.abc import Iterator

MESSAGES = 40
ENTITIES_OF_EACH = 24
"""40 payloads, and 24 schemas for each of them: a thousand."""


def a_thousand_schemas() -> str:
    """The document, as JSON, which is YAML."""
    numbers = range(MESSAGES)
    return json.dumps(
        {
            "asyncapi": "3.0.0",
            "info": {"title": "A thousand schemas", "version": "1.0.0"},
            "defaultContentType": "application/json",
            "x-perspective": "server",
            "servers": {"main": {"host": "localhost:8000", "protocol": "ws"}},
            "channels": {
                "everything": {
                    "address": "/ws/everything/",
                    "messages": {
                        _message(number): {"$ref": f"#/components/messages/{_message(number)}"}
                        for number in numbers
                    },
                }
            },
            "operations": dict(_operation(number) for number in numbers),
            "components": {
                "messages": {
                    _message(number): {"payload": {"$ref": f"#/components/schemas/{_payload(number)}"}}
                    for number in numbers
                },
                "schemas": {name: schema for number in numbers for name, schema in _schemas(number)},
            },
        },
        indent=2,
    )


def _operation(number: int) -> tuple[str, object]:
    """Half of the messages are heard, half are said to all."""
    message = {"$ref": f"#/channels/everything/messages/{_message(number)}"}
    said = {"action": "receive"} if number % 2 else {"action": "send", "x-to": "channel"}
    return f"do_{_message(number)}", {
        **said,
        "channel": {"$ref": "#/channels/everything"},
        "messages": [message],
    }


def _schemas(number: int) -> Iterator[tuple[str, object]]:
    """The payload of one message, and the entities that it is made of, each of which refers to the next."""
    first = {"$ref": f"#/components/schemas/{_entity(number, 0)}"}
    yield (
        _payload(number),
        {
            "type": "object",
            "description": f"What message {number} carries.",
            "required": ["type", "entities"],
            "properties": {
                "type": {"type": "string", "const": _message(number)},
                "entities": {"type": "array", "items": first, "maxItems": 100},
            },
        },
    )
    for index in range(ENTITIES_OF_EACH):
        properties: dict[str, object] = {
            "id": {"type": "integer", "minimum": 1},
            "name": {"type": "string", "minLength": 1, "maxLength": 80, "description": "As people call it."},
            "state": {"type": "string", "enum": ["new", "open", "closed"]},
            "created_at": {"type": "string", "format": "date-time"},
            "score": {"type": ["number", "null"]},
            "tags": {"type": "array", "items": {"type": "string"}},
        }
        if index + 1 < ENTITIES_OF_EACH:
            properties["next"] = {"$ref": f"#/components/schemas/{_entity(number, index + 1)}"}
        required = ["id", "name", "state", "created_at"]
        yield _entity(number, index), {"type": "object", "required": required, "properties": properties}


def _message(number: int) -> str:
    return f"message_{number}"


def _payload(number: int) -> str:
    return f"Payload{number}"


def _entity(number: int, index: int) -> str:
    return f"Entity{number}Of{index}"
