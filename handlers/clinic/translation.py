"""From what is kept to the messages that tell of it, and from what was posted to what is to be kept."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, TypeAlias, TypeVar

from pydantic import MISSING

from generated.clinic import messages
from handlers.clinic.domain import (
    ChangeKind,
    JobState,
    JobStatus,
    NewOrder,
    Order,
    OrderStatus,
    PermissionChange,
    Person,
)
from wirepact.messages import Message

PermissionNews: TypeAlias = messages.PermissionGranted | messages.PermissionRevoked | messages.RoleChanged
OrderNews: TypeAlias = (
    messages.OrderCreated | messages.OrderStatusChanged | messages.OrderResultReady | messages.OrderCancelled
)
JobNews: TypeAlias = messages.AiInferenceResult | messages.AiInferenceFailure
PresenceNews: TypeAlias = messages.UserOnline | messages.UserOffline

MessageT = TypeVar("MessageT", bound=Message)

_KINDS: Final = {"PERMISSION_GRANTED": ChangeKind.GRANTED, "PERMISSION_REVOKED": ChangeKind.REVOKED}

_ORDER_NEWS: Final[dict[OrderStatus, type[OrderNews]]] = {
    OrderStatus.ORDERED: messages.OrderCreated,
    OrderStatus.ACCEPTED: messages.OrderStatusChanged,
    OrderStatus.IN_PROGRESS: messages.OrderStatusChanged,
    OrderStatus.RESULT_READY: messages.OrderResultReady,
    OrderStatus.COMPLETED: messages.OrderStatusChanged,
    OrderStatus.CANCELLED: messages.OrderCancelled,
}


def permission_change(body: messages.PermissionEvent, at: datetime) -> PermissionChange:
    """What was posted."""
    event = body.root
    if isinstance(event, messages.PermissionChange):
        return PermissionChange(event.event_id, _KINDS[event.type], event.user_id, event.permission, at)
    previous = None if event.previous_role is MISSING else event.previous_role
    return PermissionChange(event.event_id, ChangeKind.ROLE, event.user_id, event.role, at, previous)


def permission_news(change: PermissionChange) -> PermissionNews:
    """What tells of it."""
    match change.kind:
        case ChangeKind.GRANTED:
            return messages.PermissionGranted(
                user_id=change.user_id, permission=change.name, timestamp=change.at
            )
        case ChangeKind.REVOKED:
            return messages.PermissionRevoked(
                user_id=change.user_id, permission=change.name, timestamp=change.at
            )
        case ChangeKind.ROLE:
            return messages.RoleChanged(
                user_id=change.user_id, role=change.name, previous_role=change.previous, timestamp=change.at
            )


def new_order(body: messages.NewOrder) -> NewOrder:
    """What was posted."""
    return NewOrder(body.order_id, body.patient_id, body.department, body.order_type)


def order(record: Order, model: type[MessageT]) -> MessageT:
    """*record* as a *model*, whatever it says beside."""
    return model.model_validate(
        {
            "order_id": record.id,
            "patient_id": record.patient_id,
            "department": record.department,
            "order_type": record.order_type,
            "status": record.status.value,
            "revision": record.revision,
            "created_at": record.created_at,
            "updated_at": record.updated_at,
        }
    )


def order_news(record: Order) -> OrderNews:
    """What tells of how it is."""
    return order(record, _ORDER_NEWS[record.status])


def department(message: Message) -> str | None:
    """The department of the order that *message* tells of."""
    return message.department if isinstance(message, OrderNews) else None


def ocs_snapshot(records: Iterable[Order]) -> messages.OcsSnapshot:
    """To who has come."""
    return messages.OcsSnapshot(orders=[order(each, messages.Order) for each in records])


def job_state(body: messages.AiJobState, at: datetime) -> JobState:
    """What was posted; what was left out is empty."""
    result = None if body.result is MISSING else body.result
    error = None if body.error is MISSING else body.error
    return JobState(
        job_id=body.job_id,
        status=JobStatus(body.status),
        at=at,
        result={} if result is None else result.model_dump(mode="json"),
        error=error or "",
    )


def job_news(state: JobState) -> JobNews:
    """What tells of it."""
    result = messages.Result.model_validate(state.result)
    match state.status:
        case JobStatus.FAILED:
            return messages.AiInferenceFailure(job_id=state.job_id, result=result, error=state.error)
        case JobStatus.PENDING:
            return messages.AiInferenceResult(job_id=state.job_id, status="pending", result=result)
        case JobStatus.PROCESSING:
            return messages.AiInferenceResult(job_id=state.job_id, status="processing", result=result)
        case JobStatus.COMPLETED:
            return messages.AiInferenceResult(job_id=state.job_id, status="completed", result=result)


def ai_job(state: JobState) -> messages.AiJob:
    """A job, to who asks for it."""
    return messages.AiJob(
        job_id=state.job_id,
        status=state.status.value,
        result=messages.Result.model_validate(state.result),
        error=state.error if state.status is JobStatus.FAILED else None,
        updated_at=state.at,
    )


def presence_snapshot(online: Iterable[Person], offline: Iterable[Person]) -> messages.PresenceSnapshot:
    """To who has come."""
    return messages.PresenceSnapshot(
        online=[messages.OnlineUser(user_id=each.user_id, user_name=each.name) for each in online],
        offline=[
            messages.OfflineUser(user_id=each.user_id, user_name=each.name, last_seen=each.last_seen)
            for each in offline
        ],
    )


def presence_news(person: Person) -> PresenceNews:
    """To all who are there."""
    if person.is_online:
        return messages.UserOnline(user_id=person.user_id, user_name=person.name)
    return messages.UserOffline(user_id=person.user_id, user_name=person.name, last_seen=person.last_seen)
