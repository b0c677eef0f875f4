"""JSON Schema, as far as pydantic does not hold it up: whether a value is what a schema says.

Emitted models carry, as data, what their fields can't say (`uniqueItems`, `not`, `dependentRequired`, …). It is looked at
after pydantic has done its part, so this is small rather than fast.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import TypeAlias

from pydantic_core import SchemaValidator, core_schema

from wirepact.texts import FORMATS

Schema: TypeAlias = "Mapping[str, object] | bool"

_Check = Callable[["_Look", Mapping[str, object], object], bool]


def fits(value: object, schema: Schema) -> bool:
    """Whether *value* is what *schema* says; references in it read `#/$defs/<name>`."""
    return _Look(schema).fits(schema, value)


def faults(value: object, schema: Schema) -> Iterator[str]:
    """What of *value* does not fit: the field, if it is not the whole, and the keyword that forbids it."""
    return _Look(schema).faults(schema, value, "")


class _Look:
    """One look at a value, with the definitions that the schema brings along."""

    def __init__(self, schema: Schema) -> None:
        self._definitions = _mapping(schema.get("$defs")) if isinstance(schema, Mapping) else {}

    def fits(self, schema: object, value: object) -> bool:
        """Whether *value* fits a part of the schema."""
        if isinstance(schema, bool):
            return schema
        rules = _mapping(schema)
        return all(check(self, rules, value) for keyword, check in _CHECKS.items() if keyword in rules)

    def faults(self, schema: object, value: object, path: str) -> Iterator[str]:
        """The keywords that *value* does not fit; those of its parts rather than of the whole where they can be told."""
        rules = _mapping(schema)
        for keyword, check in _CHECKS.items():
            if keyword in rules and not check(self, rules, value):
                inner = list(self._inner(keyword, rules, value, path))
                yield from inner or [f"{path or 'it'} does not fit {keyword!r}"]
        if schema is False:
            yield f"{path or 'it'} must not be there"

    def target(self, reference: object) -> object:
        """What a reference means."""
        return self._definitions[str(reference).removeprefix("#/$defs/")]

    def _inner(self, keyword: str, rules: Mapping[str, object], value: object, path: str) -> Iterator[str]:
        if keyword == "$ref":
            yield from self.faults(self.target(rules["$ref"]), value, path)
        elif keyword == "properties" and isinstance(value, dict):
            for name, part in _mapping(rules["properties"]).items():
                if name in value:
                    yield from self.faults(part, value[name], f"{path}.{name}" if path else name)
        elif keyword == "items" and isinstance(value, list):
            for index, item in enumerate(value):
                yield from self.faults(rules["items"], item, f"{path}[{index}]")


def _ref(look: _Look, rules: Mapping[str, object], value: object) -> bool:
    return look.fits(look.target(rules["$ref"]), value)


def _type(_: _Look, rules: Mapping[str, object], value: object) -> bool:
    said = rules["type"]
    return any(_is(value, str(each)) for each in (said if isinstance(said, list) else [said]))


def _const(_: _Look, rules: Mapping[str, object], value: object) -> bool:
    return _identity(value) == _identity(rules["const"])


def _enum(_: _Look, rules: Mapping[str, object], value: object) -> bool:
    return _identity(value) in map(_identity, _list(rules["enum"]))


def _all_of(look: _Look, rules: Mapping[str, object], value: object) -> bool:
    return all(look.fits(each, value) for each in _list(rules["allOf"]))


def _any_of(look: _Look, rules: Mapping[str, object], value: object) -> bool:
    return any(look.fits(each, value) for each in _list(rules["anyOf"]))


def _one_of(look: _Look, rules: Mapping[str, object], value: object) -> bool:
    return sum(look.fits(each, value) for each in _list(rules["oneOf"])) == 1


def _not(look: _Look, rules: Mapping[str, object], value: object) -> bool:
    return not look.fits(rules["not"], value)


def _if(look: _Look, rules: Mapping[str, object], value: object) -> bool:
    return look.fits(rules.get("then" if look.fits(rules["if"], value) else "else", True), value)


def _properties(look: _Look, rules: Mapping[str, object], value: object) -> bool:
    parts = _mapping(rules["properties"])
    return not isinstance(value, dict) or all(
        look.fits(part, value[name]) for name, part in parts.items() if name in value
    )


def _pattern_properties(look: _Look, rules: Mapping[str, object], value: object) -> bool:
    parts = _mapping(rules["patternProperties"])
    return not isinstance(value, dict) or all(
        look.fits(part, each)
        for pattern, part in parts.items()
        for name, each in value.items()
        if matches(pattern, name)
    )


def _additional_properties(look: _Look, rules: Mapping[str, object], value: object) -> bool:
    if not isinstance(value, dict):
        return True
    named, patterns = _mapping(rules.get("properties")), _mapping(rules.get("patternProperties"))
    rest = [
        each
        for name, each in value.items()
        if name not in named and not any(matches(pattern, name) for pattern in patterns)
    ]
    return all(look.fits(rules["additionalProperties"], each) for each in rest)


def _property_names(look: _Look, rules: Mapping[str, object], value: object) -> bool:
    return not isinstance(value, dict) or all(look.fits(rules["propertyNames"], name) for name in value)


def _required(_: _Look, rules: Mapping[str, object], value: object) -> bool:
    return not isinstance(value, dict) or all(name in value for name in _list(rules["required"]))


def _dependent_required(_: _Look, rules: Mapping[str, object], value: object) -> bool:
    return not isinstance(value, dict) or all(
        needed in value
        for name, others in _mapping(rules["dependentRequired"]).items()
        if name in value
        for needed in _list(others)
    )


def _dependent_schemas(look: _Look, rules: Mapping[str, object], value: object) -> bool:
    return not isinstance(value, dict) or all(
        look.fits(part, value) for name, part in _mapping(rules["dependentSchemas"]).items() if name in value
    )


def _items(look: _Look, rules: Mapping[str, object], value: object) -> bool:
    before = len(_list(rules.get("prefixItems")))
    return not isinstance(value, list) or all(look.fits(rules["items"], each) for each in value[before:])


def _prefix_items(look: _Look, rules: Mapping[str, object], value: object) -> bool:
    return not isinstance(value, list) or all(
        look.fits(part, each) for part, each in zip(_list(rules["prefixItems"]), value, strict=False)
    )


def _contains(look: _Look, rules: Mapping[str, object], value: object) -> bool:
    if not isinstance(value, list):
        return True
    found = sum(look.fits(rules["contains"], each) for each in value)
    least, most = rules.get("minContains", 1), rules.get("maxContains", len(value))
    return _number(least) <= found <= _number(most)


def _unique_items(_: _Look, rules: Mapping[str, object], value: object) -> bool:
    if not isinstance(value, list) or not rules["uniqueItems"]:
        return True
    return len({*map(_identity, value)}) == len(value)


def _multiple_of(_: _Look, rules: Mapping[str, object], value: object) -> bool:
    step = Fraction(str(rules["multipleOf"]))
    return not _is(value, "number") or Fraction(str(value)) % step == 0


def _pattern(_: _Look, rules: Mapping[str, object], value: object) -> bool:
    return not isinstance(value, str) or matches(str(rules["pattern"]), value)


def _format(_: _Look, rules: Mapping[str, object], value: object) -> bool:
    known = FORMATS.get(str(rules["format"]))
    return not isinstance(value, str) or known is None or known(value)


def _size(
    keyword: str, kind: type[str] | type[list[object]] | type[dict[str, object]], *, most: bool
) -> _Check:
    def check(_: _Look, rules: Mapping[str, object], value: object) -> bool:
        bound = _number(rules[keyword])
        if not isinstance(value, kind):
            return True
        return len(value) <= bound if most else len(value) >= bound

    return check


def _bound(keyword: str, holds: Callable[[float, float], bool]) -> _Check:
    def check(_: _Look, rules: Mapping[str, object], value: object) -> bool:
        return not _is(value, "number") or holds(_number(value), _number(rules[keyword]))

    return check


_CHECKS: Mapping[str, _Check] = {
    "$ref": _ref,
    "type": _type,
    "const": _const,
    "enum": _enum,
    "properties": _properties,
    "required": _required,
    "items": _items,
    "prefixItems": _prefix_items,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "propertyNames": _property_names,
    "dependentRequired": _dependent_required,
    "dependentSchemas": _dependent_schemas,
    "contains": _contains,
    "uniqueItems": _unique_items,
    "multipleOf": _multiple_of,
    "pattern": _pattern,
    "format": _format,
    "minLength": _size("minLength", str, most=False),
    "maxLength": _size("maxLength", str, most=True),
    "minItems": _size("minItems", list, most=False),
    "maxItems": _size("maxItems", list, most=True),
    "minProperties": _size("minProperties", dict, most=False),
    "maxProperties": _size("maxProperties", dict, most=True),
    "minimum": _bound("minimum", lambda value, bound: value >= bound),
    "maximum": _bound("maximum", lambda value, bound: value <= bound),
    "exclusiveMinimum": _bound("exclusiveMinimum", lambda value, bound: value > bound),
    "exclusiveMaximum": _bound("exclusiveMaximum", lambda value, bound: value < bound),
}
"""Every keyword that constrains, in the order in which faults are told."""


def matches(pattern: str, text: str) -> bool:
    """Whether *pattern*, as ECMA-262 reads it, on which JSON Schema relies, is found in *text*."""
    return _searched(pattern)(text)


@cache
def _searched(pattern: str) -> Callable[[str], bool]:
    r"""What looks for *pattern*: Python, or pydantic where Python can't read it (`\p{Lu}`)."""
    try:
        compiled = re.compile(_for_python(pattern))
    except re.error:
        return SchemaValidator(core_schema.str_schema(pattern=pattern)).isinstance_python
    return lambda text: compiled.search(text) is not None


