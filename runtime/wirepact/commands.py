"""The commands that speak to servers through their broker: `wirepact publish`, `status`, `kick` and `drain`.

They read the same settings as the servers. A broker that is not shared is reached through its process on this machine.
"""

import asyncio
import importlib
import json
import sys
import tomllib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import click

from wirepact.broker import Broker
from wirepact.brokers import reach
from wirepact.close_codes import PERMISSION_DENIED
from wirepact.descriptors import Key, SendOperation, ToGroup
from wirepact.errors import Misconfigured, Refusal, Unavailable
from wirepact.messages import Message
from wirepact.nodes import Drain, Kick
from wirepact.publisher import Publisher
from wirepact.report import Overview, Report, decode, overview
from wirepact.settings import Settings
from wirepact.wire import Decoder

T = TypeVar("T")
Operation: TypeAlias = SendOperation[Any]

TOP = 10
"""How many users and close codes `status` shows."""


@click.command()
@click.argument("name", metavar="OPERATION")
@click.argument("text", metavar="[MESSAGE]", default="-")
@click.option(
    "--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter of the address."
)
@click.option("--key", help="The key of the group that it goes to.")
@click.option("--user", help="The user (the claim sub) whom it goes to.")
@click.option(
    "--once", metavar="KEY", help="Publishing again with the same KEY within five minutes does nothing."
)
@click.option("--channels", help="The module of the descriptors, instead of the generated one.")
def publish(
    *,
    name: str,
    text: str,
    parameters: tuple[str, ...],
    key: str | None,
    user: str | None,
    once: str | None,
    channels: str | None,
) -> None:
    """Publish MESSAGE, JSON as it goes over the wire, to the audience of OPERATION: spc.alert.

    Without MESSAGE it is read from standard input.
    """
    sys.path.insert(0, str(Path.cwd()))
    operation = _operation(name, channels or _generated(name))
    message = _message(operation, sys.stdin.read() if text == "-" else text)

    async def say(broker: Broker) -> None:
        await Publisher(broker).publish(
            operation,
            message,
            parameters=_parameters(operation, parameters),
            key=_key(operation, key),
            user=user,
            idempotency_key=once,
        )

    try:
        _with_broker(say)
    except TypeError as error:
        raise click.UsageError(str(error)) from None


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
def status(as_json: bool) -> None:
    """Show which nodes there are, their connections by channel and user, and how they hear the broker.

    Exits with 1 if there is none, or one that is deaf.
    """

    async def ask(broker: Broker) -> Sequence[bytes]:
        return tuple((await broker.roster.reports()).values())

    reports = [each for each in map(decode, _with_broker(ask)) if each is not None]
    everything = overview(reports)
    click.echo(json.dumps(asdict(everything), indent=2) if as_json else "\n".join(_shown(everything)))
    if not reports or any(each.state == "deaf" for each in reports):
        sys.exit(1)


@click.command()
@click.argument("user")
@click.option(
    "--code",
    type=click.IntRange(3000, 4999),
    default=PERMISSION_DENIED.code,
    show_default=True,
    help="The close code.",
)
def kick(user: str, code: int) -> None:
    """End every connection of USER (the claim sub), at all nodes."""
    _with_broker(lambda broker: broker.tell(Kick(user, code)))


@click.command()
@click.argument("node", required=False)
@click.option("--all", "everywhere", is_flag=True, help="Every node.")
def drain(node: str | None, everywhere: bool) -> None:
    """Send everyone at NODE away and let nobody in any more: before its machine is taken away.

    "wirepact status" has the names. The process goes on, not ready, until it is ended.
    """
    if (node is None) is not everywhere:
        raise click.UsageError("name a node, or say --all")

    async def tell(broker: Broker) -> None:
        known = await broker.roster.reports()
        if node is not None and node not in known:
            similar = get_close_matches(node, known, 1)
            hint = f'; did you mean "{similar[0]}"?' if similar else '; "wirepact status" lists them'
            raise click.UsageError(f'there is no node "{node}"{hint}')
        await broker.tell(Drain(node))

    _with_broker(tell)


