"""`wirepact db`."""

import sys

import pytest
from click.testing import CliRunner

from handlers.app import SERVICES
from handlers.commands import db
from wirepact.server.cli import serve
from wirepact.testing import KEY


@pytest.fixture
def run(tmp_path):
    def invoke(*arguments, **environment):
        env = {"WIREPACT_STATE_DIR": str(tmp_path / "var"), **environment}
        return CliRunner().invoke(db, arguments, env=env)

    return invoke


def test_what_is_not_at_the_newest_revision_is_told(run, tmp_path):
    result = run("status")

    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"{name}: at no revision yet (sqlite+aiosqlite:///{tmp_path}/var/wirepact.db)" for name in SERVICES
    ]


def test_all_databases_are_brought_to_the_newest_revision(run):
    upgraded = run("upgrade")
    shown = run("status")

    assert [line.split(":")[0] for line in upgraded.output.splitlines()] == [*SERVICES]
    assert (upgraded.exit_code, shown.exit_code) == (0, 0)


@pytest.mark.parametrize(("arguments", "environment"), [(["spc"], {}), ([], {"SERVICE": "spc"})])
def test_one_service_can_be_named(run, arguments, environment):
    result = run("upgrade", *arguments, **environment)

    assert result.exit_code == 0
    assert result.output.startswith("spc: at revision")
    assert len(result.output.splitlines()) == 1
    assert run("status").exit_code == 1


def test_the_way_back_is_gone_when_somebody_says_so(run):
    run("upgrade", "spc")

    refused = run("downgrade", "spc", "base")
    done = run("downgrade", "spc", "base", "--yes")

    assert refused.exit_code == 1
    assert "lose what was added since?" in refused.stderr
    assert done.stdout == "spc: at no revision yet\n"


def test_a_revision_that_there_is_none_is_told(run):
    result = run("downgrade", "spc", "tomorrow", "--yes")

    assert result.exit_code == 1
    assert "tomorrow" in result.stderr


def test_no_revision_is_written_where_nothing_changed(run):
    result = run("revise", "spc", "Nothing")

    assert result.exit_code == 1
    assert result.stderr == "Error: the tables of spc are those of its newest revision\n"


def test_no_password_is_shown(run):
    result = run("status", "spc", SPC_DATABASE_URL="postgresql+asyncpg://spc:secret@127.0.0.1:1/factory")

    assert result.exit_code == 2
    assert "SPC_DATABASE_URL: the database can't be opened" in result.stderr
    assert "secret" not in result.output


@pytest.mark.parametrize("workers", ["1", "4"])
def test_in_production_nothing_is_served_before_that_is_done(tmp_path, monkeypatch, workers):
    monkeypatch.setattr(sys, "path", [*sys.path])
    env = {
        "WIREPACT_ENV": "production",
        "WIREPACT_STATE_DIR": str(tmp_path),
        "WIREPACT_JWT_SECRET": KEY,
        "WIREPACT_BROKER": "redis://127.0.0.1:1/0",
    }

    result = CliRunner().invoke(serve, ["--workers", workers], env=env)

    assert result.exit_code == 2
    assert result.output.endswith(
        'Error: CHAT_DATABASE_URL: the database is at no revision yet; run "wirepact db upgrade"\n'
    )
