"""What is done with each keyword of JSON Schema: enforced by what we emit, shown in it, or refused.

A keyword that the emitted models would not hold up is refused rather than dropped in silence. The tables are
the whole truth: reading checks schemas against them, and the documentation is made from them.
"""

from collections.abc import Mapping

from wirepact_codegen.model import Schema

TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
"""The types that JSON Schema knows."""

ANNOTATIONS = frozenset({"title", "description", "examples", "default", "deprecated", "$comment"})
"""Keywords that constrain nothing. They may stand anywhere, beside a `$ref` too."""

ENFORCED: Mapping[str, frozenset[str]] = {
    "$ref": frozenset(),
    "type": frozenset(),
    "const": frozenset(),
    "enum": frozenset(),
    "anyOf": frozenset(),
    "oneOf": frozenset(),
    "properties": frozenset({"object"}),
    "required": frozenset({"object"}),
    "additionalProperties": frozenset({"object"}),
    "items": frozenset({"array"}),
    "minItems": frozenset({"array"}),
    "maxItems": frozenset({"array"}),
    "minLength": frozenset({"string"}),
    "maxLength": frozenset({"string"}),
    "pattern": frozenset({"string"}),
    "format": frozenset({"string"}),
    "minimum": frozenset({"integer", "number"}),
    "maximum": frozenset({"integer", "number"}),
    "exclusiveMinimum": frozenset({"integer", "number"}),
    "exclusiveMaximum": frozenset({"integer", "number"}),
    "multipleOf": frozenset({"integer"}),
}
"""Keywords that the emitted models enforce, and the types that they say something about (none: all of them)."""

FORMATS: Mapping[str, str] = {
    "date-time": "RFC 3339, with a zone",
    "date-time-local": "RFC 3339's date-time without the zone; a format of ours",
    "date": "RFC 3339's full-date",
}
"""The formats that the emitted models enforce."""

REFUSED = frozenset(
    {
        "$anchor",
        "$defs",
        "$dynamicAnchor",
        "$dynamicRef",
        "$id",
        "$schema",
        "$vocabulary",
        "additionalItems",
        "allOf",
        "contains",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "definitions",
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
        "discriminator",
        "else",
        "externalDocs",
        "if",
        "maxContains",
        "maxProperties",
        "minContains",
        "minProperties",
        "not",
        "patternProperties",
        "prefixItems",
        "propertyNames",
        "readOnly",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
        "uniqueItems",
        "writeOnly",
    }
)
"""Keywords that exist and that nothing we emit would hold up."""

_SCHEMA: Schema = {"type": ["object", "boolean"]}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_NUMBER: Schema = {"type": "number"}
_TEXT: Schema = {"type": "string"}
_BRANCHES: Schema = {"type": "array", "minItems": 1, "items": _SCHEMA}

FORM: Schema = {
    "type": ["object", "boolean"],
    "properties": {
        "$ref": _TEXT,
        "type": {
            "if": {"type": "string"},
            "then": {"enum": [*TYPES]},
            "else": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": [*TYPES]}},
        },
        "enum": {"type": "array", "minItems": 1},
        "anyOf": _BRANCHES,
        "oneOf": _BRANCHES,
        "properties": {"type": "object", "additionalProperties": _SCHEMA},
        "required": {"type": "array", "uniqueItems": True, "items": _TEXT},
        "additionalProperties": _SCHEMA,
        "items": _SCHEMA,
        "minItems": _COUNT,
        "maxItems": _COUNT,
        "minLength": _COUNT,
        "maxLength": _COUNT,
        "pattern": _TEXT,
        "format": _TEXT,
        "minimum": _NUMBER,
        "maximum": _NUMBER,
        "exclusiveMinimum": _NUMBER,
        "exclusiveMaximum": _NUMBER,
        "multipleOf": {"type": "number", "exclusiveMinimum": 0},
        "title": _TEXT,
        "description": _TEXT,
        "examples": {"type": "array"},
        "deprecated": {"type": "boolean"},
        "$comment": _TEXT,
    },
}
"""What the keywords that are read must hold. It looks at one schema, not at those inside, whose turn comes."""
