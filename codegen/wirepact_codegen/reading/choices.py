"""Branches of which a value must be exactly one."""

from collections.abc import Iterable, Mapping

from wirepact_codegen.branches import Branches
from wirepact_codegen.errors import Findings
from wirepact_codegen.model import Json, Schema
from wirepact_codegen.source import Node


def check_choices(
    choices: Iterable[tuple[Node, list[Json]]], definitions: Mapping[str, Schema], findings: Findings
) -> None:
    """One of several is one of several only if no value is two of them."""
    known = Branches(definitions)
    for node, branches in choices:
        pairs = list(known.overlaps(branches))
        if pairs:
            one, other = pairs[0]
            more = f", and {len(pairs) - 1} more pairs," if len(pairs) > 1 else ""
            findings.inform(
                "WP410",
                (node.at(("oneOf", other)) if "oneOf" in node else node).place,
                f'a value can be both the branches {one + 1} and {other + 1}{more} of "oneOf", as far as can be shown, and is refused then',
                'say "anyOf", or give them different constants',
            )
