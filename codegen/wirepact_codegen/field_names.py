"""What the fields of emitted models are called.

`sentAt` gives `sent_at`. Where two properties of one object would give the same, those that can be a field as they stand
on the wire keep that spelling (`q` and `Q`), the others are spelled out (`event_hyphen_type` beside `event_type`).
"""

from collections.abc import Iterable, Mapping
from functools import cache

from wirepact_codegen.model import Json
from wirepact_codegen.naming import FieldName, UnnameableError, spelled
from wirepact_codegen.settling import Claim, numbered, settled

IMPORTED = frozenset(
    {
        "Annotated",
        "Any",
        "BaseModel",
        "BinaryMessage",
        "ClassVar",
        "ConfigDict",
        "Constrained",
        "ConstrainedValue",
        "Dict",
        "Field",
        "Literal",
        "MISSING",
        "Message",
        "NotBoolean",
        "RootModel",
        "TypeAliasType",
        "Union",
        "ValueMessage",
        "filled_with",
    }
)
"""What the module of the models may import, so that neither a class nor a field can have that name."""

FORMATS = frozenset(
    {
        "Date",
        "DateTime",
        "Duration",
        "Email",
        "Hostname",
        "IPv4",
        "IPv6",
        "LocalDateTime",
        "Time",
        "Uri",
        "UriReference",
        "Uuid",
    }
)
"""The types of formats, which the module may import too. They make room for a class of the same name."""


def field_names(properties: Mapping[str, Json], classes: Iterable[str]) -> dict[str, str]:
    """The field of each property, by its name on the wire; *classes* are the names of the models beside it."""
    taken = IMPORTED | FORMATS | {*classes}
    wanted = {wire: wanted_field(wire, part, taken) for wire, part in properties.items()}
    if len({*wanted.values()}) == len(wanted):
        return wanted
    claims = [
        Claim(wire, [name, *_others(wire, properties[wire], taken)], _rank(wire, name, properties[wire]))
        for wire, name in wanted.items()
    ]
    given = settled(claims, taken)
    return {wire: given[wire] for wire in wanted}


def wanted_field(wire: str, schema: Json, taken: frozenset[str] = frozenset()) -> str:
    """What a property's field is called if nothing else wants to be called that."""
    name = _field(_said(schema) or wire)
    return f"{name}_" if name in taken else name


def _others(wire: str, schema: Json, taken: frozenset[str]) -> list[str]:
    """What a field is called if another one is called what it would like to be."""
    if _said(schema):
        return numbered(_field(_said(schema)), wire)
    as_it_is = [wire] if FieldName.can_be(wire) and wire not in taken else []
    return [*as_it_is, _field(spelled(wire)), *numbered(_field(wire).rstrip("_"), wire)]


def _rank(wire: str, name: str, schema: Json) -> int:
    """A name that was chosen goes before one that stands on the wire, and that before one that is made."""
    return 2 if _said(schema) else int(wire == name)


@cache
def _field(text: str) -> str:
    try:
        return str(FieldName(text))
    except UnnameableError:
        return str(FieldName(spelled(text)))


def _said(schema: Json) -> str:
    """The name that the document chooses for a property (`x-name`)."""
    said = schema.get("x-name") if isinstance(schema, dict) else None
    return said if isinstance(said, str) else ""
