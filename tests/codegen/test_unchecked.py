"""Names of the wire that a linter would object to are told to it, and no others."""

import subprocess
import sys

import pytest

from wirepact_codegen.unchecked import with_exceptions

HEADER = "# Generated."


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("class A:\n    l: int\n", "E741"),
        ("class A:\n    O: int\n    I: int\n", "E741"),
        ("O = 1\n", "E741"),
        ("def f(l: int) -> int:\n    return l\n", "E741"),
        ("class I:\n    x: int\n", "E742"),
        ("class A:\n    def l(self) -> None: ...\n", "E743"),
        ("class ConnectionError:\n    x: int\n", "A001"),
        ("class Warning:\n    l: int\n", "A001, E741"),
        ("class A:\n    id: int\n    type: int\n", ""),
        ('class A:\n    """O, l and I."""\n\n    x: int\n', ""),
        ("import other\n\nx = other.O\n", ""),
    ],
)
def test_what_names_break_is_named(text, rules, tmp_path):
    told = with_exceptions(f"{HEADER}\n{text}")

    assert told.splitlines()[1] == (f"# ruff: noqa: {rules}" if rules else text.splitlines()[0])
    file = tmp_path / "emitted.py"
    file.write_text(told)
    judged = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--isolated",
            "--select",
            "E741,E742,E743,A001,RUF100",
            str(file),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout
