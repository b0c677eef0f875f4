"""`make demo`: all lives, for a while, and a link that signs the page in."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import click

from handlers.demo import visitor
from handlers.demo.chat import chat
from handlers.demo.classroom import classroom
from handlers.demo.clinic import clinic
from handlers.demo.errors import Away
from handlers.demo.lives import live
from handlers.demo.outside import Outside
from handlers.demo.robodine import robodine
from handlers.demo.spc import spc
from handlers.robodine.settings import RobodineSettings
from wirepact.errors import Misconfigured
from wirepact.settings import Settings

LIVES: Final[Mapping[str, Callable[[Outside], AsyncGenerator[str]]]] = {
    "chat": chat,
    "classroom": classroom,
    "clinic": clinic,
    "robodine": robodine,
    "spc": spc,
}
"""All that there are, by the names of their services."""

_PATIENCE = 3.0

_POSITIVE = click.FloatRange(min=0, min_open=True)


@click.command()
@click.option("--url", default="http://localhost:8000", show_default=True, help="The server.")
@click.option("--life", "names", multiple=True, type=click.Choice(list(LIVES)), help="This one; else all.")
@click.option("--minutes", type=_POSITIVE, default=30.0, show_default=True, help="How long.")
@click.option("--speed", type=_POSITIVE, default=2.0, show_default=True, help="Moments a second.")
@click.option("--seed", default=1, show_default=True, help="The same seed lives the same.")
def main(url: str, names: Sequence[str], minutes: float, speed: float, seed: int) -> None:
    """Live before a running server, so that its page comes alive."""
    outside = _outside(url, minutes, seed)
    try:
        asyncio.run(_live(outside, names or list(LIVES), minutes, 1 / speed))
    except KeyboardInterrupt:
        click.echo("", err=True)


def _outside(url: str, minutes: float, seed: int) -> Outside:
    try:
        key = Settings.load().jwt_key()
        port = RobodineSettings.load().tcp_port
    except Misconfigured as error:
        raise click.ClickException(str(error)) from error
    robots = (urlsplit(url).hostname or "localhost", port)
    return Outside(url, key, seed, robots, timedelta(minutes=minutes + 5))


async def _live(outside: Outside, names: Sequence[str], minutes: float, pace: float) -> None:
    await _reach(outside)
    click.echo(f"The page, signed in: {visitor.link(outside)}")
    with suppress(TimeoutError):
        async with asyncio.timeout(minutes * 60):
            await live(
                {name: partial(LIVES[name], outside) for name in names},
                pause=lambda: asyncio.sleep(pace),
                patience=lambda: asyncio.sleep(_PATIENCE),
                say=partial(click.echo, err=True),
            )
            raise click.ClickException("the server will have none of it")


async def _reach(outside: Outside) -> None:
    """Whether anybody answers at all."""
    async with outside.back_end() as back_end:
        try:
            await back_end.reach()
        except Away as error:
            raise click.ClickException(str(error)) from error
