"""Room in the types of what a client hears for values that a newer server has: one more status, one more variant.

A document lists what there is when it is written. Where a client hears one of several texts or numbers, or one of several
objects that a constant tells apart, its type takes in one more member that equals none of those that are listed. What is
only said keeps to the list. So does what the runtime tells messages apart by: it never delivers a value that is not listed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from wirepact_codegen.model import Channel, Message, MessageSet, Service
from wirepact_codegen.subschemas import reached
from wirepact_codegen.targets.typescript_types import (
    INDEX,
    UNKNOWN,
    ArrayOf,
    Field,
    Intersection,
    ObjectOf,
    Reference,
    TupleOf,
    Type,
    Union,
    Word,
    kind_of,
    quoted,
    union,
)

_TEXT, _NUMBER = Word("string"), Word("number")
_UNLISTED = {_TEXT: Word("wirepact.Unlisted"), _NUMBER: Word("wirepact.Unlisted<number>")}

_VARIANT = "wirepact.UnlistedVariant<"


def opened(service: Service, types: Mapping[str, Type]) -> dict[str, Type]:
    """The *types* of a module, with room for more in those that a client hears."""
    heard, told = _heard(service), _told_by(service)
    opening = _Opening(types)
    return {
        name: opening.declared(shape, told.get(name, frozenset())) if name in heard else shape
        for name, shape in types.items()
    }


def open_names(types: Mapping[str, Type]) -> frozenset[str]:
    """The names of the types with room for more in them, or in what they are made of."""
    parts = {name: frozenset(_words(shape)) for name, shape in types.items()}
    found = {name for name, words in parts.items() if any(map(_has_room, words))}
    while more := {name for name, words in parts.items() if name not in found and words & found}:
        found |= more
    return frozenset(found)


def _heard(service: Service) -> set[str]:
    """The names of the types of what clients hear, at channels and in answers over HTTP, and of all that is inside."""
    definitions = {each.name: each.schema for each in service.definitions}
    messages = {each.type_name: each for each in _heard_messages(service)}
    inside = (reached(each.schema, definitions) for each in messages.values())
    return {*messages, *(name for names in inside for name in names)}


def _heard_messages(service: Service) -> Iterator[Message]:
    for channel in service.channels:
        yield from channel.sends.messages
    for operation in service.http_operations:
        yield from (each.message for each in operation.replies)
        if operation.error is not None:
            yield operation.error.message


def _told_by(service: Service) -> dict[str, frozenset[str]]:
    """The fields of messages, by the names of their types, by which the runtime tells them apart wherever they are heard."""
    found: dict[str, frozenset[str]] = {}
    for channel in service.channels:
        for message, fields in _fields_of(channel):
            found[message.type_name] = found.get(message.type_name, fields) & fields
    return found


def _fields_of(channel: Channel) -> Iterator[tuple[Message, frozenset[str]]]:
    return ((each, frozenset(_fields_that_tell(each, channel.sends))) for each in channel.sends.messages)


def _fields_that_tell(message: Message, messages: MessageSet) -> Iterator[str]:
    members = [each for each in messages.types if each.message == message]
    if all(each.constants for each in members):
        yield from (path[0] for path in messages.paths if len(path) == 1)
    for sign in members[0].signs:
        if len(sign.path) == 1 and sign.values:
            yield str(sign.path[0])


@dataclass(frozen=True, slots=True)
class _Opening:
    """Makes room, with an eye on what the names in a type stand for."""

    types: Mapping[str, Type]

    def declared(self, shape: Type, kept: frozenset[str]) -> Type:
        """A type with a name, which itself keeps to its list: there is room where the name is used. *kept* are fields without."""
        match shape:
            case ObjectOf(fields):
                return ObjectOf(tuple(self._fields(fields, kept)))
            case ArrayOf(item):
                return ArrayOf(self._place(item))
            case TupleOf(items, _, rest):
                further = None if rest is None else self._place(rest)
                return replace(shape, items=tuple(map(self._place, items)), rest=further)
            case Union(members):
                return Union(tuple(self.declared(each, kept) for each in members))
            case Intersection(members):
                return Intersection(tuple(self.declared(each, kept) for each in members))
            case _:
                return shape

    def _place(self, shape: Type) -> Type:
        """The type of a field or an item."""
        return union([self.declared(shape, frozenset()), *self._room(shape)])

    def _fields(self, fields: Iterable[Field], kept: frozenset[str]) -> Iterator[Field]:
        seen: list[Type] = []
        for each in fields:
            found = self.declared(each.type, kept) if _wire_name(each) in kept else self._place(each.type)
            # An index signature covers the fields with names, which stand before it.
            yield replace(each, type=union([found, *seen]) if each.head == INDEX else found)
            seen.append(found)

    def _room(self, shape: Type) -> Iterator[Type]:
        members = [*self._members(shape)]
        if UNKNOWN in members:
            return
        for kind, room in _UNLISTED.items():
            listed = [each for each in members if isinstance(each, Word) and kind_of(each) == kind != each]
            if len(listed) > 1 and kind not in members:
                yield room
        yield from self._variant([each for each in members if isinstance(each, ObjectOf | Intersection)])

    def _members(self, shape: Type) -> Iterator[Type]:
        """What a type is one of, seen through names."""
        match shape:
            case Union(members):
                for each in members:
                    yield from self._members(each)
            case Reference(name):
                yield from self._members(self.types.get(name, UNKNOWN))
            case _:
                yield shape

    def _variant(self, objects: list[Type]) -> Iterator[Type]:
        """Room beside objects that a constant in a field tells apart: the first such field."""
        constants = [dict(self._constants(each)) for each in objects]
        for head in constants[0] if constants else ():
            values = {each.get(head) for each in constants}
            kinds = {kind_of(each) for each in values if each is not None}
            if len(values) > 1 and None not in values and len(kinds) == 1:
                also = ", number" if kinds == {_NUMBER} else ""
                name = head if head.startswith(('"', "'")) else quoted(head)
                yield Word(f"{_VARIANT}{name}{also}>")
                return

    def _constants(self, shape: Type) -> Iterator[tuple[str, Word]]:
        """The fields of an object that always have one text, or one number, by their heads."""
        match shape:
            case ObjectOf(fields):
                for each in fields:
                    if isinstance(each.type, Word) and kind_of(each.type) in _UNLISTED.keys() - {each.type}:
                        yield each.head, each.type
            case Intersection(members):
                for member in members:
                    yield from self._constants(member)
            case Reference(name):
                yield from self._constants(self.types.get(name, UNKNOWN))


def _wire_name(field: Field) -> str:
    """The name of a field as the document has it. One that is quoted for its signs tells nothing apart in practice."""
    return field.head.removesuffix("?").strip("\"'")


def _words(shape: Type) -> Iterator[str]:
    """All the words and names in a type."""
    match shape:
        case Word(text):
            yield text
        case Reference(name):
            yield name
        case ArrayOf(item):
            yield from _words(item)
        case TupleOf(items, _, rest):
            for each in (*items, *([rest] if rest else [])):
                yield from _words(each)
        case Union(members) | Intersection(members):
            for each in members:
                yield from _words(each)
        case ObjectOf(fields):
            for field in fields:
                yield from _words(field.type)


def _has_room(word: str) -> bool:
    return word.startswith(_VARIANT) or Word(word) in _UNLISTED.values()
