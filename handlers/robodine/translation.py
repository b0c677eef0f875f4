"""From what is kept to the messages that tell of it, and from what came to what is kept."""

from collections.abc import Iterable
from typing import Any, Final, TypeAlias, TypeVar

from pydantic_core import to_json

from generated.robodine import messages
from handlers.robodine.domain import InvalidRecord, Record
from wirepact.errors import Refusal
from wirepact.messages import Message
from wirepact.wire import validate

State: TypeAlias = (
    messages.Robots
    | messages.Tables
    | messages.Status
    | messages.Customers
    | messages.Inventory
    | messages.VideoStreams
)
Happening: TypeAlias = messages.Events | messages.Orders | messages.Systemlogs
Update: TypeAlias = State | Happening

UpdateT = TypeVar("UpdateT", bound=Message)

_STATES: Final[dict[str, type[State]]] = {
    "robots": messages.Robots,
    "tables": messages.Tables,
    "status": messages.Status,
    "customers": messages.Customers,
    "inventory": messages.Inventory,
    "video_streams": messages.VideoStreams,
}

_HAPPENINGS: Final[dict[str, type[Happening]]] = {
    "events": messages.Events,
    "orders": messages.Orders,
    "systemlogs": messages.Systemlogs,
}

TOPICS: Final = frozenset(_STATES | _HAPPENINGS)

_RECORDS: Final[dict[str, type[Any]]] = {
    "robots": messages.Robot,
    "tables": messages.Table,
    "events": messages.Event,
    "orders": messages.Order,
    "status": messages.SystemStatus,
    "systemlogs": messages.LogLine,
    "customers": messages.Customer,
    "inventory": messages.StockItem,
    "video_streams": messages.VideoStream,
}


def check(record: Record) -> None:
    """Whether *record* is as the document has those of its topic. Raises `InvalidRecord`."""
    if record.data is None:
        return
    try:
        validate(_RECORDS[record.topic], to_json(record.as_told()))
    except Refusal as refusal:
        raise InvalidRecord(refusal.text) from None


def update(topic: str, records: Iterable[Record]) -> Update:
    """What tells of *records* of *topic*."""
    return happening(topic, records) if topic in _HAPPENINGS else state(topic, records)


def state(topic: str, records: Iterable[Record]) -> State:
    """The same of a topic whose records are a state."""
    return _message(_STATES[topic], topic, records)


def happening(topic: str, records: Iterable[Record]) -> Happening:
    """The same of a topic of which nothing may be missed."""
    return _message(_HAPPENINGS[topic], topic, records)


def _message(model: type[UpdateT], topic: str, records: Iterable[Record]) -> UpdateT:
    told = {"type": "update", "topic": topic, "data": [each.as_told() for each in records]}
    return model.model_validate_json(to_json(told))
