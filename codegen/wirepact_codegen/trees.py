"""Parts for building trees of YAML nodes: what is put together anew keeps the places of what it is made of."""

from collections.abc import Iterable, Iterator

import yaml

_STR, _SEQ, _MAP = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))

Pair = tuple[yaml.Node, yaml.Node]
"""A key and its value."""


def get(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """The value under *key*, if *node* is a mapping that has it."""
    return next((value for name, value in pairs(node) if name.value == key), None)


def pairs(node: yaml.Node | None) -> list[Pair]:
    """What stands in a mapping; nothing if it is none."""
    found = node.value if isinstance(node, yaml.MappingNode) else []
    return [(key, value) for key, value in found if isinstance(key, yaml.ScalarNode)]


def elements(node: yaml.Node | None) -> list[yaml.Node]:
    """What stands in a list; nothing if it is none."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def text(node: yaml.Node | None) -> str:
    """The text of a scalar; empty if it is none."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def scalar(value: str, like: yaml.Node) -> yaml.Node:
    """A string that stands where *like* does."""
    return yaml.ScalarNode(_STR, value, like.start_mark, like.end_mark)


def mapping(items: Iterable[Pair], like: yaml.Node) -> yaml.Node:
    """A mapping that stands where *like* does."""
    return yaml.MappingNode(_MAP, list(items), like.start_mark, like.end_mark)


def sequence(items: Iterable[yaml.Node], like: yaml.Node) -> yaml.Node:
    """A list that stands where *like* does."""
    return yaml.SequenceNode(_SEQ, list(items), like.start_mark, like.end_mark)


def reference(steps: Iterable[str], like: yaml.Node) -> yaml.Node:
    """A reference into the same document, which stands where *like* does."""
    pointer = "/".join(each.replace("~", "~0").replace("/", "~1").replace("%", "%25") for each in steps)
    return mapping([(scalar("$ref", like), scalar(f"#/{pointer}", like))], like)


def without(node: yaml.Node, *keys: str) -> Iterator[Pair]:
    """What stands in a mapping, apart from *keys*."""
    return ((key, value) for key, value in pairs(node) if key.value not in keys)
