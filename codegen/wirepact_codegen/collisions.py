"""Names that are different in the document and would be the same in the code.

In a document of ours, both places are named and one of the two is to be renamed, or to be given an `x-name`. In a
stranger's document one of them gets another name, by a rule that does not look at the order in which they stand: who
comes second would change places with who comes first when the document is reordered, and nobody would notice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TypeAlias, TypeVar

from wirepact_codegen import python_names as python
from wirepact_codegen.errors import Findings, Place
from wirepact_codegen.field_names import FORMATS, IMPORTED, field_names, wanted_field
from wirepact_codegen.model import (
    Channel,
    Group,
    HttpOperation,
    Json,
    Message,
    Parameter,
    ReceiveOperation,
    SendOperation,
    Server,
    ServerVariable,
    Service,
)
from wirepact_codegen.naming import ClassName, PythonName, TypeScriptName, spelled, stem
from wirepact_codegen.settling import Claim, numbered, settled

_Role: TypeAlias = Channel | Parameter | Group | ReceiveOperation | SendOperation | HttpOperation
"""What has names of several kinds of things beside it."""

_Thing: TypeAlias = _Role | Server | ServerVariable
_ThingT = TypeVar(
    "_ThingT",
    Channel,
    Parameter,
    Group,
    ReceiveOperation,
    SendOperation,
    HttpOperation,
    Server,
    ServerVariable,
)
_Changes: TypeAlias = Mapping[int, Mapping[str, object]]
"""What is to be said otherwise of things, by their identity."""


def without_collisions(service: Service, findings: Findings, *, ours: bool) -> Service:
    """*service* with a name of its own for everything, and a finding for each that is not the one to be expected."""
    report = _Report(findings, ours)
    service = _rebuilt(service, _stems(service, report))
    service = _rebuilt(service, _names(service, report))
    models = [(each.type_name, each.schema, each.place) for each in service.messages]
    known = {name for name, _, _ in models}
    models += [(each.name, each.schema, each.place) for each in service.definitions if each.name not in known]
    classes = [python.model_name(name) for name, _, _ in models]
    for name, schema, place in models:
        report.tell("field", list(_fields(name, schema, place, classes)))
    return service


@dataclass(frozen=True, slots=True)
class _Called:
    """Something in the words of the document, the name that it would like best, and the one that it gets."""

    said: str
    place: Place
    wanted: str
    name: str
    forms: frozenset[str]

    @property
    def has_its_own(self) -> bool:
        """Whether it is called what it wants to be."""
        return self.name == self.wanted


@dataclass(frozen=True, slots=True)
class _Report:
    """Says what came of each name that several things want."""

    findings: Findings
    ours: bool

    def tell(self, what: str, called: Sequence[_Called]) -> None:
        """Everything that does not get the name it wants, and who wants it too."""
        for each in called:
            if not each.has_its_own:
                rivals = [other for other in called if other is not each and other.forms & each.forms]
                first = min(rivals, key=lambda it: (not it.has_its_own, it.place, it.said), default=None)
                if not (self.ours and first is not None and _is_told(first, each)):
                    self._tell(what, each, first)

    def _tell(self, what: str, one: _Called, other: _Called | None) -> None:
        there = f" at {other.place}" if other is not None and other.place != one.place else ""
        also = f", and so does {other.said}{there}" if other is not None else ", which is taken"
        sentence = f'{one.said} gives the {what} "{one.wanted}"{also}'
        if self.ours:
            self.findings.add("WP603", one.place, sentence, 'rename one of the two, or give one an "x-name"')
        else:
            choose = 'choose another with "x-name"'
            self.findings.warn("WP603", one.place, f'{sentence}: it is called "{one.name}" here', choose)


def _is_told(other: _Called, each: _Called) -> bool:
    """Whether the two are told of already, where neither gets the name that both want."""
    return not other.has_its_own and (each.place, each.said) < (other.place, other.said)


def _fields(
    type_name: str, schema: Mapping[str, Json], place: Place, classes: Sequence[str]
) -> Iterator[_Called]:
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return
    taken = IMPORTED | FORMATS | {*classes}
    for wire, name in field_names(properties, classes).items():
        wanted = wanted_field(wire, properties[wire], taken)
        yield _Called(f'property "{wire}" of {type_name}', place, wanted, name, frozenset({wanted}))


def _stems(service: Service, report: _Report) -> _Changes:
    """What the names of each thing are made of, told apart from those of its kind in every language."""
    changes: dict[int, Mapping[str, object]] = {}
    for things in _siblings(service):
        claims = {_key(each): Claim(_key(each), _texts(each), _rank(each)) for each in things}
        given = settled(claims.values(), forms=_forms)
        called = [(each, given[_key(each)]) for each in things]
        changes |= {id(each): {"stem": text} for each, text in called if text not in {each.stem, each.name}}
        report.tell("name", [_called(each, text) for each, text in called])
    return changes


def _called(thing: _Thing, text: str) -> _Called:
    wanted, forms = stem(thing), frozenset(_forms(stem(thing)))
    if PythonName(wanted) == PythonName(text):
        return _Called(_said(thing), thing.place, wanted, text, forms)
    return _Called(_said(thing), thing.place, PythonName(wanted), PythonName(text), forms)


def _siblings(service: Service) -> Iterator[Sequence[_Thing]]:
    """Things of one kind that stand beside each other."""
    yield service.channels
    yield [
        *(each for channel in service.channels for each in channel.receive_operations),
        *(each for channel in service.channels for each in channel.send_operations),
        *service.http_operations,
    ]
    for channel in service.channels:
        yield channel.parameters
        yield channel.groups
    for request in service.http_operations:
        yield request.parameters
    yield service.servers
    for server in service.servers:
        yield server.variables


def _key(thing: _Thing) -> tuple[str, Place]:
    """What makes two things one: an operation that is read twice is not told apart from itself."""
    return stem(thing), thing.place


def _texts(thing: _Thing) -> list[str]:
    """What the names of something could be made of, best first."""
    text = stem(thing)
    where = f"{PurePosixPath(thing.place.file).name}#{thing.name}"
    return [text, spelled(text), f"{text} {_kind(thing)}", *numbered(text, where, " ")]


def _rank(thing: _Thing) -> int:
    """A name that was chosen goes before one that is the same in the code, and that before one that is made."""
    return 2 if thing.stem else int(PythonName(stem(thing)) == thing.name)


def _forms(text: str) -> tuple[str, ...]:
    """The spellings that a text has in the code, of which no two things may share any."""
    return f"python {PythonName(text)}", f"typescript {TypeScriptName(text)}", f"class {ClassName(text)}"


@dataclass(frozen=True, slots=True)
class _Wish:
    """A name that something gets in one role: how it is made, of which text, and who goes first."""

    thing: _Role
    role: str
    make: Callable[[str], str]
    text: str
    rank: int

    @property
    def key(self) -> tuple[str, Place, str]:
        """What makes two of them one."""
        return (*_key(self.thing), self.role)

    @property
    def names(self) -> list[str]:
        """What it could be called, best first."""
        return [self.make(each) for each in (self.text, f"{self.text} {_kind(self.thing)}")] + [
            self.make(each) for each in numbered(self.text, self.text, " ")
        ]


def _names(service: Service, report: _Report) -> _Changes:
    """The names of things that get out of the way of things of another kind."""
    changes: dict[int, dict[str, object]] = {}
    for what, wishes in _scopes(service):
        found = {each.key: each for each in wishes}
        if len({each.make(each.text) for each in found.values()}) == len(found):
            continue
        given = settled(Claim(each.key, each.names, each.rank) for each in found.values())
        for each in wishes:
            if (name := given[each.key]) != each.make(each.text):
                known = changes.setdefault(id(each.thing), {"names": {}})
                known["names"] = {**each.thing.names, **_dict(known["names"]), each.role: name}
        report.tell(what, [_granted(each, given[each.key]) for each in found.values()])
    return changes


def _granted(wish: _Wish, name: str) -> _Called:
    wanted = wish.make(wish.text)
    return _Called(_said(wish.thing), wish.thing.place, wanted, name, frozenset({wanted}))


def _dict(value: object) -> dict[str, str]:
    return value if isinstance(value, dict) else {}


def _scopes(service: Service) -> Iterator[tuple[str, list[_Wish]]]:
    """Where things of several kinds have names beside each other."""
    yield "descriptor", list(_descriptors(service))
    yield "method of the handlers", list(_handlers(service))
    for channel in service.channels:
        yield "argument", list(_arguments(channel))
        yield "member of the peer", list(_members(channel))


def _descriptors(service: Service) -> Iterator[_Wish]:
    for channel in service.channels:
        yield _Wish(channel, "descriptor", python.constant, stem(channel), 1)
        for receive in channel.receive_operations:
            for message in receive.messages:
                text = python.of_message(receive, message)
                rank = 2 if len(receive.messages) == 1 else 0
                yield _Wish(receive, f"descriptor {message.type_name}", python.constant, text, rank)
        for send in channel.send_operations:
            yield _Wish(send, "descriptor", python.constant, stem(send), 2)
    for request in service.http_operations:
        yield _Wish(request, "descriptor", python.constant, stem(request), 2)


def _handlers(service: Service) -> Iterator[_Wish]:
    for channel in service.channels:
        yield _Wish(channel, "admit", python.admitting, stem(channel), 1)
        said: list[tuple[ReceiveOperation | SendOperation, Message]]
        for greeting in channel.on_connect:
            if greeting.others:
                yield _Wish(greeting.operation, "method", python.method, stem(greeting.operation), 2)
        said = [(each.operation, each.message) for each in channel.on_connect if not each.others]
        said += [(each, message) for each in channel.receive_operations for message in each.messages]
        for operation, message in said:
            text = python.of_message(operation, message)
            rank = 2 if len(operation.messages) == 1 else 0
            yield _Wish(operation, f"method {message.type_name}", python.method, text, rank)
    for request in service.http_operations:
        yield _Wish(request, "method", python.method, stem(request), 2)


def _arguments(channel: Channel) -> Iterator[_Wish]:
    for each in channel.parameters:
        yield _Wish(each, "argument", python.argument_named, stem(each), 1)
    for group in channel.groups:
        yield _Wish(group, "argument", python.argument_named, stem(group), 0)


def _members(channel: Channel) -> Iterator[_Wish]:
    for each in channel.parameters:
        yield _Wish(each, "member", python.member_named, stem(each), 1)
    for group in channel.groups:
        yield _Wish(group, "join", python.joining, stem(group), 0)
        yield _Wish(group, "leave", python.leaving, stem(group), 0)


def _kind(thing: _Thing) -> str:
    match thing:
        case Channel():
            return "channel"
        case Parameter():
            return "parameter"
        case Group():
            return "group"
        case Server():
            return "server"
        case ServerVariable():
            return "variable"
    return "operation"


def _said(thing: _Thing) -> str:
    return f'{_kind(thing)} "{thing.name}"'


def _rebuilt(service: Service, changes: _Changes) -> Service:
    """*service* with what *changes* says of its things."""
    if not changes:
        return service
    requests = (_changed(each, changes) for each in service.http_operations)
    servers = (_changed(each, changes) for each in service.servers)
    return replace(
        service,
        servers=tuple(
            replace(each, variables=tuple(_changed(it, changes) for it in each.variables)) for each in servers
        ),
        channels=tuple(_channel(each, changes) for each in service.channels),
        http_operations=tuple(
            replace(each, parameters=tuple(_changed(it, changes) for it in each.parameters))
            for each in requests
        ),
    )


def _channel(channel: Channel, changes: _Changes) -> Channel:
    sends = {id(each): _changed(each, changes) for each in channel.send_operations}
    return replace(
        _changed(channel, changes),
        parameters=tuple(_changed(each, changes) for each in channel.parameters),
        groups=tuple(_changed(each, changes) for each in channel.groups),
        receive_operations=tuple(_changed(each, changes) for each in channel.receive_operations),
        send_operations=tuple(sends.values()),
        on_connect=tuple(replace(each, operation=sends[id(each.operation)]) for each in channel.on_connect),
    )


def _changed(thing: _ThingT, changes: _Changes) -> _ThingT:
    return replace(thing, **changes[id(thing)]) if id(thing) in changes else thing  # type: ignore[arg-type]  # fields of ours
