"""`wirepact spc`: what can be done to the factory from a shell.

What is stored by a command is pushed by the servers of its database, as if another process of theirs had stored it.
"""

import asyncio
import json

import click

from generated.spc import messages
from handlers.database import opened
from handlers.schema import prepare
from handlers.spc import translation
from handlers.spc.clock import utc_now
from handlers.spc.domain import QualityAlert, SpcError
from handlers.spc.service import SCHEMA
from handlers.spc.settings import SpcSettings
from handlers.spc.storage import Store
from wirepact.errors import InvalidPayload, Misconfigured
from wirepact.settings import Settings
from wirepact.wire import validate


@click.group()
def spc() -> None:
    """See to the factory."""


@spc.command("create-alert")
@click.argument("product", metavar="PRODUCT")
@click.option("--type", "alert_type", default="TEST", show_default=True, help="Like OUT_OF_SPEC.")
@click.option(
    "--priority", default=3, show_default=True, type=click.IntRange(1, 5), help="5 is the most urgent."
)
@click.option("--title", default="Test alert", show_default=True)
@click.option("--message", default="Raised from the shell.", show_default=True)
def create_alert(product: str, alert_type: str, priority: int, title: str, message: str) -> None:
    """Store a quality alert about PRODUCT, which is named by its code.

    Servers of the same database push it within a second.
    """
    try:
        stored = asyncio.run(_store(product, alert_type, priority, title, message))
    except (Misconfigured, InvalidPayload) as error:
        raise click.UsageError(str(error)) from None
    except SpcError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"alert {stored.id} about {stored.product_code} is stored")


async def _store(code: str, alert_type: str, priority: int, title: str, message: str) -> QualityAlert:
    """What the HTTP operation does, for a product that is known by its code. Raises `Misconfigured`, `InvalidPayload` or an `SpcError`."""
    settings = Settings.load()
    url = SpcSettings.load().database_at(settings.state_dir)
    await prepare(SCHEMA, url, settings.env)
    database = opened(url, SCHEMA.setting)
    try:
        store = Store(database)
        product = await store.product_called(code)
        body = {"alert_type": alert_type, "priority": priority, "title": title, "message": message}
        alert = validate(messages.NewAlert, json.dumps({"product": product.id, **body}))
        return await store.add_alert(translation.new_alert(alert), utc_now())
    finally:
        await database.close()
