"""Who gets which name, where several things would be called the same.

Each claims names, the one that it would like best first. A name that several want goes to the one with the highest
rank, and to nobody if there are two of those; whoever does not get it asks for the next. What comes out depends on
what is claimed and never on the order in which it is: a document can be reordered, and every name stays.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Generic, TypeVar

Owner = TypeVar("Owner", bound=Hashable)

_DIGITS = (4, 8, 16, 64)
"""How much of a hash is tried to tell a name from others: more only where less is taken."""


@dataclass(frozen=True, slots=True)
class Claim(Generic[Owner]):
    """What something would like to be called, best first. Of a higher *rank* goes first."""

    owner: Owner
    names: Sequence[str]
    rank: int = 0


def settled(
    claims: Iterable[Claim[Owner]],
    taken: Iterable[str] = (),
    forms: Callable[[str], Iterable[str]] = lambda name: (name,),
) -> dict[Owner, str]:
    """The name of each owner: no two share any of the *forms* that their names take, nor one that is *taken*."""
    given: dict[Owner, str] = {}
    gone = {form for name in taken for form in forms(name)}
    waiting, left = [(each, 0) for each in claims], list[Claim[Owner]]()
    while waiting:
        wanted: defaultdict[str, list[Claim[Owner]]] = defaultdict(list)
        for claim, turn in waiting:
            for form in dict.fromkeys(forms(claim.names[turn])):
                wanted[form].append(claim)
        first = {form: _first(each) for form, each in wanted.items() if form not in gone}
        others = []
        for claim, turn in waiting:
            if all(first.get(form) is claim for form in forms(claim.names[turn])):
                given[claim.owner] = claim.names[turn]
            elif turn + 1 < len(claim.names):
                others.append((claim, turn + 1))
            else:
                left.append(claim)
        gone |= wanted.keys()
        waiting = others
    for claim in left:
        given[claim.owner] = _counted(claim.names[-1], gone, forms)
        gone |= {*forms(given[claim.owner])}
    return given


def numbered(name: str, text: str, joint: str = "_") -> list[str]:
    """*name* with more and more of a hash of *text*: what is left when no word tells it from another."""
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return [f"{name}{joint}{digest[:digits]}" for digits in _DIGITS]


def _counted(name: str, gone: set[str], forms: Callable[[str], Iterable[str]]) -> str:
    """A name for what is in every word the same as something else, so that there is only its number left."""
    names = (f"{name}_{number}" for number in count(2))
    return next(each for each in names if gone.isdisjoint(forms(each)))


def _first(wanting: Sequence[Claim[Owner]]) -> Claim[Owner] | None:
    """The one of the highest rank; nobody if there are several."""
    highest = max(each.rank for each in wanting)
    first, *others = (each for each in wanting if each.rank == highest)
    return None if others else first
