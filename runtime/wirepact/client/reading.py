"""A lenient reader: nothing that a server sends ends a connection, and nothing of it is lost.

A client is older than its server sooner or later. New fields are kept on the models. A message that the
document does not know, and one that it knows but whose content is not valid any more (an enumeration with a
new value), is handed on as `Unknown`, whole.
"""

from typing import Generic, cast

from pydantic_core import from_json

from wirepact.descriptors import MessageSet, MessageT, Path
from wirepact.errors import Refusal, UnknownMessage
from wirepact.messages import Unknown
from wirepact.wire import Decoder


class Reader(Generic[MessageT]):
    """Reads what arrives, among the messages that the document lets the other side send."""

    def __init__(self, messages: MessageSet[MessageT]) -> None:
        self._paths = messages.paths
        self._decoder = Decoder(messages)

    def read(self, frame: str | bytes) -> MessageT | Unknown:
        """The message that *frame* is."""
        if isinstance(frame, bytes) and not self._decoder.takes_binary:
            return Unknown(None, frame, "a binary frame")
        try:
            return self._decoder.decode(frame)
        except UnknownMessage:
            return Unknown(self._name(frame), frame)
        except Refusal as refusal:
            return Unknown(self._name(frame), frame, refusal.text)

    def _name(self, frame: str | bytes) -> str | None:
        """The constants of *frame* that tell messages apart, those of several paths joined by a slash."""
        try:
            value = from_json(frame)
        except ValueError:
            return None
        names = [name for path in self._paths if isinstance(name := _at(value, path), str)]
        return "/".join(names) or None


def _at(value: object, path: Path) -> object:
    for key in path:
        value = cast("dict[str, object]", value).get(key) if isinstance(value, dict) else None
    return value
