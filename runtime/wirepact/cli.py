"""The `wirepact` command. Its subcommands are entry points, so that its halves need not know each other.

A subcommand is imported when it is asked for: `wirepact lint` needs no web server, and what is not installed
says so when it is used.
"""

from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points

import click

GROUP = "wirepact.commands"


class Commands(click.Group):
    """The commands that the installed distributions offer."""

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
    return {each.name: each for each in entry_points(group=GROUP)}


def _loaded(offered: EntryPoint) -> click.Command:
    try:
        command: click.Command = offered.load()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] in {"wirepact", "wirepact_codegen"}:
            raise
        return _unavailable(offered, error.name)
    return command


def _unavailable(offered: EntryPoint, missing: str) -> click.Command:
    extra = "codegen" if offered.module.startswith("wirepact_codegen") else "server"
    sentence = f'needs "{missing}": pip install "wirepact[{extra}]"'

    @click.command(
        offered.name,
        short_help=f"({sentence})",
        add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
    def command() -> None:
        raise click.ClickException(f'"wirepact {offered.name}" {sentence}')

    return command
