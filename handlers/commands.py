"""`wirepact db`: at which revision the databases of the services are, and how they get to another."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import click
from alembic.util import CommandError
from sqlalchemy import make_url

from handlers import schema
from handlers.app import SERVICES, databases
from wirepact.errors import Misconfigured

_SERVICE: Final = click.Choice(sorted(SERVICES))


@click.group()
def db() -> None:
    """Show and change at which revision the databases of the services are."""


@db.command()
@click.argument("services", nargs=-1, type=_SERVICE)
def status(services: Sequence[str]) -> None:
    """Show where the databases of SERVICES are, or of all that are served.

    Exits with 1 unless all are at the newest revision.
    """
    with _telling():
        found = [(each, url, schema.standing(each, url)) for each, url in databases(services)]
    for each, url, there in found:
        click.echo(f"{each.service}: {there} ({make_url(url).render_as_string()})")
    if not all(there.is_newest for _, _, there in found):
        raise click.exceptions.Exit(1)


@db.command()
@click.argument("services", nargs=-1, type=_SERVICE)
def upgrade(services: Sequence[str]) -> None:
    """Bring the databases of SERVICES, or of all that are served, to the newest revision."""
    with _telling():
        for each, url in databases(services):
            schema.upgrade(each, url)
            click.echo(f"{each.service}: {schema.standing(each, url)}")


@db.command()
@click.argument("service", type=_SERVICE)
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Don't ask.")
def downgrade(service: str, revision: str, *, yes: bool) -> None:
    """Take the database of SERVICE back to REVISION; "base" is before the first. What was added since is lost."""
    with _telling():
        ((each, url),) = databases([service])
        if not yes:
            place = make_url(url).render_as_string()
            click.confirm(
                f"Take {place} back to {revision} and lose what was added since?", abort=True, err=True
            )
        schema.downgrade(each, url, revision)
        click.echo(f"{each.service}: {schema.standing(each, url)}")


@db.command()
@click.argument("service", type=_SERVICE)
@click.argument("message")
@click.option("--empty", is_flag=True, help="One without changes, to be written by hand.")
def revise(service: str, message: str, *, empty: bool) -> None:
    """Write the next revision of SERVICE: what changed in its tables since the newest. MESSAGE says what it is for.

    Needs no database. Read what is written, and correct it.
    """
    with _telling():
        written = schema.revise(SERVICES[service].schema, message, empty=empty)
    if written is None:
        raise click.ClickException(f"the tables of {service} are those of its newest revision")
    click.echo(written)


@contextmanager
def _telling() -> Iterator[None]:
    """Say what is wrong as commands do."""
    try:
        yield
    except Misconfigured as error:
        raise click.UsageError(str(error)) from None
    except CommandError as error:
        raise click.ClickException(str(error)) from None
