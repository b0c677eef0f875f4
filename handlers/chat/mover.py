"""Brings channels from Sendbird here, and what is still said there afterwards; and shows there what is said here.

A channel stays at Sendbird until everything that was said in it is here; then it opens, and is here for good. Apps that still
speak to Sendbird, and code that does so directly, go on: what they say is looked for and told here, once, and they see copies of
what is said here.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from handlers.chat import provider
from handlers.chat.conversation import Conversation
from handlers.chat.domain import Kind, Member, Message, NewChannel, user_id_of
from handlers.chat.moves import Brought, Move, Moves
from handlers.chat.sendbird import SendbirdProvider

logger = logging.getLogger(__name__)

LONGEST: Final = timedelta(minutes=10)
"""How seldom a channel is looked at in which nothing is said any more."""

_THE_BEGINNING: Final = datetime(2012, 1, 1, tzinfo=UTC)
"""Before there was anything at Sendbird."""

_TURN: Final = timedelta(minutes=2)
"""How long whoever looks at a channel has for it, before somebody else does."""

_AT_ONCE: Final = 8
"""How many channels somebody takes at a time."""

_GRACE: Final = 5.0
"""Seconds that there are in the end for what is under way: a transaction should not be cut."""

_COPIES: Final = 25
"""How many messages of a channel are copied before the next channel has its turn: Sendbird takes a few a second."""


class Mover:
    """Brings channels here. *interval* is how often it is looked for what is said at Sendbird, at the most."""

    def __init__(
        self,
        sendbird: SendbirdProvider,
        moves: Moves,
        conversation: Conversation,
        now: Callable[[], datetime],
        interval: timedelta,
    ) -> None:
        self._sendbird = sendbird
        self._moves = moves
        self._conversation = conversation
        self._now = now
        self._interval = interval
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._news: set[str] = set()
        self._ends = asyncio.Event()
        conversation.also_tell(self._news.add)

    async def bring(self, channel_url: str) -> None:
        """Bring a channel here, with its history. It is brought on when whoever waits for it gives up.

        Raises `provider.UnknownChannel` if there is none at Sendbird, or what else asking it raises.
        """
        task = self._under_way.get(channel_url)
        if task is None:
            task = self._under_way[channel_url] = asyncio.create_task(self._bring(channel_url))
            task.add_done_callback(partial(self._is_done, channel_url))
        await asyncio.shield(task)

    async def look(self) -> int:
        """Look at the channels whose turn it is. Gives how many these were."""
        now = self._now()
        if news := set(self._news):
            self._news.clear()
            await self._moves.wake(news, now)
        due = await self._moves.due(now, now + _TURN, _AT_ONCE)
        try:
            for move in due:
                if not self._ends.is_set():
                    await self._look_at(move)
        finally:
            if due:
                await self._rest([each.channel_url for each in due])
        return len(due)

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """It is looked for what is said at Sendbird while the block lasts; what takes long in the end is left to others."""
        task = asyncio.create_task(self._keep_looking())
        try:
            yield
        finally:
            self._ends.set()
            _, late = await asyncio.wait([task, *self._under_way.values()], timeout=_GRACE)
            for each in late:
                each.cancel()
            if late:
                await asyncio.wait(late)

    async def _bring(self, channel_url: str) -> None:
        channel = await self._sendbird.channel(channel_url)
        move = await self._moves.begin(channel_url, self._now() + _TURN)
        try:
            await self._catch_up(move)
            if not move.is_open:
                await self._open(channel)
        finally:
            if move.is_new:
                await self._rest([channel_url])

    def _is_done(self, channel_url: str, task: asyncio.Task[None]) -> None:
        del self._under_way[channel_url]
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.info("a channel stays at Sendbird", extra=_fields(channel_url, error))

    async def _keep_looking(self) -> None:
        while not self._ends.is_set():
            try:
                found = await self.look()
            except Exception:
                logger.exception("it could not be looked for what is said at Sendbird")
                found = 0
            if found < _AT_ONCE:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._ends.wait(), self._interval.total_seconds())

    async def _look_at(self, move: Move) -> None:
        try:
            channel = await self._sendbird.channel(move.channel_url)
            if move.is_open:
                await self._moves.join(move.channel_url, self._members(channel))
            await self._catch_up(move)
            if move.is_open:
                await self._show(channel)
            else:
                await self._open(channel)
        except provider.UnknownChannel as error:
            logger.warning("a channel is no longer at Sendbird", extra=_fields(move.channel_url, error))
            await self._moves.give_up(move.channel_url)
        except provider.ChatProviderError as error:
            logger.warning("Sendbird does not say what was said", extra=_fields(move.channel_url, error))

    async def _rest(self, channel_urls: Collection[str]) -> None:
        await self._moves.rest(channel_urls, self._now(), self._interval, LONGEST)

    async def _catch_up(self, move: Move) -> None:
        since, last = move.since or _THE_BEGINNING, None
        while True:
            page = await self._sendbird.history(move.channel_url, since=since, after=last)
            said = [_brought(each) for each in page.messages]
            take = partial(self._moves.take, move.channel_url, said, page.until)
            await self._conversation.hear(move.channel_url, take)
            if page.copies:
                await self._moves.copied(move.channel_url, max(page.copies))
            if not page.is_full:
                return
            last = page.last

    async def _show(self, channel: provider.Channel) -> None:
        """Copy what was said here. Who was interrupted has seen in the history there which copies it has."""
        members = set(channel.member_ids)
        said = await self._moves.uncopied(channel.channel_url, _COPIES)
        if len(said) == _COPIES:
            self._news.add(channel.channel_url)
        for message in said:
            try:
                await self._copy(_copied(message), members)
            except provider.Unreachable:
                raise
            except provider.ChatProviderError as error:
                logger.warning("Sendbird does not show a message", extra=_fields(channel.channel_url, error))
            await self._moves.copied(channel.channel_url, message.id)

    async def _copy(self, message: provider.Message, members: set[str]) -> None:
        if message.user_id not in members:
            await self._sendbird.add_members(message.channel_url, [message.user_id])
            members.add(message.user_id)
        await self._sendbird.send_copy(message)

    async def _open(self, channel: provider.Channel) -> None:
        members = self._members(channel)
        new = NewChannel(channel.channel_url, channel.name, [each.user_id for each in members], channel.data)
        await self._moves.open(new, members, self._now())
        logger.info("a channel has moved to WebSocket", extra=_fields(channel.channel_url))

    def _members(self, channel: provider.Channel) -> list[Member]:
        """The members that can be told apart here: users are numbers."""
        at = self._now()
        numbered = [(user_id_of(each.user_id), each.read_until) for each in channel.members]
        return [Member(number, at, read_until) for number, read_until in numbered if number is not None]


def _fields(channel_url: str, error: BaseException | None = None) -> dict[str, dict[str, str | None]]:
    return {"fields": {"channel_url": channel_url, "error": None if error is None else str(error)}}


def _copied(message: Message) -> provider.Message:
    """What was said here, as it is shown at Sendbird: of a file there is its name, since only members can get it here."""
    text = message.text if message.file is None else f"{message.file.name} {message.text}".strip()
    content = provider.NewMessage(text)
    return provider.Message(message.id, message.channel_url, str(message.user_id), message.said_at, content)


def _brought(message: provider.Message) -> Brought:
    """What was said, as it is kept here: whose sender is no number was said by nobody, and a file is a link."""
    content = message.content
    text = content.text if content.attachment is None else content.attachment.url
    return Brought(
        source_id=message.id,
        user_id=user_id_of(message.user_id) or 0,
        kind=Kind(content.type),
        text=text.replace("\0", ""),
        said_at=message.sent_at,
    )
