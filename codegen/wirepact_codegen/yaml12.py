"""YAML by the rules of YAML 1.2's core schema, and JSON: bytes to plain values.

`on`, `yes` and `1:30` are the strings they look like. Keys are always strings, and stand only once in a mapping.
Merge keys (`<<`) are of YAML 1.1, and read all the same, as every tool around AsyncAPI reads them.
Aliases are followed; what would unfold without end is refused. No documents, no references here.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import yaml

from wirepact_codegen.errors import Findings, Place, Refused
from wirepact_codegen.model import Json

_NULL, _BOOL, _INT, _FLOAT, _STR, _SEQ, _MAP = (
    f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float", "str", "seq", "map")
)

_CORE_SCHEMA = (
    (_NULL, re.compile(r"(?:~|null|Null|NULL|)\Z")),
    (_BOOL, re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")),
    (_INT, re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z")),
    (_FLOAT, re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")),
    (_FLOAT, re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")),
)

_SURROGATES = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")

_MOST_VALUES = 1_000_000
"""What aliases may unfold to; far above any real document, far below what would exhaust a machine."""


_DEEPEST = 100
"""How deep collections may stand inside one another."""


class _Parser(yaml.CBaseLoader):
    """libyaml's parser, with the core schema of YAML 1.2 deciding what a plain scalar is."""

    def resolve(self, kind: type[yaml.Node], value: str, implicit: tuple[bool, bool] | bool) -> str:
        if kind is not yaml.ScalarNode:
            return _MAP if kind is yaml.MappingNode else _SEQ
        if isinstance(implicit, tuple) and not implicit[0]:
            return _STR
        return next((tag for tag, pattern in _CORE_SCHEMA if pattern.match(value)), _STR)

    def descend_resolver(self, parent: yaml.Node, index: object) -> None:
        """Paths do not matter to the core schema."""

    def ascend_resolver(self) -> None:
        """Paths do not matter to the core schema."""


def read(file: str, raw: bytes) -> tuple[Json, yaml.Node]:
    """What *raw* says, and the tree that knows where it says it. Raises `Refused` if it is no YAML or JSON."""
    tree = _compose(file, raw, Findings())
    return values(file, tree), tree


def values(file: str, tree: yaml.Node) -> Json:
    """What *tree* says. Raises `Refused` if JSON can't say it."""
    findings = Findings()
    value = _Reader(file, findings).value(tree)
    findings.refuse_if_errors()
    return value


def _compose(file: str, raw: bytes, findings: Findings) -> yaml.Node:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        findings.add("WP001", Place(file, line, 1), "is not UTF-8")
        raise Refused(findings) from error
    if _SURROGATES.search(text) and (file.endswith(".json") or not _is_yaml(text)):
        text = _SURROGATES.sub(_joined, text)
    try:
        _check_depth(file, text, findings)
        tree: yaml.Node | None = _Parser(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        place = _place(file, error.problem_mark or error.context_mark)
        findings.add("WP002", place, ", ".join(filter(None, (error.context, error.problem))))
        raise Refused(findings) from error
    except yaml.YAMLError as error:
        findings.add("WP002", Place(file, 1, 1), str(error).splitlines()[0])
        raise Refused(findings) from error
    if tree is None:
        findings.add("WP002", Place(file, 1, 1), "is empty")
        raise Refused(findings)
    if "<<" in text:
        _merge(tree, set())
    return tree


def _check_depth(file: str, text: str, findings: Findings) -> None:
    """Refuse what would exhaust the stack of the composer, which is written in C and does not look."""
    parser, depth = _Parser(text), 0
    while (event := parser.get_event()) is not None:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            findings.add("WP002", _place(file, event.start_mark), f"is nested more than {_DEEPEST} deep")
            raise Refused(findings)


def _is_yaml(text: str) -> bool:
    """Whether libyaml takes *text* as it is, which it does not if escapes stand in quotes that JSON alone knows."""
    parser = _Parser(text)
    try:
        while parser.get_event() is not None:
            pass
    except yaml.YAMLError:
        return False
    return True


def _merge(node: yaml.Node, seen: set[int]) -> None:
    """Put what merge keys take in, below *node*, where they stand. What a mapping says itself is right."""
    if id(node) in seen or isinstance(node, yaml.ScalarNode):
        return
    seen.add(id(node))
    for part in node.value:
        for each in part if isinstance(part, tuple) else (part,):
            _merge(each, seen)
    if isinstance(node, yaml.MappingNode):
        node.value = list(_taken_in(node))


def _taken_in(node: yaml.MappingNode) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    known = {key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)}
    for key, value in node.value:
        sources = _sources(key, value)
        if not sources:
            yield key, value
        for source in sources:
            fresh = [
                (name, each)
                for name, each in source.value
                if isinstance(name, yaml.ScalarNode) and name.value not in known
            ]
            known |= {name.value for name, _ in fresh}
            yield from fresh


