"""Traits: what operations and messages share is merged into each of them, as JSON Merge Patch does it (RFC 7396).

A later trait wins over an earlier one, and what the operation or message says itself wins over both. A trait that
stands in another file is left where it is.
"""

from collections.abc import Callable, Mapping
from functools import reduce

import yaml

from wirepact_codegen import trees

_NULL = "tag:yaml.org,2002:null"


def with_traits(tree: yaml.Node) -> yaml.Node:
    """The document with its traits merged."""

    def merged(node: yaml.Node) -> yaml.Node:
        return _merged(tree, node)

    def channel(node: yaml.Node) -> yaml.Node:
        return _within(node, {"messages": merged})

    parts = {"channels": channel, "messages": merged, "operations": merged}
    whole = _within(tree, {name: parts[name] for name in ("channels", "operations")})
    return trees.mapping(
        (
            (key, _within(value, parts) if key.value == "components" else value)
            for key, value in trees.pairs(whole)
        ),
        whole,
    )


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


def _merged(root: yaml.Node, node: yaml.Node) -> yaml.Node:
    traits = [trees.resolved(root, each) for each in trees.elements(trees.get(node, "traits"))]
    if not traits or any(trees.get(each, "$ref") is not None for each in traits):
        return node
    own = trees.mapping(trees.without(node, "traits"), node)
    return reduce(_patched, [*traits[1:], own], traits[0])


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
