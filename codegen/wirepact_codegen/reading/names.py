"""The names of the types of one service, and what its messages are called.

A type is named after the place where it stands, however it is reached: `components/schemas/Order`, and below it
`properties/lines/items` as `OrderLinesItem`; or after the `x-name` there. Names that several want are settled when
everything is read; the service is read anew then, if any of them is not what it was taken for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal, TypeAlias

from wirepact_codegen.errors import Findings
from wirepact_codegen.naming import ClassName, UnnameableError, spelled, words
from wirepact_codegen.python_names import model_name
from wirepact_codegen.settling import Claim, numbered, settled
from wirepact_codegen.source import Document, Node, Pointer
from wirepact_codegen.vocabulary import chosen_name

Origin: TypeAlias = tuple[str, Pointer]

_NAMING = frozenset({"$defs", "definitions", "messages", "schemas"})
"""Mappings of schemas and messages by their names."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was settled: the names of types and of messages, by where they stand."""

    types: dict[Origin, str] = field(default_factory=dict)
    messages: dict[Origin, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Type:
    """A type that wants a name: `base` is what it is named after, `below` the way from there."""

    kind: Literal["message", "query", "schema"]
    node: Node
    base: Node
    text: str
    below: str = ""

    @property
    def wanted(self) -> str:
        """The name that it would like best."""
        return _type_name(f"{self.text} {self.below}")

    @property
    def is_chosen(self) -> bool:
        """Whether its name was chosen by whoever wrote the document."""
        return not self.below and bool(chosen_name(self.base))


class TypeNames:
    """Gives each schema and message its name, and finds those that would get the same one."""

    def __init__(self, document: Document, findings: Findings, decided: Decisions | None = None) -> None:
        self._document = document
        self._findings = findings
        self._decided = decided or Decisions()
        self._types: dict[Origin, _Type] = {}
        self._called: dict[Origin, str] = {}
        self._owners: dict[str, Origin] = {}
        self._payloads: dict[Origin, Origin] = {}
        self._beside: dict[Origin, set[Origin]] = {}

    def message(self, node: Node) -> str:
        """The name of a message's type."""
        return self._claim(_Type("message", node, node, _text(node)))

    def query(self, node: Node, text: str) -> str:
        """The name of the type that query parameters or headers form, after *text*."""
        return self._claim(_Type("query", node, node, chosen_name(node) or text))

    def schema(self, node: Node) -> str:
        """The name of a schema's type."""
        if node.origin in self._types:
            return self._called[node.origin]
        base, below = self._way(node)
        known = self._types.get(base.origin)
        text = known.text if known is not None and not known.below else _text(base)
        return self._claim(_Type("schema", node, base, text, below))

    def label(self, node: Node) -> str:
        """What a message is called in the service: its key, unless another message has the same."""
        return self._decided.messages.get(node.origin, node.key)

    def stem(self, node: Node, type_name: str) -> str:
        """What the names that a message gives in the code are made of, if that is not its key."""
        return chosen_name(node) or (
            "" if words(node.key) and type_name == ClassName(node.key) else type_name
        )

    def are_beside(self, messages: Sequence[Node]) -> None:
        """Note that these are the messages of one channel, and so have names of their own."""
        for each in messages:
            others = {other.origin for other in messages if other.key == each.key}
            self._beside.setdefault(each.origin, set()).update(others - {each.origin})

    def is_payload(self, message: Node, schema: Node) -> None:
        """Note that *message* is *schema*, no more and no less: if both have one name, they are one type."""
        self._payloads[message.origin] = schema.origin

    def settle(self) -> Decisions:
        """What everything is called, whatever it was taken for so far."""
        twins = dict(self._twins())
        alone = [each for origin, each in self._types.items() if origin not in twins]
        declared = settled((self._wish(each, each.text) for each in alone if not each.below), forms=_forms)
        inline = settled(
            (self._wish(each, self._base(each, declared)) for each in alone if each.below),
            taken=declared.values(),
            forms=_forms,
        )
        types = declared | inline
        return Decisions(types | {one: types[other] for one, other in twins.items()}, settled(self._labels()))

    def were(self, decided: Decisions) -> bool:
        """Whether everything was called what it is called now."""
        return self._called == decided.types and all(
            name == self._types[origin].node.key for origin, name in decided.messages.items()
        )

    def report(self, decided: Decisions, *, ours: bool) -> None:
        """A finding for each type that has not the name to be expected."""
        owners = {name: self._types[origin] for origin, name in reversed(decided.types.items())}
        renamed = {origin for origin, name in decided.types.items() if name != self._types[origin].wanted}
        for origin, each in self._types.items():
            name = decided.types[origin]
            if not words(each.text):
                self._report_unnameable(each, name, ours=ours)
            elif origin in renamed and not (each.base.origin != origin and each.base.origin in renamed):
                rivals = [it for it in self._types.values() if it is not each and _shares(it, each)]
                first = min(rivals, key=lambda it: it.node.key_place, default=None)
                other = owners.get(each.wanted, first)
                if other is not None and not (ours and _is_told(other, each, renamed)):
                    self._report_twice(each, other, name, ours=ours)

    def _report_unnameable(self, each: _Type, name: str, *, ours: bool) -> None:
        if each.base.origin != each.node.origin:
            return
        sentence = f'"{each.text}" has no letter or digit that a type could be named after'
        place = each.node.key_place
        if ours:
            self._findings.add("WP602", place, sentence, 'give it an "x-name"')
        else:
            self._findings.warn("WP602", place, f'{sentence}: it is called "{name}" here', _CHOOSE)

    def _report_twice(self, each: _Type, other: _Type, name: str, *, ours: bool) -> None:
        place = each.node.key_place
        sentence = f'type name "{each.wanted}" is already taken at {other.node.key_place}'
        if ours:
            self._findings.add("WP601", place, sentence, 'rename one of the two, or give one an "x-name"')
        else:
            self._findings.warn("WP601", place, f'{sentence}: it is called "{name}" here', _CHOOSE)

    def _claim(self, type_: _Type) -> str:
        origin = type_.node.origin
        if origin in self._called:
            return self._called[origin]
        self._types[origin] = type_
        name = self._decided.types.get(origin) or type_.wanted
        owner = self._owners.setdefault(name, origin)
        if owner != origin and origin not in self._decided.types and not self._are_one(owner, origin):
            name = _type_name(numbered(name, repr(origin), " ")[-1])
        self._called[origin] = name
        return name

    def _are_one(self, one: Origin, other: Origin) -> bool:
        return self._payloads.get(one) == other or self._payloads.get(other) == one

    def _twins(self) -> Iterator[tuple[Origin, Origin]]:
        """Each schema that is the payload of a message of its name, with that message."""
        whose: dict[Origin, list[Origin]] = {}
        for message, schema in self._payloads.items():
            if schema in self._types and self._types[schema].wanted == self._types[message].wanted:
                whose.setdefault(schema, []).append(message)
        return ((schema, messages[0]) for schema, messages in whose.items() if len(messages) == 1)

    def _wish(self, each: _Type, base: str) -> Claim[Origin]:
        """What something could be called, best first, and who goes before whom."""
        text = f"{base} {each.below}".rstrip() if each.below else each.text
        is_elsewhere = each.node.document is not self._document
        qualified = [f"{each.node.document.root.key} {text}"] if is_elsewhere else []
        if each.kind == "message" and (channel := _channel(each.node)):
            qualified.append(f"{channel} {text}")
        kind = "payload" if each.node.key == "payload" else each.kind
        texts = [
            text,
            *qualified,
            f"{text} {kind}",
            spelled(text),
            *numbered(text, self._where(each.node), " "),
        ]
        importance = {"message": 4, "query": 2, "schema": 0}[each.kind] + (not is_elsewhere)
        exact = each.wanted == each.text
        rank = 100 * each.is_chosen + 4 * importance + 2 * (each.node.pointer[:1] == ("components",)) + exact
        return Claim(each.node.origin, [_type_name(it) for it in texts], rank)

    def _base(self, each: _Type, declared: dict[Origin, str]) -> str:
        """What the name of something inline begins with."""
        return declared.get(each.base.origin, each.text)

    def _where(self, node: Node) -> str:
        """Where something stands, from wherever it is looked at."""
        name = PurePosixPath(node.document.file).name
        return f"{name}#{'/'.join(map(str, node.pointer))}"

    def _labels(self) -> Iterable[Claim[Origin]]:
        """What messages want to be called that would have the same name in some channel."""
        for origin, each in self._types.items():
            if each.kind == "message" and self._beside.get(origin):
                node, chosen = each.node, chosen_name(each.node)
                whose = _channel(node) or node.document.root.key
                others = [chosen] if chosen else []
                others += [f"{whose}.{node.key}", *numbered(node.key, self._where(node), ".")]
                rank = (not chosen) + 2 * (node.pointer[:1] == ("components",))
                yield Claim(origin, [node.key, *others], rank)

    def _way(self, node: Node) -> tuple[Node, str]:
        """What a schema is named after, and the words that lead from there to it."""
        steps, below = list(node.pointer), list[str]()
        while steps:
            here = node.document.root.at(tuple(steps))
            if here.origin in self._types and not self._types[here.origin].below:
                return here, " ".join(below)
            last, before = steps[-1], steps[-2] if len(steps) > 1 else ""
            if (taken := _step(here, last, before)) is not None:
                count, word = taken
                below[:0] = [word] if word else []
                del steps[-count:]
            elif (
                last == "payload"
                or _is_formatted(node, steps)
                or (before not in _NAMING and not words(str(last)))
            ):
                steps.pop()
            else:
                return here, " ".join(below)
        return node.document.root, " ".join(below)


_CHOOSE = 'choose another with "x-name"'


def _step(here: Node, last: str | int, before: str | int) -> tuple[int, str] | None:  # noqa: PLR0911 - one a keyword
    """How many steps lead to *here* from the schema around it, and what they are called; nothing if there is none."""
    match before, last:
        case ("properties", _):
            return 2, chosen_name(here) or (str(last) if words(str(last)) else spelled(str(last)))
        case (("items" | "prefixItems"), int()):
            return 2, f"item {last}"
        case (("anyOf" | "oneOf"), int()):
            return 2, here.text("title") or str(last)
        case ("allOf", int()):
            return 2, ""
        case (_, "items") if before not in _NAMING:
            return 1, "item"
        case (_, "additionalProperties") if before not in _NAMING:
            return 1, "value"
    return None


def _is_formatted(node: Node, steps: Sequence[str | int]) -> bool:
    """Whether at *steps* is the schema beside a `schemaFormat`, which is called as both are."""
    return steps[-1] == "schema" and "schemaFormat" in node.document.root.at(tuple(steps[:-1]))


def _text(node: Node) -> str:
    """What something is named after: the name that was chosen, or its key."""
    return chosen_name(node) or node.key


def _channel(node: Node) -> str:
    """The channel that a message is defined in, if it is in one."""
    match node.pointer:
        case (*_, "channels", str(channel), "messages", _):
            return channel
    return ""


def _shares(one: _Type, other: _Type) -> bool:
    return not {*_forms(one.wanted)}.isdisjoint(_forms(other.wanted))


def _is_told(other: _Type, each: _Type, renamed: set[Origin]) -> bool:
    """Whether the two are told of already, where neither gets the name that both want."""
    return other.node.origin in renamed and each.node.key_place < other.node.key_place


def _type_name(text: str) -> str:
    try:
        return str(ClassName(text))
    except UnnameableError:
        return str(ClassName(spelled(text)))


def _forms(name: str) -> set[str]:
    """The names that a type takes: that of its model in Python is another where a module has that one already."""
    return {name, model_name(name)}
