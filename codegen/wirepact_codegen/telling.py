"""The proof that every frame is at most one message.

Messages of one direction are told apart by constants: fields that each of them requires and gives values that
no other has. One field is enough (`type`), or several together (`topic` and `type`), or one inside another
(`data.kind`). Where that is not enough, structure decides: any two messages differ in the kind of some value, in
whether it is there, or in its constants. What every frame of a message shows in those places are its signs, and
the proof is that no frame can show the signs of two.

Where there is no proof, the document is refused, with a frame that fits two messages if there is one; or, if its
reader allows that, a frame is the first message that it fits.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, product

from wirepact_codegen.model import (
    Definition,
    Json,
    Message,
    MessageSet,
    MessageType,
    Path,
    Scalar,
    Schema,
    Sign,
    Steps,
)
from wirepact_codegen.outlines import OPEN, Outline, Outliner, are_apart, identity, limits_are_apart

_MOST_FIELDS = 3
"""How many fields together may tell messages apart."""

_DEEPEST = 4
"""How far inside a message a constant is looked for."""

AMBIGUOUS = "It was not proven that these messages can be told apart: a frame is the first that it fits, in this order."
"""What is said wherever a direction without a proof is shown."""

Constants = Mapping[Path, tuple[Scalar, ...]]
"""The values that a message allows at each field that it requires and that has only few."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two messages for which there is no proof."""

    one: Message
    other: Message


def tell_apart(messages: Sequence[Message], definitions: Iterable[Definition]) -> MessageSet | Overlap:
    """What tells *messages* apart, or two of them for which there is no proof."""
    if overlap := _same_frames(messages):
        return overlap
    told = _told([each for each in messages if each.encoding == "json"], definitions)
    if isinstance(told, Overlap):
        return told
    return MessageSet(told.paths, (*told.types, *_as_they_are(messages)))


def _same_frames(messages: Sequence[Message]) -> Overlap | None:
    """Two messages of one kind of frames of which one is no JSON: any such frame is that one."""
    for one, other in combinations(messages, 2):
        if (one.encoding == "binary") == (other.encoding == "binary") and {"json"} != {
            one.encoding,
            other.encoding,
        }:
            return Overlap(one, other)
    return None


def _as_they_are(messages: Iterable[Message]) -> Iterator[MessageType]:
    return (MessageType(each) for each in messages if each.encoding != "json")


def _told(messages: Sequence[Message], definitions: Iterable[Definition]) -> MessageSet | Overlap:
    by_name = {each.name: each.schema for each in definitions}
    if all(each.schema.get("type") == "object" for each in messages):
        constants = {each: dict(constants_of(each.schema, by_name)) for each in messages}
        paths = _telling_paths(list(constants.values()))
        if paths is not None:
            return MessageSet(paths, tuple(_types(constants, paths)))
    return _told_by_signs(_outlined(messages, by_name))


def in_order(messages: Sequence[Message], definitions: Iterable[Definition]) -> MessageSet:
    """*messages* without a proof: a frame is the first of them that it fits. All that an outline says is a sign.

    What is no JSON comes last, since any frame fits it.
    """
    read = [each for each in messages if each.encoding == "json"]
    outlined = _outlined(read, {each.name: each.schema for each in definitions})
    types = [
        MessageType(message, signs=tuple(_all_signs(outline)))
        for message, outlines in outlined.items()
        for outline in outlines
    ]
    return MessageSet((), (*types, *_as_they_are(messages)), ambiguous=True)


def constants_of(
    schema: Schema, definitions: Mapping[str, Schema], path: Path = ()
) -> Iterator[tuple[Path, tuple[Scalar, ...]]]:
    """The constants of every frame that fits *schema*, the shallow ones first."""
    deeper = []
    for name, part in _required(schema, definitions):
        values = [part["const"]] if "const" in part else part.get("enum")
        if isinstance(values, list):
            if not any(isinstance(each, list | dict) for each in values):
                yield (*path, name), tuple(map(_scalar, values))
        elif part.get("type") == "object" and len(path) < _DEEPEST:
            deeper.append((name, part))
    for name, part in deeper:
        yield from constants_of(part, definitions, (*path, name))


def exclude_each_other(one: Outline, other: Outline) -> bool:
    """Whether no value has both outlines, by their limits too, which nobody compares at run time."""
    return _parting(one, other, (), limits_are_apart) is not None


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
    return not {*map(identity, one)} & {*map(identity, other)}


def _types(constants: Mapping[Message, Constants], paths: Sequence[Path]) -> Iterator[MessageType]:
    for message, values in constants.items():
        for combination in product(*(values[path] for path in paths)):
            yield MessageType(message, combination)


def _scalar(value: Json) -> Scalar:
    """A constant as it is written on the wire: `1.0` of a document is `1` there (docs/decisions/0009-strictness.md)."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if isinstance(value, list | dict) else value


def _outlined(messages: Sequence[Message], definitions: Mapping[str, Schema]) -> dict[Message, list[Outline]]:
    outliner = Outliner(definitions)
    return {each: outliner.alternatives(each.schema) for each in messages}


def _told_by_signs(outlined: Mapping[Message, Sequence[Outline]]) -> MessageSet | Overlap:
    """The places in which any two messages differ, as signs of both."""
    members = [(message, outline) for message, found in outlined.items() for outline in found]
    places: list[dict[Steps, None]] = [{} for _ in members]
    used: dict[Steps, None] = {}
    for (index, (one, first)), (other_index, (other, second)) in combinations(enumerate(members), 2):
        if one is other:
            continue
        path = _parting(first, second, used)
        if path is None:
            return Overlap(one, other)
        used[path] = places[index][path] = places[other_index][path] = None
    return MessageSet((), tuple(_signed(*each) for each in zip(members, places, strict=True)))


def _signed(member: tuple[Message, Outline], places: Iterable[Steps]) -> MessageType:
    """A member with its signs; one that nothing had to be told from says at least of what kind it is."""
    message, outline = member
    return MessageType(message, signs=tuple(outline.sign(each) for each in places or [()]))


def _parting(
    one: Outline,
    other: Outline,
    known: Iterable[Steps],
    apart: Callable[[Outline, Outline], bool] = are_apart,
) -> Steps | None:
    """The way to a value which can't be what both say: one of those that are *known*, or the shortest."""
    for path in known:
        if apart(*(reduce(Outline.at, path, each) for each in (one, other))):
            return path
    waiting: deque[tuple[Steps, Outline, Outline]] = deque([((), one, other)])
    while waiting:
        path, first, second = waiting.popleft()
        if apart(first, second):
            return path
        if "absent" not in first.kinds & second.kinds:
            steps = dict.fromkeys((*first.steps(), *second.steps()))
            waiting.extend(((*path, step), first.at(step), second.at(step)) for step in steps)
    return None


def _all_signs(outline: Outline) -> Iterator[Sign]:
    """Everything that an outline says by name, from the outside in."""
    waiting: deque[tuple[Steps, Outline]] = deque([((), outline)])
    while waiting:
        path, here = waiting.popleft()
        if here.kinds != OPEN.kinds:
            yield Sign(path, tuple(sorted(here.kinds)), here.values)
        waiting.extend(((*path, step), here.at(step)) for step in here.steps())
