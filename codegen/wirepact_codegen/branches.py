"""Whether no value is two of the branches of a schema."""

from collections.abc import Mapping

from wirepact_codegen.model import Json, Schema
from wirepact_codegen.telling import are_disjoint, constants_of, resolved


def are_apart(one: Json, other: Json, definitions: Mapping[str, Schema]) -> bool:
    """Whether no value fits both schemas, as far as types and constants show it."""
    first, second = (resolved(each, definitions) for each in (one, other))
    types = [each.get("type") for each in (first, second)]
    if all(isinstance(each, str) for each in types) and types[0] != types[1]:
        return set(types) != {"integer", "number"}
    return are_disjoint(*(dict(constants_of(each, definitions)) for each in (first, second)))
