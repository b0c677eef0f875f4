"""The commands of the server side: `wirepact serve` and `wirepact token`."""

import importlib
import json
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import uvicorn
from uvicorn.supervisors import Multiprocess

from wirepact.auth import mint_token
from wirepact.broker_sqlite import SqliteBroker
from wirepact.brokers import ALONE
from wirepact.errors import Misconfigured
from wirepact.server.app import App
from wirepact.server.metrics import SHARED_FOLDER
from wirepact.server.serving import Served, largest_message, log_config, uvicorn_config
from wirepact.settings import Settings

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Duration(click.ParamType[timedelta]):
    """A number with a unit: `90s`, `15m`, `1h`, `7d`."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """*value* as a time span, or a usage error that says how to write one."""
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"([1-9][0-9]{0,8})([smhd])", str(value))
        if match is None:
            self.fail(f"{value!r} is no duration; write 90s, 15m, 1h or 7d", param, ctx)
        return timedelta(**{_UNITS[match[2]]: int(match[1])})


class Claim(click.ParamType[tuple[str, object]]):
    """The name of a claim and its value in JSON: `departments=["radiology"]`."""

    name = "claim"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, object]:
        """*value* as name and value, or a usage error that says how to write one."""
        name, _, text = str(value).partition("=")
        try:
            return name, json.loads(text)
        except ValueError:
            self.fail(f"{value!r} is no claim; write departments='[\"radiology\"]'", param, ctx)


@click.command()
@click.option("--app", "reference", help="The function that makes the application, as module:function.")
@click.option("--host", help="The address to listen at, instead of WIREPACT_HOST.")
@click.option("--port", type=click.IntRange(0, 65_535), help="The port, instead of WIREPACT_PORT.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="How many processes.")
def serve(reference: str | None, host: str | None, port: int | None, workers: int) -> None:
    """Serve the application that pyproject.toml names under [tool.wirepact] app."""
    sys.path.insert(0, str(Path.cwd()))
    reference = reference or _configured_app(Path("pyproject.toml"))
    try:
        settings = Settings.load()
        app = _made(reference)
        _check_workers(app, workers)
        for check in app.checks:
            check()
    except Misconfigured as error:
        raise click.UsageError(str(error)) from None
    config = uvicorn_config(
        app if workers == 1 else reference,
        settings,
        largest=largest_message(app),
        kind=Served,
        host=host or settings.host,
        port=settings.port if port is None else port,
        workers=workers,
        log_config=log_config(settings),
    )
    _run(config)


@click.command()
@click.option("--sub", required=True, help="Whose token: the claim sub.")
@click.option("--name", default="", help="The name to show.")
@click.option("--role", "roles", multiple=True, help="A role; may be given more than once.")
@click.option(
    "--claim",
    "claims",
    multiple=True,
    type=Claim(),
    metavar="NAME=JSON",
    help="A claim of a service's own; may be given more than once.",
)
@click.option(
    "--ttl", type=Duration(), default="1h", show_default=True, help="How long it is good: 90s, 15m, 1h."
)
def token(
    sub: str, name: str, roles: tuple[str, ...], claims: tuple[tuple[str, object], ...], ttl: timedelta
) -> None:
    """Print a token that the server of the same settings trusts."""
    try:
        key = Settings.load().jwt_key()
    except Misconfigured as error:
        raise click.UsageError(str(error)) from None
    click.echo(mint_token(key, sub, name=name, roles=roles, ttl=ttl, claims=dict(claims)))


def _configured_app(path: Path) -> str:
    try:
        settings = tomllib.loads(path.read_text())["tool"]["wirepact"]
        return str(settings["app"])
    except FileNotFoundError:
        raise click.UsageError(f"there is no {path} here; run this where it is, or name --app") from None
    except KeyError:
        raise click.UsageError(f"{path} has no [tool.wirepact] app; set it, or name --app") from None


def _made(reference: str) -> App:
    module, separator, name = reference.partition(":")
    if not separator:
        raise click.UsageError(f'"{reference}" names no function; write module:function')
    try:
        create: Callable[[], object] = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        raise click.UsageError(f'there is no module "{error.name}", which "{reference}" names') from None
    except AttributeError:
        raise click.UsageError(f'"{module}" has no "{name}", which "{reference}" names') from None
    app = create()
    if not isinstance(app, App):
        raise click.UsageError(f'"{reference}" makes no application; return what build_app returns')
    return app


def _check_workers(app: App, workers: int) -> None:
    if workers > 1 and not app.node.broker.is_shared:
        kind = "SQLite" if isinstance(app.node.broker, SqliteBroker) else "memory"
        raise Misconfigured("--workers", f"the {kind} broker {ALONE}; set WIREPACT_BROKER=redis://…")


def _run(config: uvicorn.Config) -> None:
    if config.workers == 1:
        uvicorn.Server(config).run()
        return
    with _one_folder_for_metrics():
        Multiprocess(config, sockets=[config.bind_socket()]).run()


@contextmanager
def _one_folder_for_metrics() -> Iterator[None]:
    """Where all workers write what they measure, so that each can answer for all; the operator may have named one."""
    if SHARED_FOLDER in os.environ:
        yield
        return
    with TemporaryDirectory(prefix="wirepact-metrics-") as folder:
        os.environ[SHARED_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[SHARED_FOLDER]
