"""Lives are lived side by side; one that is cut off begins again when it can, without disturbing the others."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import TypeAlias

from handlers.demo.errors import Away, Unwelcome

Life: TypeAlias = Callable[[], AsyncGenerator[str]]
"""Begins a life, and gives in words what happens in it, one thing at a time; nothing where it is not worth a word."""

Pause: TypeAlias = Callable[[], Awaitable[None]]
Say: TypeAlias = Callable[[str], None]


async def live(lives: Mapping[str, Life], *, pause: Pause, patience: Pause, say: Say) -> None:
    """Live all of *lives*, with a *pause* after each thing that happens.

    One that the server will not have is told and left; one that is cut off begins again after *patience*.
    """
    async with asyncio.TaskGroup() as living:
        for name, life in lives.items():
            living.create_task(_live(life, pause=pause, patience=patience, say=_called(name, say)))


async def _live(life: Life, *, pause: Pause, patience: Pause, say: Say) -> None:
    told = ""
    while True:
        try:
            async with aclosing(life()) as happening:
                async for words in happening:
                    told = ""
                    if words:
                        say(words)
                    await pause()
        except Unwelcome as error:
            say(str(error))
            return
        except Away as error:
            if str(error) != told:
                say(f"{error}; waiting")
            told = str(error)
            await patience()
        else:
            return


def _called(name: str, say: Say) -> Say:
    return lambda words: say(f"{name:9} {words}")
