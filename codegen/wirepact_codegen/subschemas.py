"""The schemas inside a schema, and the definitions that it leads to."""

from collections.abc import Iterator, Mapping

from wirepact_codegen.model import Json, Schema

_ONE = frozenset({"additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"})
_LISTED = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_NAMED = frozenset({"dependentSchemas", "patternProperties", "properties"})


def subschemas(schema: Json) -> Iterator[Schema]:
    """*schema* itself and every schema inside it. References are not followed."""
    if not isinstance(schema, dict):
        return
    yield schema
    for keyword, value in schema.items():
        if keyword in _ONE:
            yield from subschemas(value)
        elif keyword in _LISTED and isinstance(value, list):
            for each in value:
                yield from subschemas(each)
        elif keyword in _NAMED and isinstance(value, dict):
            for each in value.values():
                yield from subschemas(each)


def reached(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """The definitions that *schema* leads to, in the order of *definitions*."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        for part in subschemas(waiting.pop()):
            reference = part.get("$ref")
            name = reference.removeprefix("#/$defs/") if isinstance(reference, str) else ""
            if name in definitions and name not in found:
                found.add(name)
                waiting.append(definitions[name])
    return {name: definitions[name] for name in definitions if name in found}
