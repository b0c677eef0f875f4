"""Documents as they are written: values, the place of each of them, and the references between them.

What a document means is no concern of this module.
"""

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote

import yaml

from wirepact_codegen.cache import is_there, looking_at
from wirepact_codegen.errors import Findings, Place, Refused, did_you_mean
from wirepact_codegen.forest import Forest, Mark
from wirepact_codegen.lifting import is_liftable, lifted
from wirepact_codegen.model import Json
from wirepact_codegen.schema_formats import is_foreign, is_wrapped
from wirepact_codegen.traits import with_traits
from wirepact_codegen.whole_maps import with_whole_maps
from wirepact_codegen.yaml12 import read, values

Pointer: TypeAlias = tuple[str | int, ...]
"""The keys and indexes that lead from the root of a document to a value."""

_LONGEST_CHAIN = 50
"""How many references may lead from one to the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One file: its name, its values, and the tree they were read from.

    `written` is the document as it stands in the file, if that is of AsyncAPI 2: references may lead to places that
    AsyncAPI 3 does not have.
    """

    file: str
    value: Json
    tree: yaml.Node
    written: "Document | None" = None

    @property
    def root(self) -> "Node":
        """The whole document."""
        return Node(self, (), self.value)

    def place(self, pointer: Pointer) -> Place:
        """Where the value at *pointer* stands."""
        node = self.tree
        for step in pointer:
            node = _child(node, step)[1]
        return self._place(node)

    def key_place(self, pointer: Pointer) -> Place:
        """Where the key that *pointer* ends with stands; for an element of a list, the element."""
        if not pointer:
            return self.place(pointer)
        node = self.tree
        for step in pointer[:-1]:
            node = _child(node, step)[1]
        return self._place(_child(node, pointer[-1])[0])

    def _place(self, node: yaml.Node) -> Place:
        mark = node.start_mark
        file = mark.name if isinstance(mark, Mark) else self.file
        return Place(file, mark.line + 1, mark.column + 1)


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it comes from."""

    document: Document
    pointer: Pointer
    value: Json
    called: str = ""

    @property
    def place(self) -> Place:
        """Where the value stands."""
        return self.document.place(self.pointer)

    @property
    def key_place(self) -> Place:
        """Where its key stands."""
        return self.document.key_place(self.pointer)

    @property
    def key(self) -> str:
        """What it is called: its key, or its number in a list; for a whole document the file's name without ending.

        What a mapping refers to may be called as the mapping does.
        """
        return self.called or (str(self.pointer[-1]) if self.pointer else Path(self.document.file).stem)

    @property
    def origin(self) -> tuple[str, Pointer]:
        """What makes it the same as another node, however it was reached."""
        return self.document.file, self.pointer

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def get(self, key: str) -> "Node | None":
        """The value under *key*, if this is a mapping that has it."""
        if isinstance(self.value, dict) and key in self.value:
            return Node(self.document, (*self.pointer, key), self.value[key])
        return None

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """What stands in a mapping; nothing if this is none."""
        if isinstance(self.value, dict):
            for key, value in self.value.items():
                yield key, Node(self.document, (*self.pointer, key), value)

    def values(self) -> Iterator["Node"]:
        """What stands in a mapping, without the keys."""
        return (value for _, value in self.items())

    def elements(self) -> Iterator["Node"]:
        """What stands in a list; nothing if this is none."""
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Node(self.document, (*self.pointer, index), value)

    def under(self, name: str) -> "Node":
        """The same, called *name*: the key that refers to it."""
        return Node(self.document, self.pointer, self.value, name)

    def at(self, pointer: Pointer) -> "Node":
        """What stands at *pointer*, counted from here. It must be there."""
        value = self.value
        for step in pointer:
            value = value[step]  # type: ignore[index]  # the caller knows the shape
        return Node(self.document, (*self.pointer, *pointer), value)

    def text(self, key: str) -> str:
        """The string under *key*, or an empty one."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return found if isinstance(found, str) else ""


