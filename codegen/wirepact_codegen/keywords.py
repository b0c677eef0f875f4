"""What is done with each keyword of JSON Schema: enforced by what we emit, shown in it, or refused.

A keyword that the emitted models would not hold up is refused rather than dropped in silence. The tables are
the whole truth: reading checks schemas against them, and the documentation is made from them.
"""

from collections.abc import Mapping

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
