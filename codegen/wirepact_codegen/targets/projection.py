"""A schema in two parts: what a pydantic model says by its fields, and the rest, which the model carries as data.

The first part never refuses what the schema allows; the rest refuses what the first lets through. Together they
are the schema. An object with properties is a class, which holds its own rest; whoever refers to one leaves it there.
"""

from collections.abc import Iterator, Mapping

from wirepact_codegen.branches import Branches
from wirepact_codegen.filling import default_of
from wirepact_codegen.keywords import ANNOTATIONS, FORMATS
from wirepact_codegen.model import Json, Schema
from wirepact_codegen.patterns import usable_by_pydantic
from wirepact_codegen.telling import resolved

_REFERENCE = "#/$defs/"

_BY_TYPE: Mapping[str, tuple[str, ...]] = {
    "string": ("minLength", "maxLength", "pattern", "format"),
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "array": ("minItems", "maxItems", "items"),
    "object": ("additionalProperties",),
}
"""The keywords that pydantic holds up, by type."""

_TYPED_FORMATS = frozenset({"date", "date-time", "date-time-local"})
"""Formats that become another type than a string."""


class Projection:
    """Parts the schemas of one service."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._branches = Branches(definitions)
        self._within: list[str] = []

    def model(self, name: str, schema: Schema) -> Schema:
        """What the model *name* says by its fields."""
        self._within = [name]
        return self._fields(schema) if is_class(schema) else self._shape(schema)

    def rest(self, schema: Schema) -> Schema:
        """What a message, or a class, must carry, with the definitions that it needs; empty if its type says all."""
        self._within = []
        rest = self._rest_of_class(schema) if is_class(schema) else self._rest(schema)
        needed = {name: self._definitions[name] for name in self._reached(rest, {})}
        return {**rest, **({"$defs": {name: bare(each) for name, each in needed.items()}} if needed else {})}

    def _fields(self, schema: Schema) -> Schema:
        properties = _dict(schema.get("properties"))
        required = [each for each in _list(schema.get("required")) if each in properties]
        found = {key: schema[key] for key in ANNOTATIONS if key in schema}
        found |= {"type": "object"}
        if properties:
            found["properties"] = {name: self._field(part) for name, part in properties.items()}
        if required:
            found["required"] = [*required]
        if schema.get("additionalProperties") is False and "patternProperties" not in schema:
            found["additionalProperties"] = False
        return {key: found[key] for key in (*schema, "type") if key in found}

    def _field(self, schema: Json) -> Schema:
        """What can be said of a field, which is filled in with the default of the class that it refers to."""
        shape = self._shape(schema)
        if (
            "$ref" not in shape
            or not isinstance(schema, dict)
            or not is_class(resolved(schema, self._definitions))
        ):
            return shape
        default = default_of(schema, self._definitions)
        return {**shape, "default": default[0]} if default else shape

    def _shape(self, schema: Json) -> Schema:
        """What can be said of a field, an item, an alias."""
        if not isinstance(schema, dict):
            return {}
        notes = {key: schema[key] for key in schema if key in ANNOTATIONS}
        if isinstance(reference := schema.get("$ref"), str):
            name = reference.removeprefix(_REFERENCE)
            return notes if self._leads_back(name) else {**notes, "$ref": reference}
        if is_class(schema):
            return self._fields(schema)
        return _ordered(schema, {**notes, **self._said(schema)})

    def _said(self, schema: Schema) -> Schema:
        kind = schema.get("type")
        for keyword in ("const", "enum"):
            if keyword in schema:
                values = [schema["const"]] if keyword == "const" else _list(schema["enum"])
                if all(isinstance(each, str | int | None) and not isinstance(each, bool) for each in values):
                    return {keyword: schema[keyword]}
                return _union([{"type": each} for each in dict.fromkeys(map(_type, values))])
        if kind is None:
            for keyword in ("anyOf", "oneOf"):
                if keyword in schema:
                    return _union([self._shape(each) for each in _list(schema[keyword])])
            return {}
        if isinstance(kind, list):
            return self._one_of_types(schema, [*map(str, kind)])
        return self._of_type(str(kind), schema)

    def _one_of_types(self, schema: Schema, kinds: list[str]) -> Schema:
        others = [each for each in kinds if each != "null"]
        if len(others) == 1:
            return {**self._of_type(others[0], schema), "type": [*kinds]}
        return _union([self._of_type(each, schema) for each in kinds])

    def _of_type(self, kind: str, schema: Schema) -> Schema:
        if kind == "array" and (count := _tuple_length(schema)):
            parts: list[Json] = [self._shape(each) for each in _list(schema["prefixItems"])]
            return {"type": kind, "prefixItems": parts, "items": False, "minItems": count, "maxItems": count}
        found: Schema = {"type": kind}
        for keyword in _BY_TYPE.get(kind, ()):
            if keyword in schema and self._holds(keyword, schema):
                value = schema[keyword]
                found[keyword] = (
                    self._shape(value) if isinstance(value, dict) or keyword == "items" else value
                )
        return found

    def _holds(self, keyword: str, schema: Schema) -> bool:
        """Whether pydantic holds up a keyword in the company of the others."""
        value = schema[keyword]
        match keyword:
            case "format":
                kinds = [each for each in _list(schema["type"], alone=True) if each != "null"]
                return (
                    value in FORMATS
                    and kinds == ["string"]
                    and not schema.keys() & {"minLength", "maxLength", "pattern", "default"}
                )
            case "pattern":
                return usable_by_pydantic(str(value))
            case "items":
                return "prefixItems" not in schema and isinstance(value, dict)
            case "additionalProperties":
                return "patternProperties" not in schema and "properties" not in schema
            case "multipleOf":
                return isinstance(value, int)
        return True

    def _rest_of_class(self, schema: Schema) -> Schema:
        properties = _dict(schema.get("properties"))
        rest = {key: value for key, value in schema.items() if key not in ANNOTATIONS and key not in _OWN}
        rest = {key: bare(value) for key, value in rest.items() if not key.startswith("x-")}
        parts = {name: each for name, part in properties.items() if (each := self._rest(part))}
        required = [each for each in _list(schema.get("required")) if self._may_be_left_out(each, properties)]
        others = schema.get("additionalProperties")
        if required:
            rest["required"] = [*required]
        if others not in (None, True, {}) and not (others is False and "patternProperties" not in schema):
            rest["additionalProperties"] = bare(others)
            parts = {name: parts.get(name, {}) for name in properties}
        if parts:
            rest["properties"] = {**parts}
        return rest

    def _may_be_left_out(self, name: Json, properties: Mapping[str, Json]) -> bool:
        """Whether the model would not miss a field that is required: it fills in a constant or a default."""
        part = properties.get(str(name))
        if part is None:
            return True
        target = resolved(part, self._definitions)
        values = [target["const"]] if "const" in target else target.get("enum")
        return (
            "default" in _dict(part) or "default" in target or (isinstance(values, list) and len(values) == 1)
        )

    def _rest(self, schema: Json) -> Schema:
        """What the shape of a field, an item or an alias does not say."""
        if schema is True or schema == {} or not isinstance(schema, dict):
            return {}
        if isinstance(reference := schema.get("$ref"), str):
            name = reference.removeprefix(_REFERENCE)
            target = self._definitions[name]
            return {} if is_class(target) or not self._needs(name) else {"$ref": reference}
        if is_class(schema):
            return self._rest_of_class(schema)
        said = self._said(schema)
        if all(self._covers(key, said, schema) for key in schema):
            return self._rest_of_parts(schema)
        return _constraining(schema)

    def _covers(self, keyword: str, said: Schema, schema: Schema) -> bool:  # noqa: PLR0911 - one a keyword
        """Whether the shape says what a keyword says, apart from the rest of the parts inside."""
        if keyword in ANNOTATIONS or keyword.startswith("x-"):
            return True
        value = schema[keyword]
        match keyword:
            case "const" | "enum":
                return keyword in said
            case "type":
                return not said.keys() & {"const", "enum"} or self._values_have_type(schema)
            case "anyOf":
                return "type" not in schema and "anyOf" in said and not any(map(self._rest, _list(value)))
            case "oneOf":
                branches = _list(value)
                covered = "type" not in schema and not any(map(self._rest, branches))
                return covered and not self._branches.overlaps(branches)
            case "format":
                return value not in FORMATS or keyword in said
            case "prefixItems":
                return keyword in said and not any(map(self._rest, _list(value)))
            case "items" | "minItems" | "maxItems" if "prefixItems" in said:
                return True
            case "items" | "additionalProperties":
                return keyword in said or value in (True, {})
        return said.get(keyword) == value

    def _values_have_type(self, schema: Schema) -> bool:
        values = [schema["const"]] if "const" in schema else _list(schema["enum"])
        kinds = _list(schema["type"], alone=True)
        return all(
            _type(each) in kinds or (_type(each) == "integer" and "number" in kinds) for each in values
        )

    def _rest_of_parts(self, schema: Schema) -> Schema:
        if "const" in schema or "enum" in schema:
            return {}
        found = {
            key: rest for key in ("items", "additionalProperties") if (rest := self._rest(schema.get(key)))
        }
        return dict(found)

    def _needs(self, name: str) -> bool:
        """Whether an alias has something that its shape does not say, here or further on."""
        if name in self._within:
            return True
        self._within.append(name)
        needs = bool(self._rest(self._definitions[name]))
        self._within.pop()
        return needs

    def _leads_back(self, name: str) -> bool:
        """Whether an alias contains itself, with no class between: Python has no good name for that."""
        return not is_class(self._definitions[name]) and name in self._aliases(name, {})

    def _aliases(self, name: str, seen: dict[str, None]) -> dict[str, None]:
        for each in _references(self._definitions[name]):
            if each not in seen and not is_class(self._definitions[each]):
                seen[each] = None
                self._aliases(each, seen)
        return seen

    def _reached(self, schema: Json, seen: dict[str, None]) -> dict[str, None]:
        for name in _references(schema):
            if name not in seen:
                seen[name] = None
                self._reached(bare(self._definitions[name]), seen)
        return seen


def is_class(schema: Schema) -> bool:
    """Whether a schema becomes a class: an object with fields, or one that is closed."""
    if schema.get("type") != "object" or schema.keys() & {"const", "enum"}:
        return False
    return "properties" in schema


def _tuple_length(schema: Schema) -> int:
    """How many elements an array has, if each of them is said, and no other may follow; 0 if that is not so."""
    count = len(_list(schema.get("prefixItems")))
    is_closed = schema.get("items") is False or schema.get("maxItems") == count
    return count if is_closed and schema.get("minItems") == count else 0


def bare(schema: Json) -> Json:
    """*schema* without what is only for people."""
    if isinstance(schema, dict):
        return {
            key: _bare_value(key, value)
            for key, value in schema.items()
            if key not in ANNOTATIONS and not key.startswith("x-")
        }
    return schema


_NAMED = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs"})
_OWN = frozenset({"type", "properties", "required", "additionalProperties"})


def _bare_value(keyword: str, value: Json) -> Json:
    if keyword in _NAMED and isinstance(value, dict):
        return {name: bare(each) for name, each in value.items()}
    if keyword in {"const", "enum", "dependentRequired", "required", "type"}:
        return value
    if isinstance(value, list):
        return [bare(each) for each in value]
    return bare(value)


def _constraining(schema: Schema) -> Schema:
    found = bare(schema)
    return found if isinstance(found, dict) else {}


def _references(schema: Json) -> Iterator[str]:
    """The names of the definitions that a schema refers to by itself."""
    if isinstance(schema, list):
        for each in schema:
            yield from _references(each)
    elif isinstance(schema, dict):
        if isinstance(reference := schema.get("$ref"), str):
            yield reference.removeprefix(_REFERENCE)
        for each in schema.values():
            yield from _references(each)


def _union(shapes: list[Schema]) -> Schema:
    """One of several shapes; anything, if anything is one of them."""
    if any(not each.keys() - ANNOTATIONS for each in shapes):
        return {}
    return shapes[0] if len(shapes) == 1 else {"anyOf": [*shapes]}


def _ordered(schema: Schema, found: Schema) -> Schema:
    """*found* in the order in which the document says it."""
    return {key: found[key] for key in (*(each for each in schema if each in found), *found)}


def _type(value: Json) -> str:
    if value is None:
        return "null"
    return {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}[
        type(value)
    ]


def _dict(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: Json, *, alone: bool = False) -> list[Json]:
    if isinstance(value, list):
        return value
    return [value] if alone else []
