"""From bytes to frames, for who stands between two sides and is neither."""

from collections.abc import Generator

from websockets.exceptions import WebSocketException
from websockets.frames import Frame
from websockets.streams import StreamReader


class Parser:
    """Takes bytes and gives frames; once something is no frame, all that follows passes as it is."""

    def __init__(self, *, is_masked: bool) -> None:
        self._is_masked = is_masked
        self._stream = StreamReader()
        self._frame = self._next()
        self._is_lost = False
        self._unread = b""

    def take(self, data: bytes) -> list[Frame | bytes]:
        """What *data* completes."""
        if self._is_lost:
            return [data] if data else []
        self._stream.feed_data(data)
        self._unread += data
        found: list[Frame | bytes] = []
        while True:
            try:
                next(self._frame)
            except StopIteration as done:
                frame: Frame = done.value
                self._unread = bytes(self._stream.buffer)
                found.append(frame)
                self._frame = self._next()
            except WebSocketException:
                self._is_lost = True
                return [*found, self._unread]
            else:
                return found

    def _next(self) -> Generator[None, None, Frame]:
        return Frame.parse(self._stream.read_exact, mask=self._is_masked)
