"""What members do in channels: it is kept first, and told then.

What is said in a channel is told in the order in which it was kept, wherever it was. Whoever speaks for a member, a socket, a
request or another part of the application, does it here.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from handlers.chat.domain import Message, NewMessage, Reading
from handlers.chat.notices import Notices
from handlers.chat.storage import Store
from handlers.chat.teller import Teller


class Conversation:
    """Speaks for the members of channels."""

    def __init__(self, store: Store, notices: Notices, now: Callable[[], datetime]) -> None:
        self._store = store
        self._notices = notices
        self._now = now
        self._teller = Teller(store.untold, notices)
        self._others: list[Callable[[str], None]] = []

    def telling(self) -> AbstractAsyncContextManager[None]:
        """What could not be told, or was left untold by a process that died, is told while the block lasts."""
        return self._teller.telling()

    def also_tell(self, other: Callable[[str], None]) -> None:
        """Have *other* called with the name of each channel in which a member says something here."""
        self._others.append(other)

    async def say(self, channel_url: str, new: NewMessage) -> Message:
        """Keep what a member says, and tell it to all. Raises what `Store.add_message` does."""
        message = await self._store.add_message(channel_url, new, self._now())
        await self._teller.tell(channel_url)
        for other in self._others:
            other(channel_url)
        return message

    async def hear(self, channel_url: str, keep: Callable[[], Awaitable[Sequence[Message]]]) -> None:
        """Tell all what was said elsewhere, once *keep* has kept it."""
        if await keep():
            await self._teller.tell(channel_url)

    async def mark_as_read(self, channel_url: str, user_id: int) -> Reading:
        """Note that a member has read the channel until now, and tell it to all. Raises what `Store.mark_as_read` does."""
        reading = await self._store.mark_as_read(channel_url, user_id, self._now())
        await self._notices.read(reading)
        return reading
