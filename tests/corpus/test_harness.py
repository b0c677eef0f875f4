"""The harness itself: each fault that it looks for, planted, is seen."""

import shutil
from pathlib import Path

import pytest

from tests.corpus import __main__ as harness
from tests.corpus import compilers
from tests.corpus.documents import Document
from tests.corpus.generating import Attempt
from tests.corpus.oracle import Verdict
from tests.corpus.report import Row, table, totals

DOCUMENT = Document(Path("corpus"), Path("a.yaml"))
ACCEPTED = Verdict(errors=(), warnings=(), examples=1)
DENIED = Verdict(errors=("no",), warnings=(), examples=1)
MADE = Attempt(1.0, generated=True)
REFUSED = Attempt(1.0, generated=False, errors=("a.yaml:1:1 WP101 no",), rules=("WP101",))
CRASHED = Attempt(1.0, generated=False, crash="Traceback\nKeyError: 'a'")
GOOD = {"ruff": (), "mypy": (), "tsc 5": ()}


def row(attempt=MADE, verdict=ACCEPTED, complaints=(), **seen):
    return Row(DOCUMENT, attempt, verdict, complaints=GOOD | dict(complaints), **seen)


FAULTS = [
    pytest.param(row(imports=("m: no",)), "does not import: m: no", id="import"),
    pytest.param(row(complaints={"ruff": ("F401",)}), "ruff: F401", id="ruff"),
    pytest.param(row(complaints={"mypy": ("error",)}), "mypy: error", id="mypy"),
    pytest.param(row(complaints={"tsc 5": ("TS1",)}), "tsc 5: TS1", id="tsc"),
    pytest.param(
        row(examples=1, example_faults=("m[0]: is refused",)), "example m[0]: is refused", id="example"
    ),
    pytest.param(
        row(REFUSED),
        "is not generated, and the official parser accepts it: a.yaml:1:1 WP101 no",
        id="refused",
    ),
    pytest.param(row(CRASHED), "crashes: KeyError: 'a'", id="crash"),
    pytest.param(row(CRASHED, DENIED), "crashes: KeyError: 'a'", id="crash-of-what-is-denied"),
]


@pytest.mark.parametrize(("planted", "said"), FAULTS)
def test_a_fault_is_in_its_row_and_decides_the_exit(planted, said, monkeypatch, capsys):
    assert list(planted.broken()) == [said]
    assert list(table([planted]))[1] != list(table([row()]))[1]
    assert "1 break a promise" in totals([planted])
    assert exit_of([row(), planted], monkeypatch) == 1
    assert f"a.yaml {said}" in capsys.readouterr().out


@pytest.mark.parametrize("kept", [row(), row(examples=1, kept=1), row(REFUSED, DENIED)])
def test_what_keeps_its_promises_exits_with_0(kept, monkeypatch):
    assert list(kept.broken()) == []
    assert exit_of([kept], monkeypatch) == 0


def exit_of(rows, monkeypatch):
    monkeypatch.setattr(harness, "documents", lambda *_: [DOCUMENT])
    monkeypatch.setattr(harness, "_rows", lambda *_: rows)
    monkeypatch.setattr("sys.argv", ["corpus", "anywhere", "--broken"])
    return harness.main()


@pytest.mark.parametrize(
    ("text", "said"),
    [("import os\n", "F401"), ("PAIR   =   (1,\n 2)\n", "unformatted")],
    ids=["check", "format"],
)
def test_both_halves_of_ruff_are_heard(text, said, tmp_path):
    shutil.copy(compilers.ROOT / "pyproject.toml", tmp_path)
    for name, content in (("d_good", "PAIR = (1, 2)\n"), ("d_bad", text)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "module.py").write_text(content, "utf-8")

    found = compilers.ruff(tmp_path, ["d_good", "d_bad"])

    assert [*found] == ["d_bad"]
    assert said in found["d_bad"][0]


def test_mypy_is_heard(tmp_path):
    for name, value in (("d_good", 1), ("d_bad", "'a'")):
        (tmp_path / "out" / name).mkdir(parents=True)
        (tmp_path / "out" / name / "__init__.py").write_text(f"NUMBER: int = {value}\n", "utf-8")

    found = compilers.mypy(tmp_path / "out", ["d_good", "d_bad"])

    assert [*found] == ["d_bad"]


@pytest.mark.typescript
@pytest.mark.parametrize("version", [*compilers.typescript_compilers()])
def test_tsc_is_heard(version, tmp_path):
    for name, value in (("d_good", 1), ("d_bad", "'a'")):
        (tmp_path / name / "typescript").mkdir(parents=True)
        (tmp_path / name / "typescript" / "a.ts").write_text(f"export const n: number = {value};\n", "utf-8")

    found = compilers.tsc(compilers.typescript_compilers()[version], tmp_path, ["d_good", "d_bad"])

    assert [*found] == ["d_bad"]
