"""Who is told what: the products that a user may see, and what they want to hear of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from handlers.spc.domain.errors import InvalidUser

LOWEST_PRIORITY: Final = 1

_LONGEST_USER: Final = 255


class Kind(StrEnum):
    """A kind of notification."""

    ALERT = "alert"
    MEASUREMENT = "measurement"
    CAPABILITY = "capability"
    RUN_RULE_VIOLATION = "run_rule_violation"


@dataclass(frozen=True, slots=True)
class Notification:
    """What was said about a product; `priority` is that of an alert."""

    kind: Kind
    product_code: str
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a user wants to be told; if they never said, everything. `muted` are ids of products."""

    min_priority: int = LOWEST_PRIORITY
    kinds: frozenset[Kind] = frozenset(Kind)
    muted: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Access:
    """The products that a user may see, by id; `None` is all of them, for who has no rule."""

    user: str
    products: Sequence[int] | None = None

    def __post_init__(self) -> None:
        check_user(self.user)


@dataclass(frozen=True, slots=True)
class Hearing:
    """What one user is told. Products go by their codes, since that is what an alert says; `seen` is `None` for all."""

    seen: frozenset[str] | None = None
    muted: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset(Kind)
    min_priority: int = LOWEST_PRIORITY

    def wants(self, said: Notification) -> bool:
        """Whether the user is to be told."""
        if self.seen is not None and said.product_code not in self.seen:
            return False
        is_wanted = said.kind in self.kinds and said.product_code not in self.muted
        return is_wanted and (said.priority is None or said.priority >= self.min_priority)


def check_user(user: str) -> None:
    """Raises `InvalidUser` for a name that can't be kept."""
    if not 0 < len(user) <= _LONGEST_USER or "\0" in user:
        raise InvalidUser(_LONGEST_USER)
