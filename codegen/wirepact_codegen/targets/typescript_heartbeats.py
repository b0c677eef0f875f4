"""A document's heartbeat as data of TypeScript, whose types are gone when the program runs: its messages with their constants."""

from collections.abc import Mapping

from wirepact_codegen.model import Heartbeat, Json, Message, Path, Schema
from wirepact_codegen.targets.typescript_constants import content_of
from wirepact_codegen.targets.typescript_text import Data
from wirepact_codegen.telling import resolved


def heartbeat_data(heartbeat: Heartbeat, definitions: Mapping[str, Schema]) -> Data:
    """The descriptor of *heartbeat*. The clock is put in by whoever says it."""
    said: dict[str, Data] = {"by": heartbeat.by, "ping": _beat(heartbeat.ping, definitions)}
    if heartbeat.pong is not None:
        said["pong"] = _beat(heartbeat.pong, definitions)
    said |= {"intervalMs": _milliseconds(heartbeat.interval), "timeoutMs": _milliseconds(heartbeat.timeout)}
    if heartbeat.time:
        said["time"] = heartbeat.time
        if _is_whole(heartbeat.ping, heartbeat.time, definitions):
            said["isWhole"] = True
    return said


def _beat(message: Message, definitions: Mapping[str, Schema]) -> Data:
    return {"name": message.name, "content": content_of(message, definitions)}


def _is_whole(message: Message, path: Path, definitions: Mapping[str, Schema]) -> bool:
    here: Json = message.schema
    for step in path:
        schema = resolved(here, definitions)
        properties = schema.get("properties")
        here = properties.get(step) if isinstance(properties, dict) else None
    return resolved(here, definitions).get("type") == "integer"


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
