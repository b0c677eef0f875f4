"""The headers of a handshake as messages: a list stands in one line or in several, with commas between."""

from collections.abc import Iterable, Iterator
from typing import Generic

from wirepact.descriptors import MessageT
from wirepact.server.forms import Form


class HeaderReader(Generic[MessageT]):
    """Reads headers as messages of one model. Their names have no case; others than the model's are ignored."""

    def __init__(self, model: type[MessageT]) -> None:
        self._form = Form(model)
        self._names = {name.lower().encode(): name for name in self._form.names}

    def read(self, headers: Iterable[tuple[bytes, bytes]]) -> MessageT:
        """The message that *headers* stand for. Raises a `Refusal`."""
        return self._form.read(self._pairs(headers))

    def _pairs(self, headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[str, str]]:
        for key, value in headers:
            name, text = self._names.get(key.lower()), value.decode("latin-1").strip()
            if name is None:
                continue
            texts = text.split(",") if name in self._form.lists else [text]
            yield from ((name, each.strip()) for each in texts)
