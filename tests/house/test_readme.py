"""The walk in the README, taken step by step on a copy: a new message needs its handler method and nothing else."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from mypy import api
from websockets.sync.client import connect

ROOT = Path(__file__).parents[2]
WIREPACT = Path(sys.executable).parent / "wirepact"
CACHE = str(ROOT / ".mypy_cache" / "copies")


def block(language):
    """The first block of *language* in the walk."""
    walk = (ROOT / "README.md").read_text("utf-8").partition("## Five minutes")[2]
    return re.search(rf"```{language}\n(.*?)```", walk, re.DOTALL)[1]


def merged(document, addition):
    for key, value in addition.items():
        if isinstance(value, dict) and isinstance(document.get(key), dict):
            merged(document[key], value)
        else:
            assert key not in document
            document[key] = value
    return document


@pytest.fixture
def copy(tmp_path):
    """The application alone, with the README's messages said in the document and everything generated."""
    for part in (
        "spec",
        "generated",
        "handlers",
        "clients/python/gen",
        "clients/typescript/services/src/gen",
    ):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    spec = tmp_path / "spec" / "spc.yaml"
    document = merged(yaml.safe_load(spec.read_text("utf-8")), yaml.safe_load(block("yaml")))
    spec.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), "utf-8")
    subprocess.run([WIREPACT, "generate"], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    return tmp_path


def add_method(copy):
    handlers = copy / "handlers" / "spc" / "handlers.py"
    before, marker, after = handlers.read_text("utf-8").partition("    def _greeting(self)")
    handlers.write_text(f"{before}{block('python')}\n{marker}{after}", "utf-8")


def mypy(copy, monkeypatch):
    monkeypatch.chdir(copy)
    monkeypatch.setenv("MYPYPATH", f".:{ROOT / 'runtime'}")
    return api.run(
        ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", CACHE, "handlers", "generated"]
    )


@contextmanager
def served(copy):
    """The copy, served by the command that a user gives."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = os.environ | {"WIREPACT_PORT": str(port)}
    with subprocess.Popen(
        [WIREPACT, "serve"], cwd=copy, env=settings, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert any("running on" in line for line in server.stderr), "the server did not start"
            yield f"ws://127.0.0.1:{port}"
        finally:
            server.terminate()


def test_the_readme_names_what_the_type_checker_says(copy, monkeypatch):
    said, _, status = mypy(copy, monkeypatch)

    assert status == 1
    assert block("text").strip() in said
    assert len(said.strip().splitlines()) == 2


def test_the_method_is_all_that_is_missing(copy, monkeypatch):
    add_method(copy)

    said, _, status = mypy(copy, monkeypatch)

    assert status == 0, said


def test_the_new_message_is_answered_on_the_wire(copy):
    add_method(copy)

    with served(copy) as url, connect(f"{url}/ws/spc/notifications/") as client:
        client.recv(timeout=10)
        client.send('{"type":"get_time"}')
        answer = json.loads(client.recv(timeout=10))

    assert answer.keys() == {"type", "timestamp"}
    assert answer["type"] == "time"


def test_the_new_message_is_in_everything_that_is_emitted(copy):
    emitted = [
        "generated/spc/messages.py",
        "generated/spc/server.py",
        "generated/spc/reference.md",
        "clients/python/gen/wirepact_clients/spc/messages.py",
        "clients/typescript/services/src/gen/spc.ts",
    ]

    assert [
        name
        for name in emitted
        if not re.search("get_?time", (copy / name).read_text("utf-8"), re.IGNORECASE)
    ] == []
    assert (copy / "generated/spc/schemas/get_time.json").is_file()
