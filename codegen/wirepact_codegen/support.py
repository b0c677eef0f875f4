"""What is done with each key of AsyncAPI, told by the table that documents are checked against."""

from collections.abc import Iterator

from wirepact_codegen.rules import RULES
from wirepact_codegen.shapes import (
    Anything,
    Kind,
    ListOf,
    MapOf,
    Noted,
    Object,
    OnlyIn2,
    OrNull,
    OrReference,
    Preferred,
    Reference,
    Shown,
    Traits,
    Unenforced,
)
from wirepact_codegen.structure import DOCUMENT
from wirepact_codegen.vocabulary import definitions

_TITLE = """\
# What is read of AsyncAPI

AsyncAPI 3.0 and 3.1 as they stand, 2.0 to 2.6 lifted to them on load. Written by `make cases` from the tables that
documents are checked against, never by hand.

*Read* means that code, checks or docs are made of it. *For people* means that it is accepted, and that no code is made of it. *Listed* means
that generation goes on with a warning, which `--strict` makes an error. *Shown* means that
the reference shows it, and *refused* that nothing is generated. Bindings of other protocols are told once, and left to their
readers. A key that AsyncAPI doesn't know is listed by WP102; foreign `x-` keys are nobody's business here.
"""


def support() -> str:
    """`docs/support.md`."""
    parts = [_TITLE]
    for each in _objects():
        parts.append(f"## {each.name[0].upper()}{each.name[1:]}\n\n| key | what is done with it |\n|---|---|")
        parts += [
            f"| `{key}` | {_treatment(kind, required=key in each.required)} |"
            for key, kind in each.keys.items()
        ]
        parts.append("")
    parts.append("## Our own keys\n\n| key | where | |\n|---|---|---|")
    parts += [
        f"| `{key}` | {', '.join(said['x-on'])} | {_cell(said.get('description', ''))} |"
        for key, said in definitions().items()
        if "x-on" in said
    ]
    parts.append("\n## Rules\n\n| rule | claims |\n|---|---|")
    parts += [f"| {rule} | {_cell(claim)} |" for rule, claim in RULES.items()]
    return "\n".join(parts) + "\n"


def _objects() -> list[Object]:
    """Every object of AsyncAPI, each once, in the order in which the document leads to them."""
    found: dict[str, Object] = {}
    waiting: list[Kind] = [DOCUMENT]
    while waiting:
        for each in _inside(waiting.pop(0)):
            if each.name not in found:
                found[each.name] = each
                waiting += each.keys.values()
    return list(found.values())


def _inside(kind: Kind) -> Iterator[Object]:
    match kind:
        case Object():
            yield kind
        case ListOf() | MapOf() | OrNull() | OrReference() | Reference():
            yield from _inside(kind.kind)


def _treatment(kind: Kind, *, required: bool) -> str:  # noqa: PLR0911 - one a kind
    match kind:
        case Shown():
            return "shown" if kind.in_reference else "for people"
        case Unenforced():
            return f"listed by WP105: {kind.why}"
        case Noted():
            return f"shown; WP105 says once that {kind.why}"
        case OnlyIn2():
            return f"read in AsyncAPI 2; listed by WP102 in AsyncAPI 3: it {kind.why}"
        case Traits():
            return "merged, wherever they stand"
        case Preferred():
            return f'read as "{kind.value}"; anything else is listed by WP105'
        case Anything():
            return "read where something refers to it"
    return "read; refused by WP103 where it is missing" if required else "read"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
