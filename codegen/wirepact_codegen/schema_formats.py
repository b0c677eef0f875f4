"""Schema formats: the language that a schema says it is written in, and the object that says so around it."""

import re

_JSON_SCHEMA = re.compile(
    r"application/(?:schema|vnd\.aai\.asyncapi|vnd\.oai\.openapi)(?:\+(?:json|yaml))?\s*(?:;.*)?",
    re.IGNORECASE,
)


def is_json_schema(form: str) -> bool:
    """Whether *form* is JSON Schema, or a dialect of it: that of AsyncAPI, and that of OpenAPI."""
    return _JSON_SCHEMA.fullmatch(form.strip()) is not None


def is_wrapped(value: object) -> bool:
    """Whether *value* is no schema, but an object that holds one and says in which language it is written."""
    return isinstance(value, dict) and "schemaFormat" in value and "schema" in value


def is_foreign(value: object) -> bool:
    """Whether *value* holds a schema in another language than JSON Schema."""
    if not is_wrapped(value) or not isinstance(value, dict):
        return False
    form = value["schemaFormat"]
    return not isinstance(form, str) or not is_json_schema(form)