def _with_broker(work: Callable[[Broker], Awaitable[T]]) -> T:
    async def run() -> T:
        broker = reach(Settings.load())
        try:
            return await work(broker)
        finally:
            await broker.stop()

    try:
        return asyncio.run(run())
    except Misconfigured as error:
        raise click.UsageError(str(error)) from None
    except Unavailable as error:
        raise click.ClickException(str(error)) from None


def _generated(name: str) -> str:
    service = name.partition(".")[0]
    try:
        folder = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["wirepact"]["generate"]["server"]
    except (FileNotFoundError, KeyError):
        raise click.UsageError(
            "there is no pyproject.toml here with [tool.wirepact.generate] server; run this where it is, or name --channels"
        ) from None
    return ".".join([*Path(folder).parts, service, "channels"])


def _operation(name: str, module: str) -> Operation:
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        raise click.UsageError(
            f'there is no module "{module}" for "{name}"; write service.operation'
        ) from None
    operations = {
        f"{each.channel.service}.{each.name}": each
        for each in vars(found).values()
        if isinstance(each, SendOperation)
    }
    if name not in operations:
        similar = get_close_matches(name, operations, 1)
        hint = f'; did you mean "{similar[0]}"?' if similar else f"; there are {', '.join(operations)}"
        raise click.UsageError(f'nothing is sent that is called "{name}"{hint}')
    return operations[name]


def _message(operation: Operation, text: str) -> Message:
    try:
        message: Message = Decoder(operation.channel.sends).decode(text.strip())
    except Refusal as refusal:
        raise click.UsageError(f"the message: {refusal}") from None
    return message


def _parameters(operation: Operation, given: Iterable[str]) -> Mapping[str, Key]:
    types = {each.name: each.type for each in operation.channel.parameters}
    return {name: _typed(value, types.get(name, "string")) for name, value in map(_pair, given)}


def _key(operation: Operation, text: str | None) -> Key | None:
    if text is None:
        return None
    group = operation.to.name if isinstance(operation.to, ToGroup) else ""
    return _typed(text, operation.channel.groups.get(group, "string"))


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise click.UsageError(f'"{text}" is no parameter; write name=value')
    return name, value


def _typed(text: str, kind: str) -> Key:
    if kind != "integer":
        return text
    try:
        return int(text)
    except ValueError:
        raise click.UsageError(f'"{text}" is no integer') from None


def _shown(everything: Overview) -> Iterable[str]:
    nodes = everything.nodes
    yield f"{_many(len(nodes), 'node')}, {_many(everything.connections, 'connection')}"
    if not nodes:
        return
    yield from _table(
        ("NODE", "STATE", "CONNECTIONS", "BROKER", "SINCE"),
        [(each.node, each.state, str(each.connections), _heard(each), each.since) for each in nodes],
    )
    yield from _table(("CHANNEL", "CONNECTIONS"), _rows(everything.channels))
    yield from _table(("USER", "CONNECTIONS"), _rows(everything.users)[:TOP])
    yield from _table(("CLOSED WITH", "TIMES"), _rows(everything.codes)[:TOP])
    contracts = [(service, ", ".join(hashes)) for service, hashes in everything.contracts.items()]
    yield from _table(("SERVICE", "CONTRACT"), contracts)
    for service, hashes in everything.contracts.items():
        if len(hashes) > 1:
            yield f"\nNodes serve {len(hashes)} versions of {service}."


def _heard(report: Report) -> str:
    broker = report.broker
    if not broker.is_connected:
        return "out of reach"
    lag = "" if broker.lag is None else f", lag {broker.lag * 1000:.1f} ms"
    wrong = "".join(f", {count} {name}" for name, count in sorted(broker.counts.items()) if count)
    return f"{'deaf' if broker.is_deaf else 'heard'}{lag}{wrong}"


def _rows(counts: Any) -> list[tuple[str, str]]:
    return [(name, str(count)) for name, count in counts.items()]


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterable[str]:
    if not rows:
        return
    widths = [max(len(row[index]) for row in [head, *rows]) for index in range(len(head))]
    yield ""
    for row in [head, *rows]:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
