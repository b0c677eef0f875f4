"""The same documents give the same bytes: in another process, another folder and another order of hashes.

What is kept from one run to the next (`.wirepact_cache`) is kept in the working folder, so that the runs here share nothing.
The corpus, where there is one, is where `test_differential.py` looks for it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.codegen.emission import CASES
from tests.codegen.test_differential import CORPUS

ROOT = Path(__file__).parents[2]
FOLDERS = ("--server", "server", "--python-client", "client", "--typescript-client", "typescript")

EACH = """\
import sys
from pathlib import Path

from tests.corpus.documents import documents
from wirepact_codegen.cli import generate

for each in documents(Path(sys.argv[1])):
    folders = {name: f"{name}/{each.package}" for name in ("server", "python-client", "typescript-client")}
    into = [part for name, folder in folders.items() for part in (f"--{name}", folder)]
    print(f"== {each}", file=sys.stderr, flush=True)
    try:
        generate([f"corpus/{each}", "--perspective", "server", "--allow-ambiguous", *into], standalone_mode=False)
    except SystemExit as refused:
        print(f"exit {refused.code}", file=sys.stderr, flush=True)
"""
"""Puts each document of a folder to the command, all in one process."""


def test_all_cases_give_the_same_bytes_and_are_then_up_to_date(tmp_path):
    one, other = tmp_path / "one", tmp_path / "elsewhere" / "other"
    for folder in (one, other):
        _lay_out_cases(folder / "spec")
    documents = [f"spec/{each.name}/{each.name}.yaml" for each in sorted(CASES.iterdir())]
    command = ("-m", "wirepact_codegen", "generate", *documents, "--perspective", "server", *FOLDERS)

    said = [_run(folder, seed, *command) for folder, seed in ((one, "0"), (other, "4711"))]

    assert [each.returncode for each in said] == [0, 0], said[0].stderr
    assert said[0].stderr == said[1].stderr
    assert _bytes(one).keys() >= {Path("server/absent_is_not_null/messages.py")}
    assert _differing(one, other) == []

    checked = _run(one, "2", *command, "--check")
    assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.is_dir(), reason="there is no corpus")
def test_the_documents_of_strangers_give_the_same_bytes(tmp_path):
    one, other = tmp_path / "one", tmp_path / "elsewhere" / "other"
    for folder in (one, other):
        folder.mkdir(parents=True)
        (folder / "corpus").symlink_to(CORPUS.resolve())

    said = [_run(folder, seed, "-c", EACH, "corpus") for folder, seed in ((one, "0"), (other, "4711"))]

    assert [each.returncode for each in said] == [0, 0], said[0].stderr
    assert said[0].stderr == said[1].stderr
    assert "wrote server/" in said[0].stderr
    assert _differing(one, other) == []


def _lay_out_cases(folder: Path) -> None:
    """The cases, each document once more under a name of its own; addresses of several are the same."""
    folder.mkdir(parents=True)
    (folder.parent / "pyproject.toml").write_text("[tool.wirepact]\nserved-apart = true\n", "utf-8")
    for case in sorted(CASES.iterdir()):
        shutil.copytree(case, folder / case.name, ignore=shutil.ignore_patterns("expected", "says.txt"))
        shutil.copy(folder / case.name / "spec.yaml", folder / case.name / f"{case.name}.yaml")


def _run(folder: Path, seed: str, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def _differing(one: Path, other: Path) -> list[Path]:
    """The files that are not in both folders with the same content."""
    these, those = _bytes(one), _bytes(other)
    return sorted(each for each in these.keys() | those.keys() if these.get(each) != those.get(each))


def _bytes(folder: Path) -> dict[Path, bytes]:
    return {
        path.relative_to(folder): path.read_bytes()
        for name in ("server", "client", "python-client", "typescript", "typescript-client")
        for path in (folder / name).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