def _for_python(pattern: str) -> str:
    r"""*pattern* as Python writes it: `\d` and `\w` are ASCII, `$` is the very end."""
    text, in_class = "", False
    for part in _PARTS.findall(pattern):
        if not in_class and part == "$":
            text += r"\Z"
        elif part in _ASCII:
            text += _ASCII[part] if in_class else f"[{_ASCII[part]}]"
        elif in_class and part in _SET_SIGNS:
            text += f"\\{part}"
        else:
            text += part
        in_class = part == "[" or (in_class and part != "]")
    return text


_PARTS = re.compile(r"\\.|.", re.DOTALL)
_ASCII = {r"\d": "0-9", r"\w": "A-Za-z0-9_"}
_SET_SIGNS = frozenset("[&|~")
"""What Python means to calculate with sets by one day, and warns of."""


def _is(value: object, kind: str) -> bool:
    match kind:
        case "integer":
            return (isinstance(value, int) and not isinstance(value, bool)) or (
                isinstance(value, float) and value.is_integer()
            )
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "null":
            return value is None
    return isinstance(value, _TYPES[kind])


_TYPES: Mapping[str, type] = {"string": str, "boolean": bool, "object": dict, "array": list}


def _identity(value: object) -> object:
    """What makes two JSON values the same: `1` is `1.0`, neither is `true`, and keys have no order."""
    if isinstance(value, list | tuple):
        return "array", tuple(map(_identity, value))
    if isinstance(value, Mapping):
        return "object", frozenset((key, _identity(each)) for key, each in value.items())
    return isinstance(value, bool), value


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else []


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0
