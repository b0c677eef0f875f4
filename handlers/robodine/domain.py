"""What Robodine decides: what a record is called, what a line over TCP says, and when a topic has been quiet for too long.

What stands in a record is said by the document; here it is a JSON object.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

LOGS: Final = frozenset({"events", "systemlogs"})
"""Topics that grow without end: a snapshot has the newest of their records."""

STREAMS: Final = LOGS | {"orders"}
"""Topics of which nothing may be missed."""

_RECORD_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,100}")


class RobodineError(Exception):
    """Something that Robodine does not do. The text is meant for whoever asked."""


class UnknownTopic(RobodineError):
    """There is no such topic."""


class InvalidRecord(RobodineError):
    """A record is not as its topic has it."""


class UnknownRecord(RobodineError):
    """There is no such record."""


@dataclass(frozen=True, slots=True)
class Record:
    """Something that a topic tells of. `data` is the rest of it, as JSON; `None` if it was removed."""

    topic: str
    id: str
    data: Mapping[str, object] | None

    def as_told(self) -> dict[str, object]:
        """As it stands in the list of an update; what was removed says so."""
        if self.data is None:
            return {"id": self.id, "removed": True}
        return {"id": self.id, **self.data}


def report(said: object, topics: frozenset[str]) -> Record:
    """What a line over TCP reports, *said* being its JSON. Raises a `RobodineError`."""
    if not isinstance(said, dict):
        raise InvalidRecord("must be a JSON object")
    if unknown := said.keys() - {"topic", "id", "data"}:
        raise InvalidRecord(f"{min(unknown)}: is not known")
    topic, record_id = said.get("topic"), said.get("id")
    if not isinstance(topic, str) or topic not in topics:
        raise UnknownTopic(f"topic: must be one of {', '.join(sorted(topics))}")
    if "data" not in said:
        raise InvalidRecord("data: is required; null removes")
    return record(topic, record_id, said["data"])


def record(topic: str, record_id: object, data: object) -> Record:
    """A record called *record_id*. Raises `InvalidRecord`."""
    if not isinstance(record_id, str) or _RECORD_ID.fullmatch(record_id) is None:
        raise InvalidRecord("id: must be 1 to 100 letters, digits, dots, hyphens or underscores")
    if data is not None and not isinstance(data, dict):
        raise InvalidRecord("data: must be an object, or null")
    for name in ("id", "removed"):
        if data is not None and name in data:
            raise InvalidRecord(f"data.{name}: stands beside the data")
    return Record(topic, record_id, data)


def removal(topic: str, record_id: str) -> Record:
    """That there is no such record any more. Raises `UnknownRecord` if there can't be one."""
    if _RECORD_ID.fullmatch(record_id) is None:
        raise UnknownRecord(f'there is no "{record_id}" in {topic}')
    return Record(topic, record_id, None)


@dataclass(slots=True)
class Quiet:
    """Which topics nothing was told of for *interval* seconds. Times are of any clock that only goes on."""

    interval: float
    told: dict[str, float] = field(default_factory=dict)

    def note(self, topic: str, now: float) -> None:
        """*topic* was told something."""
        self.told[topic] = now

    def overdue(self, now: float) -> list[str]:
        """Those that have been quiet for too long."""
        return [topic for topic, at in self.told.items() if now - at >= self.interval]

    def until_next(self, now: float) -> float:
        """Seconds until one may be."""
        return max(0.0, min(self.told.values(), default=now) + self.interval - now)
