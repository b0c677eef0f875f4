"""The lines of `wirepact.v1`, taken apart and put together. `docs/wire.md` is the text; its clauses are named here.

A line is a message as the document has it, with a tag before it or not, or a control line. Nothing here knows what a
message is, who speaks or what a control line means.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pydantic_core import from_json

from wirepact.errors import BadRequest

SUBPROTOCOL = "wirepact.v1"

MOST_LINES = 64
"""How many lines a frame may have (V2)."""

FRAME_BYTES = 65_536
"""How many bytes a frame may have, even if a message may have fewer (V2)."""

_NAME = r"[A-Za-z0-9_-]{1,64}"
_CONTROL = re.compile(r"!([a-z_]{1,32})(?: (.*))?", re.DOTALL)
_REQUEST = re.compile(rf"#({_NAME}) (.*)", re.DOTALL)
_POSITIONED = re.compile(r"@([1-9][0-9]{0,15})(?::([!-~]{1,512}))? (.*)", re.DOTALL)
_IDENTIFIER = re.compile(_NAME)


_UNTHINKABLE = 2**63


@dataclass(frozen=True, slots=True)
class Control:
    """A line of the protocol's own (V5)."""

    name: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """The text in a field; `None` if it holds none."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else None

    def number(self, name: str) -> float | None:
        """The number in a field; `None` if it holds none, or one that nobody can mean: JSON has `1e400`."""
        value = self.fields.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        return value if abs(value) < _UNTHINKABLE else None


@dataclass(frozen=True, slots=True)
class Said:
    """A line that is a message: its text, and the tag before it.

    `id` is that of the request that it is or answers (V17). `offset` is its place among what `audience` was sent that can
    be recovered (V13); 0 if it can't.
    """

    text: str
    id: str = ""
    offset: int = 0
    audience: str = ""


Line: TypeAlias = Control | Said


def read_line(line: str) -> Line:
    """What *line* is. Raises `BadRequest` for a tag or a control line that is none."""
    match line[:1]:
        case "!":
            return _control(line)
        case "#":
            if found := _REQUEST.fullmatch(line):
                return Said(found[2], id=found[1])
            raise BadRequest("a tag of a request is # and 1 to 64 letters, digits, - or _, then a space")
        case "@":
            if found := _POSITIONED.fullmatch(line):
                return Said(found[3], offset=int(found[1]), audience=found[2] or "")
            raise BadRequest(
                "a tag of a position is @ and an offset, perhaps : and an audience, then a space"
            )
    return Said(line)


def is_identifier(text: str) -> bool:
    """Whether *text* may be the id of a request, or of a session."""
    return _IDENTIFIER.fullmatch(text) is not None


def control_line(name: str, **fields: object) -> str:
    """A control line; a field that is `None` is left out."""
    said = {key: value for key, value in fields.items() if value is not None}
    return f"!{name} {json.dumps(said, ensure_ascii=False, separators=(',', ':'))}" if said else f"!{name}"


def answering(text: str, request: str) -> str:
    """A message tagged with the id of *request*, as its answer or as the request itself."""
    return f"#{request} {text}"


def positioned(payload: bytes, offset: int, audience: str = "") -> bytes:
    """A message tagged with its position. Made once for everyone who hears it."""
    return b"@%d%s %s" % (offset, b":" + audience.encode() if audience else b"", payload)


def joined(lines: list[bytes]) -> bytes:
    """Several lines as one frame's payload (V1)."""
    return b"\n".join(lines)


def _control(line: str) -> Control:
    found = _CONTROL.fullmatch(line)
    if found is None:
        raise BadRequest("a control line is ! and a name, perhaps a space and a JSON object")
    if found[2] is None:
        return Control(found[1])
    try:
        fields = from_json(found[2], allow_inf_nan=False)
    except (
        ValueError,
        TypeError,
    ):  # the library has one kind of error for all, and another for half a surrogate pair
        raise BadRequest(f"what follows !{found[1]} is not valid JSON") from None
    if not isinstance(fields, dict):
        raise BadRequest(f"what follows !{found[1]} must be a JSON object")
    return Control(found[1], fields)
