"""Several schemas that hold together (`allOf`, a reference with siblings) as one, as far as one can say the same.

What can't be said in one schema stays under `allOf`, so nothing that was said is lost.
"""

from collections.abc import Iterable, Mapping

from wirepact_codegen.keywords import ANNOTATIONS
from wirepact_codegen.model import Json, Schema

_GROUPS: Mapping[str, tuple[str, ...]] = {
    each: group
    for group in (
        ("if", "then", "else"),
        ("contains", "minContains", "maxContains"),
        ("items", "prefixItems"),
    )
    for each in group
}
"""Keywords that mean something only together."""

_AT_LEAST = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
_AT_MOST = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})


def merged(schemas: Iterable[Schema]) -> Schema:
    """One schema that says what all of *schemas* say. Where annotations differ, the first is right."""
    result: Schema = {}
    left: list[Json] = []
    for schema in map(_open, schemas):
        taken: set[str] = set()
        for keyword, value in schema.items():
            if keyword == "allOf" and isinstance(value, list):
                left += value
            elif keyword not in taken and not _merge(result, keyword, value, schema):
                group = _GROUPS.get(keyword, (keyword,))
                left.append({each: schema[each] for each in group if each in schema})
                taken |= {*group}
    if left:
        result["allOf"] = left
    return result


def _open(schema: Schema) -> Schema:
    """*schema* with what it says about other properties apart, where only its own properties are named."""
    if schema.get("additionalProperties") in (None, True, {}) and "patternProperties" not in schema:
        return schema
    apart: Schema = {
        key: schema[key] for key in ("additionalProperties", "patternProperties") if key in schema
    }
    properties = schema.get("properties")
    if isinstance(properties, dict):
        apart["properties"] = {name: {} for name in properties}
    others = schema.get("allOf")
    kept: Schema = {key: value for key, value in schema.items() if key not in apart or key == "properties"}
    return kept | {"allOf": [*(others if isinstance(others, list) else []), apart]}


def _merge(result: Schema, keyword: str, value: Json, schema: Schema) -> bool:
    """Take a keyword into *result*; whether that was possible."""
    group = _GROUPS.get(keyword, (keyword,))
    if all(each not in result or result[each] == schema.get(each) for each in group):
        result[keyword] = value
        return True
    if keyword in ANNOTATIONS or keyword.startswith("x-"):
        return True
    combined = _combined(keyword, result.get(keyword), value) if len(group) == 1 else None
    if combined is not None:
        result[keyword] = combined
    return combined is not None


def _combined(keyword: str, one: Json, other: Json) -> Json:  # noqa: PLR0911 - one a keyword
    """What both values of a keyword say together; `None` if the keyword can't say it."""
    if isinstance(one, int | float) and isinstance(other, int | float) and not isinstance(one, bool):
        if keyword in _AT_LEAST:
            return max(one, other)
        return min(one, other) if keyword in _AT_MOST else None
    if keyword == "type":
        return _types(_listed(one), _listed(other)) or None
    if isinstance(one, list) and isinstance(other, list):
        return _lists(keyword, one, other)
    if isinstance(one, dict) and isinstance(other, dict) and keyword in {"properties", "dependentRequired"}:
        if keyword == "properties":
            return _properties(one, other)
        return None if one.keys() & other.keys() else one | other
    return None


def _lists(keyword: str, one: list[Json], other: list[Json]) -> Json:
    if keyword == "required":
        return [*one, *(each for each in other if each not in one)]
    if keyword == "enum":
        return [each for each in one if any(type(each) is type(it) and each == it for it in other)] or None
    return None


def _properties(one: dict[str, Json], other: dict[str, Json]) -> Json:
    both = dict(one)
    for name, part in other.items():
        both[name] = _both(both[name], part) if name in both else part
    return both


def _both(one: Json, other: Json) -> Json:
    if other in (one, {}):
        return one
    if one == {}:
        return other
    if isinstance(one, dict) and isinstance(other, dict) and "$ref" not in one and "$ref" not in other:
        return merged((other, one))
    return {"allOf": [one, other]}


def _types(one: list[Json], other: list[Json]) -> Json:
    found = [each for each in one if each in other]
    if "integer" not in found and "integer" in (*one, *other) and {"number"} & {*map(str, (*one, *other))}:
        found += ["integer"]
    return found[0] if len(found) == 1 else found


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
