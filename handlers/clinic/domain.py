"""What Clinic decides: how orders go on, who may see those of which department, and what is news."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

EVERY_DEPARTMENT: Final = "*"
"""What stands among the departments of who may see the orders of all."""


class ClinicError(Exception):
    """Something that Clinic does not do, in words for whoever asked."""


class UnknownOrder(ClinicError):
    """No order has this id."""

    def __init__(self, order_id: str) -> None:
        super().__init__(f"there is no order {order_id[:64]}")


class UnknownJob(ClinicError):
    """Nothing was said of such a job."""

    def __init__(self, job_id: str) -> None:
        super().__init__(f"there is no job {job_id[:200]}")


class OtherOrder(ClinicError):
    """Another order has this id."""

    def __init__(self, order_id: str) -> None:
        super().__init__(f"there is another order {order_id} already")


class NoWayBack(ClinicError):
    """An order does not go this way."""

    def __init__(self, order: "Order", wanted: "OrderStatus") -> None:
        super().__init__(f"the order is {order.status.value}, and can't be {wanted.value} any more")


class NoDepartment(ClinicError):
    """The token names no department."""

    def __init__(self) -> None:
        super().__init__("needs a token that names departments")


_ORDER_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_JOB_ID: Final = re.compile(r"[!-~]{1,200}")


def possible_order_id(said: str) -> str:
    """The order's id that *said* is. Raises `UnknownOrder` if none can be called so."""
    if _ORDER_ID.fullmatch(said) is None:
        raise UnknownOrder(said)
    return said


def possible_job_id(said: str) -> str:
    """The job's id that *said* is. Raises `UnknownJob` if none can be called so."""
    if _JOB_ID.fullmatch(said) is None:
        raise UnknownJob(said)
    return said


class OrderStatus(StrEnum):
    """How far an order is, in this order; `CANCELLED` is beside it."""

    ORDERED = "ordered"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    RESULT_READY = "result_ready"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


_WAY: Final = {status: step for step, status in enumerate(OrderStatus)}

CLOSED: Final = frozenset({OrderStatus.COMPLETED, OrderStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order that is to be kept."""

    id: str
    patient_id: str
    department: str
    order_type: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order. `revision` counts its states; `told` is the last of them that was told."""

    id: str
    patient_id: str
    department: str
    order_type: str
    status: OrderStatus
    revision: int
    created_at: datetime
    updated_at: datetime
    told: int = 0

    @property
    def is_told(self) -> bool:
        """Whether everybody concerned has heard how it is."""
        return self.told >= self.revision

    def is_as(self, new: NewOrder) -> bool:
        """Whether *new* is this one, said again."""
        return new == NewOrder(self.id, self.patient_id, self.department, self.order_type)

    def changed(self, status: OrderStatus, at: datetime) -> "Order":
        """The order once it is *status*; itself if it is so already. Raises `NoWayBack`."""
        if status is self.status:
            return self
        if self.status in CLOSED or not self._leads_to(status):
            raise NoWayBack(self, status)
        return replace(self, status=status, revision=self.revision + 1, updated_at=at)

    def _leads_to(self, status: OrderStatus) -> bool:
        if status is OrderStatus.CANCELLED:
            return self.status is not OrderStatus.RESULT_READY
        return _WAY[status] > _WAY[self.status]


def ordered(new: NewOrder, at: datetime) -> Order:
    """*new*, as it begins."""
    return Order(new.id, new.patient_id, new.department, new.order_type, OrderStatus.ORDERED, 1, at, at)


def departments(claims: Mapping[str, object]) -> frozenset[str]:
    """The departments whose orders the owner of a token with *claims* may see. Raises `NoDepartment`.

    Who may see all has `EVERY_DEPARTMENT`, and nothing beside it.
    """
    claimed = claims.get("departments")
    if not isinstance(claimed, list) or not claimed or not all(isinstance(each, str) for each in claimed):
        raise NoDepartment
    return frozenset({EVERY_DEPARTMENT} if EVERY_DEPARTMENT in claimed else claimed)


class JobStatus(StrEnum):
    """How an inference job is."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class JobState:
    """What the inference service said of a job. `error` is why it failed, if it did and if it was said."""

    job_id: str
    status: JobStatus
    at: datetime
    result: Mapping[str, object] = field(default_factory=dict)
    error: str = ""


class Feed(StrEnum):
    """Who hears of a change of permissions."""

    EVERYBODY = "everybody"
    USER = "user"


class ChangeKind(StrEnum):
    """What changed for somebody."""

    GRANTED = "granted"
    REVOKED = "revoked"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class PermissionChange:
    """Somebody's permission or role called *name* changed. `previous` is the role before, if one is known.

    What has the same `event_id` is the same change, said again.
    """

    event_id: str
    kind: ChangeKind
    user_id: str
    name: str
    at: datetime
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A user, as others see whether they are there.

    While they are, `last_seen` is of a while ago. Of two that were told the one with the higher `revision` is the newer.
    """

    user_id: str
    name: str
    is_online: bool
    last_seen: datetime
    revision: int

    def arrived(self, name: str, at: datetime) -> "Person | None":
        """The same who has come; nobody if they were there before."""
        if self.is_online:
            return None
        return Person(self.user_id, name or self.name, True, at, self._next(at))

    def departed(self, at: datetime, last_seen: datetime | None = None) -> "Person | None":
        """The same who has gone; nobody if they were gone before. Without *last_seen* they were seen when it was written last."""
        if not self.is_online:
            return None
        return replace(self, is_online=False, last_seen=last_seen or self.last_seen, revision=self._next(at))

    def _next(self, at: datetime) -> int:
        """At least the time, so that who is begun anew is not older than what was told of them before."""
        return max(self.revision + 1, _milliseconds(at))


def newcomer(user_id: str, name: str, at: datetime) -> Person:
    """Somebody who was never here before. Who has no name is called by their id."""
    return Person(user_id, name or user_id, True, at, _milliseconds(at))


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
