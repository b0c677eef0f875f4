"""Who is told what. Called after the commit.

What is stored stays stored if nobody can be told. What was said waits until it can be; who came, went, wrote or read is not told then.
"""

import asyncio
import logging
from collections.abc import Awaitable
from functools import partial
from typing import TypeAlias

from generated.chat import channels, messages
from generated.chat.publisher import ChatPublisher
from handlers.chat import translation
from handlers.chat.domain import Message, Reading

logger = logging.getLogger(__name__)

_Told: TypeAlias = messages.Read | messages.Typing | messages.UserJoined | messages.UserLeft


class Notices:
    """Tells everyone in a channel; with *tests*, those at its test address, too."""

    def __init__(self, publisher: ChatPublisher, *, tests: bool = False) -> None:
        self._publisher = publisher
        self._tests = tests

    async def said(self, message: Message, key: str) -> None:
        """Somebody said something; with the same *key* it is told once, for a while. Raises `Unavailable`."""
        told, parameters = translation.said(message), {"channel_url": message.channel_url}
        say = partial(self._publisher.publish, parameters=parameters, idempotency_key=key)
        await say(channels.SAID, told)
        if self._tests:
            await say(channels.TEST_TOLD, told)

    async def read(self, reading: Reading) -> None:
        """Somebody has read."""
        told = translation.read(reading)
        await self._tell(self._publisher.read(told, channel_url=reading.channel_url), told)

    async def typing(self, told: messages.Typing) -> None:
        """Somebody is writing, or no longer is."""
        await self._tell(self._publisher.typing(told, channel_url=told.channel_url), told)

    async def joined(self, told: messages.UserJoined) -> None:
        """Somebody is here."""
        await self._tell(self._publisher.user_joined(told, channel_url=told.channel_url), told)

    async def left(self, told: messages.UserLeft) -> None:
        """Somebody is gone."""
        await self._tell(self._publisher.user_left(told, channel_url=told.channel_url), told)

    async def _tell(self, publication: Awaitable[None], told: _Told) -> None:
        """Publish, and log what fails: whoever stored something is answered that it is stored."""
        tests = [self._publisher.test_told(told, channel_url=told.channel_url)] if self._tests else []
        for outcome in await asyncio.gather(publication, *tests, return_exceptions=True):
            if isinstance(outcome, Exception):
                logger.error("something could not be told", exc_info=outcome)
