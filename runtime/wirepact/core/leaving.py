"""How many connections are sent away at a time when a node stops: so that they don't come back to the others all at once."""

from dataclasses import dataclass
from math import ceil

AT_ONCE = 100
"""So many leave together, and nobody notices."""

RATE = 200.0
"""How many connections a second the other nodes should have to take."""

SHARE = 0.4
"""How much of the shutdown window the leaving may take; the rest is for handlers to finish, and for peers to answer."""

STEP = 0.1
"""Seconds between two batches."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """*batch* leave every `STEP` seconds; each is told to come back after up to *delay* seconds."""

    batch: int
    delay: float


def leaving(count: int, window: float) -> Leaving:
    """How *count* connections leave within a shutdown window of so many seconds."""
    delay = max(1.0, count / RATE)
    if count <= AT_ONCE:
        return Leaving(max(1, count), delay)
    steps = max(1, ceil(min(count / RATE, window * SHARE) / STEP))
    return Leaving(ceil(count / steps), delay)
