"""`wirepact generate` and `wirepact lint`.

What is asked for goes to standard output, what is told about it to standard error. Exit 0 is good, 1 says that there
are findings or stale files, 2 that the command was not understood.
"""

import gc
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, ParamSpec

import click

from wirepact_codegen.cache import keeping_in
from wirepact_codegen.errors import CodegenError, Finding, Misused, Refused
from wirepact_codegen.linting import found_in
from wirepact_codegen.project import Project, matching, read_project
from wirepact_codegen.reporting import FORMS, reported
from wirepact_codegen.terms import Perspective, Terms

if TYPE_CHECKING:
    from wirepact_codegen.generating import Outcome

P = ParamSpec("P")

_PROJECT = Path("pyproject.toml")
_KEPT = Path(".wirepact_cache")


def _told(command: Callable[P, None]) -> Callable[P, None]:
    """*command*, with every error of ours told in a sentence."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with _uncollected():
                command(*args, **kwargs)
        except Refused as refused:
            _leave_with(refused.findings)
        except CodegenError as error:
            click.echo(str(error), err=True)
            sys.exit(2)
        except ModuleNotFoundError as error:
            if error.name is None or error.name.split(".")[0] == "wirepact_codegen":
                raise
            click.echo(f'this needs "{error.name}": pip install "wirepact[codegen]"', err=True)
            sys.exit(2)
        except OSError as error:
            click.echo(f"{error.filename or ''}: {error.strerror or error}".removeprefix(": "), err=True)
            sys.exit(2)

    return run


@contextmanager
def _uncollected() -> Iterator[None]:
    """No collection of garbage meanwhile: a command ends soon, and collecting is a fifth of what it takes."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


_perspective = click.option(
    "--perspective",
    type=click.Choice(["server", "client"]),
    help="Whose view the documents take that don't say it with x-perspective.",
)
_allow_ambiguous = click.option(
    "--allow-ambiguous",
    is_flag=True,
    help="Where messages can't be told apart, take the first that a frame fits, and say so in what is generated.",
)
_strict = click.option("--strict", is_flag=True, help="Refuse documents with warnings, too.")


@click.command()
@click.argument("documents", nargs=-1, type=click.Path())
@_perspective
@_allow_ambiguous
@_strict
@click.option("--check", is_flag=True, help="Write nothing; show what differs and exit 1 if anything does.")
@click.option(
    "--server", type=click.Path(path_type=Path), metavar="DIR", help="Where the server's packages go."
)
@click.option(
    "--python-client", type=click.Path(path_type=Path), metavar="DIR", help="Where the Python clients go."
)
@click.option(
    "--typescript-client",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the TypeScript clients go.",
)
@_told
def generate(
    documents: tuple[str, ...],
    *,
    perspective: Perspective | None,
    allow_ambiguous: bool,
    strict: bool,
    check: bool,
    server: Path | None,
    python_client: Path | None,
    typescript_client: Path | None,
) -> None:
    """Write the servers, clients, schemas and docs of DOCUMENTS.

    Documents and folders are those of [tool.wirepact] in pyproject.toml unless they are given here. If any folder
    is given, only what is given is generated.
    """
    project = read_project(_PROJECT)
    given = {"server": server, "python-client": python_client, "typescript-client": typescript_client}
    folders = {name: folder for name, folder in given.items() if folder is not None} or project.folders
    if not folders:
        raise Misused(
            "nothing says where to generate to; give --server, --python-client or --typescript-client"
        )
    from wirepact_codegen.generating import generation  # noqa: PLC0415 - linting does without

    chosen = _chosen(documents, project)
    terms = Terms(perspective, strict, allow_ambiguous or project.allow_ambiguous, project.served_apart)
    if check:
        _show(generation(chosen, folders, project, terms))
    else:
        with keeping_in(_KEPT):
            _write(generation(chosen, folders, project, terms))


@click.command()
@click.argument("documents", nargs=-1, type=click.Path())
@_perspective
@_allow_ambiguous
@_strict
@click.option("--format", "form", type=click.Choice([*FORMS]), default="text", show_default=True)
@_told
def lint(
    documents: tuple[str, ...],
    *,
    perspective: Perspective | None,
    allow_ambiguous: bool,
    strict: bool,
    form: str,
) -> None:
    """Say what is wrong with DOCUMENTS, each fault with its place."""
    project = read_project(_PROJECT)
    chosen = _chosen(documents, project)
    with keeping_in(_KEPT):
        findings = found_in(chosen, perspective)
    terms = Terms(perspective, strict, allow_ambiguous or project.allow_ambiguous, project.served_apart)
    findings = terms.judged(findings)
    if text := reported(findings, form):
        click.echo(text)
    click.echo(f"{_plural(len(findings), 'finding')} in {_plural(len(chosen), 'document')}", err=True)
    sys.exit(1 if findings.errors else 0)


def _chosen(documents: tuple[str, ...], project: Project) -> tuple[str, ...]:
    chosen = matching(documents, where="DOCUMENTS") or project.documents
    if not chosen:
        raise Misused("no documents: name some, or list them under [tool.wirepact] in pyproject.toml")
    return chosen


def _show(outcome: "Outcome") -> None:
    """What is stale, as a diff."""
    _tell(outcome.findings)
    for change in outcome.changes:
        click.echo(change.diff(), nl=False)
    if outcome.changes:
        stale = _plural(len(outcome.changes), "file")
        click.echo(f'{stale} would change; run "wirepact generate"', err=True)
        sys.exit(1)
    click.echo(f"{_plural(outcome.files, 'file')} up to date", err=True)


def _write(outcome: "Outcome") -> None:
    """Make the changes, and name them."""
    _tell(outcome.findings)
    from wirepact_codegen.writing import write  # noqa: PLC0415 - loaded with the generator

    write(outcome.changes)
    for change in outcome.changes:
        verb = "removed" if change.after is None else "wrote"
        click.echo(f"{verb} {change.path}", err=True)
    unchanged = outcome.files - sum(change.after is not None for change in outcome.changes)
    click.echo(f"{_plural(unchanged, 'file')} unchanged", err=True)


def _leave_with(findings: Iterable[Finding]) -> NoReturn:
    _tell(findings)
    sys.exit(1)


def _tell(findings: Iterable[Finding]) -> None:
    if text := reported(findings, "text"):
        click.echo(text, err=True)


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
