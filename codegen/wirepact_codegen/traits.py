"""Traits: what operations and messages share is merged into each of them, as JSON Merge Patch does it (RFC 7396).

A later trait wins over an earlier one. In AsyncAPI 3 what the operation or message says itself wins over both; in
AsyncAPI 2 the traits do. A trait that can't be found is left where it is.
"""

from collections.abc import Callable, Mapping
from functools import reduce

import yaml

from wirepact_codegen import trees
from wirepact_codegen.forest import Forest

_NULL = "tag:yaml.org,2002:null"

_NOT_LOOKED_INTO = frozenset(
    {
        "const",
        "default",
        "enum",
        "example",
        "examples",
        "headers",
        "payload",
        "properties",
        "schema",
        "schemas",
    }
)
"""Keys under which no messages and no operations stand."""


def with_traits(forest: Forest) -> yaml.Node:
    """The document with its traits merged; of a file that is no document, whatever has some."""
    if trees.get(forest.root, "asyncapi") is None:
        return _everywhere(forest, forest.root)

    def merge(node: yaml.Node) -> yaml.Node:
        return merged(forest, node)

    def channel(node: yaml.Node) -> yaml.Node:
        return _within(node, {"messages": merge})

    parts = {"channels": channel, "messages": merge, "operations": merge}
    whole = _within(forest.root, {name: parts[name] for name in ("channels", "operations")})
    return trees.mapping(
        (
            (key, _within(value, parts) if key.value == "components" else value)
            for key, value in trees.pairs(whole)
        ),
        whole,
    )


def merged(forest: Forest, node: yaml.Node, *, traits_win: bool = False) -> yaml.Node:
    """An operation or a message with its traits; *node* itself if it has none."""
    traits = [forest.resolved(each) for each in trees.elements(trees.get(node, "traits"))]
    if not traits or any(trees.get(each, "$ref") is not None for each in traits):
        return node
    own = trees.mapping(trees.without(node, "traits"), node)
    layers = [own, *traits] if traits_win else [*traits, own]
    whole = reduce(_patched, layers)
    return trees.mapping(trees.pairs(whole), node)


def _everywhere(forest: Forest, node: yaml.Node) -> yaml.Node:
    if isinstance(node, yaml.SequenceNode):
        return trees.sequence((_everywhere(forest, each) for each in node.value), node)
    if not isinstance(node, yaml.MappingNode):
        return node
    items = [
        (key, value if key.value in _NOT_LOOKED_INTO else _everywhere(forest, value))
        for key, value in node.value
    ]
    return merged(forest, trees.mapping(items, node))


def _within(node: yaml.Node, parts: Mapping[str, Callable[[yaml.Node], yaml.Node]]) -> yaml.Node:
    """*node* with each entry of the mappings under the keys of *parts* changed."""
    if not isinstance(node, yaml.MappingNode):
        return node
    items = []
    for key, value in node.value:
        if key.value in parts and isinstance(value, yaml.MappingNode):
            change = parts[key.value]
            items.append((key, trees.mapping(((name, change(each)) for name, each in value.value), value)))
        else:
            items.append((key, value))
    return trees.mapping(items, node)


def _patched(target: yaml.Node, patch: yaml.Node) -> yaml.Node:
    if not isinstance(target, yaml.MappingNode) or not isinstance(patch, yaml.MappingNode):
        return patch
    items = {key.value: (key, value) for key, value in trees.pairs(target)}
    for key, value in trees.pairs(patch):
        if value.tag == _NULL:
            items.pop(key.value, None)
        elif key.value in items:
            items[key.value] = key, _patched(items[key.value][1], value)
        else:
            items[key.value] = key, value
    return trees.mapping(items.values(), patch)
