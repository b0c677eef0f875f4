"""A plain client that speaks `wirepact.v1` line by line, as docs/wire.md has it, and keeps no promise by itself."""

import asyncio
import json
from collections import deque
from contextlib import asynccontextmanager

from websockets.asyncio.client import connect

from wirepact.lines import SUBPROTOCOL, Control, control_line, read_line


class Speaker:
    """One connection, and the lines that came and were not asked for yet."""

    def __init__(self, socket):
        self.socket = socket
        self._lines = deque()

    async def say(self, control, **fields):
        await self.socket.send(control_line(control, **fields))

    async def send(self, *lines):
        """*lines* in one frame."""
        await self.socket.send("\n".join(lines))

    async def line(self):
        """The next line, as it came."""
        while not self._lines:
            frame = await asyncio.wait_for(self.socket.recv(), 20)
            self._lines.extend(frame.split("\n") if isinstance(frame, str) else [frame])
        return self._lines.popleft()

    async def hear(self):
        """The next line: a `Control`, or a `Said` with its tags."""
        return read_line(await self.line())

    async def told(self, name):
        """The fields of the next line, which must be the control line *name*."""
        said = await self.hear()
        assert isinstance(said, Control), said
        assert said.name == name, said
        return dict(said.fields)

    async def message(self):
        """The next line, which must be a message: its tags and what it says."""
        said = await self.hear()
        assert not isinstance(said, Control), said
        return said, json.loads(said.text)

    async def texts(self, count):
        """What the next *count* messages say in `text`."""
        return [(await self.message())[1]["text"] for _ in range(count)]

    async def closed(self):
        """The close code, whatever came before."""
        async with asyncio.timeout(20):
            await self.socket.wait_closed()
            return self.socket.close_code


@asynccontextmanager
async def speaking(url, *, others=(), **options):
    """A connection that has said nothing yet."""
    options = {"compression": None, "open_timeout": 5, "proxy": None, "max_queue": None, **options}
    async with connect(url, subprotocols=[SUBPROTOCOL, *others], **options) as socket:
        yield Speaker(socket)
