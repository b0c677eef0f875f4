"""`wirepact token`, and what `wirepact serve` says when it can't start."""

import sys

import jwt
import pytest
from click.testing import CliRunner

from wirepact.server.cli import serve, token

KEY = "k" * 32


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])

    def invoke(command, *arguments, **environment):
        env = {f"WIREPACT_{name.upper()}": value for name, value in environment.items()}
        return CliRunner().invoke(command, list(arguments), env=env)

    return invoke


def test_a_token_and_nothing_else_is_printed(run):
    result = run(
        token,
        "--sub",
        "1",
        "--name",
        "김",
        "--role",
        "SERVICE",
        "--role",
        "USER",
        "--ttl",
        "2h",
        jwt_secret=KEY,
    )

    claims = jwt.decode(result.stdout.strip(), KEY, algorithms=["HS256"])
    assert (claims["sub"], claims["name"], claims["roles"]) == ("1", "김", ["SERVICE", "USER"])
    assert claims["exp"] - claims["iat"] == 7200
    assert result.stderr == ""


def test_a_token_has_the_claims_of_a_service(run):
    claims = ("--claim", 'departments=["radiology"]', "--claim", "ward=7", "--claim", 'sub="2"')
    result = run(token, "--sub", "1", *claims, jwt_secret=KEY)

    decoded = jwt.decode(result.stdout.strip(), KEY, algorithms=["HS256"])
    assert (decoded["departments"], decoded["ward"], decoded["sub"]) == (["radiology"], 7, "1")


@pytest.mark.parametrize("claim", ["departments", "departments=radiology"])
def test_a_claim_that_is_no_json_is_a_mistake(run, claim):
    result = run(token, "--sub", "1", "--claim", claim, jwt_secret=KEY)

    assert result.exit_code == 2
    assert f"'{claim}' is no claim; write departments='[\"radiology\"]'" in result.stderr


def test_in_development_a_token_is_signed_with_the_kept_key(run, tmp_path):
    result = run(token, "--sub", "1", env="development")

    kept = (tmp_path / "var" / "jwt.secret").read_text()
    assert jwt.decode(result.stdout.strip(), kept, algorithms=["HS256"])["sub"] == "1"


@pytest.mark.parametrize("ttl", ["1", "h", "0s", "-1h", "1.5h", "1w", "1h "])
def test_a_duration_that_is_none_is_a_usage_error(run, ttl):
    result = run(token, "--sub", "1", "--ttl", ttl)

    assert result.exit_code == 2
    assert "write 90s, 15m, 1h or 7d" in result.output


def test_in_production_a_token_needs_the_secret(run):
    result = run(token, "--sub", "1", env="production")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "WIREPACT_JWT_SECRET: must be set in production" in result.output


@pytest.mark.parametrize(
    ("pyproject", "arguments", "problem"),
    [
        (None, (), "there is no pyproject.toml here"),
        ("[tool.other]\n", (), "pyproject.toml has no [tool.wirepact] app"),
        ('[tool.wirepact]\napp = "nowhere:create"\n', (), 'there is no module "nowhere"'),
        (None, ("--app", "nowhere"), '"nowhere" names no function; write module:function'),
        (None, ("--app", "json:create"), '"json" has no "create"'),
        (None, ("--app", "builtins:dict"), '"builtins:dict" makes no application'),
    ],
)
def test_what_can_not_be_served_says_why(run, tmp_path, pyproject, arguments, problem):
    if pyproject is not None:
        (tmp_path / "pyproject.toml").write_text(pyproject)

    result = run(serve, *arguments)

    assert result.exit_code == 2
    assert problem in result.output
