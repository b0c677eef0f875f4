"""Our `x-` keys: what they hold is judged by a JSON Schema of ours, where they may stand by the table in it.

A key that looks like a slip of the pen is refused. The keys of other tools are none of our business.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from wirepact_codegen.errors import Findings, did_you_mean
from wirepact_codegen.source import Node
from wirepact_codegen.validation import Judge

_NEAR = 0.8


def check_extensions(node: Node, where: str, findings: Findings) -> None:
    """Every `x-` key of the object at *node*, which is a *where*: a document, a channel, a send operation."""
    for key, value in node.items():
        if key.startswith("x-"):
            check_extension(key, value, where, findings)


def set_aside_extensions(node: Node, where: str, findings: Findings) -> None:
    """The same in a document that was not written for us: a key that means something else there is taken for none."""
    for key, value in [*node.items()]:
        faults = Findings()
        if key.startswith("x-"):
            check_extension(key, value, where, faults)
        for fault in faults:
            findings.warn(fault.rule, fault.place, f"{fault.sentence}; it is taken for a key of another tool")
        if faults and key in definitions():
            del node.value[key]  # type: ignore[union-attr,arg-type]  # what has items is a mapping


def check_extension(key: str, value: Node, where: str, findings: Findings) -> None:
    """One `x-` key of such an object."""
    known = definitions().get(key)
    if known is None:
        if near := did_you_mean(key, definitions(), cutoff=_NEAR):
            findings.add("WP203", value.key_place, f'there is no key "{key}"', near)
    elif not any(where in each for each in known["x-on"]):
        findings.add("WP204", value.key_place, f'"{key}" belongs on a {" or ".join(known["x-on"])}')
    else:
        for fault in _judge(key).faults(value):
            name = f"{key}.{fault.field}" if fault.field else key
            findings.add("WP201", fault.place, f"{name} {fault.sentence}", fault.suggestion)


def chosen_name(node: Node) -> str:
    """The name that the document chooses for what *node* describes (`x-name`); empty if it chooses none."""
    said = node.get("x-name")
    return str(said.value) if said is not None and _judge("x-name").accepts(said.value) else ""


@cache
def definitions() -> Mapping[str, Mapping[str, Any]]:
    """The schema of each key."""
    text = Path(__file__).with_name("vocabulary.json").read_text("utf-8")
    found: Mapping[str, Mapping[str, Any]] = json.loads(text)["$defs"]
    return found


@cache
def _judge(key: str) -> Judge:
    return Judge({name: part for name, part in definitions()[key].items() if name != "x-on"})
