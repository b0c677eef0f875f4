"""A connection that speaks *legacy* (docs/wire.md, L): a frame is a message, and an error is one of the document's."""

import asyncio

from wirepact.errors import Refusal, TooSlow
from wirepact.messages import Message
from wirepact.server.connection import Connection
from wirepact.server.frames import Batch


class LegacyConnection(Connection):
    """A peer that nothing is told but what the document says."""

    __slots__ = ()

    def hear(self, frame: str | bytes) -> None:
        """See `Connection`."""
        if not self.is_closing:
            self._act(self._session.hear(frame, asyncio.get_running_loop().time()))

    def _begin(self) -> None:
        self._worker = asyncio.create_task(self._greet_and_work())

    def _answer(self, reply: Message | None, request: str) -> None:
        del request
        if reply is not None:
            self.send(reply)

    def _refuse(self, refusal: Refusal, request: str = "") -> None:
        del request
        if self.endpoint.errors is None:
            self.close(refusal.close_code)
        else:
            self._write(Batch.of(self.endpoint.errors.write(refusal).encode()))

    def _tell_dropped(self, publications: int) -> None:
        if self.endpoint.errors is not None:
            self._refuse(TooSlow(f"{publications} messages were left out"))