class Sources:
    """The documents of one run, each read once, and the references between them."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._documents: dict[str, Document | None] = {}
        self._written: dict[str, Document] = {}
        self._open: set[tuple[str, Pointer]] = set()

    def load(self, file: str) -> Document | None:
        """The document in *file*; `None`, with a finding, if there is no readable one."""
        name = posixpath.normpath(file.replace(os.sep, "/"))
        if name not in self._documents:
            try:
                self._documents[name] = self._document(name)
            except Refused as refused:
                self._documents[name] = None
                self._findings.extend(refused.findings)
            except OSError as error:
                self._documents[name] = None
                self._findings.add("WP001", Place(name, 1, 1), f"cannot be read: {error.strerror or error}")
        return self._documents[name]

    def _document(self, name: str) -> Document:
        """One file, of AsyncAPI 3 or lifted to it, its traits merged."""
        written = self._read(name)
        whole = with_whole_maps(Forest(name, written.tree, self._tree))
        forest = Forest(name, whole, self._tree)
        if is_liftable(written.tree):
            tree = lifted(forest)
            return Document(name, values(name, tree), tree, written)
        tree = with_traits(forest) if b"traits" in looking_at(Path(name)) else whole
        return written if tree is written.tree else Document(name, values(name, tree), tree)

    def _tree(self, name: str) -> yaml.Node | None:
        """What stands in *name*, as it is written; `None` if it can't be read, which whoever loads it is told."""
        try:
            return self._read(name).tree
        except (Refused, OSError, ValueError):
            return None

    def _read(self, name: str) -> Document:
        if name not in self._written:
            value, tree = read(name, looking_at(Path(name)))
            self._written[name] = Document(name, value, tree)
        return self._written[name]

    def follow(self, node: Node) -> Node | None:
        """Where the `$ref` of *node*, and those it leads to, finally end; *node* itself if it has none.

        `None`, with a finding, if there is nothing.
        """
        reference = node.get("$ref")
        if reference is None:
            return node
        if node.origin in self._open:
            self._findings.add(
                "WP104", reference.place, f'reference "{reference.value}" leads back to itself'
            )
            return None
        if len(self._open) == _LONGEST_CHAIN:
            self._findings.add(
                "WP104", reference.place, f"more than {_LONGEST_CHAIN} references follow each other"
            )
            return None
        self._open.add(node.origin)
        target = self._target(reference)
        end = self.follow(target) if target is not None else None
        self._open.discard(node.origin)
        return end

    def schema(self, node: Node) -> Node | None:
        """The schema that *node* is or refers to, without the object around it that says its language.

        One that is written in another language than JSON Schema stays in its object.
        """
        seen: list[tuple[str, Pointer]] = []
        target = self.follow(node)
        while target is not None and is_wrapped(target.value) and not is_foreign(target.value):
            if target.origin in seen:
                return None
            seen.append(target.origin)
            target = self.follow(target.at(("schema",)))
        return target

    def _target(self, reference: Node) -> Node | None:
        if not isinstance(reference.value, str):
            self._findings.add("WP101", reference.place, "$ref must be a string")
            return None
        file, _, fragment = reference.value.partition("#")
        document = self._neighbour(reference, unquote(file)) if file else reference.document
        if document is None:
            return None
        if fragment and not fragment.startswith("/"):
            self._findings.add("WP104", reference.place, f'reference "{reference.value}" is no JSON pointer')
            return None
        return self._walk(reference, document, fragment)

    def _neighbour(self, reference: Node, file: str) -> Document | None:
        if "://" in file:
            sentence = f'"{file}" is on the network, and only files are read'
            self._findings.add("WP105", reference.place, sentence, "keep a copy beside the document")
            return None
        name = posixpath.normpath(posixpath.join(posixpath.dirname(reference.document.file), file))
        if name not in self._documents and not is_there(Path(name)):
            self._findings.add("WP104", reference.place, f'file "{file}" does not exist')
            return None
        return self.load(name)

    def _walk(self, reference: Node, document: Document, fragment: str) -> Node | None:
        node = document.root
        for step in map(_unescaped, fragment.split("/")[1:]):
            found = self.follow(node)
            if found is None:
                return None
            node = found
            child = _step(node, step)
            if child is None and document.written is not None:
                return self._walk(reference, document.written, fragment)
            if child is None and (inside := _embedded(reference, fragment)) is not None:
                self._say_embedded(reference, inside)
                return inside
            if child is None:
                self._findings.add("WP104", reference.place, *_missing(node, step, str(reference.value)))
                return None
            node = child
        return node

    def _say_embedded(self, reference: Node, inside: Node) -> None:
        """Say what a reference was taken for that leads to nothing from the root of the document."""
        where = inside.document.place(inside.pointer).line
        sentence = f'reference "{reference.value}" leads to nothing in the document'
        is_ours = "x-perspective" in reference.document.root
        note = self._findings.add if is_ours else self._findings.warn
        note("WP104", reference.place, f"{sentence}, and is read within the schema around it: line {where}")


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node]:
    """The key and the value under *step*; for an element of a list, the element twice."""
    if isinstance(node, yaml.MappingNode):
        return next((key, value) for key, value in node.value if key.value == step)
    element: yaml.Node = node.value[int(step)]
    return element, element


def _step(node: Node, step: str) -> Node | None:
    if isinstance(node.value, list):
        return next((each for each in node.elements() if each.key == step), None)
    return node.get(step)


def _embedded(reference: Node, fragment: str) -> Node | None:
    """What *fragment* leads to within a schema around *reference*: the tools that write schemas take each for a document."""
    steps = [_unescaped(each) for each in fragment.split("/")[1:]]
    if not steps or steps[0] not in {"$defs", "definitions"}:
        return None
    for length in range(len(reference.pointer) - 1, 0, -1):
        node: Node | None = reference.document.root.at(reference.pointer[:length])
        for step in steps:
            node = _step(node, step) if node is not None else None
        if node is not None:
            return node
    return None


def _unescaped(step: str) -> str:
    return unquote(step).replace("~1", "/").replace("~0", "~")


def _missing(node: Node, step: str, reference: str) -> tuple[str, str]:
    """The sentence and the suggestion for a reference that ends nowhere: `channel "rooom" does not exist`."""
    kind = _KINDS.get(node.key)
    sentence = f'{kind} "{step}" does not exist' if kind else f'reference "{reference}" leads to nothing'
    return sentence, did_you_mean(step, [key for key, _ in node.items()])


_KINDS = {
    "channels": "channel",
    "messages": "message",
    "operations": "operation",
    "parameters": "parameter",
    "schemas": "schema",
    "securitySchemes": "security scheme",
    "servers": "server",
}
