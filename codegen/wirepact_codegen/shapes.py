"""Shapes: what may stand at a place of a document, and how what must not stand there is told.

A shape checks one value and hands those inside it to the shapes that it is made of. Which shapes an AsyncAPI
document has is `structure.py`'s to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from wirepact_codegen.errors import Findings, did_you_mean
from wirepact_codegen.schema_formats import is_foreign
from wirepact_codegen.source import Node, Pointer, Sources
from wirepact_codegen.vocabulary import check_extensions, set_aside_extensions


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk through a document, which looks at nothing twice."""

    sources: Sources
    findings: Findings
    seen: set[tuple[str, Pointer, str]]
    is_clients_view: bool = False
    is_ours: bool = True
    is_version_2: bool = False

    def inform_once(self, node: Node, sentence: str) -> None:
        """Say what is made of all things of one kind, at the first of them."""
        if ("", (), sentence) not in self.seen:
            self.seen.add(("", (), sentence))
            self.findings.inform("WP105", node.key_place, sentence)


class Kind(Protocol):
    """What may stand at a place."""

    def check(self, node: Node, walk: Walk) -> None:
        """Note what at *node* is not of this kind."""


@dataclass(frozen=True, slots=True)
class Simple:
    """A string, a number, a boolean."""

    type: type
    said: str

    def check(self, node: Node, walk: Walk) -> None:
        """It must be of the type; a boolean is no number."""
        if not isinstance(node.value, self.type) or (isinstance(node.value, bool) and self.type is not bool):
            walk.findings.add("WP101", node.place, f'"{node.key}" must be {self.said}')


TEXT = Simple(str, "a string")
WHOLE = Simple(int, "an integer")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few strings."""

    values: tuple[str, ...]

    def check(self, node: Node, walk: Walk) -> None:
        """It must be one of them."""
        if node.value not in self.values:
            known = " or ".join(f'"{each}"' for each in self.values)
            suggestion = did_you_mean(str(node.value), self.values)
            walk.findings.add("WP101", node.place, f'"{node.key}" must be {known}', suggestion)


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever it is, it is looked at elsewhere."""

    def check(self, node: Node, walk: Walk) -> None:
        """Nothing is wrong with it here."""


@dataclass(frozen=True, slots=True)
class Schema:
    """A JSON Schema. What it says is looked at when a message reaches it; here only its references are followed."""

    def check(self, node: Node, walk: Walk) -> None:
        """Every reference in it must lead somewhere, if it is a JSON Schema at all."""
        if is_foreign(node.value):
            return
        if isinstance(node.value.get("$ref") if isinstance(node.value, dict) else None, str):
            walk.sources.follow(node)
        for key, part in node.items():
            if key not in {"const", "default", "enum", "examples"}:
                self.check(part, walk)
        for part in node.elements():
            self.check(part, walk)


@dataclass(frozen=True, slots=True)
class Traits:
    """Traits that could not be merged. All others are gone by now."""

    def check(self, node: Node, walk: Walk) -> None:
        """Each must lead somewhere."""
        if not isinstance(node.value, list):
            walk.findings.add("WP101", node.place, f'"{node.key}" must be a list')
        for element in node.elements():
            if isinstance(element.value, dict):
                walk.sources.follow(element)
            else:
                walk.findings.add("WP101", element.place, "a trait must be a mapping")


@dataclass(frozen=True, slots=True)
class Noted:
    """What the reference shows, and nothing else is made of."""

    why: str

    def check(self, node: Node, walk: Walk) -> None:
        """It may say what it likes. That is told once, however often it stands in a document."""
        if node.value not in ({}, [], None):
            walk.inform_once(node, self.why)


@dataclass(frozen=True, slots=True)
class OnlyIn2:
    """A key that AsyncAPI 3 has no more, and that is still understood."""

    why: str

    def check(self, node: Node, walk: Walk) -> None:
        """A document of AsyncAPI 3 had better say it otherwise."""
        if not walk.is_version_2:
            walk.findings.warn("WP102", node.key_place, f'"{node.key}" {self.why}')


@dataclass(frozen=True, slots=True)
class Unenforced:
    """A key that AsyncAPI knows and that nothing is made of, which its writer is told."""

    why: str = "is not enforced"

    def check(self, node: Node, walk: Walk) -> None:
        """It may say what it likes, and is listed if it says anything."""
        if node.value not in ({}, [], None):
            walk.findings.warn("WP105", node.key_place, f'"{node.key}" {self.why}')


