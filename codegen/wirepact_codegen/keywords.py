"""What is done with each keyword of JSON Schema: enforced by what we emit, shown in it, or refused.

A keyword that the emitted models would not hold up is refused rather than dropped in silence. The tables are
the whole truth: reading checks schemas against them, and the documentation is made from them.
"""

from collections.abc import Mapping

from wirepact_codegen.model import Schema

TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
"""The types that JSON Schema knows."""

SHOWN_PATTERN = "x-pattern"
"""Where a pattern stands that is for people only, because nothing could hold it up."""

ANNOTATIONS = frozenset(
    {
        "$comment",
        "$id",
        "$schema",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "default",
        "deprecated",
        "description",
        "discriminator",
        "example",
        "examples",
        "externalDocs",
        "readOnly",
        "title",
        "writeOnly",
        "xml",
    }
)
"""Keywords that constrain nothing. They may stand anywhere, beside a `$ref` too."""

CONTAINERS = frozenset({"$defs", "definitions"})
"""Keywords under which schemas stand that say nothing until they are referred to."""

_NUMBERS = frozenset({"integer", "number"})
_OBJECT = frozenset({"object"})
_ARRAY = frozenset({"array"})
_STRING = frozenset({"string"})

ENFORCED: Mapping[str, frozenset[str]] = {
    "$ref": frozenset(),
    "type": frozenset(),
    "const": frozenset(),
    "enum": frozenset(),
    "nullable": frozenset(),
    "allOf": frozenset(),
    "anyOf": frozenset(),
    "oneOf": frozenset(),
    "not": frozenset(),
    "if": frozenset(),
    "then": frozenset(),
    "else": frozenset(),
    "properties": _OBJECT,
    "required": _OBJECT,
    "additionalProperties": _OBJECT,
    "patternProperties": _OBJECT,
    "propertyNames": _OBJECT,
    "minProperties": _OBJECT,
    "maxProperties": _OBJECT,
    "dependencies": _OBJECT,
    "dependentRequired": _OBJECT,
    "dependentSchemas": _OBJECT,
    "items": _ARRAY,
    "additionalItems": _ARRAY,
    "prefixItems": _ARRAY,
    "contains": _ARRAY,
    "minContains": _ARRAY,
    "maxContains": _ARRAY,
    "uniqueItems": _ARRAY,
    "minItems": _ARRAY,
    "maxItems": _ARRAY,
    "minLength": _STRING,
    "maxLength": _STRING,
    "pattern": _STRING,
    "format": frozenset(),
    "minimum": _NUMBERS,
    "maximum": _NUMBERS,
    "exclusiveMinimum": _NUMBERS,
    "exclusiveMaximum": _NUMBERS,
    "multipleOf": _NUMBERS,
}
"""Keywords that the emitted models enforce, and the types that they say something about (none: all of them)."""

FORMATS: Mapping[str, str] = {
    "date-time": "RFC 3339, with a zone",
    "date-time-local": "RFC 3339's date-time without the zone; a format of ours",
    "date": "RFC 3339's full-date",
    "time": "RFC 3339's full-time, with a zone",
    "duration": "RFC 3339's appendix A",
    "email": "RFC 5321's mailbox",
    "hostname": "RFC 1123",
    "ipv4": "RFC 2673's dotted quad",
    "ipv6": "RFC 4291",
    "uri": "RFC 3986, with a scheme",
    "uri-reference": "RFC 3986",
    "uuid": "RFC 4122",
}
"""The formats that the emitted models enforce. Any other is shown and says nothing, as in JSON Schema."""

REFUSED = frozenset(
    {
        "$anchor",
        "$dynamicAnchor",
        "$dynamicRef",
        "$recursiveAnchor",
        "$recursiveRef",
        "$vocabulary",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
"""Keywords of drafts after 7, which AsyncAPI builds on, that nothing we emit would hold up."""

_SCHEMA: Schema = {"type": ["object", "boolean"]}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_NUMBER: Schema = {"type": "number"}
_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_SCHEMAS: Schema = {"type": "object", "additionalProperties": _SCHEMA}
_NAMES: Schema = {"type": "array", "uniqueItems": True, "items": _TEXT}
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
        "nullable": _FLAG,
        "allOf": _BRANCHES,
        "anyOf": _BRANCHES,
        "oneOf": _BRANCHES,
        "not": _SCHEMA,
        "if": _SCHEMA,
        "then": _SCHEMA,
        "else": _SCHEMA,
        "properties": _SCHEMAS,
        "patternProperties": _SCHEMAS,
        "dependentSchemas": _SCHEMAS,
        "required": _NAMES,
        "dependentRequired": {"type": "object", "additionalProperties": _NAMES},
        "dependencies": {
            "type": "object",
            "additionalProperties": {"if": {"type": "array"}, "then": _NAMES, "else": _SCHEMA},
        },
        "additionalProperties": _SCHEMA,
        "propertyNames": _SCHEMA,
        "minProperties": _COUNT,
        "maxProperties": _COUNT,
        "items": {"if": {"type": "array"}, "then": {"items": _SCHEMA}, "else": _SCHEMA},
        "additionalItems": _SCHEMA,
        "prefixItems": _BRANCHES,
        "contains": _SCHEMA,
        "minContains": _COUNT,
        "maxContains": _COUNT,
        "uniqueItems": _FLAG,
        "minItems": _COUNT,
        "maxItems": _COUNT,
        "minLength": _COUNT,
        "maxLength": _COUNT,
        "pattern": _TEXT,
        "format": _TEXT,
        "minimum": _NUMBER,
        "maximum": _NUMBER,
        "exclusiveMinimum": {"type": ["number", "boolean"]},
        "exclusiveMaximum": {"type": ["number", "boolean"]},
        "multipleOf": {"type": "number", "exclusiveMinimum": 0},
        "title": _TEXT,
        "description": _TEXT,
        "examples": {"type": "array"},
        "deprecated": _FLAG,
        "$comment": _TEXT,
    },
}
"""What the keywords that are read must hold. It looks at one schema, not at those inside, whose turn comes."""
