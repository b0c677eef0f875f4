"""A message's constants as data of TypeScript, whose types are gone when the program runs."""

from collections.abc import Mapping

from wirepact_codegen.model import Message, Path, Schema
from wirepact_codegen.targets.typescript_text import Data
from wirepact_codegen.telling import constants_of


def content_of(message: Message, definitions: Mapping[str, Schema]) -> dict[str, Data]:
    """What *message* is but for what varies."""
    content: dict[str, Data] = {}
    for path, values in constants_of(message.schema, definitions):
        if len(values) == 1:
            _put(content, path, values[0])
    return content


def _put(content: dict[str, Data], path: Path, value: Data) -> None:
    *parents, last = path
    for step in parents:
        inside = content.setdefault(step, {})
        if isinstance(inside, dict):
            content = inside
    content[last] = value
