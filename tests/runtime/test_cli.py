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
    installed = SimpleNamespace(name="hello", module=__name__, group=cli.GROUP, load=lambda: hello)
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


class TestOfAProject:
    @pytest.fixture
    def project(self, tmp_path, monkeypatch):
        """A folder with commands of its own, where "wirepact" is called."""
        monkeypatch.undo()
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "path", [*sys.path])
        return tmp_path

    @pytest.fixture
    def says(self, project):
        """Writes what pyproject.toml says about the command "own"."""

        def write(value):
            (project / "pyproject.toml").write_text(f"[tool.wirepact.commands]\nown = {value}\n")

        return write

    def test_its_command_is_run(self, project, says):
        says('"own_of_project:run"')
        (project / "own_of_project.py").write_text(
            "import click\n\n@click.command()\ndef run():\n    'Do it.'\n    click.echo('done')\n"
        )

        assert run("own").output == "done\n"
        assert "Do it." in run("--help").output
        assert "serve" in run("--help").output

    def test_it_can_not_take_the_name_of_another(self, project):
        (project / "pyproject.toml").write_text('[tool.wirepact.commands]\nserve = "own:run"\n')

        result = run("lint")

        assert result.exit_code == 2
        assert "tool.wirepact.commands.serve: there is a command of this name already" in result.output

    @pytest.mark.parametrize("value", ['"own"', '"own:"', '":run"', "1"])
    def test_a_command_is_named_by_its_module_and_name(self, says, value):
        says(value)

        assert "tool.wirepact.commands.own must be module:command" in run("own").output

    @pytest.mark.parametrize(
        ("value", "sentence"),
        [
            ("nowhere.own:run", 'is not there: pyproject.toml names a module "nowhere"'),
            ("json:run", 'is not there: "json" has no "run"'),
            ("json:dumps", 'is not there: "json:dumps" is no command of click'),
            ("own_that_needs:run", 'needs "wirepact_test_missing_dependency", which is not installed'),
        ],
    )
    def test_what_can_not_be_run_says_so_when_it_is_asked_for(self, project, says, value, sentence):
        says(f'"{value}"')
        (project / "own_that_needs.py").write_text("import wirepact_test_missing_dependency\n")

        assert run("own").output == f'Error: "wirepact own" {sentence}\n'
        assert run("--help").exit_code == 0

    @pytest.mark.parametrize("text", ["[tool", "[tool.wirepact]\ncommands = 1"])
    def test_settings_that_can_not_be_read_are_told(self, project, text):
        (project / "pyproject.toml").write_text(text)

        result = run("lint")

        assert result.exit_code == 2
        assert "pyproject.toml: " in result.output