def _sources(key: yaml.Node, value: yaml.Node) -> list[yaml.Node]:
    """The mappings that a plain `<<` takes in; none if it is a key like any other."""
    if not isinstance(key, yaml.ScalarNode) or key.value != "<<" or key.style in {"'", '"'}:
        return []
    sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
    return sources if all(isinstance(each, yaml.MappingNode) for each in sources) else []


def _joined(pair: re.Match[str]) -> str:
    """JSON writes a character beyond the first plane as two escapes, YAML as one."""
    character: str = json.loads(f'"{pair.group()}"')
    return f"\\U{ord(character):08X}"


@dataclass(frozen=True, slots=True)
class _Part:
    """A value; of how many values it consists, and how deep they stand, when every alias is unfolded."""

    value: Json
    size: int = 1
    depth: int = 0


class _Reader:
    """Turns a tree of nodes into values. A node that aliases share becomes one value, seen from many places."""

    def __init__(self, file: str, findings: Findings) -> None:
        self._file = file
        self._findings = findings
        self._parts: dict[int, _Part] = {}
        self._open: set[int] = set()

    def value(self, node: yaml.Node) -> Json:
        """What the whole tree says."""
        return self._part(node).value

    def _part(self, node: yaml.Node) -> _Part:
        if id(node) in self._open:
            self._add("WP002", node, "contains itself")
            return _Part(None)
        if id(node) not in self._parts:
            self._open.add(id(node))
            self._parts[id(node)] = self._read(node)
            self._open.discard(id(node))
        return self._parts[id(node)]

    def _read(self, node: yaml.Node) -> _Part:
        match node:
            case yaml.MappingNode():
                return self._collection(node, self._mapping(node))
            case yaml.SequenceNode():
                return self._collection(node, [self._part(each) for each in node.value])
            case _:
                return _Part(self._scalar(node))

    def _collection(self, node: yaml.Node, parts: dict[str, _Part] | list[_Part]) -> _Part:
        inside = parts.values() if isinstance(parts, dict) else parts
        size = 1 + sum(each.size for each in inside)
        depth = 1 + max((each.depth for each in inside), default=0)
        if node.tag not in {_MAP, _SEQ}:
            self._add("WP002", node, f"tag {node.tag} means nothing here")
        if size > _MOST_VALUES or depth > _DEEPEST:
            self._add("WP002", node, f"unfolds to more than {_MOST_VALUES:,} values, or {_DEEPEST} deep")
            raise Refused(self._findings)
        if isinstance(parts, dict):
            return _Part({key: each.value for key, each in parts.items()}, size, depth)
        return _Part([each.value for each in parts], size, depth)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, _Part]:
        parts: dict[str, _Part] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._add("WP002", key, "a key must be a string")
                continue
            if key.value in parts:
                self._add("WP003", key, f'key "{key.value}" stands here twice')
            parts[key.value] = self._part(value)
        return parts

    def _scalar(self, node: yaml.Node) -> Json:
        text: str = node.value
        try:
            return _SCALARS[node.tag](text)
        except KeyError:
            self._add("WP002", node, f"tag {node.tag} means nothing here")
        except ValueError:
            self._add("WP002", node, f'"{text}" is no number that JSON has')
        return None

    def _add(self, rule: str, node: yaml.Node, sentence: str) -> None:
        self._findings.add(rule, _place(self._file, node.start_mark), sentence)


def _place(file: str, mark: Any) -> Place:
    """A mark of the parser, which counts from 0, as a place. Without a mark, the beginning."""
    return Place(file, mark.line + 1, mark.column + 1) if mark is not None else Place(file, 1, 1)


def _integer(text: str) -> int:
    return int(text, 0) if text.startswith(("0o", "0x")) else int(text)


def _float(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


_SCALARS: Mapping[str, Callable[[str], Json]] = {
    _STR: str,
    _NULL: lambda _: None,
    _BOOL: lambda text: text.lower() == "true",
    _INT: _integer,
    _FLOAT: _float,
}
