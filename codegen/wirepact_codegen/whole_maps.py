"""References to whole mappings of parts: `channels: {$ref: channels.yaml}` as a reference to each channel there.

Each part keeps its identity, however it is reached.
"""

from collections.abc import Callable
from typing import TypeAlias

import yaml

from wirepact_codegen import trees
from wirepact_codegen.forest import Forest
from wirepact_codegen.trees import Pair

Change: TypeAlias = Callable[[Forest, str, yaml.Node], yaml.Node]
"""Makes something of the value under a key."""

_PARTS = ("servers", "channels", "operations")


def with_whole_maps(forest: Forest) -> yaml.Node:
    """The document with the parts of its mappings named one by one; the same tree if they are already."""
    return _with_each(forest, forest.root, _part)


def _part(forest: Forest, key: str, node: yaml.Node) -> yaml.Node:
    if key == "info":
        return forest.resolved(node)
    if key == "components":
        return _with_each(forest, _spread(forest, node), _named)
    return _named(forest, key, node) if key in _PARTS else node


def _named(forest: Forest, key: str, node: yaml.Node) -> yaml.Node:
    spread = _spread(forest, node)
    return _with_each(forest, spread, _channel) if key == "channels" else spread


def _channel(forest: Forest, _: str, node: yaml.Node) -> yaml.Node:
    return _with_each(
        forest,
        node,
        lambda found, key, each: _spread(found, each) if key in {"messages", "parameters"} else each,
    )


def _with_each(forest: Forest, node: yaml.Node, change: Change) -> yaml.Node:
    """*node*, with what *change* makes of each entry; *node* itself if that is nothing new."""
    if not isinstance(node, yaml.MappingNode):
        return node
    items = [(key, change(forest, str(key.value), value)) for key, value in node.value]
    same = all(new is old for (_, new), (_, old) in zip(items, node.value, strict=True))
    return node if same else trees.mapping(items, node)


def _spread(forest: Forest, node: yaml.Node) -> yaml.Node:
    """A mapping of parts that stands elsewhere, as references to them; *node* itself if it stands here."""
    reference = trees.text(trees.get(node, "$ref"))
    target = forest.resolved(node)
    if not reference or target is node or trees.get(target, "$ref") is not None:
        return node
    return trees.mapping((_leading(reference, key, node) for key, _ in trees.pairs(target)), node)


def _leading(reference: str, key: yaml.Node, node: yaml.Node) -> Pair:
    step = str(key.value).replace("~", "~0").replace("/", "~1").replace("%", "%25")
    whole = f"{reference}{'' if '#' in reference else '#'}/{step}"
    return key, trees.mapping([(trees.scalar("$ref", node), trees.scalar(whole, node))], node)
