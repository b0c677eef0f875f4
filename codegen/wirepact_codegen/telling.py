"""The proof that every frame is at most one message.

Messages of one direction are told apart by constants: fields that each of them requires and gives values that
no other has. One field is enough (`type`), or several together (`topic` and `type`), or one inside another
(`data.kind`). Where there is no proof, the document is refused, with a frame that fits two messages if there is one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from wirepact_codegen.model import Definition, Json, Message, MessageSet, MessageType, Path, Scalar, Schema

_MOST_FIELDS = 3
"""How many fields together may tell messages apart."""

_DEEPEST = 4
"""How far inside a message a constant is looked for."""

Constants = Mapping[Path, tuple[Scalar, ...]]
"""The values that a message allows at each field that it requires and that has only few."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two messages for which there is no proof."""

    one: Message
    other: Message


@dataclass(frozen=True, slots=True)
class NoCommonField:
    """Any two of the messages differ in some constant, but no field tells all of them apart."""

    messages: tuple[Message, ...]


def tell_apart(
    messages: Sequence[Message], definitions: Iterable[Definition]
) -> MessageSet | Overlap | NoCommonField:
    """The fields and constants that tell *messages* apart, or why there are none."""
    by_name = {each.name: each.schema for each in definitions}
    constants = {each: dict(constants_of(each.schema, by_name)) for each in messages}
    paths = _telling_paths(list(constants.values()))
    if paths is not None:
        return MessageSet(paths, tuple(_types(constants, paths)))
    for one, other in combinations(messages, 2):
        if not are_disjoint(constants[one], constants[other]):
            return Overlap(one, other)
    return NoCommonField(tuple(messages))


def constants_of(
    schema: Schema, definitions: Mapping[str, Schema], path: Path = ()
) -> Iterator[tuple[Path, tuple[Scalar, ...]]]:
    """The constants of every frame that fits *schema*, the shallow ones first."""
    deeper = []
    for name, part in _required(schema, definitions):
        if "const" in part:
            yield (*path, name), (_scalar(part["const"]),)
        elif isinstance(values := part.get("enum"), list):
            yield (*path, name), tuple(map(_scalar, values))
        elif part.get("type") == "object" and len(path) < _DEEPEST:
            deeper.append((name, part))
    for name, part in deeper:
        yield from constants_of(part, definitions, (*path, name))


def are_disjoint(one: Constants, other: Constants) -> bool:
    """Whether some field makes it impossible that a frame fits both."""
    return any(_apart(one[path], other[path]) for path in one if path in other)


def resolved(schema: Json, definitions: Mapping[str, Schema]) -> Schema:
    """*schema*, or what its reference means."""
    while isinstance(schema, dict) and isinstance(reference := schema.get("$ref"), str):
        schema = definitions[reference.removeprefix("#/$defs/")]
    return schema if isinstance(schema, dict) else {}


def _required(schema: Schema, definitions: Mapping[str, Schema]) -> Iterator[tuple[str, Schema]]:
    required, properties = schema.get("required"), schema.get("properties")
    if isinstance(required, list) and isinstance(properties, dict):
        for name, part in properties.items():
            if name in required:
                yield name, resolved(part, definitions)


def _telling_paths(constants: Sequence[Constants]) -> tuple[Path, ...] | None:
    """The fewest, shallowest fields that all messages have and that tell any two of them apart."""
    if not constants:
        return ()
    common = [path for path in constants[0] if all(path in each for each in constants)]
    common.sort(key=len)
    if len(constants) == 1:
        return tuple(common[:1])
    for size in range(1, _MOST_FIELDS + 1):
        for paths in combinations(common, size):
            if all(_tell(paths, one, other) for one, other in combinations(constants, 2)):
                return paths
    return None


def _tell(paths: Iterable[Path], one: Constants, other: Constants) -> bool:
    return any(_apart(one[path], other[path]) for path in paths)


def _apart(one: tuple[Scalar, ...], other: tuple[Scalar, ...]) -> bool:
    return not {*map(_identity, one)} & {*map(_identity, other)}


def _identity(value: Scalar) -> tuple[bool, Scalar]:
    """What makes two JSON values the same: `1` is `1.0`, and neither is `true`."""
    return isinstance(value, bool), value


def _types(constants: Mapping[Message, Constants], paths: Sequence[Path]) -> Iterator[MessageType]:
    for message, values in constants.items():
        for combination in product(*(values[path] for path in paths)):
            yield MessageType(message, combination)


def _scalar(value: Json) -> Scalar:
    return None if isinstance(value, list | dict) else value
