"""The Python clients in somebody else's project: what they install is typed, and what the README shows holds under both type checkers."""

import json
import re
import shutil
import subprocess
import sys
from textwrap import indent

import pytest

from packages import wheels

ROOT = wheels.ROOT
ACCEPTED = ROOT / "tests" / "typing" / "accepted"
README = (ROOT / "clients" / "python" / "README.md").read_text("utf-8")
KNOWN = '''"""What the README takes for granted."""

import json as json
from pathlib import Path

from wirepact_clients.spc import messages as messages
from wirepact_clients.spc.client import SpcClient as SpcClient

url = "wss://factory.example"
file: Path
spc: SpcClient


async def fetch_token() -> str:
    return "t"


async def load_anew(audience: str) -> None: ...
def handle(message: object) -> None: ...
'''


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheels")
    return [wheels.build(each, folder) for each in wheels.FOLDERS]


@pytest.fixture(scope="module")
def python(built, tmp_path_factory):
    return wheels.install(built, tmp_path_factory.mktemp("environment"))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with what the README shows, and with what the clients' own type tests accept."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "known.py").write_text(KNOWN, "utf-8")
    for number, block in enumerate(blocks()):
        (folder / f"readme_{number}.py").write_text(program(block), "utf-8")
    shutil.copy(ACCEPTED / "client_side.py", folder)
    (folder / "pyproject.toml").write_text('[tool.pyright]\ntypeCheckingMode = "strict"\n', "utf-8")
    return folder


def blocks():
    return re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def program(block):
    """*block* as a module: its imports, and the rest within a function if it awaits."""
    if "async def" in block:
        return block
    head = re.findall(r"^from .*\n", block, re.MULTILINE)
    body = re.sub(r"^from .*\n", "", block, flags=re.MULTILINE)
    names = "SpcClient, fetch_token, file, handle, json, load_anew, messages, spc, url"
    used = [
        name
        for name in names.split(", ")
        if re.search(rf"(?<![.\w]){name}\b", body) and f" as {name}" not in body
    ]
    return "".join(
        [
            *head,
            f"from known import {', '.join(used)}\n\n\nasync def shown() -> None:\n",
            indent(body, "    "),
        ]
    )


def test_the_wheels_are_typed_and_hold_what_they_are_named_after(built):
    roots = [{name.split("/")[0] for name in each.names if ".dist-info" not in name} for each in built]

    assert roots == [{"wirepact", "wirepact_codegen"}, {"wirepact_clients"}]
    assert all(
        f"{root}/py.typed" in each.names for each, found in zip(built, roots, strict=True) for root in found
    )


def test_a_client_needs_nothing_of_the_server(python):
    script = "import sys, wirepact_clients.spc.client; print(*{each.split('.')[0] for each in sys.modules})"

    said = subprocess.run([python, "-c", script], capture_output=True, text=True, timeout=60, check=True)

    assert not {"litestar", "uvicorn", "wirepact_codegen", "handlers", "redis", "jwt"} & set(
        said.stdout.split()
    )


def test_the_readme_has_programs():
    assert len(blocks()) >= 4


def test_mypy_has_nothing_to_say(python, project):
    command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", python, "."]

    said = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=300, check=False)

    assert (said.stdout.splitlines()[-1][:7], said.returncode) == ("Success", 0), said.stdout


def test_pyright_has_nothing_to_say(python, project):
    command = ["node", ROOT / "node_modules/pyright/index.js", "--outputjson", "--pythonpath", python]

    said = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=300, check=False)

    found = json.loads(said.stdout)
    assert [(each["file"], each["message"]) for each in found["generalDiagnostics"]] == []
    assert found["summary"]["filesAnalyzed"] == len(list(project.glob("*.py")))


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_a_mistake_is_found_through_the_installed_packages(checker, python, tmp_path):
    (tmp_path / "mistake.py").write_text(
        "from wirepact_clients.spc.client import SpcClient\n\nSpcClient('ws://localhost').product(id_='1')\n",
        "utf-8",
    )
    commands = {
        "mypy": [sys.executable, "-m", "mypy", "--strict", "--python-executable", python, "mistake.py"],
        "pyright": ["node", ROOT / "node_modules/pyright/index.js", "--pythonpath", python, "mistake.py"],
    }

    said = subprocess.run(
        commands[checker], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )

    assert said.returncode == 1
    assert re.search(
        r'mistake\.py:3.*(has incompatible type "str"|cannot be assigned to parameter)', said.stdout
    )
