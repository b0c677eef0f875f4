"""The `wirepact` command and its lazily loaded subcommands."""

import subprocess
import sys
from importlib.metadata import EntryPoint
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from wirepact import cli


@click.command()
def hello():
    """Say hello."""
    click.echo("hello")


@pytest.fixture(autouse=True)
def offered(monkeypatch):
    missing = EntryPoint("serve", "wirepact_test_missing_dependency:serve", cli.GROUP)
    installed = SimpleNamespace(name="hello", module=__name__, load=lambda: hello)
    monkeypatch.setattr(cli, "_offered", lambda: {"serve": missing, "hello": installed})


def run(*arguments):
    return CliRunner().invoke(cli.main, list(arguments))


def test_a_command_is_run():
    assert run("hello").output == "hello\n"


def test_an_unknown_command_is_told_which_one_it_resembles():
    result = run("helo")

    assert result.exit_code == 2
    assert 'there is no command "helo"; did you mean "hello"?' in result.output


def test_an_unknown_command_that_resembles_none_is_told_where_to_look():
    assert 'there is no command "xyzzy"; "wirepact --help" lists them' in run("xyzzy").output


def test_help_lists_also_what_is_not_installed():
    result = run("--help")

    assert result.exit_code == 0
    assert "Say hello." in result.output
    assert 'needs "wirepact_test_missing_dependency"' in result.output


def test_what_is_not_installed_says_what_to_install():
    result = run("serve", "--port", "1")

    assert result.exit_code == 1
    assert (
        result.output
        == 'Error: "wirepact serve" needs "wirepact_test_missing_dependency": pip install "wirepact[server]"\n'
    )


def test_the_command_itself_imports_neither_half():
    code = "import sys, wirepact.cli; sys.exit(bool({'litestar', 'wirepact_codegen', 'jinja2'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
