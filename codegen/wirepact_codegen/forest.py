"""References followed on trees, before they are values: within a document, and into the files beside it.

What stands in another file is brought over as a copy, which keeps its places there, and whose references lead where
they led.
"""

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, unquote

import yaml

from wirepact_codegen import trees

Read: TypeAlias = Callable[[str], yaml.Node | None]
"""Gives the tree in a file as it is written; `None` if there is none that can be read."""

_LONGEST_CHAIN = 50
"""How many references may lead from one to the next, those on the way to a target among them."""


class Mark(yaml.Mark):
    """Where a node stands that was brought from the file that is its name."""

    def __init__(self, file: str, line: int, column: int) -> None:
        super().__init__(file, 0, line, column, None, 0)


@dataclass(frozen=True, slots=True)
class Forest:
    """The tree of one file, and those that its references lead to."""

    file: str
    root: yaml.Node
    read: Read

    def resolved(self, node: yaml.Node) -> yaml.Node:
        """*node*, or what its references lead to, as far as they lead anywhere."""
        file, found = self._end(self.file, node, iter(range(_LONGEST_CHAIN)))
        return found if file == self.file else self._brought(found, file, {})

    def _end(self, file: str, node: yaml.Node, left: Iterator[int]) -> tuple[str, yaml.Node]:
        """Where the references that begin at *node* end; those that lead in a circle end when none is *left* to follow."""
        for _ in left:
            target = self._target(file, node, left)
            if target is None:
                break
            file, node = target
        return file, node

    def _target(self, file: str, node: yaml.Node, left: Iterator[int]) -> tuple[str, yaml.Node] | None:
        reference = trees.text(trees.get(node, "$ref"))
        name, _, fragment = reference.partition("#")
        if not reference or "://" in name or fragment[:1] not in {"", "/"}:
            return None
        there = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(name))) if name else file
        found = self.root if there == self.file else self.read(there)
        for step in fragment.split("/")[1:]:
            if found is None:
                return None
            if trees.get(found, "$ref") is not None:
                there, found = self._end(there, found, left)
            found = _step(found, unquote(step).replace("~1", "/").replace("~0", "~"))
        return None if found is None else (there, found)

    def _brought(self, node: yaml.Node, file: str, known: dict[int, yaml.Node]) -> yaml.Node:
        """A copy of *node*, which stands in *file*, as it would stand in this one."""
        if id(node) not in known:
            start, end = (_mark(mark, file) for mark in (node.start_mark, node.end_mark))
            copy = known[id(node)] = type(node)(node.tag, node.value, start, end)
            if isinstance(node, yaml.MappingNode):
                copy.value = [
                    (self._brought(key, file, known), self._value(key, value, file, known))
                    for key, value in node.value
                ]
            elif isinstance(node, yaml.SequenceNode):
                copy.value = [self._brought(each, file, known) for each in node.value]
        return known[id(node)]

    def _value(self, key: yaml.Node, value: yaml.Node, file: str, known: dict[int, yaml.Node]) -> yaml.Node:
        brought = self._brought(value, file, known)
        if key.value != "$ref" or not isinstance(value, yaml.ScalarNode):
            return brought
        return yaml.ScalarNode(
            value.tag, self._from_here(str(value.value), file), brought.start_mark, brought.end_mark
        )

    def _from_here(self, reference: str, file: str) -> str:
        """*reference*, which stands in *file*, as one that stands in this file."""
        name, sign, fragment = reference.partition("#")
        if "://" in name:
            return reference
        there = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(name))) if name else file
        if there == self.file:
            return f"#{fragment}"
        return quote(posixpath.relpath(there, posixpath.dirname(self.file) or ".")) + sign + fragment


def _step(node: yaml.Node, step: str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode):
        return node.value[int(step)] if step.isdecimal() and int(step) < len(node.value) else None
    return trees.get(node, step)


def _mark(mark: yaml.Mark, file: str) -> Mark:
    return mark if isinstance(mark, Mark) else Mark(file, mark.line, mark.column)
