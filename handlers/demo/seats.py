"""Those of a life who stay connected, by name: each listens, may go, and may come again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, Self, TypeAlias

from handlers.demo.losses import losing
from wirepact.client import ChannelConnection, Client
from wirepact.errors import RateLimited, WirepactError
from wirepact.messages import Message

Beat: TypeAlias = Callable[[], Message]
"""What somebody says now and then who has nothing to say."""

_HEARTBEAT = 30.0
_A_LITTLE = 0.5

_Here: TypeAlias = ChannelConnection[Any, Any]


class Seats:
    """Connections to one place, which is called *place* where one of them is lost."""

    def __init__(self, place: str, beat: Beat | None = None) -> None:
        self._place = place
        self._beat = beat
        self._stacks: dict[str, AsyncExitStack] = {}
        self._here: dict[str, _Here] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for each in self._stacks.values():
            await each.aclose()

    async def take(self, name: str, client: Client, connection: _Here) -> None:
        """Connect, over *connection* of *client*, as *name*."""
        stack = self._stacks[name] = AsyncExitStack()
        with losing(self._place):
            await stack.enter_async_context(client)
            self._here[name] = await stack.enter_async_context(connection)
        await stack.enter_async_context(_attentive(self._here[name], self._beat))

    async def leave(self, name: str) -> None:
        """Hang up."""
        del self._here[name]
        await self._stacks.pop(name).aclose()

    async def say(self, name: str, message: Message) -> None:
        """Have *name* say something, and wait until it is heard; who says too much says it a little later.

        Raises `Away` or `Unwelcome`.
        """
        with losing(self._place):
            while not await self._is_heard(name, message):
                pass

    async def _is_heard(self, name: str, message: Message) -> bool:
        try:
            await self._here[name].request(message)
        except RateLimited as error:
            await asyncio.sleep(error.delay or _A_LITTLE)
            return False
        return True


@asynccontextmanager
async def _attentive(here: _Here, beat: Beat | None) -> AsyncIterator[None]:
    """Somebody listens, and is heard of, while the block lasts."""
    tasks = [asyncio.create_task(_listen(here))]
    if beat is not None:
        tasks.append(asyncio.create_task(_keep_beating(here, beat)))
    try:
        yield
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.wait(tasks)


async def _listen(here: _Here) -> None:
    with suppress(WirepactError):
        async for _ in here:
            pass


async def _keep_beating(here: _Here, beat: Beat) -> None:
    with suppress(WirepactError):
        while True:
            await asyncio.sleep(_HEARTBEAT)
            await here.send(beat())