@dataclass(frozen=True, slots=True)
class Preferred:
    """A string that has only one value which means something."""

    value: str

    def check(self, node: Node, walk: Walk) -> None:
        """Another value is listed, and read as that one."""
        if node.value != self.value:
            sentence = f'"{node.key}" is always "{self.value}", and is read so'
            walk.findings.warn("WP105", node.place, sentence)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is for people: nothing can be wrong with it."""

    in_reference: bool = False

    def check(self, node: Node, walk: Walk) -> None:
        """Nothing is wrong with it."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list."""

    kind: Kind

    def check(self, node: Node, walk: Walk) -> None:
        """It must be a list, and every element of the kind."""
        if not isinstance(node.value, list):
            walk.findings.add("WP101", node.place, f'"{node.key}" must be a list')
        for element in node.elements():
            self.kind.check(element, walk)


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping with names of the document's own choice."""

    kind: Kind

    def check(self, node: Node, walk: Walk) -> None:
        """It must be a mapping, and every value of the kind."""
        if not isinstance(node.value, dict):
            walk.findings.add("WP101", node.place, f'"{node.key}" must be a mapping')
        for value in node.values():
            self.kind.check(value, walk)


@dataclass(frozen=True, slots=True)
class Object:
    """A mapping with keys that AsyncAPI gives a meaning."""

    name: str
    keys: Mapping[str, Kind]
    required: tuple[str, ...] = ()

    def check(self, node: Node, walk: Walk) -> None:
        """It must have what is required, and nothing unknown."""
        if (*node.origin, self.name) in walk.seen:
            return
        walk.seen.add((*node.origin, self.name))
        if not isinstance(node.value, dict):
            walk.findings.add(
                "WP101", node.place, f'"{node.key}" must be a mapping that describes a {self.name}'
            )
            return
        for key in self.required:
            if key not in node:
                name = f' "{node.key}"' if node.key != self.name else ""
                walk.findings.add("WP103", node.key_place, f'"{key}" is missing in {self.name}{name}')
        for key, value in node.items():
            if key in self.keys:
                self.keys[key].check(value, walk)
            elif not key.startswith("x-"):
                self.meet_unknown(value, walk)
        check = check_extensions if walk.is_ours else set_aside_extensions
        check(node, self._where(node, walk), walk.findings)

    def meet_unknown(self, node: Node, walk: Walk) -> None:
        """Tell what stands under a key that is none."""
        sentence = f'"{node.key}" has no meaning in {_a(self.name)}'
        walk.findings.warn("WP102", node.key_place, sentence, did_you_mean(node.key, self.keys))

    def _where(self, node: Node, walk: Walk) -> str:
        """Where our keys would stand, as the server sees it."""
        action = node.text("action")
        if self.name != "operation" or action not in {"receive", "send"}:
            return self.name
        return "receive operation" if (action == "receive") != walk.is_clients_view else "send operation"


@dataclass(frozen=True, slots=True)
class Bindings(Object):
    """What a document says for one protocol or another."""

    def meet_unknown(self, node: Node, walk: Walk) -> None:
        """Those of other protocols are their readers' business; told once a protocol."""
        if node.key in PROTOCOLS:
            walk.inform_once(node, f"what is said for {node.key} is left to its readers")
        else:
            sentence = f'"{node.key}" is no protocol that has bindings'
            walk.findings.warn("WP102", node.key_place, sentence, did_you_mean(node.key, PROTOCOLS))


@dataclass(frozen=True, slots=True)
class OrNull:
    """Something, or an explicit nothing."""

    kind: Kind

    def check(self, node: Node, walk: Walk) -> None:
        """It must be of the kind if it is there."""
        if node.value is not None:
            self.kind.check(node, walk)


@dataclass(frozen=True, slots=True)
class OrReference:
    """Something, or a reference to it."""

    kind: Kind

    def check(self, node: Node, walk: Walk) -> None:
        """What is referred to must be of the kind."""
        if "$ref" not in node:
            self.kind.check(node, walk)
            return
        for key, value in node.items():
            if key != "$ref":
                walk.findings.warn("WP106", value.key_place, f'"{key}" beside $ref has no meaning')
        target = walk.sources.follow(node)
        if target is not None:
            self.kind.check(target, walk)


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference; the thing itself can't stand here."""

    kind: Kind
    said: str

    def check(self, node: Node, walk: Walk) -> None:
        """It must be a reference to something of the kind."""
        if "$ref" not in node:
            walk.findings.add("WP101", node.place, f'"{node.key}" must be a reference to a {self.said}')
            return
        OrReference(self.kind).check(node, walk)


@dataclass(frozen=True, slots=True)
class ContentType:
    """A media type. What it means for a message is looked at where its payload is known."""

    def check(self, node: Node, walk: Walk) -> None:
        """It must be a string."""
        TEXT.check(node, walk)


PROTOCOLS = frozenset(
    [
        "amqp",
        "amqp1",
        "anypointmq",
        "googlepubsub",
        "http",
        "ibmmq",
        "jms",
        "kafka",
        "mercure",
        "mqtt",
        "mqtt5",
        "nats",
        "pulsar",
        "redis",
        "ros2",
        "sns",
        "solace",
        "sqs",
        "stomp",
        "ws",
    ]
)
"""The protocols that AsyncAPI has bindings for."""


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
