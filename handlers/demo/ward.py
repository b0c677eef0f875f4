"""A day in a hospital as a script: orders go from department to department, models look at images, staff come and go, and so do permissions.

The same random source gives the same day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Final, TypeAlias

STAFF: Final[Mapping[str, str]] = {
    "demo-doctor": "김민준 의사",
    "demo-resident": "이서연 전공의",
    "demo-nurse": "박지훈 간호사",
    "demo-radiographer": "최수아 방사선사",
    "demo-technician": "정하윤 임상병리사",
}
"""Their names, by user id."""

_ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "radiology": ("CHEST_XRAY", "BRAIN_MRI", "ABDOMEN_CT"),
    "laboratory": ("CBC", "LIVER_PANEL", "URINALYSIS"),
    "pharmacy": ("DISCHARGE_MEDICATION",),
}
"""What each department is ordered to do."""

_FINDINGS: Final = ("normal", "nodule", "effusion", "fracture")
_PERMISSIONS: Final = ("view_lab_results", "sign_orders", "view_images")
_ROLES: Final = ("NURSE", "RESIDENT", "DOCTOR")
_ERRORS: Final = ("CUDA out of memory", "image has no pixel data")

_AT_ONCE = 6


@dataclass(frozen=True, slots=True)
class Ordered:
    """A new order, by a number of this day."""

    number: int
    patient: str
    department: str
    order_type: str


@dataclass(frozen=True, slots=True)
class Went:
    """An order has got further."""

    number: int
    status: str


@dataclass(frozen=True, slots=True)
class Inferred:
    """The inference service says how the job of an order is."""

    number: int
    status: str
    result: Mapping[str, object] | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """Somebody may do more, or less, or has another role: *what* says what, as the feed has it."""

    number: int
    user: str
    what: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody is there."""

    user: str


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody is gone."""

    user: str


Turn: TypeAlias = Ordered | Went | Inferred | Allowed | Came | Left


def ward(chance: Random) -> Iterator[Turn]:
    """What happens, without end. Everyone is there to begin with."""
    numbers = count(1)
    courses: list[Iterator[Turn]] = []
    coming = _coming(chance)
    while True:
        if len(courses) < _AT_ONCE and chance.random() < 0.4:
            courses.append(_course(next(numbers), chance))
        if chance.random() < 0.1:
            yield next(coming)
        if chance.random() < 0.15:
            yield _allowed(next(numbers), chance)
        if courses:
            yield from _step(courses, chance)


def _step(courses: list[Iterator[Turn]], chance: Random) -> Iterator[Turn]:
    """One of the orders gets further; one that is through is forgotten."""
    course = chance.choice(courses)
    turn = next(course, None)
    if turn is None:
        courses.remove(course)
    else:
        yield turn


def _course(number: int, chance: Random) -> Iterator[Turn]:
    """What becomes of one order."""
    department = chance.choice(list(_ORDERS))
    patient = f"P-{chance.randint(100, 999)}"
    yield Ordered(number, patient, department, chance.choice(_ORDERS[department]))
    if chance.random() < 0.1:
        yield Went(number, "cancelled")
        return
    yield Went(number, "accepted")
    yield Went(number, "in_progress")
    if department == "radiology":
        yield from _inference(number, chance)
    yield Went(number, "result_ready")
    yield Went(number, "completed")


def _inference(number: int, chance: Random) -> Iterator[Turn]:
    yield Inferred(number, "pending")
    yield Inferred(number, "processing")
    if chance.random() < 0.2:
        yield Inferred(number, "failed", error=chance.choice(_ERRORS))
        return
    found = {"label": chance.choice(_FINDINGS), "confidence": round(chance.uniform(0.6, 0.99), 2)}
    yield Inferred(number, "completed", found)


def _allowed(number: int, chance: Random) -> Allowed:
    user = chance.choice(list(STAFF))
    kind = chance.choice(["PERMISSION_GRANTED", "PERMISSION_REVOKED", "ROLE_CHANGED"])
    if kind == "ROLE_CHANGED":
        previous, role = chance.sample(_ROLES, 2)
        return Allowed(number, user, {"type": kind, "role": role, "previous_role": previous})
    return Allowed(number, user, {"type": kind, "permission": chance.choice(_PERMISSIONS)})


def _coming(chance: Random) -> Iterator[Turn]:
    """One after the other goes for a while."""
    while True:
        for user in chance.sample(list(STAFF), len(STAFF)):
            yield Left(user)
            yield Came(user)
