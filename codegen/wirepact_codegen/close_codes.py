"""The close codes that mean to come back where a document is silent; all others that it does not declare end a connection."""

from collections.abc import Iterable
from typing import Final

from wirepact_codegen.model import CloseCode

_COME_BACK: Final = (1001, 1005, 1006, 1008, 1011, 1012, 1013, 1014, 4408, 4429, 4480, 4500)
_COME_BACK_ONCE: Final = 4401

USUAL: Final = (
    *(CloseCode(each, "", "yes") for each in _COME_BACK),
    CloseCode(_COME_BACK_ONCE, "", "once"),
)
"""Those of RFC 6455 section 7.4.1, and those of the house."""


def completed(declared: Iterable[CloseCode]) -> tuple[CloseCode, ...]:
    """What a document declares, and what is usual beside it, by their numbers."""
    table = {each.code: each for each in (*USUAL, *declared)}
    return tuple(table[code] for code in sorted(table))
