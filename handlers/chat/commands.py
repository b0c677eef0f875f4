"""`wirepact chat`: how chats move from Sendbird to WebSocket, from a shell."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from enum import StrEnum

import click

from handlers.chat.chat_service import is_wanted_here
from handlers.chat.domain import UnknownChannel
from handlers.chat.moves import Moves
from handlers.chat.places import sendbird_at
from handlers.chat.provider import ChatProviderError
from handlers.chat.provider_settings import ProviderSettings
from handlers.chat.service import SCHEMA
from handlers.chat.settings import ChatSettings
from handlers.chat.storage import Store
from handlers.database import Database, opened
from handlers.schema import prepare
from wirepact.errors import Misconfigured
from wirepact.settings import Settings


class _Place(StrEnum):
    HERE = "on WebSocket"
    COMING = "on their way there"
    THERE = "stay at Sendbird"


@click.group()
def chat() -> None:
    """See to where chats are kept."""


@chat.command()
def move() -> None:
    """Have all channels brought that belong on WebSocket, also those that nobody asks for.

    The running servers bring them, one after the other. What belongs there is said by the configuration.
    """
    try:
        counts = asyncio.run(_move())
    except Misconfigured as error:
        raise click.UsageError(str(error)) from None
    except ChatProviderError as error:
        raise click.ClickException(str(error)) from None
    for place in _Place:
        click.echo(f"{counts[place]} {place}")


@chat.command()
def moves() -> None:
    """Show how many channels have moved, and how many are on their way. Exits with 1 while there are any."""
    try:
        have_come, are_coming = asyncio.run(_standing())
    except Misconfigured as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"{have_come} have moved, {are_coming} are on their way")
    if are_coming:
        raise click.exceptions.Exit(1)


async def _move() -> Counter[_Place]:
    settings = Settings.load()
    providers = ProviderSettings.load()
    access = providers.sendbird(settings.env)
    if access is None:
        raise Misconfigured("SENDBIRD_APP_ID", "must be set: it is from there that channels move")
    flag = providers.flag(settings.env)
    async with _database(settings) as database:
        store, moves = Store(database), Moves(database)
        http, sendbird = sendbird_at(access, _now)
        counts: Counter[_Place] = Counter()
        async with http:
            async for channel_url in sendbird.channel_urls():
                if await _is_here(store, channel_url):
                    counts[_Place.HERE] += 1
                elif await is_wanted_here(flag, sendbird, channel_url):
                    await moves.begin(channel_url, _now())
                    counts[_Place.COMING] += 1
                else:
                    counts[_Place.THERE] += 1
    return counts


async def _is_here(store: Store, channel_url: str) -> bool:
    try:
        await store.channel(channel_url)
    except UnknownChannel:
        return False
    return True


async def _standing() -> tuple[int, int]:
    async with _database(Settings.load()) as database:
        return await Moves(database).standing()


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    url = ChatSettings.load().database_at(settings.state_dir)
    await prepare(SCHEMA, url, settings.env)
    database = opened(url, SCHEMA.setting)
    try:
        yield database
    finally:
        await database.close()


def _now() -> datetime:
    return datetime.now(UTC)
