"""The `wirepact` command. Its subcommands are entry points, so that its halves need not know each other.

A project adds commands of its own under `[tool.wirepact.commands]` in its `pyproject.toml`, a name and `module:command` each;
they are found where that file is. A subcommand is imported when it is asked for: `wirepact lint` needs no web server, and what
can't be imported says so when it is used.
"""

import sys
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import click

GROUP = "wirepact.commands"
PROJECT = "pyproject.toml"


class Commands(click.Group):
    """The commands that the installed distributions offer, and those of the project here."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order of the alphabet."""
        del ctx
        return sorted(_offered())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself; or one that says what has to be installed for it."""
        del ctx
        offered = _offered().get(cmd_name)
        return None if offered is None else _loaded(offered)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, and an unknown name is told which one it resembles."""
        if args and args[0] not in _offered() and not args[0].startswith("-"):
            similar = get_close_matches(args[0], _offered(), 1)
            hint = f'; did you mean "{similar[0]}"?' if similar else '; "wirepact --help" lists them'
            ctx.fail(f'there is no command "{args[0]}"{hint}')
        return super().resolve_command(ctx, args)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wirepact", message="%(version)s")
def main() -> None:
    """Spec-first real-time systems, from AsyncAPI documents."""


def _offered() -> dict[str, EntryPoint]:
    installed = {each.name: each for each in entry_points(group=GROUP)}
    own = {each.name: each for each in _of_project(Path(PROJECT))}
    if taken := sorted(own.keys() & installed.keys()):
        raise click.UsageError(f"{_place(taken[0])}: there is a command of this name already")
    return installed | own


def _of_project(file: Path) -> Iterable[EntryPoint]:
    try:
        commands = (
            tomllib.loads(file.read_text("utf-8")).get("tool", {}).get("wirepact", {}).get("commands", {})
        )
    except FileNotFoundError:
        return
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{file}: {error}") from None
    if not isinstance(commands, Mapping):
        raise click.UsageError(f"{file}: tool.wirepact.commands must be a table")
    for name, value in commands.items():
        if not isinstance(value, str) or not all(value.partition(":")):
            raise click.UsageError(f"{_place(name)} must be module:command")
        yield EntryPoint(name, value, PROJECT)


def _loaded(offered: EntryPoint) -> click.Command:
    return _of_here(offered) if offered.group == PROJECT else _installed(offered)


def _installed(offered: EntryPoint) -> click.Command:
    try:
        command: click.Command = offered.load()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] in {"wirepact", "wirepact_codegen"}:
            raise
        extra = "codegen" if offered.module.startswith("wirepact_codegen") else "server"
        return _unavailable(offered, f'needs "{error.name}": pip install "wirepact[{extra}]"')
    return command


def _of_here(offered: EntryPoint) -> click.Command:
    sys.path.insert(0, str(Path.cwd()))
    try:
        command: object = offered.load()
    except ModuleNotFoundError as error:
        if error.name is None or not f"{offered.module}.".startswith(f"{error.name}."):
            return _unavailable(offered, f'needs "{error.name}", which is not installed')
        return _unavailable(offered, f'is not there: {PROJECT} names a module "{error.name}"')
    except AttributeError:
        return _unavailable(offered, f'is not there: "{offered.module}" has no "{offered.attr}"')
    if not isinstance(command, click.Command):
        return _unavailable(offered, f'is not there: "{offered.value}" is no command of click')
    return command


def _unavailable(offered: EntryPoint, sentence: str) -> click.Command:
    @click.command(
        offered.name,
        short_help=f"({sentence})",
        add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
    def command() -> None:
        raise click.ClickException(f'"wirepact {offered.name}" {sentence}')

    return command


def _place(name: str) -> str:
    return f"{PROJECT}: tool.wirepact.commands.{name}"
